#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Edges that the fuzz targets reach, by room: all targets together, on their corpora, seeds and what they have found.

An edge is reached when some target reaches it, so an edge that no target has is told from one that some lacks. Of rooms
that no target links only in part, the other part is not counted: `functions` says how many were seen at all. Edges into
UBSan's reports count, too, and are never to be reached: a share is to be compared with that of another day."""
import argparse
import collections
import os
import re
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))
FUNCTION = re.compile(r'(UN)?COVERED_FUNC: hits: (\d+) edges: (\d+)/(\d+) (.*) (\S*/sensor/([a-z]+)/\S+):(\d+)$')
PLACE = re.compile(r'\s+UNCOVERED_PC: (.*)$')


class Function:
    def __init__(self, room, edges):
        self.room, self.edges, self.missed = room, edges, None

    def see(self, missed):
        """`missed` places of one target, or None where it never came here."""
        if missed is not None:
            self.missed = missed if self.missed is None else self.missed & missed

    def reached(self):
        return 0 if self.missed is None else max(self.edges - sum(self.missed.values()), 0)


def read(text, functions):
    current, missed = None, None

    def close():
        if current is not None:
            current.see(missed)

    for line in text.splitlines():
        found = FUNCTION.match(line)
        if found:
            close()
            un, _, _, edges, name, path, room, _ = found.groups()
            current = functions.setdefault((path, name), Function(room, int(edges)))
            current.edges = max(current.edges, int(edges))
            missed = None if un else collections.Counter()
            continue
        place = PLACE.match(line)
        if place and missed is not None:
            missed[place[1]] += 1
        elif line.startswith(('COVERED_FUNC', 'UNCOVERED_FUNC')):  # of no room of ours
            close()
            current, missed = None, None
    close()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--build', default=os.path.join(TOP, 'build', 'fuzz'))
    parser.add_argument('targets', nargs='+')
    args = parser.parse_args()
    functions = {}
    for target in args.targets:
        folders = [os.path.join(HERE, 'corpus', target), os.path.join(args.build, 'seeds', target),
                   os.path.join(args.build, 'found', target, 'corpus')]
        done = subprocess.run([os.path.join(args.build, 'tests', target + '_fuzz'), '-runs=0', '-print_coverage=1',
                               '-timeout=60', *(f for f in folders if os.path.isdir(f))],
                              capture_output=True, check=False, timeout=1800)
        read(done.stderr.decode(errors='replace'), functions)
        print(f'{target}: {len(functions)} functions so far', file=sys.stderr, flush=True)
    rooms = collections.defaultdict(lambda: [0, 0, 0, 0])
    for function in functions.values():
        for room in (function.room, 'all'):
            row = rooms[room]
            row[0] += 1
            row[1] += function.reached() > 0
            row[2] += function.edges
            row[3] += function.reached()
    print('room\tfunctions\treached\tedges\treached\tshare')
    for room, (count, seen, edges, reached) in sorted(rooms.items(), key=lambda item: (item[0] == 'all', item[0])):
        print(f'{room}\t{count}\t{seen}\t{edges}\t{reached}\t{100 * reached / max(edges, 1):.1f} %')
    return 0 if functions else 1


if __name__ == '__main__':
    sys.exit(main())
