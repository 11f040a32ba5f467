#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The corpora of bench/: the same seed gives the same bytes, and Gander finds exactly what was planted.
GANDER and GANDER_CORPUS name the binaries."""
import json
import os
import subprocess
import sys
import tempfile

GANDER, CORPUS = os.environ['GANDER'], os.environ['GANDER_CORPUS']
RULE_OF = {'email': 'global.email', 'card': 'global.payment_card', 'iban': 'global.iban', 'ssn': 'us.ssn',
           'resident_id': 'cn.resident_id', 'birth_date': 'global.date_of_birth', 'phone_e164': 'global.phone_e164'}
PLANTED = ['clean', 'sparse', 'dense', 'density-1', 'vxlan']
OTHERS = ['tls', 'dns', 'udp64', 'mixed', 'flows-50', 'waiting-50', 'idle-50', 'bare-50']

problems = []


def check(condition, text):
    if not condition:
        problems.append(text)


def make(folder, name, *more):
    subprocess.run([CORPUS, folder, name, '0.3', *more], check=True)
    with open(f'{folder}/{name}.pcap', 'rb') as f:
        capture = f.read()
    with open(f'{folder}/{name}.truth') as f:
        truth = {what: int(count) for what, count in (line.split() for line in f)}
    return capture, truth


def scan(path):
    done = subprocess.run([GANDER, 'scan', '--quiet', '--json', path], stdout=subprocess.PIPE, check=True)
    return json.loads(done.stdout)


def repeats(folder, name):
    first, _ = make(folder, name)
    second, _ = make(folder, name)
    other, _ = make(folder, name, '--seed', '7')
    check(first == second, f'{name}: the same seed gave other bytes')
    check(first != other or name.startswith('bare'), f'{name}: another seed gave the same bytes')


def all_is_read(folder, name):
    _, truth = make(folder, name)
    summary = scan(f'{folder}/{name}.pcap')
    ledger = summary['ledger']
    check(summary['capture']['received'] == truth['packets'], f'{name}: {summary["capture"]} of {truth["packets"]} packets')
    check(ledger['received'] == truth['frame_bytes'], f'{name}: {ledger["received"]} of {truth["frame_bytes"]} bytes')
    check(ledger['balanced'] and ledger['gap_bytes'] == 0, f'{name}: bytes without a fate or gaps')
    check(sum(ledger['bytes']['lost'].values()) == 0, f'{name}: lost {ledger["bytes"]["lost"]}')
    check(summary['flows']['total'] == truth['flows'], f'{name}: {summary["flows"]["total"]} of {truth["flows"]} flows')
    return summary, truth


def planted_is_found(folder, name):
    summary, truth = all_is_read(folder, name)
    found = {f['rule']: f['count'] for f in summary['findings'] if f['result'] == 'counted'}
    for kind, rule in RULE_OF.items():
        check(found.get(rule, 0) == truth.get(kind, 0), f'{name}: {found.get(rule, 0)} of {truth.get(kind, 0)} {kind}')
    check((truth.get('record', 0) == 0) == (name in ('clean', 'vxlan')), f'{name}: {truth.get("record")} people planted')


def bad_usage():
    for arguments in ([], ['.', 'nothing', '1'], ['.', 'density-101', '1'], ['.', 'flows', '1'], ['.', 'clean-3', '1'],
                      ['.', 'clean', 'x'], ['/nonexistent', 'clean', '1']):
        done = subprocess.run([CORPUS, *arguments], stderr=subprocess.PIPE)
        check(done.returncode in (2, 3) and done.stderr, f'gander-corpus {arguments} ended with {done.returncode}')


def main():
    with tempfile.TemporaryDirectory() as folder:
        for name in PLANTED + OTHERS:
            repeats(folder, name)
        for name in PLANTED:
            planted_is_found(folder, name)
        for name in OTHERS:
            all_is_read(folder, name)
        bad_usage()
    for problem in problems:
        print(problem)
    print('corpora:', 'as planted' if not problems else f'{len(problems)} differences')
    return 1 if problems else 0


if __name__ == '__main__':
    sys.exit(main())
