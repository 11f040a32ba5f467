#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The transfer register on the command line: check tells everything at once, explain says why, add keeps the file, replay
and diff say what a change would do to the demo, meters of law speak where people reach their tiers."""
import json
import os
import shutil
import tempfile

from scanning import CAPTURES, TOP, Checks, gander, of_type, read_events, valid

DEMO = os.path.join(CAPTURES, 'demo')
LAB = '198.51.100.20'
BAD = '''policy: {name: bad, geoip: missing.mmdb}
zones:
  - {id: a, nets: [10.0.0.0/8], jurisdiction: QQ}
  - {id: b, nets: [10.0.0.0/8], jurisdiction: DE}
  - {id: c, nets: [10.0.0.0/8], jurisdiction: DE}
transfers:
  - {id: x, from: nowhere, to: {jurisdiction: DE}, basis: {kind: law}, until: 2099-01-01}
'''


METERS = '''
meters:
  - {id: to-lab, law: Act 7, from: "NO", to: [DE], window: since 1 January, tiers: [{people: 250, classes: [tax_id], duty: notice}]}
  - {id: to-drop, law: Act 8, from: "NO", to: [SG], window: 12 months, tiers: [{people: 1000, duty: security assessment}]}
  - {id: to-drop-many, from: "NO", to: [SG], window: 12 months, tiers: [{people: 10000, duty: licence}]}
  - {id: to-nobody, from: "NO", to: [FR], window: since 1 January, tiers: [{people: 1, duty: notice}]}
  - {id: from-elsewhere, zones: [wards], to: [SG], window: since 1 January, tiers: [{people: 1, duty: notice}]}
'''


def write(folder, name, text):
    path = os.path.join(folder, name)
    with open(path, 'w', encoding='utf-8') as f:
        f.write(text)
    return path


def read(path):
    with open(path, encoding='utf-8') as f:
        return f.read()


def check_check(checks, folder):
    for example in ('hospital.yaml', 'legal_meters.yaml'):
        done = gander('register', 'check', os.path.join(TOP, 'sensor', 'policy', 'examples', example))
        checks.that(done.returncode == 0 and b'is good' in done.stdout, f'{example}: {done.stderr.decode()}')
    bad = write(folder, 'bad.yaml', BAD)
    done = gander('register', 'check', bad)
    said = done.stderr.decode()
    checks.that(done.returncode == 2, f'bad policy ends with {done.returncode}')
    for part in ('bad.yaml:3: `QQ` is no country', 'both hold 10.0.0.0/8', 'bad.yaml:7: transfer `x`', 'missing.mmdb'):
        checks.that(part in said, f'"{part}" is told: {said}')
    checks.that(said.count('remedy:') >= 4, f'each with its remedy: {said}')


def check_explain(checks):
    policy = os.path.join(DEMO, 'policy.yaml')
    asked = ['--from', '10.20.0.11', '--to', LAB, '--domain', 'lab.example.de', '--class', 'tax_id', '--at', '2026-11-24']
    done = gander('register', 'explain', policy, *asked)
    said = done.stdout.decode()
    checks.that(done.returncode == 0 and 'verdict  registered: register entry lab-billing permits it' in said, said)
    checks.that('* lab-billing' in said and 'it decides' in said, said)
    said = gander('register', 'explain', policy, *asked[:-1], '2028-01-01').stdout.decode()
    checks.that('verdict  expired' in said, said)
    said = gander('register', 'explain', policy, '--from', '10.30.0.9', '--to', '203.0.113.66').stdout.decode()
    checks.that('verdict  unregistered' in said and 'lab-billing' in said and 'names another recipient' in said, said)
    done = gander('register', 'explain', policy, '--from', 'nobody', '--to', LAB)
    checks.that(done.returncode == 2 and b'remedy' in done.stderr, f'a wrong address: {done.stderr}')


def check_add(checks, folder):
    policy = os.path.join(folder, 'grows.yaml')
    shutil.copy(os.path.join(DEMO, 'policy.yaml'), policy)
    os.chmod(policy, 0o640)
    before = read(policy)
    add = ['register', 'add', policy, '--id', 'drop', '--from', 'servers', '--to-net', '203.0.113.66', '--class', 'national_id,contact',
           '--basis', 'contract', '--ref', 'DPA 7: "x"', '--not-before', '2026-10-01', '--until', '2027-09-30']
    done = gander(*add, '--dry-run')
    checks.that(done.returncode == 0 and read(policy) == before, f'a dry run changes nothing: {done.stderr}')
    done = gander(*add)
    after = read(policy)
    checks.that(done.returncode == 0 and after.startswith(before.rstrip('\n')), f'what was there stays: {after}')
    checks.that(b'+  - id: drop' in done.stdout, f'the difference is shown: {done.stdout}')
    checks.that(os.stat(policy).st_mode & 0o777 == 0o640, 'the file keeps its mode')
    said = gander('register', 'explain', policy, '--from', '10.30.0.9', '--to', '203.0.113.66', '--class', 'contact', '--at',
                  '2026-11-24').stdout.decode()
    checks.that('verdict  registered: register entry drop' in said, said)
    for wrong, part in ((['--until', '2030-01-01'], 'max_entry_days'), (['--from', 'cellar'], 'neither a zone'),
                        (['--to-jurisdiction', 'UK'], 'GB'), ([], 'declared twice')):
        again = ['other' if a == 'drop' and wrong else a for a in add]
        done = gander(*again, *wrong)
        checks.that(done.returncode == 2 and part in done.stderr.decode() and read(policy) == after,
                    f'{wrong}: refused and nothing written: {done.stderr.decode()}')


def check_replay(checks, folder):
    events = os.path.join(folder, 'events.json')
    done = gander('scan', '--quiet', '--config', os.path.join(DEMO, 'demo.yaml'), '--events', events, os.path.join(DEMO, 'demo.pcap'))
    checks.that(done.returncode == 0, f'scan: {done.stderr.decode()}')
    transfers = of_type(read_events(events), 'transfer')
    alerts = of_type(read_events(events), 'alert')
    digest = transfers[0]['transfer']['policy']['digest']
    checks.that(all(a['alert']['context']['policy']['digest'] == digest for a in alerts), 'alerts carry what judged')
    same = gander('policy', 'replay', '--policy', os.path.join(DEMO, 'policy.yaml'), events)
    checks.that(same.returncode == 0, f'the same policy changes nothing: {same.stdout.decode()}{same.stderr.decode()}')
    text = read(os.path.join(DEMO, 'policy.yaml'))
    without = write(folder, 'without.yaml', text[:text.index('transfers:')])
    done = gander('policy', 'replay', '--json', '--policy', without, events)
    out = json.loads(done.stdout)
    lost = [t['transfer'] for t in transfers if t['transfer']['verdict'] == 'registered']
    checks.that(done.returncode == 1 and out['transfers'] == len(transfers), f'{done.returncode}, {out}')
    checks.that(len(lost) > 0 and out['changed'] == out['permission_lost'] == len(lost), f'{len(lost)} had leave: {out}')
    checks.that(out['permission_gained'] == 0 and out['bytes'] == sum(t['bytes'] for t in lost), f'bytes: {out}')
    checks.that(out['people_at_most'] == sum(t['subjects']['estimate'] for t in lost), f'people: {out}')
    for group in out['groups']:
        checks.that((group['before']['entry'], group['after']['verdict']) == ('lab-billing', 'unregistered'), f'{group}')
    told = gander('policy', 'replay', '--policy', without, events).stdout.decode()
    checks.that('registered (lab-billing) -> unregistered' in told, told)
    both = gander('policy', 'replay', '--json', '--policy', without, '--against', os.path.join(DEMO, 'policy.yaml'), events)
    checks.that(json.loads(both.stdout)['changed'] == len(lost), 'the same against the old policy')
    diff = gander('policy', 'diff', os.path.join(DEMO, 'policy.yaml'), without)
    checks.that(diff.returncode == 1 and b'- lab-billing' in diff.stdout, f'diff: {diff.stdout}')
    none = gander('policy', 'diff', os.path.join(DEMO, 'policy.yaml'), os.path.join(DEMO, 'policy.yaml'))
    checks.that(none.returncode == 0 and none.stdout == b'', f'no diff: {none.stdout}')
    garbage = write(folder, 'garbage.json', read(events) + '{"event_type": "transfer"\n[1]\n')
    done = gander('policy', 'replay', '--policy', without, garbage)
    checks.that(done.returncode == 1 and b'2 lines cannot be read' in done.stderr, f'garbage is told: {done.stderr}')
    done = gander('policy', 'replay', '--policy', without, write(folder, 'empty.json', ''))
    checks.that(done.returncode == 2 and b'remedy' in done.stderr, f'nothing to replay: {done.stderr}')


def check_meters(checks, folder):
    policy = write(folder, 'meters.yaml', read(os.path.join(DEMO, 'policy.yaml')) + METERS)
    events = os.path.join(folder, 'meters.json')
    told = []
    for workers in (1, 2):
        done = gander('scan', '--quiet', '--config', os.path.join(DEMO, 'demo.yaml'), '--set', f'policy.file={policy}', '--set',
                      f'runtime.workers={workers}', '--events', events, os.path.join(DEMO, 'demo.pcap'))
        checks.that(done.returncode in (0, 1), f'scan: {done.stderr.decode()}')
        alerts = [e['alert'] for e in of_type(read_events(events), 'alert')]
        told.append([a for a in alerts if 'meter' in a['context']])
    checks.that(told[0] == told[1], 'two workers count the same')
    checks.that(valid(events), 'as the schema has it')
    meters = {a['context']['meter']['id']: a for a in told[0]}
    checks.that(sorted(meters) == ['to-drop', 'to-lab'] and len(told[0]) == 2, f'meters that spoke: {sorted(meters)}')
    near, reached = meters.get('to-lab'), meters.get('to-drop')
    if near is None or reached is None:
        return
    checks.that('near: meter to-lab, 240 people of 250 to DE' in near['signature'], near['signature'])
    checks.that('Act 7' in near['context']['why'] and near['context']['meter']['duty'] == 'notice', f'{near}')
    checks.that(near['context']['meter']['reached'] is False and near['context']['transfer']['verdict'] == 'registered',
                'what is permitted counts')
    checks.that('reached: meter to-drop' in reached['signature'] and reached['severity'] < near['severity'], f'{reached}')
    people = reached['context']['pii']['subjects']
    checks.that(people['low'] <= 1500 <= people['high'], f'{people}')


def main():
    checks = Checks()
    with tempfile.TemporaryDirectory() as folder:
        check_check(checks, folder)
        check_explain(checks)
        check_add(checks, folder)
        check_replay(checks, folder)
        check_meters(checks, folder)
    checks.exit()


if __name__ == '__main__':
    main()
