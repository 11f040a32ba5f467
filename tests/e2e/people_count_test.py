#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Distinct people counted in exports of eleven forms against how many there are. Each export goes by HTTP in a conversation of its own;
its people are invented, some rows come twice, some people have two telephones, some lack a field.

people_count_test.py [--keep FOLDER] [--people N]
"""
import argparse
import csv
import email.message
import html
import io
import json
import mailbox
import os
import random
import sys
import tempfile
import xml.etree.ElementTree as ET
from dataclasses import dataclass

from scanning import Checks
from wrapping import pcap
from wrapping.verdict import Verdict

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'captures', 'demo'))
import identifiers  # noqa: E402

CLIENT, SEED, TOLERANCE = '10.80.0.1', 7, 0.03
GIVEN = 'Anna Ben Clara David Emma Felix Greta Hugo Ida Jonas Karla Leon Mia Noah Olga Paul Rosa Simon Tilda Viktor'.split()
FAMILY = 'Abel Brandt Conrad Dietz Ebert Falk Graf Haas Imhof Jahn Keller Lang Mohr Nagel Otto Pohl Reuter Stark'.split()


@dataclass(frozen=True)
class Person:
    name: str
    email: str
    phones: tuple
    iban: str
    birth: str

    def fields(self):
        return {'name': self.name, 'email': self.email, 'phone': self.phones[0] if self.phones else '',
                'phone2': self.phones[1] if len(self.phones) > 1 else '', 'iban': self.iban, 'birth_date': self.birth}


def invent(rng, count):
    """Some lack a telephone, some an account, a few a mail address; some have two telephones."""
    people = []
    for i in range(count):
        given, family = rng.choice(GIVEN), rng.choice(FAMILY)
        phones = tuple(f'+49151{rng.randrange(10_000_000, 99_999_999)}' for _ in range(rng.choice((0, 1, 1, 1, 2))))
        mail = '' if rng.random() < 0.06 and phones else f'{given}.{family}{i}@example.org'.lower()
        iban = identifiers.it_iban(rng) if rng.random() < 0.7 else ''
        birth = f'{rng.randrange(1940, 2004)}-{rng.randrange(1, 13):02}-{rng.randrange(1, 29):02}'
        people.append(Person(f'{given} {family}', mail, phones, iban, birth))
    return people


def rows_of(rng, people):
    """Each person once, and one in ten again."""
    rows = list(people) + [rng.choice(people) for _ in range(len(people) // 10)]
    rng.shuffle(rows)
    return [row.fields() for row in rows]


def as_csv(rows, delimiter=','):
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def filled(row):
    return {key: value for key, value in row.items() if value}


def as_sql(rows):
    values = [', '.join('NULL' if not v else "'" + v + "'" for v in row.values()) for row in rows]
    return 'INSERT INTO `customers` (`' + '`, `'.join(rows[0]) + '`) VALUES\n' + ',\n'.join(f'({v})' for v in values) + ';\n'


def as_vcard(rows):
    cards = []
    for row in rows:
        lines = ['BEGIN:VCARD', 'VERSION:4.0', f'FN:{row["name"]}']
        lines += [f'TEL;TYPE=cell:{row[key]}' for key in ('phone', 'phone2') if row[key]]
        lines += [f'EMAIL:{row["email"]}'] if row['email'] else []
        cards.append('\r\n'.join(lines + [f'BDAY:{row["birth_date"]}', 'END:VCARD', '']))
    return ''.join(cards)


def as_html(rows):
    head = ''.join(f'<th>{key}</th>' for key in rows[0])
    body = ''.join('<tr>' + ''.join(f'<td>{html.escape(v)}</td>' for v in row.values()) + '</tr>\n' for row in rows)
    return f'<table><tr>{head}</tr>\n{body}</table>\n'


def as_xml(rows):
    root = ET.Element('customers')
    for row in rows:
        customer = ET.SubElement(root, 'customer')
        for key, value in filled(row).items():
            ET.SubElement(customer, key).text = value
    return ET.tostring(root, encoding='unicode')


def as_ldif(rows):
    entries = []
    for i, row in enumerate(rows):
        lines = [f'dn: uid=u{i},dc=example,dc=org', 'objectClass: inetOrgPerson', f'cn: {row["name"]}']
        lines += [f'mail: {row["email"]}'] if row['email'] else []
        lines += [f'telephoneNumber: {row[key]}' for key in ('phone', 'phone2') if row[key]]
        entries.append('\n'.join(lines) + '\n\n')
    return ''.join(entries)


def as_mbox(rows):
    with tempfile.TemporaryDirectory() as folder:
        box = mailbox.mbox(os.path.join(folder, 'box'))
        for i, row in enumerate(rows):
            message = email.message.EmailMessage()
            message['Subject'] = f'Registration {i}'
            message.set_content('\n'.join(f'{key}: {value}' for key, value in filled(row).items()) + '\n')
            box.add(message)
        box.flush()
        box.close()
        with open(os.path.join(folder, 'box'), encoding='utf-8') as f:
            return f.read()


def as_log(rows):
    return ''.join(f'2026-03-0{i % 9 + 1}T10:00:{i % 60:02}Z INFO signup ' +
                   ' '.join(f'{key}={value.replace(" ", "+")}' for key, value in filled(row).items()) + '\n'
                   for i, row in enumerate(rows))


EXPORTS = {
    'csv': (as_csv, 'text/csv'),
    'tsv': (lambda rows: as_csv(rows, '\t'), 'text/tab-separated-values'),
    'json': (lambda rows: json.dumps({'data': [filled(row) for row in rows]}), 'application/json'),
    'jsonl': (lambda rows: ''.join(json.dumps(filled(row)) + '\n' for row in rows), 'application/x-ndjson'),
    'sql': (as_sql, 'application/sql'),
    'vcard': (as_vcard, 'text/vcard'),
    'html': (as_html, 'text/html'),
    'xml': (as_xml, 'application/xml'),
    'ldif': (as_ldif, 'text/plain'),
    'mbox': (as_mbox, 'application/mbox'),
    'log': (as_log, 'text/plain'),
}


def counted(events, address):
    """What the sensor says of all that went to an address: people, and distinct values of each kind."""
    people, kinds = 0, {}
    for event in events:
        if event['event_type'] == 'transfer' and event['dest_ip'] == address:
            people = max(people, event['transfer']['subjects']['estimate'])
            kinds.update({kind['id']: kind['distinct']['estimate'] for kind in event['transfer']['types']})
    return people, kinds


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--keep', default='')
    parser.add_argument('--people', type=int, default=200)
    options = parser.parse_args()
    checks = Checks()
    with tempfile.TemporaryDirectory() as folder:
        folder = options.keep or folder
        frames, places = [], {}
        for i, (name, (write, kind)) in enumerate(EXPORTS.items(), 1):
            rng = random.Random(SEED + i)
            people = invent(rng, options.people)
            places[f'10.80.{i}.1'] = name
            frames += pcap.posted(CLIENT, f'10.80.{i}.1', write(rows_of(rng, people)).encode(), content_type=kind).frames
        capture = os.path.join(folder, 'people.pcap')
        pcap.write(capture, frames)
        verdict = Verdict(capture, folder)
        print(f'{"export":8}{"people":>8}{"found":>8}   by kind')
        for address, name in places.items():
            number, kinds = counted(verdict.events, address)
            print(f'{name:8}{options.people:8}{number:8}   ' + ' '.join(f'{k}={n}' for k, n in sorted(kinds.items())))
            checks.that(abs(number - options.people) <= TOLERANCE * options.people,
                        f'{name}: {number} people instead of {options.people}')
    checks.exit()


if __name__ == '__main__':
    main()
