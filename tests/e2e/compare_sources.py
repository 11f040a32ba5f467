#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compares what two sources made of the same packets: compare_sources.py REFERENCE.json OTHER.json [--mirrored]

Times differ (an interface stamps its own) and so may the moment at which an alert is raised; who moved whose data
to whom, how many people and what the register says of it may not. Mirrored packets come in larger frames.
"""
import sys

from scanning import Checks, fates, final_ledger, of_type, read_events

EXACT_UP_TO = 256
TOLERANCE = 2 * 0.06  # both sides estimate, each under a key of its own


def alerts(events):
    """Which detector accuses which recipient; D19 speaks of the port, which differs."""
    return {(e['alert']['metadata']['gander_detector'][0], e.get('dest_ip')) for e in of_type(events, 'alert')
            if e['alert']['metadata']['gander_detector'][0] != 'D19'}


def movements(events):
    people, verdicts = {}, {}
    for e in of_type(events, 'transfer'):
        t, pair = e['transfer'], (e['src_ip'], e['dest_ip'])
        verdicts.setdefault(pair, set()).add(t['verdict'])
        for kind in t['types']:
            people[pair + (kind['id'],)] = kind['distinct']['estimate']
    return people, verdicts


def close(a, b):
    return a == b if max(a, b) <= EXACT_UP_TO else abs(a - b) <= TOLERANCE * max(a, b)


def main():
    reference, other = (read_events(path) for path in sys.argv[1:3])
    checks = Checks()
    checks.that(alerts(reference), 'the reference has alerts')
    checks.that(alerts(reference) == alerts(other), f'alerts differ: {sorted(alerts(reference) ^ alerts(other))}')
    people, verdicts = movements(reference)
    other_people, other_verdicts = movements(other)
    checks.that(verdicts == other_verdicts, 'verdicts differ')
    checks.that(people.keys() == other_people.keys(), f'movements differ: {sorted(people.keys() ^ other_people.keys())[:5]}')
    for key in people.keys() & other_people.keys():
        checks.that(close(people[key], other_people[key]), f'{key}: {people[key]} people and {other_people[key]}')
    ledger, other_ledger = final_ledger(reference), final_ledger(other)
    checks.that(other_ledger['received'] == fates(other_ledger), 'the ledger balances')
    if '--mirrored' not in sys.argv:
        checks.that(ledger['received'] == other_ledger['received'],
                    f"received {ledger['received']} and {other_ledger['received']} bytes")
    checks.exit()


if __name__ == '__main__':
    main()
