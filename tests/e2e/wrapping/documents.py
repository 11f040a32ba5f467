# SPDX-License-Identifier: Apache-2.0
"""PDF, databases, tables, cards and calendars."""
import os
import sqlite3

from wrapping.archives import read
from wrapping.people import FIELDS, PEOPLE, TEXT
from wrapping.row import Row, Wrapped, tool

LINES = TEXT.splitlines()


def pdf_by_groff(folder, finish=None):
    """Without filling: a line of ours is a line there. `finish` is a command from in.pdf to out.pdf."""
    made = tool('groff', '-Tpdf', '-P-pa4', given=('.nf\n.ps 8\n.ll 20c\n' + '\n'.join(LINES) + '\n').encode())
    if finish:
        with open(os.path.join(folder, 'in.pdf'), 'wb') as out:
            out.write(made)
        tool(*finish, folder=folder)
        made = read(folder, 'out.pdf')
    return Wrapped(made, 'people.pdf', 'application/pdf')


def pdf_by_ghostscript(folder):
    with open(os.path.join(folder, 'in.ps'), 'wb') as out:
        out.write(tool('groff', '-Tps', '-P-pa4', given=('.nf\n.ps 8\n' + '\n'.join(LINES) + '\n').encode()))
    tool('ps2pdf', 'in.ps', 'out.pdf', folder=folder)
    return Wrapped(read(folder, 'out.pdf'), 'people.pdf', 'application/pdf')


def sqlite(folder, long_rows):
    """`long_rows`: one text a row that goes over many pages, each with a link before it."""
    path = os.path.join(folder, 'people.db')
    base = sqlite3.connect(path)
    base.execute('PRAGMA page_size = 512')
    if long_rows:
        base.execute('CREATE TABLE letters (id INTEGER PRIMARY KEY, body TEXT)')
        base.execute('INSERT INTO letters (body) VALUES (?)', (TEXT,))
    else:
        base.execute('CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT, email TEXT, card TEXT, iban TEXT)')
        base.executemany('INSERT INTO people (name, email, card, iban) VALUES (?, ?, ?, ?)',
                         [p.row() for p in PEOPLE])
    base.commit()
    base.close()
    return Wrapped(read(folder, 'people.db'), 'people.db', 'application/vnd.sqlite3')


def csv(folder):
    rows = [FIELDS] + [person.row() for person in PEOPLE]
    table = ''.join(','.join(f'"{value}"' for value in row) + '\r\n' for row in rows)
    return Wrapped(table.encode(), 'people.csv', 'text/csv')


def folded(line, width=13):
    """RFC 6350 and 5545 let a line be folded anywhere: here inside each value."""
    return '\r\n '.join(line[i:i + width] for i in range(0, len(line), width)) + '\r\n'


def vcard(folder):
    cards = ''.join('BEGIN:VCARD\r\nVERSION:4.0\r\n' + folded(f'FN:{p.name}') + folded(f'EMAIL;TYPE=work:{p.email}') +
                    folded(f'NOTE:card: {p.card}\\, iban: {p.iban}') + 'END:VCARD\r\n' for p in PEOPLE)
    return Wrapped(cards.encode(), 'people.vcf', 'text/vcard')


def vcard_quoted(folder):
    def quoted(text):
        return '=\r\n'.join(''.join(f'={ord(c):02X}' for c in text[i:i + 20]) for i in range(0, len(text), 20))

    coding = ';CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:'
    cards = ''.join(f'BEGIN:VCARD\r\nVERSION:2.1\r\nFN{coding}{quoted(p.name)}\r\nEMAIL{coding}{quoted(p.email)}\r\n'
                    f'NOTE{coding}{quoted(f"card: {p.card}, iban: {p.iban}")}\r\nEND:VCARD\r\n' for p in PEOPLE)
    return Wrapped(cards.encode(), 'people.vcf', 'text/x-vcard')


def icalendar(folder):
    events = ''.join(f'BEGIN:VEVENT\r\nUID:{i}@calendar\r\nDTSTAMP:20261124T200000Z\r\n' +
                     folded(f'ATTENDEE;CN={p.name}:mailto:{p.email}') +
                     folded(f'DESCRIPTION:card: {p.card}\\, iban: {p.iban}') + 'END:VEVENT\r\n'
                     for i, p in enumerate(PEOPLE))
    made = f'BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//example//EN\r\n{events}END:VCALENDAR\r\n'
    return Wrapped(made.encode(), 'people.ics', 'text/calendar; charset=utf-8')


QPDF = ('qpdf', '--object-streams=generate', '--compress-streams=y', 'in.pdf', 'out.pdf')
ROWS = [
    Row('PDF (groff)', pdf_by_groff, ('groff', 'gropdf')),
    Row('PDF, object streams (qpdf)', lambda folder: pdf_by_groff(folder, QPDF), ('groff', 'gropdf', 'qpdf')),
    Row('PDF (Ghostscript)', pdf_by_ghostscript, ('groff', 'ps2pdf')),
    Row('SQLite', lambda folder: sqlite(folder, False), hidden=False),
    Row('SQLite, rows over many pages', lambda folder: sqlite(folder, True), hidden=False),
    Row('CSV', csv, hidden=False),
    Row('vCard, folded', vcard),
    Row('vCard, quoted-printable', vcard_quoted),
    Row('iCalendar, folded', icalendar),
]
