#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs the end-to-end tests with a binary that keeps a copy of every output, and searches all of them for every value that
the tests have planted: standard output and error, events, pages, snapshots, whatever a run was told to write.

    privacy_suite.py [TEST...]     by default all *_test.py here but those that look at the binary itself, and the
                                   scenarios that need no root

Planted are: what tests/captures/demo plants, what tests/e2e/wrapping plants, and every identifier that
tests/captures/demo/identifiers.py made while the tests ran. Runs under `privacy.metadata=raw` are left out and counted.
Exit code: 0 nothing found, 1 something found or a test failed.
"""
import glob
import gzip
import json
import os
import shutil
import stat
import subprocess
import sys
import tempfile

from leak_search import LeakSearch, self_check
from scanning import CAPTURES, GANDER, SKIPPED, TOP

HERE = os.path.dirname(os.path.abspath(__file__))
LONGEST = 64 << 20  # bytes of one output that are searched
OF_BINARY = ('bill_test.py', 'confine_test.py', 'hardening_test.py')

# Read by every Python that a test starts: what the generators make is noted.
RECORDER = '''
import atexit, importlib.abc, importlib.machinery, os, sys
made = set()
def note(function):
    def noting(*a, **k):
        value = function(*a, **k)
        if isinstance(value, str) and len(value) >= 8:
            made.add(value)
        return value
    return noting
class Finder(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name != 'identifiers':
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path)
        run = spec.loader.exec_module
        def execute(module):
            run(module)
            for key, value in list(vars(module).items()):
                if callable(value) and not key.startswith('_') and key not in ('digits', 'weighted', 'birth_date'):
                    setattr(module, key, note(value))
        spec.loader.exec_module = execute
        return spec
sys.meta_path.insert(0, Finder())
def write():
    if made:
        with open(os.path.join(os.environ['KEPT_VALUES'], '%d' % os.getpid()), 'w') as f:
            f.write(''.join(v + '\\n' for v in made))
atexit.register(write)
'''


def write(path, text, mode=0o644):
    with open(path, 'w', encoding='utf-8') as f:
        f.write(text)
    os.chmod(path, mode)


def run_tests(tests, folder):
    """Names of those that failed."""
    outputs, values, hook = (os.path.join(folder, n) for n in ('outputs', 'values', 'hook'))
    for path in (outputs, values, hook):
        os.mkdir(path)
    keeper = os.path.join(folder, 'gander')
    shutil.copyfile(os.path.join(HERE, 'keeper.py'), keeper)
    os.chmod(keeper, stat.S_IRWXU)
    write(os.path.join(hook, 'sitecustomize.py'), RECORDER)
    environment = dict(os.environ, GANDER=keeper, KEPT_BINARY=GANDER, KEPT_OUTPUTS=outputs, KEPT_VALUES=values, PYTHONPATH=hook)
    failed = []
    for test in tests:
        done = subprocess.run([sys.executable, '-B', test], env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              check=False)
        print(f'{os.path.basename(test)}: exit code {done.returncode}', flush=True)
        if done.returncode not in (0, SKIPPED):
            failed.append(os.path.basename(test))
            print(done.stdout.decode('utf-8', 'replace')[-2000:])
    return failed


def planted(folder):
    with gzip.open(os.path.join(CAPTURES, 'demo', 'planted.txt.gz'), 'rt', encoding='utf-8') as f:
        found = set(f.read().splitlines())
    sys.path.insert(0, HERE)
    from wrapping import people  # noqa: PLC0415
    found.update(people.VALUES)
    for path in glob.glob(os.path.join(folder, 'values', '*')):
        with open(path, encoding='utf-8') as f:
            found.update(f.read().splitlines())
    return found


def usual_tests():
    here = [os.path.join(HERE, n) for n in sorted(os.listdir(HERE)) if n.endswith('_test.py') and n not in OF_BINARY]
    return here + [os.path.join(TOP, 'tests', 'scenario', n) for n in ('committed.py', 'metamorphic.py', 'distinct.py')]


def main():
    tests = sys.argv[1:] or usual_tests()
    self_check()
    with tempfile.TemporaryDirectory() as folder:
        failed = run_tests(tests, folder)
        values = planted(folder)
        search = LeakSearch(values)
        runs = sorted(glob.glob(os.path.join(folder, 'outputs', '*')))
        raw = [r for r in runs if r.endswith('.raw')]
        searched = size = leaks = 0
        for run in runs:
            if run in raw:
                continue
            for name in sorted(os.listdir(run)):
                if name == 'arguments':
                    continue
                with open(os.path.join(run, name), 'rb') as f:
                    text = f.read(LONGEST)
                searched += 1
                size += len(text)
                found = search.find(text)
                if found:
                    leaks += 1
                    with open(os.path.join(run, 'arguments'), encoding='utf-8') as f:
                        # Not the values themselves: this text may end in a log.
                        print(f'FOUND {len(found)} planted values in {name} of: gander {f.read()[:300]}')
    print(json.dumps({'tests': len(tests), 'failed': failed, 'planted_values': len(values), 'runs': len(runs),
                      'runs_raw_left_out': len(raw), 'outputs': searched, 'bytes': size, 'outputs_with_a_value': leaks}))
    sys.exit(1 if failed or leaks or searched == 0 else 0)


if __name__ == '__main__':
    main()
