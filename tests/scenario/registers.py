# SPDX-License-Identifier: Apache-2.0
"""Own lists as `gander register` makes them, in the folder of a scenario."""
import os
import sys

from people import TESTS, as_csv, ids

sys.path.insert(0, os.path.join(TESTS, 'e2e'))
from scanning import gander  # noqa: E402

TWO_COLUMNS = '''key: own.key
registers:
  - {id: own.customer_no, file: customer_no.bin, class: contact}
  - {id: own.mail, file: mail.bin, class: contact}
tables:
  - {id: own.people, rows: people.rows, columns: [own.customer_no, own.mail], class: contact}
'''


def _run(*words):
    done = gander('register', *words)
    if done.returncode != 0:
        raise RuntimeError(f'gander register {words[0]}: {done.stderr.decode()}')


def hash_column(folder, name, values, *options):
    """`name`.bin of these values, under own.key."""
    key, table = os.path.join(folder, 'own.key'), os.path.join(folder, f'{name}.csv')
    if not os.path.exists(key):
        _run('key', key)
    with open(table, 'wb') as out:
        out.write(as_csv([{'value': value} for value in values]))
    _run('hash', '--key', key, '--column', 'value', *options, '--output', os.path.join(folder, f'{name}.bin'), table)
    os.remove(table)


def customers(stage, count):
    """People with a number that only this house gives."""
    rows = stage.people(count, 'FR', contact_only=True)
    return [{'customer_no': f'KD{ids.digits(stage.rng, 8)}', **row} for row in rows]


def hash_columns(folder, rows):
    hash_column(folder, 'customer_no', [row['customer_no'] for row in rows])
    hash_column(folder, 'mail', [row['email'] for row in rows], '--normalise', 'lower')
    table = os.path.join(folder, 'people.csv')
    with open(table, 'wb') as out:
        out.write(as_csv([{'no': row['customer_no'], 'mail': row['email']} for row in rows]))
    _run('rows', '--key', os.path.join(folder, 'own.key'), '--column', 'no', '--column', 'mail:lower', '--output',
         os.path.join(folder, 'people.rows'), table)
    os.remove(table)
