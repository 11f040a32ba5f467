#!/usr/bin/env python3
"""The order of the rooms, checked: every include against the table of DESIGN, the length of every file, and what each
protocol brings along.

  rooms_test.py SOURCE_DIR
"""
import os
import re
import sys

# Room -> rooms whose headers it may include, itself aside.
MAY_INCLUDE = {
    'base': set(),
    'sandbox': {'base'},
    'supervise': {'base'},
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
    'evidence': {'base'},
    'bundle': {'base', 'evidence'},
    'control': {'base'},
    'report': {'base', 'sketch', 'identify', 'detect', 'policy', 'evidence'},
    'fleet': {'base', 'sketch', 'evidence', 'report'},
    'config': {'base', 'capture', 'decode', 'flow', 'stream', 'protocol', 'content', 'identify', 'policy', 'detect',
               'evidence', 'bundle', 'control', 'report', 'sandbox', 'supervise'},
    'doctor': {'base', 'capture', 'report', 'config', 'sandbox', 'supervise'},
    'runtime': {'base', 'sketch', 'capture', 'decode', 'flow', 'stream', 'protocol', 'content', 'identify', 'policy',
                'detect', 'evidence', 'report', 'config', 'supervise'},
    'selfcheck': {'base', 'capture', 'decode', 'identify', 'policy', 'detect', 'evidence', 'report', 'config', 'runtime'},
    'app': {'base', 'bundle', 'capture', 'identify', 'policy', 'detect', 'evidence', 'control', 'report', 'config', 'doctor',
            'fleet', 'runtime', 'sandbox', 'selfcheck', 'supervise'},
}
MAX_LINES = 600
# What lies beside the rooms; `build` is made, and not kept.
TOP_LEVEL = {'CMakeLists.txt', 'CMakePresets.json', 'LICENSE', 'README.md', 'bench', 'build', 'dashboards', 'dpdk-config', 'rules',
             'sensor', 'tests'}
LIBRARY_ONLY_IN = {'yaml-cpp/': {'config'}, 'prometheus/': {'report'}, 'hs/': {'identify'}, 'rte_': {'capture'},
                   'pcap/': {'capture'}, 'CLI/': {'app'}, 'maxminddb': {'policy'},
                   'seccomp.h': {'sandbox'}, 'libpq-fe.h': {'fleet'}}


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


def protocols(top):
    """Folder -> names of the ProtocolInfo it declares."""
    room = os.path.join(top, 'sensor', 'protocol')
    found = {}
    for folder in sorted(os.listdir(room)):
        path = os.path.join(room, folder)
        if not os.path.isdir(path):
            continue
        headers = ''.join(open(os.path.join(path, h), encoding='utf-8').read() for h in os.listdir(path) if h.endswith('.h'))
        names = re.findall(r'^extern const ProtocolInfo (k\w+);', headers, re.M)
        if names:
            found[folder] = names
    return found


def incomplete_protocols(top):
    """A protocol is read by nobody else, is registered, and has tests, a fuzz target and a seed for it."""
    known = protocols(top)
    registry = open(os.path.join(top, 'sensor/protocol/registry.cc'), encoding='utf-8').read()
    for folder, names in known.items():
        path = os.path.join(top, 'sensor/protocol', folder)
        for name in sorted(os.listdir(path)):
            text = open(os.path.join(path, name), encoding='utf-8').read()
            for other in re.findall(r'^#include "protocol/(\w+)/', text, re.M):
                if other != folder and other in known and other != 'plain_text':
                    yield f'sensor/protocol/{folder}/{name}: includes the protocol {other}/'
        for name in names:
            if not re.search(rf'\b{name}\b', registry):
                yield f'sensor/protocol/{folder}: {name} is not in registry.cc'
        if not os.path.exists(os.path.join(top, 'tests/protocol', f'{folder}_test.cc')):
            yield f'tests/protocol/{folder}_test.cc is missing'
        if not os.path.exists(os.path.join(top, 'tests/fuzz', f'protocol_{folder}_fuzz.cc')):
            yield f'tests/fuzz/protocol_{folder}_fuzz.cc is missing'
        seeds = os.path.join(top, 'tests/fuzz/corpus', f'protocol_{folder}')
        if not os.path.isdir(seeds) or not os.listdir(seeds):
            yield f'{os.path.relpath(seeds, top)}/ holds no seed'


def strangers(top):
    for name in sorted(os.listdir(top)):
        if name not in TOP_LEVEL and not name.startswith('.'):
            yield f'{name}: the top level is fixed'


def main():
    top = sys.argv[1]
    found = list(strangers(top)) + list(problems(top)) + list(rooms_without_note(top)) + list(incomplete_protocols(top))
    for line in found:
        print(line)
    count = sum(1 for _ in sources(top))
    print(f'{count} files checked, {len(found)} problems')
    sys.exit(1 if found or count == 0 else 0)


if __name__ == '__main__':
    main()
