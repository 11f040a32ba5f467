# SPDX-License-Identifier: Apache-2.0
"""Runs the binary and reads its events; shared by the end-to-end tests.

The environment names the binary (GANDER, default build/release/gander of this tree).
"""
import json
import os
import subprocess
import sys

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
GANDER = os.path.abspath(os.environ.get('GANDER', os.path.join(TOP, 'build', 'release', 'gander')))
CAPTURES = os.path.join(TOP, 'tests', 'captures')
SKIPPED = 77
# Compiled rules stay beside the binary, not in the home of whoever runs the tests.
os.environ.setdefault('XDG_CACHE_HOME', os.path.join(os.path.dirname(GANDER), 'test-cache'))
TIME_LIMIT_S = 300


class Checks:
    """Counts what was checked and says at once what failed."""

    def __init__(self):
        self.done = self.failed = 0

    def that(self, holds, what):
        self.done += 1
        if not holds:
            self.failed += 1
            print(f'FAILED: {what}')
        return bool(holds)

    def exit(self):
        print(f'{self.done} checks, {self.failed} failed')
        sys.exit(1 if self.failed or self.done == 0 else 0)


def gander(*arguments, **options):
    """The finished process, with its output as bytes."""
    if not os.access(GANDER, os.X_OK):
        sys.exit(f'{GANDER} is not there: build it first, or set GANDER')
    return subprocess.run([GANDER, *map(str, arguments)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, timeout=TIME_LIMIT_S, check=False, **options)


def is_sanitized():
    with open(os.environ.get('GANDER_BINARY', GANDER), 'rb') as f:
        binary = f.read()
    return b'__asan_init' in binary or b'__tsan_init' in binary


def skip_if_sanitized():
    """A binary with sanitizers has no seccomp, no limits and no crash handler of its own (base/sanitized.h)."""
    if is_sanitized():
        print('skipped: a sanitizer build is not confined')
        sys.exit(SKIPPED)


def read_events(path):
    with open(path, encoding='utf-8') as f:
        return [json.loads(line) for line in f]


def valid(path):
    """Whether each line is what the schema says; True where python3-jsonschema is missing, which the validator tells."""
    validator = os.path.join(TOP, 'tests', 'report', 'validate_events.py')
    return subprocess.run([sys.executable, '-B', validator, path], stdout=subprocess.DEVNULL,
                          check=False).returncode in (0, SKIPPED)


def of_type(events, kind):
    return [e for e in events if e['event_type'] == kind]


def final_ledger(events):
    """The ledger in the last stats event, None when there is none."""
    stats = of_type(events, 'stats')
    return stats[-1]['gander']['ledger'] if stats else None


def fates(ledger):
    """Sum over all fates, counted here and not taken from the ledger's own `sum`."""
    return sum(n for reasons in ledger['bytes'].values() for n in reasons.values())
