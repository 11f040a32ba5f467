#!/usr/bin/env python3
"""The order of the rooms, checked: every include against the table of DESIGN, and the length of every file.

  rooms_test.py SOURCE_DIR
"""
import os
import re
import sys

# Room -> rooms whose headers it may include, itself aside.
MAY_INCLUDE = {
    'base': set(),
    'sketch': {'base'},
    'capture': {'base'},
    'decode': {'base'},
    'flow': {'base'},
    'stream': {'base'},
    'protocol': {'base', 'stream'},
    'content': {'base', 'stream', 'protocol'},
    'identify': {'base', 'protocol', 'content'},
    'policy': {'base', 'identify'},
    'detect': {'base', 'sketch', 'identify', 'policy'},
    'report': {'base', 'sketch', 'identify', 'detect', 'policy'},
    'config': {'base', 'capture', 'decode', 'flow', 'stream', 'protocol', 'content', 'identify', 'policy', 'detect',
               'report'},
    'doctor': {'base', 'capture', 'report', 'config'},
    'runtime': {'base', 'sketch', 'capture', 'decode', 'flow', 'stream', 'protocol', 'content', 'identify', 'policy',
                'detect', 'report', 'config'},
    'app': {'base', 'capture', 'identify', 'policy', 'detect', 'report', 'config', 'doctor', 'runtime'},
}
MAX_LINES = 600
LIBRARY_ONLY_IN = {'yaml-cpp/': {'config'}, 'prometheus/': {'report'}, 'hs/': {'identify'}, 'rte_': {'capture'},
                   'pcap/': {'capture'}, 'CLI/': {'app'}, 'maxminddb': {'policy'}}


def sources(top):
    for folder, _, names in os.walk(os.path.join(top, 'sensor')):
        for name in sorted(names):
            if name.endswith(('.h', '.cc')):
                yield os.path.join(folder, name)


def problems(top):
    for path in sources(top):
        relative = os.path.relpath(path, top)
        room = relative.split(os.sep)[1]
        if room not in MAY_INCLUDE:
            yield f'{relative}: room `{room}` is not in the table'
            continue
        lines = open(path, encoding='utf-8').read().split('\n')
        if len(lines) > MAX_LINES:
            yield f'{relative}: {len(lines)} lines, more than {MAX_LINES}'
        if not lines[0].startswith('// SPDX-License-Identifier: Apache-2.0'):
            yield f'{relative}:1: the licence line is missing'
        for number, line in enumerate(lines, 1):
            own = re.match(r'#include "([a-z_]+)/', line)
            if own and own[1] != room and own[1] not in MAY_INCLUDE[room]:
                yield f'{relative}:{number}: {room}/ may not include {own[1]}/'
            library = re.match(r'#include <([^>]+)>', line)
            for prefix, rooms in LIBRARY_ONLY_IN.items():
                if library and library[1].startswith(prefix) and room not in rooms:
                    yield f'{relative}:{number}: only {", ".join(sorted(rooms))}/ may include <{library[1]}>'


def rooms_without_note(top):
    for room in MAY_INCLUDE:
        note = os.path.join(top, 'sensor', room, 'README.md')
        if not os.path.exists(note):
            yield f'sensor/{room}/README.md is missing'
        elif len(open(note, encoding='utf-8').readlines()) > 40:
            yield f'sensor/{room}/README.md has more than 40 lines'


def main():
    top = sys.argv[1]
    found = list(problems(top)) + list(rooms_without_note(top))
    for line in found:
        print(line)
    count = sum(1 for _ in sources(top))
    print(f'{count} files checked, {len(found)} problems')
    sys.exit(1 if found or count == 0 else 0)


if __name__ == '__main__':
    main()
