#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""One capture in many forms (DETECTION.md §6.4): what changes nothing in truth must change nothing in what is said.

metamorphic.py [--seed N] [--keep DIR] [--only WORDS]

  =   people of every movement and alerts (detector, severity) as in the original
  >=  no alert of the original is missing
"""
import argparse
import os
import random
import re
import sys
import tempfile

sys.dont_write_bytecode = True
import rewriting  # noqa: E402
import scoring  # noqa: E402
import synth  # noqa: E402
import talks  # noqa: E402
from fan_in import SOURCES  # noqa: E402
from ordinary import browse  # noqa: E402
from people import as_csv, as_form, as_json, population, split  # noqa: E402
from play import Script  # noqa: E402
from scenario import Loaded, Scenario  # noqa: E402
from scanning import Checks, of_type  # noqa: E402

ENTRY = '''
transfers:
  - id: lab-results
    from: office
    to: {nets: [198.51.100.160, "2001:db8:51::100:160"]}
    classes: [national_id, tax_id, contact, record]
    basis: {kind: contract, ref: DPA-2291}
    not_before: 2026-06-01
    until: 2027-06-01
    transport: clear
'''
IPV6 = {'10.20.': 'fd20::', '203.0.113.': '2001:db8:5::', '198.51.100.': '2001:db8:51::', '198.18.': '2001:db8:18::'}
# How the mirror saw it, not what was moved.
ABOUT_SIGHT = ('D19', 'D22')


def original(folder, seed, reorder_records=None):
    """A dump, a collection, a mail and a registered transfer. `reorder_records` shuffles the rows at their source."""
    script = Script(folder, seed)

    def rows(number, state):
        people = population(seed, number, state)
        if reorder_records:
            reorder_records.shuffle(people)
        return people

    talks.post(script, '10.20.0.11', '203.0.113.20', script.start, 'drop.example.net', as_json(rows(700, 'DE')),
               kind='application/json')
    talks.mail(script, '10.20.0.25', '198.18.4.25', script.start + 3, 'a@example.org', 'b@example.net',
               b'Subject: list\r\n\r\n' + as_csv(rows(120, 'PL')))
    talks.post(script, '10.20.0.12', '198.51.100.160', script.start + 5, 'lab.example.de', as_csv(rows(240, 'BR')),
               kind='text/csv')
    at = script.start + 6
    shares = split(population(seed, 1_200), SOURCES)  # who sends whom is the same in every order
    for source, share in enumerate(shares):
        if reorder_records:
            reorder_records.shuffle(share)
        for begin in range(0, len(share), 10):
            body = b'\n'.join(as_form(row) for row in share[begin:begin + 10])
            at = talks.post(script, f'10.20.1.{source + 10}', '198.18.80.80', at, 'collect.example.net', body)
    return script


def with_company(frames, seed, folder):
    other = Script(folder, seed + 1)
    browse(other, clients=20, hours=0.02, visits_an_hour=300)
    return frames + other.frames


class Sight:
    """What one scan says, without the places."""
    def __init__(self, events):
        last = {}
        for event in of_type(events, 'transfer'):
            told = event['transfer']
            last[event['src_ip'], event['dest_ip'], told['data_class'], told['subject_country'],
                 told['first_seen'][-2:]] = told['subjects']['estimate']
        self.people = sorted(last.values())
        alerts = [scoring.Said.of(event) for event in of_type(events, 'alert')]
        self.alerts = sorted({(one.detector, one.severity) for one in alerts if one.detector not in ABOUT_SIGHT})
        self.count = sum(one.detector not in ABOUT_SIGHT for one in alerts)


class Forms:
    def __init__(self, folder, seed):
        self.folder, self.seed = folder, seed
        self.frames = original(folder, seed).frames
        self.number = 0

    def see(self, frames, policy=ENTRY, workers=1):
        """The scan of these frames, and its events as lines without what depends on the number of workers."""
        self.number += 1
        place = os.path.join(self.folder, str(self.number))
        os.makedirs(place)
        path = os.path.join(place, 'capture.pcap')
        synth.write(path, frames)
        loaded = Loaded('M', os.path.join(place, 'metamorphic.py'), Scenario('', policy=policy), None)
        events, _ = scoring.scan(loaded, place, path, ('--workers', str(workers)))
        with open(os.path.join(place, 'events.jsonl'), encoding='utf-8') as f:
            return Sight(events), sorted(re.sub(r'"workers":\d+|"source":"[^"]*"', '', line) for line in f)

    def rows(self):
        """(name, relation, frames); relation is '=' or '>='."""
        frames = self.frames
        yield 'segments of one side shuffled', '=', lambda: rewriting.shuffled_segments(frames)
        yield 'each packet up to 2 ms later', '=', lambda: rewriting.jittered(frames)
        yield 'each packet up to 20 ms later', '=', lambda: rewriting.jittered(frames, 20_000)
        yield 'first 2 kB in segments of one byte', '=', lambda: rewriting.in_single_bytes(frames)
        yield 'IP fragments of 256 bytes', '=', lambda: rewriting.fragmented(frames)
        yield 'VLAN', '=', lambda: rewriting.tagged(frames)
        yield 'VLAN in VLAN', '=', lambda: rewriting.tagged(rewriting.tagged(frames), 100)
        yield 'MPLS', '=', lambda: rewriting.in_mpls(frames)
        yield 'Ethernet in GRE', '=', lambda: rewriting.in_gre(frames)
        yield 'IPv6', '=', lambda: rewriting.over_ipv6(frames, IPV6)
        yield 'mirrored twice', '=', lambda: rewriting.doubled(frames)
        yield 'sent twice', '=', lambda: sent_twice(frames)
        yield 'records shuffled at their source', '=', lambda: original(self.folder, self.seed, random.Random(9)).frames
        yield 'unrelated traffic beside it', '>=', lambda: with_company(frames, self.seed, self.folder)


def sent_twice(frames):
    """The whole again a minute later, in connections of its own: other client ports."""
    def again(frame):
        at = 34
        ports = list(synth.struct.unpack_from('>HH', frame, at))
        side = 0 if ports[0] > ports[1] else 1
        ports[side] = ports[side] % 20_000 + 10_000
        segment = synth.struct.pack('>HH', *ports) + frame[at + 4:]
        segment = segment[:16] + b'\0\0' + segment[18:]
        return rewriting.rebuilt(frame, segment)

    return frames + [(at + 60_000_000, again(frame)) for at, frame in frames]


def compare(checks, name, relation, first, seen):
    same = seen.people == first.people and seen.alerts == first.alerts
    holds = same if relation == '=' else set(first.alerts) <= set(seen.alerts)
    said = ' '.join(f'{detector}:{severity}' for detector, severity in seen.alerts)
    print(f'{"+" if holds else "-"} {relation:3}{name:40}{sum(seen.people):8} people  {said}')
    checks.that(holds, f'{name}: {len(seen.people)} movements of {sum(seen.people)} people, {said}')


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--seed', type=int, default=1)
    parser.add_argument('--keep', default='')
    parser.add_argument('--only', default='')
    options = parser.parse_args()
    checks = Checks()
    with tempfile.TemporaryDirectory(prefix='gander-metamorphic-') as passing:
        forms = Forms(options.keep or passing, options.seed)
        first, lines = forms.see(forms.frames)
        print(f'original: {len(first.people)} movements, {sum(first.people)} people; {first.count} alerts: ' +
              ', '.join(f'{d} {s}' for d, s in first.alerts))
        checks.that({d for d, _ in first.alerts} >= {'D01', 'D02', 'D03'}, 'the original raises D01, D02 and D03')
        for name, relation, make in forms.rows():
            if options.only in name:
                compare(checks, name, relation, first, forms.see(make())[0])
        for workers in (2, 4, 8):
            if 'workers' in options.only or not options.only:
                _, others = forms.see(forms.frames, workers=workers)
                print(f'{"+" if others == lines else "-"} =  {workers} workers, every event')
                checks.that(others == lines, f'{workers} workers: {len(set(others) ^ set(lines))} lines differ')
        if not options.only or 'register' in options.only:
            bare, _ = forms.see(forms.frames, policy='')
            more = set(first.alerts) <= set(bare.alerts) and bare.count > first.count
            print(f'{"+" if more else "-"} >= without the register entry: {bare.count} alerts, before {first.count}')
            checks.that(more, 'removing a register entry reduces no alert')
    checks.exit()


if __name__ == '__main__':
    main()
