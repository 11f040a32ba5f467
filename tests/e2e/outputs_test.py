#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The demo in all layouts at once, through files and a Unix socket: each line valid against its layout's schema, the
same events in each, nothing planted in any; rotation keeps its budget; outputs with types write those only."""
import collections
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading

from scanning import CAPTURES, TOP, Checks, gander, read_events

DEMO = os.path.join(CAPTURES, 'demo')
VALIDATOR = os.path.join(TOP, 'tests', 'report', 'validate_events.py')


class Reader(threading.Thread):
    def __init__(self, path):
        super().__init__(daemon=True)
        self.listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.listener.bind(path)
        self.listener.listen()
        self.text = b''

    def run(self):
        peer, _ = self.listener.accept()
        while more := peer.recv(1 << 20):
            self.text += more


def kind_of(event):
    if 'ecs' in event:
        return event['event']['dataset'].removeprefix('gander.')
    return event.get('event_type') or event['metadata']['log_name']


def main():
    checks = Checks()
    with tempfile.TemporaryDirectory() as folder:
        at = lambda name: os.path.join(folder, name)
        reader = Reader(at('socket'))
        reader.start()
        outputs = f'''[{{type: file, path: {at("ecs.jsonl")}, layout: ecs}}, {{type: file, path: {at("ocsf.jsonl")}, layout: ocsf}},
            {{type: file, path: {at("alerts.jsonl")}, types: [alert]}}, {{type: unix, path: {at("socket")}}},
            {{type: file, path: {at("turned.jsonl")}, rotate_size: 60KiB, total: 200KiB}}]'''
        gander('fleet', 'key', at('fleet.key'))
        done = gander('scan', '--quiet', '--json', '--set', f'fleet.key_file={at("fleet.key")}', '--set', 'fleet.sensor=site', '--config', os.path.join(DEMO, 'demo.yaml'), '--events', at('eve.jsonl'),
                      '--set', 'report.outputs=' + outputs.replace('\n', ' '), os.path.join(DEMO, 'demo.pcap'))
        checks.that(done.returncode == 0, f'the run ends well: {done.stderr.decode()}')
        reader.join(30)
        eve = read_events(at('eve.jsonl'))
        kinds = collections.Counter(map(kind_of, eve))
        checks.that(kinds['sketch'] > 0, 'sketches of a fleet are among them')
        for layout in ('ecs', 'ocsf'):
            events = read_events(at(f'{layout}.jsonl'))
            checks.that(collections.Counter(map(kind_of, events)) == kinds, f'{layout}: the same events')
        with open(at('eve.jsonl'), 'rb') as f:
            checks.that(f.read() == reader.text, 'the socket gets what the file gets')
        alerts = read_events(at('alerts.jsonl'))
        checks.that(alerts == [e for e in eve if e['event_type'] == 'alert'] and alerts, 'types: alerts and nothing else')

        turned = sorted(n for n in os.listdir(folder) if n.startswith('turned.jsonl'))
        sizes = {n: os.path.getsize(at(n)) for n in turned if not n.endswith('.manifest')}
        checks.that(len(sizes) > 2 and all(s <= 60 << 10 for s in sizes.values()), f'rotation: small files: {sizes}')
        checks.that(sum(sizes.values()) <= 200 << 10, f'rotation: their budget: {sizes}')
        with open(at('turned.jsonl'), 'rb') as f:
            checks.that(reader.text.endswith(f.read()), 'rotation: the newest is the end of all')

        summary = json.loads(done.stdout)
        for o in summary['outputs']:
            checks.that(not o['lost'], f'nothing is lost: {o}')
        checked = subprocess.run([sys.executable, '-B', VALIDATOR, '--by-type',
                                  *(at(f'{x}.jsonl') for x in ('eve', 'ecs', 'ocsf'))],
                                 capture_output=True, text=True, check=False)
        print(checked.stdout)
        checks.that(checked.returncode in (0, 77), 'each line is valid in its layout')
        one = {layout: [e for e in read_events(at(f'{layout}.jsonl')) if kind_of(e) == 'alert'] for layout in ('eve', 'ecs', 'ocsf')}
        for a, b, c in zip(one['eve'], one['ecs'], one['ocsf']):
            sid = str(a['alert']['signature_id'])
            checks.that(sid == b['rule']['id'] == c['finding_info']['analytic']['uid'], 'the same alert in all layouts')
            checks.that(b['gander']['alert']['context']['pii' if 'pii' in a['alert']['context'] else 'evidence'] is not None,
                        'what a layout has no place for is kept')
    checks.exit()


if __name__ == '__main__':
    main()
