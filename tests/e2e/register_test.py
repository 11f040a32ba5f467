#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Own lists from a table to an alert: key, register, canary and allow-list; and what goes wrong with one clear error."""
import json
import os
import stat
import subprocess
import tempfile

from scanning import CAPTURES, GANDER, Checks, gander, of_type, read_events

DEMO = os.path.join(CAPTURES, 'demo', 'demo.pcap')
MAIL = 'anna@wards.example.com'


def write(path, text):
    with open(path, 'w', encoding='utf-8') as f:
        f.write(text)
    return path


def identify(text, registers):
    line = json.dumps({'doc_id': 1, 'text': text}) + '\n'
    done = subprocess.run([GANDER, 'identify', '--jsonl', '--set', f'identify.registers={registers}'], input=line.encode(),
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False, timeout=120)
    return done.returncode, [json.loads(x) for x in done.stdout.splitlines()], done.stderr.decode()


def hash_table(checks, folder, name, csv, *options):
    done = gander('register', 'hash', '--key', os.path.join(folder, 'own.key'), '--column', 'value', *options,
                  '--output', os.path.join(folder, name), write(os.path.join(folder, 'table.csv'), csv))
    checks.that(done.returncode == 0, f'register hash {name}: {done.stderr.decode()}')
    return done.stderr.decode()


def check_matches(checks, folder):
    said = hash_table(checks, folder, 'customers.bin', 'name,value\n"Moreau, Hugo",KD-44871203\nx,\ny,12\n')
    checks.that('2 rows' not in said and '1 distinct' in said and 'too short' in said, f'what was left out is said: {said}')
    hash_table(checks, folder, 'own-mail.bin', 'value\nada@example.org\n', '--normalise', 'lower')
    own = write(os.path.join(folder, 'own.yaml'), '''
key: own.key
registers:
  - {id: own.customers, file: customers.bin, class: health}
allow:
  registers: [own-mail.bin]
  mail_domains: [example.com]
''')
    code, found, said = identify('paid by kd 44871203 / KD44871203; ada@example.org, bo@example.com, cy@example.net', own)
    checks.that(code == 0, f'identify: {said}')
    checks.that([(f['id'], f['start'], f['end']) for f in found] == [('own.customers', 22, 32), ('global.email', 67, 81)],
                f'found: {found}')
    shown = gander('register', 'show', os.path.join(folder, 'customers.bin'), '--key', os.path.join(folder, 'own.key'))
    checks.that(b'values       1\n' in shown.stdout and b'44871203' not in shown.stdout, f'show: {shown.stdout}')


def check_canary(checks, folder):
    hash_table(checks, folder, 'canary.bin', f'value\n{MAIL}\n', '--normalise', 'lower', '--bits', '64')
    own = write(os.path.join(folder, 'canary.yaml'),
                'key: own.key\nregisters: [{id: own.canary, file: canary.bin, canary: true}]\n')
    events = os.path.join(folder, 'events.json')
    done = gander('scan', '--quiet', '--events', events, '--set', f'identify.registers={own}', DEMO)
    checks.that(done.returncode == 0, f'scan: {done.stderr.decode()}')
    alerts = [e['alert'] for e in of_type(read_events(events), 'alert') if e['alert']['signature_id'] == 2090017]
    checks.that(alerts and all(a['severity'] == 1 for a in alerts), f'the canary is an alert of the highest severity: {alerts}')
    with open(events, encoding='utf-8') as f:
        checks.that(MAIL not in f.read(), 'the canary itself is in no event')


def check_canary_asset(checks, folder):
    """The same canary as an asset of a policy: between its hosts it may pass, elsewhere it may not."""
    key = write(os.path.join(folder, 'key-only.yaml'), 'key: own.key\n')
    policy, events = (os.path.join(folder, name) for name in ('canary-policy.yaml', 'asset.json'))
    for hosts, seen in (('10.255.0.1', True), ('0.0.0.0/0', False)):
        write(policy, f'assets: [{{id: mail, kind: canary, tag_file: canary.bin, hosts: [{hosts}]}}]\n')
        done = gander('scan', '--quiet', '--events', events, '--set', f'identify.registers={key}', '--set',
                      f'policy.file={policy}', DEMO)
        checks.that(done.returncode == 0, f'scan: {done.stderr.decode()}')
        found = [e for e in of_type(read_events(events), 'alert') if e['alert']['signature_id'] == 2090017]
        checks.that(bool(found) == seen, f'hosts {hosts}: {len(found)} alerts')
    done = gander('scan', '--quiet', '--set', f'policy.file={policy}', DEMO)
    checks.that(done.returncode == 2 and b'no key' in done.stderr, f'without a key: {done.stderr}')


