#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The matrix: every wrapping x every protocol, made by real tools, one capture, one scan. The same three people are planted
in each cell; a cell is an address of its own.

  +      all of them found, and nothing else counted      3/0/1  so many mail addresses, cards, accounts
  -      nothing found                                    .      the wrapping does not exist there
  ?      not made here: a program is missing              x      known miss, see KNOWN
  L      nothing found where only a password opens, but its name and size are told

matrix_test.py [--keep FOLDER] [--only WORDS]
"""
import argparse
import os
import tempfile
import threading
import time

from scanning import Checks
from wrapping import network, servers
from wrapping.carriers import CARRIERS
from wrapping.known import KNOWN
from wrapping.people import EXPECTED, VALUES
from wrapping.row import COLUMNS, FTP, REQUEST, RESPONSE, SMB
from wrapping.rows import ROWS
from wrapping.verdict import Verdict


def address(number, column):
    return f'{network.SERVED}.{number + 1}.{COLUMNS.index(column) + 1}'


class Cells:
    """What is sent, and what became of it."""
    def __init__(self, rows, folder):
        self.rows, self.folder = rows, folder
        self.made, self.paths, self.problems = {}, {}, {}
        self.columns = [column for column in COLUMNS if not servers.missing(column)]

    def make(self):
        for number, row in enumerate(self.rows):
            if row.missing():
                continue
            with tempfile.TemporaryDirectory() as folder:
                wrapped = row.make(folder)
            readable = row.hidden and [value for value in VALUES if value.encode() in wrapped.data]
            if readable:
                raise SystemExit(f'{row.title}: {len(readable)} values can be read without taking anything off')
            place = os.path.join(self.folder, 'made', str(number))
            os.makedirs(place)
            self.made[number], self.paths[number] = wrapped, os.path.join(place, wrapped.name)
            with open(self.paths[number], 'wb') as out:
                out.write(wrapped.data)

    def locations(self):
        return [
            servers.location(f'/out/{number}/{wrapped.name}', self.paths[number], wrapped, self.rows[number].how)
            for number, wrapped in self.made.items()
        ]

    def send_column(self, column):
        for number, wrapped in self.made.items():
            if column not in self.rows[number].columns:
                continue
            try:
                CARRIERS[column](address(number, column), self.rows[number], wrapped, self.paths[number], number)
            except (SystemExit, OSError, AssertionError) as problem:
                self.problems[number, column] = str(problem)

    def send(self):
        threads = [threading.Thread(target=self.send_column, args=(column,)) for column in self.columns]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def mark(self, verdict, number, column):
        row = self.rows[number]
        if column not in row.columns:
            return '.'
        if number not in self.made or column not in self.columns:
            return '?'
        if (number, column) in self.problems:
            return '!'
        ends = (network.CLIENT, address(number, column))
        found = verdict.found(*(ends if column != RESPONSE else reversed(ends)), EXPECTED)
        if not row.locked:
            return found
        told = [f for f in verdict.files[ends] if row.locked in ('*', os.path.basename(f.get('filename', '')))]
        return 'L' if found == '-' and told else f'({found})'


def capture(cells, folder):
    path = os.path.join(folder, 'matrix.pcap')
    with network.Cable(folder) as cable:
        servers.start_sinks(cable)
        if REQUEST in cells.columns:
            servers.start_web(cable, folder, cells.locations())
        if FTP in cells.columns:
            servers.start_ftp(cable, folder)
        if SMB in cells.columns:
            servers.start_smb(cable, folder)
        cable.start_capture(path)
        cells.send()
        cable.stop_capture()
    return path


def show(cells, verdict, checks):
    width = max(len(row.title) for row in cells.rows) + 2
    print(' ' * width + ''.join(f'{column:>10}' for column in COLUMNS) + '   way in a file, as told by fileinfo')
    counts = {}
    for number, row in enumerate(cells.rows):
        marks = {column: cells.mark(verdict, number, column) for column in COLUMNS}
        for column, mark in marks.items():
            known = KNOWN.get((row.title, column))
            if mark in '.?':
                pass
            elif known is None:
                checks.that(mark == ('L' if row.locked else '+'),
                            f'{row.title} by {column}: {mark} {cells.problems.get((number, column), "")}')
            else:
                checks.that(mark not in '+L', f'{row.title} by {column} is found now: take it from KNOWN')
                marks[column] = mark = 'x'
            counts[mark] = counts.get(mark, 0) + 1
        paths = {f['path'] for f in verdict.files[network.CLIENT, address(number, next(iter(row.columns)))]}
        print(f'{row.title:{width}}' + ''.join(f'{marks[column]:>10}'
                                               for column in COLUMNS) + '   ' + max(paths, key=len, default=''))
    print(', '.join(f'{count} of {mark}' for mark, count in sorted(counts.items())))
    for row in cells.rows:
        if row.missing():
            print(f'? {row.title}: needs {", ".join(row.missing())}')
    for column in COLUMNS:
        if servers.missing(column):
            print(f'? column {column}: needs {", ".join(servers.missing(column))}')


def run(rows, folder):
    checks, begin = Checks(), time.monotonic()
    cells = Cells(rows, folder)
    cells.make()
    made = time.monotonic()
    path = capture(cells, folder)
    sent = time.monotonic()
    verdict = Verdict(path, folder)
    show(cells, verdict, checks)
    checks.that(verdict.balanced(), 'the ledger balances')
    print(f'made in {made - begin:.1f} s, sent in {sent - made:.1f} s, {os.path.getsize(path)} bytes scanned in '
          f'{time.monotonic() - sent:.1f} s')
    return checks


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--keep', help='an empty folder that keeps capture, files and events')
    parser.add_argument('--only', default='', help='rows whose title has these words')
    options = parser.parse_args()
    network.enter()
    rows = [row for row in ROWS if options.only in row.title]
    if options.keep:
        os.makedirs(options.keep, exist_ok=True)
        run(rows, os.path.abspath(options.keep)).exit()
    with tempfile.TemporaryDirectory() as folder:
        checks = run(rows, folder)
    checks.exit()


if __name__ == '__main__':
    main()
