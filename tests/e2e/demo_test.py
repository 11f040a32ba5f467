#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Scans the demo capture and compares alerts, verdicts and people with its truth; then looks for leaks and
compares one worker with two."""
import gzip
import json
import os
import re
import tempfile

from leak_search import LeakSearch, self_check
from scanning import CAPTURES, Checks, fates, final_ledger, gander, of_type, read_events

DEMO = os.path.join(CAPTURES, 'demo')
EXACT_UP_TO = 256   # the adaptive counter holds a set up to here
TOLERANCE = 0.06


def scan(folder, name, *more):
    events, page = os.path.join(folder, name + '.json'), os.path.join(folder, name + '.html')
    done = gander('scan', '--config', os.path.join(DEMO, 'demo.yaml'), '--events', events, '--report', page, *more,
                  os.path.join(DEMO, 'demo.pcap'))
    return done, events, page


def close(count, truth):
    return count == truth if truth <= EXACT_UP_TO else abs(count - truth) <= TOLERANCE * truth


def of_pair(events, senders, recipient):
    return [e for e in events if e.get('src_ip') in senders and e.get('dest_ip') == recipient]


def type_counts(transfers):
    """Id type -> people: the last word of each movement, summed over senders (in the demo no person has two)."""
    last = {}
    for e in transfers:
        for kind in e['transfer']['types']:
            last[e['src_ip'], kind['id']] = kind['distinct']['estimate']
    counts = {}
    for (_, kind), people in last.items():
        counts[kind] = counts.get(kind, 0) + people
    return counts


def people_of(alert):
    return alert['alert']['context']['pii']['subjects']['estimate']


def detector_of(alert):
    return alert['alert']['metadata']['gander_detector'][0]


def names(alert, addresses):
    return alert.get('src_ip') in addresses or alert.get('dest_ip') in addresses


def check_transfer(checks, truth, transfers, alerts):
    name = truth['name']
    moved = of_pair(transfers, truth['senders'], truth['recipient'])
    senders = {e['src_ip'] for e in moved}
    checks.that(senders == set(truth['senders']), f'{name}: transfer events of {len(senders)} senders')
    counts = type_counts(moved)
    for kind, people in truth['types'].items():
        checks.that(close(counts.get(kind, 0), people), f'{name}: {kind}: {counts.get(kind, 0)}, truth {people}')
    for e in moved:
        t = e['transfer']
        checks.that(t['verdict'] == truth['verdict'], f"{name}: verdict {t['verdict']}, truth {truth['verdict']}")
        checks.that(t['to']['country'] == truth['to_country'], f"{name}: recipient in {t['to']['country']}")
        if 'entry' in truth:
            checks.that(t.get('basis', {}).get('id') == truth['entry'], f"{name}: entry {t.get('basis')}")

    raised = [a for a in alerts if a.get('dest_ip') == truth['recipient'] or
              (a.get('src_ip') == truth['recipient'] and a.get('dest_ip') in truth['senders'])]
    detectors = {detector_of(a) for a in raised}
    for detector in truth['alerts']:
        checks.that(detector in detectors, f'{name}: {detector} is missing among {sorted(detectors)}')
    unexpected = detectors - set(truth['alerts']) - set(truth['alerts_allowed'])
    checks.that(not unexpected, f'{name}: unexpected {sorted(unexpected)}')
    for a in raised:
        if detector_of(a) in ('D02', 'D03'):
            # An alert is raised when its threshold is crossed, so it may count fewer than the whole.
            checks.that(people_of(a) <= truth['people'] * (1 + TOLERANCE), f'{name}: an alert of {people_of(a)} people')


def check_ledger(checks, events):
    ledger = final_ledger(events)
    if not checks.that(ledger is not None, 'there is a stats event'):
        return
    checks.that(ledger['received'] == ledger['sum'] == fates(ledger),
                f"ledger: received {ledger['received']}, sum {ledger['sum']}, fates {fates(ledger)}")
    size = os.path.getsize(os.path.join(DEMO, 'demo.pcap'))
    checks.that(ledger['received'] == size - 24 - 16 * ledger['packets'], 'every frame of the file is in the ledger')
    checks.that(sum(ledger['bytes']['lost'].values()) == 0, f"lost: {ledger['bytes']['lost']}")


def check_leaks(checks, outputs):
    self_check()
    with gzip.open(os.path.join(DEMO, 'planted.txt.gz'), 'rt', encoding='utf-8') as f:
        search = LeakSearch(f.read().splitlines())
    for name, output in outputs.items():
        found = search.find(output)
        # Not the values themselves: this text may end in a log.
        checks.that(not found, f'{name} holds {len(found)} planted values')


def without_workers(path):
    with open(path, encoding='utf-8') as f:
        return sorted(re.sub(r'"workers":\d+', '"workers":0', line) for line in f)


def main():
    checks = Checks()
    with open(os.path.join(DEMO, 'truth.json'), encoding='utf-8') as f:
        truth = json.load(f)
    with tempfile.TemporaryDirectory() as folder:
        done, path, page = scan(folder, 'one', '--workers', '1')
        if not checks.that(done.returncode == 0, f'exit code {done.returncode}: {done.stderr.decode()[-500:]}'):
            checks.exit()
        events = read_events(path)
        transfers, alerts = of_type(events, 'transfer'), of_type(events, 'alert')
        for transfer in truth['transfers']:
            check_transfer(checks, transfer, transfers, alerts)
        quiet = [a for a in alerts if names(a, truth['quiet']['addresses'])]
        checks.that(not quiet, f"{len(quiet)} alerts about ordinary traffic, e.g. {[detector_of(a) for a in quiet][:3]}")
        check_ledger(checks, events)
        encrypted = final_ledger(events)['bytes']['encrypted']
        checks.that(sum(encrypted.values()) >= truth['encrypted']['bytes_at_least'], f'encrypted: {encrypted}')
        outputs = {'standard output': done.stdout, 'standard error': done.stderr}
        for name in (path, page):
            with open(name, 'rb') as f:
                outputs[os.path.basename(name)] = f.read()
        check_leaks(checks, outputs)

        done, two, _ = scan(folder, 'two', '--workers', '2')
        checks.that(done.returncode == 0, f'two workers: exit code {done.returncode}')
        checks.that(without_workers(path) == without_workers(two), 'one and two workers give the same events')
    checks.exit()


if __name__ == '__main__':
    main()
