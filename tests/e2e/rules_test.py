#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What `gander rules` says of packs, and that compiled rules are kept: the same findings, nobody else's eyes."""
import json
import os
import re
import stat
import subprocess
import tempfile

from scanning import GANDER, TOP, Checks, gander

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


def check_each(checks, rules):
    out = gander('rules', 'bench', rules).stdout.decode()
    for name in ('test.rare', 'test.common'):
        checks.that(re.search(rf'^{re.escape(name)} +\d+\.\d', out, re.M), f'rules bench: no cost of {name} in {out}')
    quick = gander('rules', 'bench', '--quick', rules).stdout.decode()
    checks.that('by itself adds' in out and 'by itself adds' not in quick, 'rules bench --quick leaves each rule out')


WRONG = r'''
rules:
  - {id: test.one, sid: 3099903, title: one, class: national_id, sensitivity: personal, chance: 0.0001,
     shape: {kind: expression, expression: 'QZA-[0-9'}, match: [QZA-1], no_match: [x]}
  - {id: test.two, sid: 3099904, title: two, class: national_id, sensitivity: personal, chance: 0.0001, colour: red,
     shape: {kind: expression, expression: 'QZB-[0-9]{6}'}, match: [QZB-123456], no_match: [x]}
  - {id: test.three, sid: 3099905, title: three, class: national_id, sensitivity: personal, chance: 0.0001,
     shape: {kind: expression, expression: '\bQZC-[0-9]{6}'}, match: [QZC-12345], no_match: [x]}
'''


def check_lint(checks, folder, rules):
    wrong = os.path.join(folder, 'wrong')
    os.mkdir(wrong)
    with open(os.path.join(wrong, 'a.yaml'), 'w', encoding='utf-8') as f:
        f.write(WRONG)
    with open(os.path.join(wrong, 'b.yaml'), 'w', encoding='utf-8') as f:
        f.write('rules: [\n')
    done = gander('rules', 'check', wrong, rules)
    out, said = done.stdout.decode(), done.stderr.decode()
    checks.that(done.returncode == 2 and 'not good: 4 rules' in out and '4 errors' in out, f'rules check: {done.returncode} {out}')
    for words in ('a.yaml:3: rule test.one', 'a.yaml:5', 'colour', 'a.yaml:7: rule test.three', 'b.yaml:',
                  'begins with \\b'):
        checks.that(words in said, f'rules check: nothing says {words}: {said}')
    done = gander('rules', 'test', wrong, rules)
    checks.that(done.returncode == 2 and ' 1 failed' in done.stdout.decode(), f'rules test: {done.stdout.decode()}')
    done = gander('rules', 'check', rules)
    checks.that(done.returncode == 0 and 'rules are good' in done.stdout.decode(), f'rules check: {done.stdout.decode()}')
    checks.that(gander('rules', 'check', '--strict', rules).returncode == 2, 'strict: warnings are errors')


def check_words(checks, rules):
    explained = gander('rules', 'explain', 'us.ssn').stdout.decode()
    for words in ('NNN~NN~NNNN', 'us_ssn', 'en: ', 'only where one of its words', 'sid', 'written in', 'example'):
        checks.that(words in explained, f'rules explain: no "{words}" in {explained}')
    checks.that(re.search(r'example .*\d·+\d', explained), f'rules explain: the example is masked: {explained}')
    checks.that(gander('rules', 'explain', 'no.such').returncode == 2, 'rules explain: no such rule')
    listed = json.loads(gander('rules', 'list', '--json').stdout)
    ssn = [r for r in listed if r['id'] == 'us.ssn']
    checks.that(len(ssn) == 1 and ssn[0]['validator'] == 'us_ssn' and ssn[0]['match'] > 0 and ssn[0]['line'] > 0, f'list: {ssn}')
    checks.that('test.rare' in gander('rules', 'list', rules).stdout.decode(), 'rules list: a table')


def check_table(checks):
    rules = os.path.join(TOP, 'rules')
    table = gander('rules', 'list', '--table', 'markdown', rules).stdout.decode()
    with open(os.path.join(rules, 'CATALOGUE.md'), encoding='utf-8') as f:
        checks.that(f.read() == table, 'rules/CATALOGUE.md is not current: gander rules list --table markdown makes it')
    rows = [line.split('\t') for line in gander('rules', 'list', '--table', 'tsv', rules).stdout.decode().splitlines()]
    listed = json.loads(gander('rules', 'list', '--json', rules).stdout)
    checks.that(len(rows) == len(listed) + 1 and all(len(row) == len(rows[0]) for row in rows), 'rules list --table tsv')
    with open(os.path.join(rules, 'peers.tsv'), encoding='utf-8') as f:
        known = {line.split('\t')[0] for line in f.read().splitlines()[1:]}
    missing = known - {row[0] for row in rows}
    checks.that(not missing, f'identifiers without a rule: {sorted(missing)}')
    checks.that(gander('rules', 'list', '--table', 'html', rules).returncode != 0, 'rules list: no such table')


SNORT = r'''
alert tcp any any -> any any (msg:"Dossier"; pcre:"/dossier-[0-9]{6}/"; sid:1;)
alert tcp any any -> any any (msg:"Cards"; sd_pattern:"credit_card"; sid:2;)
'''
GITLEAKS = r"""
[[rules]]
id = "quux"
regex = "quux_[a-z0-9]{32}"
"""


def check_import(checks, folder):
    for kind, text, taken in (('snort', SNORT, 'imported.dossier'), ('gitleaks', GITLEAKS, 'imported.quux')):
        source, pack = os.path.join(folder, kind), os.path.join(folder, f'{kind}.yaml')
        with open(source, 'w', encoding='utf-8') as f:
            f.write(text)
        done = gander('rules', 'import', kind, source)
        said = done.stderr.decode()
        with open(pack, 'wb') as f:
            f.write(done.stdout)
        checks.that(done.returncode == 0 and '1 of ' in said, f'import {kind}: {said}')
        checks.that(kind != 'snort' or f'{source}:3: not taken: Cards' in said, f'import {kind}: what was not taken: {said}')
        tested = gander('rules', 'test', pack)
        checks.that(tested.returncode == 0 and taken in gander('rules', 'list', pack).stdout.decode(),
                    f'import {kind}: {tested.stderr.decode()}')
    stated = gander('rules', 'import', '--sid-base', '3100000', 'snort', os.path.join(folder, 'snort')).stdout.decode()
    checks.that('sid: 3100000\n' in stated, f'import: the stated sid: {stated}')
    checks.that(gander('rules', 'import', 'gitleaks', os.path.join(folder, 'snort')).returncode == 2, 'no TOML')


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
        check_each(checks, rules)
        check_lint(checks, folder, rules)
        check_words(checks, rules)
        check_table(checks)
        check_import(checks, folder)
        check_cache(checks, os.path.join(folder, 'cache'))
    checks.exit()


if __name__ == '__main__':
    main()
