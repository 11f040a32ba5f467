#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The same capture in many forms, from many sources, by many workers: what changes nothing in truth changes nothing of
what is said.

differential.py [--short] [--only WORDS] [--captures WORDS] [--seeds N] [--jobs N] [--keep DIR] [--show N] [--resume FILE]

gander-mangle writes each form; the original is read by 1, 2 and 4 workers, every form by one of these in turn.
Captures: of this tree, of gander-corpus, and the reference captures where they are (GANDER_SHARED, else
../shared). Prints a table; --show the first N differences of each. `told`: they differ, and the sensor says why they must
(TOLD). `left`: packets that a form left as they are. Both are listed by reason behind the table. Exit code 1 when
others differ. --short: few forms, this tree's captures. --resume keeps what was seen of each capture in FILE: what is there
already is not read again, and the table is of all of it. GANDER, GANDER_MANGLE, GANDER_CORPUS name the binaries.
"""
import argparse
import collections
import concurrent.futures
import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field

sys.dont_write_bytecode = True
import readers  # noqa: E402
from sight import Care, Sight  # noqa: E402
from variants import PACE, READINGS, VARIANTS  # noqa: E402
from scanning import CAPTURES, GANDER, TOP  # noqa: E402

BESIDE = os.path.dirname(GANDER)
MANGLE = os.environ.get('GANDER_MANGLE', os.path.join(BESIDE, 'gander-mangle'))
CORPUS = os.environ.get('GANDER_CORPUS', os.path.join(BESIDE, 'gander-corpus'))
WORKERS = (1, 2, 4)
UNCHANGED = 77
MOST_BEHIND = 60_000_000  # bytes of two captures
# A form has up to sixty times as many packets; epochs are to end by time alone.
ONE_EPOCH = ('--set', 'runtime.epoch_packets=100000000')
CORPORA = (('sparse', '0.3'), ('dense', '0.1'), ('mixed', '0.3'), ('dns', '0.05'), ('vxlan', '0.2'))
SHORT_CORPORA, SHORT_PLAYED = (('mixed', '0.05'), ), ('b24.pcap', 'p01.pcap', 'p05.pcap')


@dataclass
class Capture:
    name: str
    path: str
    arguments: tuple = ()
    before: 'Capture' = None  # in the list: as a rule of the same protocol
    size: int = field(init=False)

    def __post_init__(self):
        self.size = os.path.getsize(self.path)


def own_captures(folder, short):
    demo = os.path.join(CAPTURES, 'demo')
    yield Capture('demo', os.path.join(demo, 'demo.pcap'), ('--config', os.path.join(demo, 'demo.yaml')))
    played = os.path.join(TOP, 'tests', 'scenario', 'captures')
    for name in sorted(os.listdir(played)):
        if name in SHORT_PLAYED or (name.endswith('.pcap') and not short):
            yield Capture(name, os.path.join(played, name))
    for name, megabytes in SHORT_CORPORA if short else CORPORA:
        subprocess.run([CORPUS, folder, name, megabytes], check=True)
        yield Capture(f'corpus {name}', os.path.join(folder, f'{name}.pcap'))


def reference_captures():
    shared = os.environ.get('GANDER_SHARED', os.path.join(TOP, '..', 'shared'))
    top = os.path.join(shared, 'caps')
    for place, _, names in sorted(os.walk(top)):
        for name in sorted(names):
            if name.endswith(('.pcap', '.pcapng', '.cap')):
                yield Capture(os.path.relpath(os.path.join(place, name), top), os.path.join(place, name))


# Why two ways of delivering may differ, as the sensor itself says it: (reason, whether it holds for original and form).
TOLD = (('bytes of streams are missing: reordered beyond stream.gap_after_bytes or stream.late_grace_ms, or before the '
         'first segment of a connection whose beginning is not in the capture',
         lambda first, seen: seen.missing > first.missing),
        ('packets are missing: the source lost them before the sensor had them', lambda first, seen: seen.lost > 0))


@dataclass
class Row:
    """Of one variant."""
    captures: set = field(default_factory=set)
    runs: int = 0
    told: int = 0
    left: int = 0
    differing: dict = field(default_factory=dict)  # capture -> {kind: [lines]}


@dataclass
class Seen:
    """How one form differs from the original; kept small, for there are thousands."""
    name: str
    found: dict  # {kind: [lines]}
    told: str  # reason
    left: list  # of gander-mangle: (packets, why)


def compare(name, first, seen, care=Care.EXACT, left=()):
    found = {'run': [seen.problem]} if seen.problem else first.differs(seen, care)
    may_tell = found and not seen.problem and care is not Care.BEHIND  # there what is missing may be the other capture's
    holds = [reason for reason, told in TOLD if may_tell and told(first, seen)]
    return Seen(name, found, holds[0] if holds else '', list(left))


class Differential:
    def __init__(self, options, folder, cable):
        self.options, self.folder, self.cable = options, folder, cable
        self.rows = {}
        self.told, self.left = collections.Counter(), collections.Counter()  # by reason

    def see(self, capture, path, place, workers, read=readers.from_file, since=''):
        events = os.path.join(place, 'events.json')
        of_workers = [f'--set={key}={workers}' for key in ('runtime.workers', 'capture.live.sockets')]
        return Sight(read(path, events, (*capture.arguments, *ONE_EPOCH, *of_workers)), events, since)

    def note(self, capture, seen):
        row = self.rows.setdefault(seen.name, Row())
        row.runs += 1
        row.captures.add(capture)
        for packets, why in seen.left:
            row.left += packets
            self.left[why] += packets
        if seen.told:
            row.told += 1
            self.told[seen.told] += 1
        elif seen.found:
            row.differing.setdefault(capture, {}).update(seen.found)

    def wants(self, variant):
        return (variant.short or not self.options.short) and self.options.only in variant.name

    def mangled(self, capture, path, words):
        """What gander-mangle left as it is, [(packets, why)]; None when nothing changed."""
        done = subprocess.run([MANGLE, capture.path, path, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              check=False)
        if done.returncode == UNCHANGED:
            return None
        if done.returncode != 0:
            sys.exit(f'{capture.name}, {words}: {done.stderr.decode()}')
        lines = (line.split(' left ', 1) for line in done.stdout.decode().splitlines())
        return [(int(packets), why) for packets, why in lines]

    def one(self, number, capture):
        """All forms of one capture, as Seen."""
        place = os.path.join(self.options.keep or self.folder, str(number))
        os.makedirs(place, exist_ok=True)
        first = self.see(capture, capture.path, place, 1)
        if first.problem:
            return [] if first.problem.startswith('exit 2') else [compare('original, 1 worker', first, first)]
        out = [compare(f'original, {workers} workers', first, self.see(capture, capture.path, place, workers))
               for workers in WORKERS[1:]]
        out += self.forms(number, capture, place, first)
        out += self.readings(number, capture, place, first)
        return out

    def forms(self, number, capture, place, first):
        for n, variant in enumerate(VARIANTS):
            if not self.wants(variant) or capture.size > variant.most_bytes:
                continue
            for seed in range(1, self.options.seeds + 1):
                path = os.path.join(place, f'{n}-{seed}')
                left = self.mangled(capture, path, ('--seed', str(seed), *variant.words))
                if left is None:
                    break
                workers = WORKERS[(number + n + seed) % len(WORKERS)]
                yield compare(variant.name, first, self.see(capture, path, place, workers), variant.care, left)
                if not self.options.keep:
                    os.remove(path)

    def readings(self, number, capture, place, first):
        """By other sources. One that gives packets times of its own is held against an even pace."""
        plain, paced = os.path.join(place, 'plain.pcap'), os.path.join(place, 'paced.pcap')
        evenly = None
        for n, reading in enumerate(READINGS):
            if not self.wants(reading) or capture.size > reading.most_bytes:
                continue
            if not os.path.exists(plain):
                subprocess.run([MANGLE, capture.path, plain, '--format', 'nanoseconds'], check=True)
            if reading.frames_only and not readers.is_plain(plain):
                continue
            read = self.behind(capture, plain) if reading.behind else reading.read or (self.cable and self.cable.read)
            if read is None or (reading.paced and self.mangled(capture, paced, (PACE, )) is None):
                continue
            if reading.paced:
                evenly = evenly or self.see(capture, paced, place, 1)
            workers = reading.workers or WORKERS[(number + n) % len(WORKERS)]
            since = min(event['timestamp'] for event in first.told) if reading.behind else ''
            seen = self.see(capture, paced if reading.paced else plain, place, workers, read, since)
            yield compare(reading.name, evenly if reading.paced else first, seen, reading.care)

    def behind(self, capture, plain):
        """Nothing of connections that were is in what is said of those that are."""
        before, path = capture.before, os.path.join(os.path.dirname(plain), 'before.pcap')
        if before is None or before.size + capture.size > MOST_BEHIND:
            return None
        subprocess.run([MANGLE, before.path, path, '--format', 'nanoseconds'], check=True)
        return readers.behind(path, plain)

    def run(self, captures):
        """Prints what differs as it is found."""
        path, before = self.options.resume, {}
        if path and os.path.exists(path):
            with open(path, encoding='utf-8') as file:
                before = {name: [Seen(*seen) for seen in all_seen] for name, all_seen in map(json.loads, file)}
        for name, all_seen in before.items():
            self.note_all(name, all_seen)
        captures = [(number, capture) for number, capture in enumerate(captures) if capture.name not in before]
        with concurrent.futures.ThreadPoolExecutor(self.options.jobs) as pool:
            runs = {pool.submit(self.one, *job): job[1].name for job in captures}
            for n, run in enumerate(concurrent.futures.as_completed(runs), 1):
                all_seen = run.result()
                self.note_all(runs[run], all_seen)
                print(f'{n} of {len(runs)}: {runs[run]}', file=sys.stderr, flush=True)
                if path:
                    with open(path, 'a', encoding='utf-8') as file:
                        json.dump([runs[run], [list(vars(seen).values()) for seen in all_seen]], file)
                        file.write('\n')
        return len(before) + len(captures)

    def note_all(self, capture, all_seen):
        for seen in all_seen:
            self.note(capture, seen)
            if seen.found and not seen.told:
                print(f'{capture}: {seen.name} differs', file=sys.stderr, flush=True)

    def show(self):
        print(f'{"variant":84}{"captures":>9}{"runs":>6}{"left":>7}{"told":>6}{"mismatches":>11}')
        known = [name for name in self.rows if name.startswith('original')]
        for name in known + [form.name for form in (*READINGS, *VARIANTS) if form.name in self.rows]:
            row = self.rows[name]
            print(f'{name:84}{len(row.captures):9}{row.runs:6}{row.left:7}{row.told:6}{len(row.differing):11}')
            for capture, found in list(row.differing.items())[:self.options.show]:
                for kind, lines in found.items():
                    print(f'    {capture}: {kind}')
                    for line in lines[:self.options.show]:
                        print(f'        {line[:600]}')
        for what, reasons in (('runs told', self.told), ('packets left', self.left)):
            for reason, count in sorted(reasons.items()):
                print(f'{count} {what}: {reason}')
        return sum(len(row.differing) for row in self.rows.values())


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--short', action='store_true')
    parser.add_argument('--only', default='')
    parser.add_argument('--captures', default='')
    parser.add_argument('--seeds', type=int, default=1)
    parser.add_argument('--jobs', type=int, default=os.cpu_count())
    parser.add_argument('--keep', default='')
    parser.add_argument('--show', type=int, default=3)
    parser.add_argument('--resume', default='')
    options = parser.parse_args()
    begin = time.monotonic()
    problem = readers.Cable.problem()
    with contextlib.ExitStack() as stack:
        cable = None if options.short or problem else stack.enter_context(readers.Cable())
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix='gander-differential-'))
        captures = list(own_captures(folder, options.short))
        if not options.short:
            captures += reference_captures()
        for before, capture in zip(captures, captures[1:]):
            capture.before = before
        captures = [capture for capture in captures if options.captures in capture.name]
        differential = Differential(options, folder, cable)
        read = differential.run(captures)
        wrong = differential.show()
    if problem and not options.short:
        print(f'no interface was read: {problem}')
    runs = sum(row.runs for row in differential.rows.values())
    print(f'{read} captures, {runs} runs, {wrong} mismatches, {time.monotonic() - begin:.0f} s')
    sys.exit(1 if wrong or runs == 0 else 0)


if __name__ == '__main__':
    main()