def check_rows(checks, folder):
    """Two fields of one row side by side are a row; of two rows, or one field alone, they are not."""
    people = 'value,mail\nKD44871203,ada@example.org\nKD44871204,bo@example.org\n'
    hash_table(checks, folder, 'no.bin', people)
    hash_table(checks, folder, 'mail.bin', people.replace('value,mail', 'no,value'), '--normalise', 'lower')
    done = gander('register', 'rows', '--key', os.path.join(folder, 'own.key'), '--column', 'no', '--column', 'mail:lower',
                  '-o', os.path.join(folder, 'people.rows'),
                  write(os.path.join(folder, 'table.csv'), people.replace('value', 'no')))
    checks.that(done.returncode == 0 and b'2 rows, 4 distinct' in done.stderr, f'register rows: {done.stderr.decode()}')
    own = write(os.path.join(folder, 'rows.yaml'), '''
key: own.key
registers:
  - {id: own.no, file: no.bin}
  - {id: own.mail, file: mail.bin}
tables:
  - {id: own.people, rows: people.rows, columns: [own.no, own.mail]}
''')
    for text, rows in (('KD44871203,Ada,ada@example.org', 1), ('KD44871203,Ada,bo@example.org', 0),
                       ('KD44871203 alone', 0), ('ada@example.org is KD44871203; bo@example.org is KD44871204', 2)):
        code, found, said = identify(text, own)
        checks.that(code == 0, f'identify: {said}')
        checks.that(sum(f['id'] == 'own.people' for f in found) == rows, f'{text}: {found}')


def check_errors(checks, folder):
    own = write(os.path.join(folder, 'wrong.yaml'), 'key: own.key\nregisters: [{id: a, file: damaged.bin}]\n')
    with open(os.path.join(folder, 'customers.bin'), 'rb') as f:
        good = f.read()
    damaged = os.path.join(folder, 'damaged.bin')
    for name, content in (('cut', good[:-1]), ('flipped', good[:-1] + bytes([good[-1] ^ 1])), ('text', b'KD44871203\n'), ('empty', b'')):
        with open(damaged, 'wb') as f:
            f.write(content)
        code, found, said = identify('x', own)
        checks.that(code == 2 and not found and 'damaged.bin' in said and 'remedy:' in said, f'{name}: {code} {said}')
    other = os.path.join(folder, 'other.key')
    checks.that(gander('register', 'key', other).returncode == 0, 'a second key')
    code, _, said = identify('x', write(own, 'key: other.key\nregisters: [{id: a, file: customers.bin}]\n'))
    checks.that(code == 2 and 'another key' in said, f'another key: {said}')
    checks.that(gander('register', 'key', other).returncode == 2, 'a key is never overwritten')
    for column, csv, words in (('no', 'value\n1234567\n', 'no column `no`'), ('value', 'value\n"1234567\n', 'table.csv:2')):
        done = gander('register', 'hash', '--key', other, '--column', column, '-o', damaged,
                      write(os.path.join(folder, 'table.csv'), csv))
        checks.that(done.returncode == 2 and words in done.stderr.decode() and 'remedy:' in done.stderr.decode(),
                    f'{column}: {done.returncode} {done.stderr.decode()}')


def main():
    checks = Checks()
    with tempfile.TemporaryDirectory() as folder:
        key = os.path.join(folder, 'own.key')
        checks.that(gander('register', 'key', key).returncode == 0, 'a key is made')
        checks.that(stat.S_IMODE(os.stat(key).st_mode) == 0o600, 'only its owner reads it')
        check_matches(checks, folder)
        check_canary(checks, folder)
        check_canary_asset(checks, folder)


        check_rows(checks, folder)
        check_errors(checks, folder)
    checks.exit()


if __name__ == '__main__':
    main()
