#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The same capture in many forms and by many workers: what changes nothing in truth changes nothing in what is said.

differential.py [--short] [--only WORDS] [--captures WORDS] [--seeds N] [--jobs N] [--keep DIR] [--show N]

gander-mangle writes each form; the original is read by 1, 2 and 4 workers, every form by one of these in turn.
Captures: of this tree, of gander-corpus, and the reference captures where they are (GANDER_SHARED, else
../shared). Prints a table; --show the first N differences of each. `told`: they differ, and the sensor says that more
bytes of streams are missing: reordered beyond stream.gap_after_bytes or stream.late_grace_ms. Exit code 1 when others
differ. --short: few forms, this tree's captures. GANDER, GANDER_MANGLE, GANDER_CORPUS name the binaries.
"""
import argparse
import concurrent.futures
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field

sys.dont_write_bytecode = True
from sight import Care, Sight  # noqa: E402
from variants import VARIANTS  # noqa: E402
from scanning import CAPTURES, GANDER, TOP  # noqa: E402

BESIDE = os.path.dirname(GANDER)
MANGLE = os.environ.get('GANDER_MANGLE', os.path.join(BESIDE, 'gander-mangle'))
CORPUS = os.environ.get('GANDER_CORPUS', os.path.join(BESIDE, 'gander-corpus'))
WORKERS = (1, 2, 4)
UNCHANGED = 77
# A form has up to sixty times as many packets; epochs are to end by time alone.
ONE_EPOCH = ('--set', 'runtime.epoch_packets=100000000')
CORPORA = (('sparse', '0.3'), ('dense', '0.1'), ('mixed', '0.3'), ('dns', '0.05'), ('vxlan', '0.2'))
SHORT_CORPORA, SHORT_PLAYED = (('mixed', '0.05'), ), ('b24.pcap', 'p01.pcap', 'p05.pcap')


@dataclass
class Capture:
    name: str
    path: str
    arguments: tuple = ()
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


@dataclass
class Row:
    """Of one variant."""
    captures: set = field(default_factory=set)
    runs: int = 0
    told: int = 0  # differences behind more missing bytes than the original has
    differing: dict = field(default_factory=dict)  # capture -> {kind: [lines]}


class Seen:
    """How one form differs from the original; kept small, for there are thousands."""
    def __init__(self, name, first, seen, care=Care.EXACT):
        self.name = name
        self.found = {'run': [seen.problem]} if seen.problem else first.differs(seen, care)
        self.told = seen.missing > first.missing and not seen.problem


class Differential:
    def __init__(self, options, folder):
        self.options, self.folder = options, folder
        self.rows = {}

    def see(self, capture, path, place, workers):
        arguments = (*capture.arguments, *ONE_EPOCH, '--workers', str(workers))
        return Sight(path, os.path.join(place, 'events.json'), arguments)

    def note(self, capture, seen):
        row = self.rows.setdefault(seen.name, Row())
        row.runs += 1
        row.captures.add(capture.name)
        if seen.found and seen.told:
            row.told += 1
        elif seen.found:
            row.differing.setdefault(capture.name, {}).update(seen.found)

    def one(self, number, capture):
        """All forms of one capture, as Seen."""
        out = []
        place = os.path.join(self.options.keep or self.folder, str(number))
        os.makedirs(place, exist_ok=True)
        first = self.see(capture, capture.path, place, 1)
        if first.problem:
            return [] if first.problem.startswith('exit 2') else [Seen('original, 1 worker', first, first)]
        for workers in WORKERS[1:]:
            out.append(Seen(f'original, {workers} workers', first, self.see(capture, capture.path, place, workers)))
        for n, variant in enumerate(VARIANTS):
            if (self.options.short and not variant.short) or self.options.only not in variant.name:
                continue
            if capture.size > variant.most_bytes:
                continue
            for seed in range(1, self.options.seeds + 1):
                path = os.path.join(place, f'{n}-{seed}')
                done = subprocess.run([MANGLE, capture.path, path, '--seed', str(seed), *variant.words],
                                      stderr=subprocess.PIPE, check=False)
                if done.returncode == UNCHANGED:
                    break
                if done.returncode != 0:
                    sys.exit(f'{capture.name}, {variant.name}: {done.stderr.decode()}')
                workers = WORKERS[(number + n + seed) % len(WORKERS)]
                out.append(Seen(variant.name, first, self.see(capture, path, place, workers), variant.care))
                if not self.options.keep:
                    os.remove(path)
        return out

    def run(self, captures):
        with concurrent.futures.ThreadPoolExecutor(self.options.jobs) as pool:
            runs = [(capture, pool.submit(self.one, number, capture)) for number, capture in enumerate(captures)]
            for capture, run in runs:
                for seen in run.result():
                    self.note(capture, seen)

    def show(self):
        print(f'{"variant":84}{"captures":>9}{"runs":>6}{"told":>6}{"mismatches":>11}')
        known = [name for name in self.rows if name.startswith('original')]
        for name in known + [variant.name for variant in VARIANTS if variant.name in self.rows]:
            row = self.rows[name]
            print(f'{name:84}{len(row.captures):9}{row.runs:6}{row.told:6}{len(row.differing):11}')
            for capture, found in list(row.differing.items())[:self.options.show]:
                for kind, lines in found.items():
                    print(f'    {capture}: {kind}')
                    for line in lines[:self.options.show]:
                        print(f'        {line[:600]}')
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
    options = parser.parse_args()
    begin = time.monotonic()
    with tempfile.TemporaryDirectory(prefix='gander-differential-') as folder:
        captures = list(own_captures(folder, options.short))
        if not options.short:
            captures += reference_captures()
        captures = [capture for capture in captures if options.captures in capture.name]
        differential = Differential(options, folder)
        differential.run(captures)
        wrong = differential.show()
    runs = sum(row.runs for row in differential.rows.values())
    print(f'{len(captures)} captures, {runs} runs, {wrong} mismatches, {time.monotonic() - begin:.0f} s')
    sys.exit(1 if wrong or runs == 0 else 0)


if __name__ == '__main__':
    main()
