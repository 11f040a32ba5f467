#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Bad input of every kind: the exit code, and a message that names the file, the line, the cause and the remedy."""
import os
import tempfile

from scanning import CAPTURES, Checks, gander

SMALL = os.path.join(CAPTURES, 'small')
GOOD_CAPTURE = os.path.join(SMALL, 'vlan_qinq.pcap')

RULE = '''\
rules:
  - id: test.badge
    sid: 2099901
    title: Badge number
    class: national_id
    sensitivity: personal
    region: GLOBAL
    chance: 0.0001
    shape: {kind: expression, expression: 'BDG-[0-9]{6}'}
    match: ["badge BDG-123456"]
    no_match: ["badge BDG-12"]
'''


def rule(*changes):
    text = RULE
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return text


# name: (file to write, its text, line the message must name or 0, words of the cause)
CONFIGURATIONS = {
    'unknown key': ('detect:\n  bulk:\n    subject: 3\n', 3, ['detect.bulk.subject', 'did you mean']),
    'unknown group': ('polices: {file: policy.yaml}\n', 1, ['polices']),
    'wrong type': ('runtime:\n  workers: many\n', 2, ['runtime.workers']),
    'out of range': ('runtime:\n  workers: 1000\n', 2, ['runtime.workers']),
    'not YAML': ('runtime: {workers: 1\nreport: ]\n', 2, ['not YAML']),
    'not a map': ('- runtime\n', 1, ['map']),
}
POLICIES = {
    'bad prefix': ('zones:\n  - {id: a, nets: [10.20.0.0/44], jurisdiction: "NO"}\n', 2, ['10.20.0.0/44']),
    'unknown zone': ('transfers:\n  - {id: t, from: nowhere, to: {jurisdiction: DE}, basis: {kind: contract, ref: x},'
                     ' until: 2027-01-31}\n', 2, ['nowhere']),
    'no end date': ('transfers:\n  - {id: t, to: {jurisdiction: DE}, basis: {kind: contract, ref: x}}\n', 2, ['t']),
    'no basis': ('transfers:\n  - {id: t, to: {jurisdiction: DE}, until: 2027-01-31}\n', 2, ['basis']),
    'no country': ('overrides:\n  - {net: 192.0.2.0/24, jurisdiction: Norway}\n', 2, ['Norway']),
}
RULES = {
    'bad expression': (rule(('[0-9]{6}', '[0-9{6}')), 2, ['test.badge']),
    'expression without a literal': (rule(("'BDG-[0-9]{6}'", "'[0-9]*'")), 2, ['test.badge']),
    'expression without an end': (rule(("'BDG-[0-9]{6}'", "'BDG-.*[0-9]{6}.*x'")), 2, ['test.badge']),
    'example fails': (rule(('BDG-123456', 'BDG-1234')), 2, ['test.badge']),
    'counter-example matches': (rule(('BDG-12"', 'BDG-123456"')), 2, ['test.badge']),
    'duplicate id': (RULE + rule(('rules:\n', ''), ('2099901', '2099902')), 12, ['test.badge']),
    'duplicate sid': (RULE + rule(('rules:\n', ''), ('test.badge', 'test.other')), 12, ['2099901']),
    'unknown validator': (rule(('    match:', '    validator: luhnn\n    match:')), 0, ['luhnn']),
    'unknown rule key': (rule(('    title:', '    titel:')), 4, ['titel']),
    'not YAML': ('rules: [\n', 0, ['not YAML']),
}


def write(folder, name, text):
    path = os.path.join(folder, name)
    with open(path, 'w', encoding='utf-8') as f:
        f.write(text)
    return path


def refused(checks, what, done, place, line=0, words=()):
    """Exit code 2 and a message with place, line, the given words and a remedy."""
    said = done.stderr.decode('utf-8', 'replace')
    if not checks.that(done.returncode == 2, f'{what}: exit code {done.returncode}, said: {said[-300:]}'):
        return
    wanted = [f'{place}:{line}:' if line else place, 'remedy:', *words]
    missing = [w for w in wanted if w not in said]
    checks.that(not missing, f'{what}: the message lacks {missing}: {said[-400:]}')


