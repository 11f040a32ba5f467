#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A mirror that delivers every packet twice: people, alerts and verdicts stay, and Gander says so."""
import os
import struct
import subprocess
import sys
import tempfile

import recast
from scanning import CAPTURES, Checks, fates, final_ledger, gander, of_type, read_events

DEMO = os.path.join(CAPTURES, 'demo', 'demo.pcap')


def carries_payload(frame):
    """Whether a plain IPv4 packet of TCP or UDP has more than headers."""
    if frame[12:14] != b'\x08\x00':
        return False
    ip = frame[14:]
    total, head = struct.unpack('>H', ip[2:4])[0], (ip[0] & 15) * 4
    if ip[9] == 6:
        return total > head + (ip[head + 12] >> 4) * 4
    return ip[9] == 17 and total > head + 8


def scan(capture, folder, *options):
    events = os.path.join(folder, os.path.basename(capture) + ''.join(options) + '.json')
    done = gander('scan', '--quiet', '--events', events, *options, capture)
    return done, read_events(events)


def movements(events):
    """Who moved what of how many people to whom, by which verdict."""
    return sorted((e['src_ip'], e['dest_ip'], t['channel'], t['verdict'], str(t['subjects']),
                   str(sorted((k['id'], str(k['distinct'])) for k in t['types'])))
                  for e in of_type(events, 'transfer') for t in [e['transfer']])


def duplicates(events):
    return of_type(events, 'stats')[-1]['stats']['flow']['mirror_duplicates']


def main():
    checks = Checks()
    with tempfile.TemporaryDirectory() as folder:
        doubled = os.path.join(folder, 'twice.pcap')
        subprocess.run([sys.executable, '-B', recast.__file__, 'twice', DEMO, doubled], check=True)
        once, plain = scan(DEMO, folder)
        run, events = scan(doubled, folder)
        checks.that(run.returncode == once.returncode == 0, 'both runs end well')
        checks.that(movements(plain), 'the demo moves people')
        checks.that(movements(plain) == movements(events), 'the same people by the same ways')
        names = [sorted(e['alert']['signature'] for e in of_type(side, 'alert') if e['alert']['signature_id'] != 2090019)
                 for side in (plain, events)]
        checks.that(names[0] and names[0] == names[1], f'the same alerts: {names}')
        expected = sum(carries_payload(frame) for _, _, frame in recast.records(DEMO)[1])
        checks.that(expected > 500, 'the demo has packets with payload')
        checks.that(duplicates(plain) <= expected // 100, f'{duplicates(plain)} duplicates found where there are none')
        checks.that(abs(duplicates(events) - expected) <= expected // 50,
                    f'{duplicates(events)} duplicates found of {expected}')
        checks.that(b'twice' in run.stdout and b'twice' not in once.stdout, 'the summary says it')
        ledger = final_ledger(events)
        checks.that(ledger['received'] == fates(ledger), 'the ledger balances')
        _, off = scan(doubled, folder, '--set', 'flow.duplicate_window_us=0')
        checks.that(duplicates(off) == 0 and movements(off) == movements(events), 'switched off, only the counter is')
    checks.exit()


if __name__ == '__main__':
    main()
