#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What `gander rules bench` prints, and that compiled rules are kept: the same findings, nobody else's eyes."""
import json
import os
import re
import stat
import subprocess
import tempfile

from scanning import GANDER, Checks, gander

RULES = r'''
rules:
  - {id: test.rare, sid: 3099901, title: rare, class: national_id, sensitivity: personal, chance: 0.0001,
     shape: {kind: expression, expression: 'QZX-[0-9]{6}'}, match: [QZX-123456], no_match: [QZX-12]}
  - {id: test.common, sid: 3099902, title: common, class: national_id, sensitivity: personal, chance: 0.0001,
     shape: {kind: expression, expression: '[a-z ]{1,40}the[a-z ]{1,40}'}, match: [in the house], no_match: ['0']}
'''
TEXT = json.dumps({'doc_id': 1, 'text': 'badge QZX-654321, mail ada@example.org, card 4716461583322103'}) + '\n'


def check_bench(checks, rules):
    done = gander('rules', 'bench', rules)
    out, said = done.stdout.decode(), done.stderr.decode()
    checks.that(done.returncode == 0, f'rules bench: exit code {done.returncode}: {said}')
    for row in ('whole scan', r'3 literals and expressions, generic', r'expression of test\.rare',
                r'expression of test\.common'):
        checks.that(re.search(rf'^{row} +\d+\.\d+', out, re.M), f'rules bench: no row "{row}" in {out}')
    checks.that(len(re.findall('in use', out)) == 1, 'rules bench: one variant is in use')
    checks.that('test.common' in said and 'remedy:' in said, f'rules bench: no warning of the slow one: {said}')
    checks.that('test.rare' not in said, 'rules bench: a warning of the quick one')


def identify(cache, *settings):
    done = subprocess.run([GANDER, 'identify', '--jsonl', *settings], input=TEXT.encode(), stdout=subprocess.PIPE,
                          check=False, env={**os.environ, 'XDG_CACHE_HOME': cache}, timeout=60)
    return done.returncode, done.stdout


def check_cache(checks, folder):
    first = identify(folder)
    kept = [os.path.join(folder, 'gander', n) for n in os.listdir(os.path.join(folder, 'gander'))]
    checks.that(first[0] == 0 and len(first[1].splitlines()) == 2, f'identify: {first}')
    checks.that(len(kept) == 1, f'one file is kept: {kept}')
    checks.that(stat.S_IMODE(os.stat(kept[0]).st_mode) == 0o600, 'only its owner reads it')
    before = os.stat(kept[0]).st_ino
    checks.that(identify(folder) == first, 'the same findings from the cache')
    checks.that(os.stat(kept[0]).st_ino == before, 'nothing is compiled and written again')
    with open(kept[0], 'r+b') as f:
        f.truncate(os.path.getsize(kept[0]) // 2)
    checks.that(identify(folder) == first, 'the same findings with a damaged cache')
    checks.that(os.stat(kept[0]).st_ino != before, 'the damaged file is written anew')
    elsewhere = os.path.join(folder, 'elsewhere')
    checks.that(identify(elsewhere, '--set', 'identify.cache=off') == first, 'the same findings without a cache')
    checks.that(not os.path.exists(elsewhere), 'off keeps nothing')
    own = os.path.join(folder, 'own')
    checks.that(identify(elsewhere, '--set', f'identify.cache={own}') == first, 'the same findings')
    checks.that(os.path.isdir(own) and not os.path.exists(elsewhere), 'the setting names the folder')


def main():
    checks = Checks()
    with tempfile.TemporaryDirectory() as folder:
        rules = os.path.join(folder, 'rules.yaml')
        with open(rules, 'w', encoding='utf-8') as f:
            f.write(RULES)
        check_bench(checks, rules)
        check_cache(checks, os.path.join(folder, 'cache'))
    checks.exit()


if __name__ == '__main__':
    main()
