#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Scans every capture of the reference material and checks that each byte has exactly one fate.

The folder is GANDER_SHARED/caps, else ../shared/caps beside this tree; without it the test is skipped.
"""
import concurrent.futures
import os
import sys
import tempfile

from scanning import SKIPPED, TOP, Checks, fates, final_ledger, gander, read_events

ENDINGS = ('.pcap', '.pcapng', '.cap')


def captures():
    shared = os.environ.get('GANDER_SHARED', os.path.join(TOP, '..', 'shared'))
    for folder, _, names in sorted(os.walk(os.path.join(shared, 'caps'))):
        for name in sorted(names):
            if name.endswith(ENDINGS):
                yield os.path.join(folder, name)


# What becomes of a byte does not hang on what is looked for in it, and to read all packs takes longer than most captures.
RULES = ['--set', f"identify.rules=[{os.path.join(TOP, 'rules', 'communications.yaml')}]"]


def scan(path, folder, number):
    events = os.path.join(folder, f'{number}.json')
    done = gander('scan', '--quiet', *RULES, '--events', events, path)
    return done, read_events(events) if done.returncode == 0 else []


def check(checks, path, done, events):
    name = os.path.join(os.path.basename(os.path.dirname(path)), os.path.basename(path))
    said = done.stderr.decode('utf-8', 'replace')
    if done.returncode == 2:  # refused: an empty file, a link type without a decoder
        checks.that('remedy:' in said, f'{name}: refused without a remedy: {said[-300:]}')
        return
    if not checks.that(done.returncode == 0, f'{name}: exit code {done.returncode}: {said[-300:]}'):
        return
    ledger = final_ledger(events)
    if checks.that(ledger is not None, f'{name}: no stats event'):
        checks.that(ledger['received'] == fates(ledger) == ledger['sum'],
                    f"{name}: received {ledger['received']}, fates {fates(ledger)}, sum {ledger['sum']}")


def main():
    paths = list(captures())
    if not paths:
        print('no reference captures here')
        sys.exit(SKIPPED)
    checks = Checks()
    with tempfile.TemporaryDirectory() as folder, concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        runs = [(path, pool.submit(scan, path, folder, n)) for n, path in enumerate(paths)]
        for path, run in runs:
            check(checks, path, *run.result())
    print(f'{len(paths)} captures')
    checks.exit()


if __name__ == '__main__':
    main()
