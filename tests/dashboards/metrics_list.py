# SPDX-License-Identifier: Apache-2.0
"""dashboards/METRICS.md against a real scrape, and what dashboards and rules use against both."""
import os
import re

import boards

PATH = os.path.join(boards.DASHBOARDS, 'METRICS.md')
RULES = os.path.join(boards.DASHBOARDS, 'prometheus', 'gander.rules.yml')
HEAD = '''# Metrics

What `/metrics` serves, made from a scrape by `tests/dashboards/query_test.py --write`; the test holds this list and a
live sensor together, both ways. What it means for labels, and how many series there can be: `README.md`.

| metric | type | labels | meaning |
|---|---|---|---|
'''
# A sensor that never died has no such moment: name -> row. tests/e2e/supervise_test.py looks at it.
AFTER_A_DEATH = {'gander_last_death_timestamp_seconds': ['gauge', set(), 'When it last died']}
# Made by Prometheus itself for each scrape.
OF_PROMETHEUS = {'up', 'scrape_duration_seconds', 'scrape_samples_scraped'}


def families(scrape):
    """name -> [type, labels, help]"""
    found = {}
    for line in scrape.splitlines():
        if line.startswith('# HELP '):
            _, _, name, text = line.split(' ', 3)
            found[name] = ['', set(), text]
        elif line.startswith('# TYPE '):
            _, _, name, kind = line.split(' ', 3)
            found[name][0] = kind
        elif line:
            name, labels = re.match(r'([a-z0-9_]+)(?:\{(.*)\})? ', line).groups()
            found[name][1].update(re.findall(r'(\w+)="', labels or ''))
    return found


def listed():
    """name -> [type, labels, help]"""
    with open(PATH, encoding='utf-8') as f:
        rows = re.findall(r'^\| `(\w+)` \| (\w+) \| (.*?) \| (.*) \|$', f.read(), re.M)
    return {name: [kind, set(filter(None, labels.split(', '))), text] for name, kind, labels, text in rows}


def write(scrape):
    with open(PATH, 'w', encoding='utf-8') as f:
        f.write(HEAD)
        for name, (kind, labels, text) in sorted({**AFTER_A_DEATH, **families(scrape)}.items()):
            f.write(f'| `{name}` | {kind} | {", ".join(sorted(labels))} | {text} |\n')


def used():
    """Names of metrics in dashboards and rules, and the names that rules record."""
    with open(RULES, encoding='utf-8') as f:
        rules = f.read()
    text = rules + ' '.join(expression for _, _, _, expression in boards.targets())
    recorded = set(re.findall(r'record: (\S+)', rules))
    names = set(re.findall(r'\b((?:gander|process|scrape)_[a-z0-9_]+|gander(?::\w+)+)', text))
    return names - OF_PROMETHEUS, recorded


def problems(scrape):
    real, known = {**AFTER_A_DEATH, **families(scrape)}, listed()
    for name in sorted(set(real) - set(known)):
        yield f'{name} exists and is not in METRICS.md: query_test.py --write'
    for name in sorted(set(known) - set(real)):
        yield f'{name} is in METRICS.md and no scrape has it'
    for name in sorted(set(known) & set(real)):
        if known[name] != real[name]:
            yield f'{name}: METRICS.md says {known[name]}, a scrape {real[name]}'
        if not real[name][2].strip():
            yield f'{name} has no help'
    names, recorded = used()
    for name in sorted(names - recorded - set(real)):
        yield f'{name} is used by a dashboard or rule and does not exist'
