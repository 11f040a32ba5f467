#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The small captures in captures/, which need neither root nor the programs that made them, against what was heard.

committed.py               scans them; exit code 1 when a detector has fallen silent, people are miscounted, or a benign
                           one raises an alert
committed.py --take DIR    takes those that pass from what `run.py --keep DIR` left, if they are small
"""
import argparse
import json
import os
import shutil
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

sys.dont_write_bytecode = True
import scoring  # noqa: E402
from scanning import Checks  # noqa: E402
from scenario import HERE, all_scenarios  # noqa: E402

FOLDER = os.path.join(HERE, 'captures')
EXPECTED = os.path.join(FOLDER, 'expected.json')
MOST_BYTES, MOST_BYTES_IN_ALL = 100_000, 1_500_000


def capture_of(loaded):
    return os.path.join(FOLDER, f'{loaded.id.lower()}.pcap')


def score(loaded, capture, mark):
    with tempfile.TemporaryDirectory() as folder:
        events, _ = scoring.scan(loaded, folder, capture)
    return scoring.judge(loaded, events, mark)


def check(checks, loaded, expected):
    seen = score(loaded, capture_of(loaded), expected['mark'])
    for detector in expected['heard']:
        checks.that(detector not in seen.missing, f'{loaded.id} {loaded.spec.title}: {detector} is silent')
    checks.that(not seen.miscounted, f'{loaded.id}: {seen.people} people of {seen.truth}')
    checks.that(loaded.positive or not seen.others, f'{loaded.id} {loaded.spec.title}: {seen.others}')


def take(loaded, folder):
    """What is expected from now on, None when this one is not fit to be kept."""
    capture = os.path.join(folder, loaded.id, 'capture.pcap')
    if loaded.spec.registers or not os.path.exists(capture) or os.path.getsize(capture) > MOST_BYTES:
        return None
    with open(os.path.join(folder, loaded.id, 'mark'), encoding='utf-8') as f:
        mark = f.read()
    seen = score(loaded, capture, float(mark) if mark else None)
    if not seen.passed:
        return None
    shutil.copy(capture, capture_of(loaded))
    return {'mark': float(mark) if mark else None, 'heard': list(loaded.spec.detectors)}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--take', default='')
    options = parser.parse_args()
    with open(EXPECTED, encoding='utf-8') as f:
        expected = json.load(f)
    scenarios = all_scenarios()
    if options.take:
        for loaded in scenarios:
            taken = take(loaded, options.take)
            if taken:
                expected[loaded.id] = taken
        size = sum(os.path.getsize(capture_of(one)) for one in scenarios if one.id in expected)
        print(f'{len(expected)} captures of {size} bytes')
        if size > MOST_BYTES_IN_ALL:
            sys.exit(f'more than {MOST_BYTES_IN_ALL} bytes')
        with open(EXPECTED, 'w', encoding='utf-8') as out:
            json.dump(expected, out, indent=1, sort_keys=True)
            out.write('\n')
        return
    checks = Checks()
    with ThreadPoolExecutor(2) as pool:
        list(
            pool.map(lambda one: check(checks, one, expected[one.id]),
                     (one for one in scenarios if one.id in expected)))
    checks.exit()


if __name__ == '__main__':
    main()
