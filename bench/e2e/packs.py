#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Rule packs of any size: ten identifiers that everybody looks for, more of the shipped ones taken evenly from all packs,
all of them ("all"), and as many invented ones more as are asked for. Invented ones are made as an operator's are:
numbers of fixed groups next to their own words, tokens with a prefix, expressions with a literal.

  packs.py RULES_DIR OUT_DIR COUNT|all
"""
import glob
import os
import random
import sys

import yaml

# What every deployment looks for first.
TEN = ['global.email', 'global.phone_e164', 'global.payment_card', 'global.iban', 'us.ssn', 'gb.nino', 'de.steuer_id',
       'cn.resident_id', 'global.date_of_birth', 'global.jwt']
# What a rule's examples are judged beside: other rules that report, or claim, what is in them.
COMPANY = {'device.mac_random': ['global.mac'], 'pe.dni': ['ar.dni', 'es.dni'],
           'comms.contact_list': ['global.person_name', 'global.phone_national', 'global.phone_e164']}
CONSONANTS, VOWELS = 'bdfgklmnprstvz', 'aeiou'


def word(dice, syllables):
    return ''.join(dice.choice(CONSONANTS) + dice.choice(VOWELS) for _ in range(syllables))


def digits(dice, n):
    return ''.join(dice.choice('0123456789') for _ in range(n))


def number(dice, name):
    groups = [dice.randint(3, 5) for _ in range(dice.randint(3, 4))]
    separator = dice.choice(['-', '.', '/', ' '])
    value = separator.join(digits(dice, n) for n in groups)
    shape = {'kind': 'template', 'templates': [separator.join('N' * n for n in groups)]}
    return {'shape': shape, 'chance': 1.0, 'needs_context': True, 'context': {'en': [name, name + ' number']},
            'match': [f'{name}: {value}'], 'no_match': [f'value {value}']}


def token(dice, name):
    prefix = name[:4] + name[-2:] + '_'
    shape = {'kind': 'token', 'prefixes': [prefix], 'alphabet': 'A-Za-z0-9', 'min_length': 16, 'max_length': 64}
    return {'shape': shape, 'chance': 0.0001, 'self_evident': True, 'match': [prefix + digits(dice, 20)],
            'no_match': [prefix + 'x']}


def expression(dice, name):
    literal = word(dice, 3).upper()
    return {'shape': {'kind': 'expression', 'expression': literal + '-[0-9]{6}'}, 'chance': 0.001, 'self_evident': True,
            'match': [f'{literal}-{digits(dice, 6)}'], 'no_match': [f'{literal}-12x456']}


def invented(count):
    dice = random.Random(20260101)
    rules, seen = [], set()
    for i in range(count):
        name = word(dice, 2) + word(dice, 2)
        while name[:4] + name[-2:] in seen:
            name = word(dice, 2) + word(dice, 2)
        seen.add(name[:4] + name[-2:])
        make = dice.choices([number, token, expression], [70, 20, 10])[0]
        rule = {'id': f'bench.id_{i}', 'title': f'Invented identifier {i}', 'class': 'national_id',
                'sensitivity': 'sensitive', 'sid': 900_000 + i, 'revision': 1, 'bulk_distinct': 10}
        rules.append({**rule, **make(dice, name)})
    return rules


def shipped(folder):
    rules = []
    for path in sorted(glob.glob(os.path.join(folder, '*.yaml'))):
        with open(path, encoding='utf-8') as f:
            rules += yaml.safe_load(f)['rules']
    return rules


def with_company(rules, have):
    """As many of them, the last left out where one needs company that is not there."""
    by_id = {r['id']: r for r in have}
    chosen = {r['id'] for r in rules}
    wanted = [c for r in rules for c in COMPANY.get(r['id'], []) if c in by_id and c not in chosen]
    kept = {c for r in rules for c in COMPANY.get(r['id'], [])} | set(COMPANY) | set(TEN)
    left_out = [r['id'] for r in reversed(rules) if r['id'] not in kept][:len(wanted)]
    return [r for r in rules if r['id'] not in left_out] + [by_id[c] for c in wanted]


def main():
    folder, out = sys.argv[1], sys.argv[2]
    have = shipped(folder)
    count = len(have) if sys.argv[3] == 'all' else int(sys.argv[3])
    first, rest = [r for r in have if r['id'] in TEN], [r for r in have if r['id'] not in TEN]
    more = min(max(0, count - len(first)), len(rest))
    rules = first[:count] + [rest[i * len(rest) // more] for i in range(more)]
    rules = with_company(rules, have) + invented(max(0, count - len(have)))
    os.makedirs(out, exist_ok=True)
    with open(os.path.join(out, 'pack.yaml'), 'w', encoding='utf-8') as f:
        yaml.safe_dump({'rules': rules}, f, allow_unicode=True, sort_keys=False, width=1000)
    print(len(rules))


if __name__ == '__main__':
    main()
