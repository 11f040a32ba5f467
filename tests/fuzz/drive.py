#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs libFuzzer targets, each until it has used so many CPU minutes, and keeps the account. See run.sh for its options.

A target's account is a line of hours.tsv: CPU seconds and executions in total (over all sessions), edges that its seeds
reach and that are reached now, findings. What breaks a target stays in build/fuzz/found/<target>/; mended, it goes into
corpus/<target>/, which CI replays. The corpora that grow here are not kept in the tree: they hold parts of captures that
are not ours."""
import argparse
import os
import re
import signal
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))
LEDGER = os.path.join(HERE, 'hours.tsv')
COLUMNS = ('target', 'cpu_s', 'executions', 'seed_edges', 'edges', 'findings')
TICKS = os.sysconf('SC_CLK_TCK')
TROUBLE = re.compile(r'(crash|leak|timeout|oom)-')


def ledger():
    rows = {}
    if os.path.exists(LEDGER):
        with open(LEDGER, encoding='utf-8') as lines:
            for line in lines:
                if not line.startswith(('#', 'target')):
                    name, *numbers = line.split()
                    rows[name] = dict(zip(COLUMNS[1:], map(int, numbers)))
    return rows


def write_ledger(rows):
    with open(LEDGER + '.new', 'w', encoding='utf-8') as out:
        out.write('# What each target has been given so far, by run.sh --ledger. Edges: of the last run, its own build.\n')
        out.write('\t'.join(COLUMNS) + '\n')
        for name in sorted(rows):
            out.write('\t'.join([name, *(str(rows[name].get(c, 0)) for c in COLUMNS[1:])]) + '\n')
    os.replace(LEDGER + '.new', LEDGER)


class Run:
    """One process of one target."""

    def __init__(self, args, target):
        self.target, self.limit = target, args.minutes * 60
        self.folder = os.path.join(args.build, 'found', target)
        self.corpus = os.path.join(self.folder, 'corpus')
        os.makedirs(self.corpus, exist_ok=True)
        self.log = os.path.join(self.folder, 'log')
        folders = [self.corpus, os.path.join(HERE, 'corpus', target), os.path.join(args.build, 'seeds', target)]
        command = [os.path.join(args.build, 'tests', target + '_fuzz'), *(f for f in folders if os.path.isdir(f)),
                   '-rss_limit_mb=4096', f'-artifact_prefix={self.folder}/', '-print_final_stats=1', '-reload=0',
                   # Of the wall clock, which passes while an idle job waits for its turn.
                   '-use_value_profile=1', '-max_len=16384', f'-timeout={1200 if args.idle else 20}']
        words = os.path.join(HERE, 'dictionaries', re.sub('^[a-z]+_', '', target) + '.dict')
        if os.path.exists(words):
            command.append('-dict=' + words)
        self.cpu = 0.0
        self.ended_by_us = False
        self.known = self.troubles()
        with open(self.log, 'wb') as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL,
                                            preexec_fn=step_back if args.idle else None)

    def troubles(self):
        return {name for name in os.listdir(self.folder) if TROUBLE.match(name)}

    def poll(self):
        """False when it has ended; asks it to end when its time is used."""
        try:
            with open(f'/proc/{self.process.pid}/stat', encoding='utf-8') as stat:
                fields = stat.read().rsplit(')', 1)[1].split()
            self.cpu = max(self.cpu, (int(fields[11]) + int(fields[12])) / TICKS)
        except (OSError, IndexError):
            pass
        if self.cpu >= self.limit and not self.ended_by_us:
            self.ended_by_us = True
            self.process.send_signal(signal.SIGUSR1)  # libFuzzer ends in good order
        return self.process.poll() is None

    def figures(self):
        with open(self.log, encoding='utf-8', errors='replace') as log:
            text = log.read()
        executions = re.findall(r'stat::number_of_executed_units: *(\d+)', text) or re.findall(r'^#(\d+)\t', text, re.M)
        first = re.search(r'INITED +cov: (\d+)', text)
        edges = re.findall(r' cov: (\d+) ', text)
        return {'cpu_s': round(self.cpu), 'executions': int(executions[-1]) if executions else 0,
                'seed_edges': int(first[1]) if first else 0, 'edges': int(edges[-1]) if edges else 0,
                'findings': len(self.troubles() - self.known)}


def show(name, row):
    print('\t'.join([name, *(str(row.get(c, 0)) for c in COLUMNS[1:])]), flush=True)


def account(rows, run, args):
    row, now = rows.setdefault(run.target, {}), run.figures()
    for column in ('cpu_s', 'executions'):
        row[column] = row.get(column, 0) + now[column]
    row['seed_edges'] = min(row.get('seed_edges') or now['seed_edges'], now['seed_edges'] or 1 << 30)
    row['edges'], row['findings'] = now['edges'], row.get('findings', 0) + now['findings']
    show(run.target, now)
    if args.ledger:
        write_ledger(rows)


def step_back():
    """Leaves the CPU to whoever wants it. A class of its own counts within a session only where the kernel shares
    the CPU out by session (autogroup), so the session steps back as well."""
    os.setsid()
    try:
        with open('/proc/self/autogroup', 'w', encoding='ascii') as group:
            group.write('19')
    except OSError:
        pass  # no such kernel
    os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--build', default=os.path.join(TOP, 'build', 'fuzz'))
    parser.add_argument('--minutes', type=float, default=10)
    parser.add_argument('--jobs', type=int, default=1)
    parser.add_argument('--idle', action='store_true')
    parser.add_argument('--ledger', action='store_true')
    parser.add_argument('targets', nargs='+')
    args = parser.parse_args()
    rows = ledger()
    # Who has had least comes first.
    waiting = sorted(args.targets, key=lambda t: rows.get(t, {}).get('cpu_s', 0), reverse=True)
    running, findings = [], 0
    print('\t'.join(COLUMNS), flush=True)
    try:
        while waiting or running:
            while waiting and len(running) < args.jobs:
                running.append(Run(args, waiting.pop()))
            time.sleep(0.5)
            for run in [r for r in running if not r.poll()]:
                running.remove(run)
                account(rows, run, args)
                findings += run.figures()['findings']
    finally:
        for run in running:
            run.process.send_signal(signal.SIGUSR1)
            run.process.wait(timeout=60)
            account(rows, run, args)
    return 1 if findings else 0


if __name__ == '__main__':
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    sys.exit(main())