def check_captures(checks, folder):
    for name in ('empty.pcap', 'not_a_capture.pcap', 'unknown_link.pcap'):
        refused(checks, name, gander('scan', '-q', os.path.join(SMALL, name)), name)
    refused(checks, 'missing file', gander('scan', '-q', os.path.join(folder, 'nowhere.pcap')), 'nowhere.pcap')
    refused(checks, 'a folder', gander('scan', '-q', folder), os.path.basename(folder))
    for name in ('truncated.pcap', 'huge_record.pcap'):  # what came before the damage is read and the damage is said
        done = gander('scan', '-q', os.path.join(SMALL, name))
        said = done.stderr.decode('utf-8', 'replace')
        checks.that(done.returncode == 0, f'{name}: exit code {done.returncode}')
        checks.that('warning' in said and name in said and 'remedy:' in said, f'{name}: no warning: {said[-300:]}')
    done = gander('scan', '-q', GOOD_CAPTURE)
    checks.that(done.returncode == 0 and not done.stderr, f'a good capture: {done.stderr.decode()[-300:]}')


def check_configurations(checks, folder):
    for what, (text, line, words) in CONFIGURATIONS.items():
        path = write(folder, 'bad.yaml', text)
        refused(checks, f'configuration, {what}', gander('scan', '-q', '--config', path, GOOD_CAPTURE), path, line, words)
    refused(checks, 'no configuration', gander('scan', '-q', '--config', os.path.join(folder, 'no.yaml'), GOOD_CAPTURE),
            'no.yaml')
    main_file = write(folder, 'main.yaml', 'policy: {file: policy.yaml}\n')
    for what, (text, line, words) in POLICIES.items():
        path = write(folder, 'policy.yaml', text)
        refused(checks, f'policy, {what}', gander('scan', '-q', '--config', main_file, GOOD_CAPTURE), path, line, words)


def check_rules(checks, folder):
    path = write(folder, 'rules.yaml', RULE)
    done = gander('rules', 'test', path)
    checks.that(done.returncode == 0, f'the rule that the cases change is good: {done.stderr.decode()[-400:]}')
    for what, (text, line, words) in RULES.items():
        path = write(folder, 'rules.yaml', text)
        refused(checks, f'rules, {what}', gander('rules', 'test', path), path, line, words)
        refused(checks, f'rules in a scan, {what}', gander('scan', '-q', '--rules', path, GOOD_CAPTURE), path, line, words)
    empty = os.path.join(folder, 'empty')
    os.mkdir(empty)
    refused(checks, 'no rules', gander('scan', '-q', '--rules', empty, GOOD_CAPTURE), empty)


def check_command_line(checks, folder):
    cases = {
        'unknown --set key': ['scan', '--set', 'detect.bulk.subjectz=3', GOOD_CAPTURE],
        '--set without a value': ['scan', '--set', 'detect.bulk.subjects', GOOD_CAPTURE],
        '--set of a wrong type': ['scan', '--set', 'detect.bulk.subjects=few', GOOD_CAPTURE],
        'unknown option': ['scan', '--evnts', 'x', GOOD_CAPTURE],
        'no file': ['scan'],
        'unknown verb': ['scam', GOOD_CAPTURE],
        'no verb': [],
        'too many workers': ['scan', '--workers', '1000', GOOD_CAPTURE],
        'unknown severity': ['scan', '--fail-on', 'terrible', GOOD_CAPTURE],
        'nothing to read': ['run'],
        'two sources': ['run', '--interface', 'lo', '--dpdk', 'x.yaml'],
        'no such interface': ['run', '-q', '--interface', 'nowhere0'],
        'events into nowhere': ['scan', '-q', '--events', os.path.join(folder, 'no', 'where.json'), GOOD_CAPTURE],
    }
    for what, arguments in cases.items():
        refused(checks, what, gander(*arguments), 'gander:')


def main():
    checks = Checks()
    with tempfile.TemporaryDirectory() as folder:
        check_captures(checks, folder)
        check_configurations(checks, folder)
        check_rules(checks, folder)
        check_command_line(checks, folder)
    checks.exit()


if __name__ == '__main__':
    main()
