# SPDX-License-Identifier: Apache-2.0
"""People who do not exist, of several States, and the forms in which their records travel."""
import csv
import io
import json
import os
import random
import sys
import urllib.parse

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(TESTS, 'captures', 'demo'))
import identifiers as ids  # noqa: E402

GIVEN = 'Ada Bruno Clara Daniel Elena Felix Greta Hugo Ines Jakob Klara Leon Marta Nico Olga Paul Rosa Samuel'.split()
FAMILY = 'Abel Berger Conrad Dietz Engel Falk Graf Huber Imhof Jahn Keller Lorenz Mohr Novak Olsen Perrin Stark'.split()


def no_fodselsnummer(rng, born):
    """Two check digits modulo 11; where one of them would be ten the number is not issued."""
    low, high = (500, 1000) if born.year >= 2000 else (0, 500)
    while True:
        body = f'{born:%d%m%y}{rng.randrange(low, high):03d}'
        for weights in ([3, 7, 6, 1, 8, 9, 4, 5, 2], [5, 4, 3, 2, 7, 6, 5, 4, 3, 2]):
            body += str(-ids.weighted(body, weights) % 11)
        if len(body) == 11:
            return body


# State -> column, maker of the identifier that names it, prefix and digits of a telephone number.
STATES = {
    'NO': ('fodselsnummer', no_fodselsnummer, '+474', 7),
    'DE': ('steuer_id', lambda rng, born: ids.de_steuer_id(rng), '+49151', 8),
    'US': ('ssn', lambda rng, born: ids.us_ssn(rng), '+1202555', 4),
    'CN': ('resident_id', ids.cn_resident_id, '+86138', 8),
    'BR': ('cpf', lambda rng, born: ids.br_cpf(rng), '+55119', 8),
    'PL': ('pesel', ids.pl_pesel, '+4851', 7),
    'FR': ('nir', lambda rng, born: ids.fr_nir(rng, born,
                                               rng.random() < 0.5), '+3363998', 4),
    'IN': ('aadhaar', lambda rng, born: ids.in_aadhaar(rng), '+9198', 8),
}


def population(seed, count, state='NO', contact_only=False):
    """So many rows; no two people share a number or a mail address."""
    rng, taken, rows = random.Random(f'{seed}/{state}'), set(), []
    column, make, prefix, digits = STATES[state]
    while len(rows) < count:
        born = ids.birth_date(rng)
        number, phone = make(rng, born), prefix + ids.digits(rng, digits)
        if number in taken:
            continue
        taken.add(number)
        given, family = rng.choice(GIVEN), rng.choice(FAMILY)
        row = {
            'name': f'{given} {family}', 'birth_date': born.isoformat(), column: number, 'email':
            f'{given}.{family}.{state}{seed}x{len(rows)}@example.org'.lower(), 'phone': phone
        }
        if contact_only:
            del row[column], row['birth_date']
        rows.append(row)
    return rows


def as_csv(rows):
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def as_json(rows):
    return json.dumps(rows).encode()


def as_form(row):
    return urllib.parse.urlencode(row).encode()


def as_text(row):
    return '\r\n'.join(f'{key}: {value}' for key, value in row.items()).encode()


def split(rows, parts):
    """Shares of equal size, as near as can be."""
    return [rows[i::parts] for i in range(parts)]
