#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Signed rules, through the binary: a sensor that trusts a key takes what that key signed and nothing else. Forged, played
again, cut, altered, ended, for others, with rules that are wrong: refused in one error, recorded, and what was in force
stays. A running sensor takes a bundle at its reload and says when its rules are not what was signed."""
import json
import os
import shutil
import signal
import subprocess
import tempfile
import time

from scanning import CAPTURES, GANDER, TOP, Checks, gander, of_type, read_events, valid

DEMO = os.path.join(CAPTURES, 'demo')
POLICY = 'policy: {{name: {name}, version: {version}}}\nzones:\n  - {{id: office, nets: [10.0.0.0/8], jurisdiction: NO}}\n'


class Fleet:
    def __init__(self, folder):
        self.at = lambda name: os.path.join(folder, name)
        self.serial = 0
        for name in ('release', 'forger'):
            with open(self.at(f'{name}.pem'), 'wb') as f:
                f.write(gander('bundle', 'key', self.at(f'{name}.key')).stdout)
        self.content('first', 1)
        os.mkdir(self.at('evidence'))
        with open(self.at('gander.yaml'), 'w', encoding='utf-8') as f:
            f.write(f'''identify: {{rules: [{self.at("fleet/current/rules")}]}}
policy: {{file: {self.at("fleet/current/policy.yaml")}}}
privacy: {{audit_file: {self.at("audit.json")}}}
evidence: {{directory: {self.at("evidence")}, key_file: {self.at("evidence.key")}}}
fleet: {{trust: [{self.at("release.pem")}], directory: {self.at("fleet")}, ring: canary, sensor: site-1}}
''')

    def content(self, name, version):
        shutil.rmtree(self.at('in'), ignore_errors=True)
        shutil.copytree(os.path.join(TOP, 'rules'), self.at('in/rules'), ignore=shutil.ignore_patterns('*.md', '*.json'))
        with open(self.at('in/policy.yaml'), 'w', encoding='utf-8') as f:
            f.write(POLICY.format(name=name, version=version))

    def sign(self, *more, key='release', serial=None, name='rules'):
        self.serial = serial or self.serial + 1
        out = self.at(f'bundle-{key}-{self.serial}-{len(more)}')
        done = gander('bundle', 'sign', '--key', self.at(f'{key}.key'), '--name', name, '--serial', self.serial, *more, '--out',
                      out, self.at('in'))
        assert done.returncode == 0, done.stderr.decode()
        return out

    def apply(self, path, *more):
        return gander('bundle', 'apply', '--config', self.at('gander.yaml'), *more, path)

    def scan(self, *more):
        return gander('scan', '--quiet', '--json', '--config', self.at('gander.yaml'), *more, os.path.join(DEMO, 'demo.pcap'))

    def status(self):
        return json.loads(gander('bundle', 'status', '--config', self.at('gander.yaml'), '--json').stdout or '{}')


def check_refusals(checks, fleet):
    def refused(what, done, *words, code=2):
        said = done.stderr.decode() + done.stdout.decode()
        checks.that(done.returncode == code and all(w in said for w in words), f'{what}: {done.returncode} {said}')

    refused('nothing is applied', fleet.scan(), 'fleet.trust', 'remedy')
    first = fleet.sign()
    done = fleet.apply(first)
    checks.that(done.returncode == 0, f'the first is applied: {done.stderr.decode()}')
    checks.that(fleet.scan().returncode == 0, 'and read')
    held = fleet.status()
    checks.that(held['serial'] == 1 and held['good'], f'status: {held}')

    refused('forged', fleet.apply(fleet.sign(key='forger')), 'none of the trusted keys')
    refused('played again', fleet.apply(first), 'played again')
    second = fleet.sign(serial=3)
    with open(second, 'rb') as f:
        whole = f.read()
    for what, data, word in (('cut', whole[:-1], 'cut short'), ('altered', whole[:-5] + b'x' + whole[-4:], 'not what was signed'),
                             ('altered manifest', whole.replace(b'rings all', b'rings aly', 1), 'altered or forged'),
                             ('longer', whole + b'x', 'more stands in it'), ('no bundle', b'PK\x03\x04' + whole, 'no bundle')):
        with open(fleet.at('bad'), 'wb') as f:
            f.write(data)
        refused(what, fleet.apply(fleet.at('bad')), word, 'remedy')
    refused('ended', fleet.apply(fleet.sign('--from', '2020-01-01', '--until', '2020-02-01', serial=4)), 'it ended on')
    refused('early', fleet.apply(fleet.sign('--from', '2199-01-01', serial=5)), 'it holds from')
    refused('for a newer gander', fleet.apply(fleet.sign('--min-version', '99.0.0', serial=6)), 'needs gander 99.0.0')
    refused('of another name', fleet.apply(fleet.sign(name='other', serial=7)), 'of the name rules')
    refused('for another ring', fleet.apply(fleet.sign('--ring', 'late', serial=8)), 'not among them', code=1)
    with open(fleet.at('in/rules/wrong.yaml'), 'w', encoding='utf-8') as f:
        f.write('rules: [{id: x}]\n')
    refused('with rules that are wrong', fleet.apply(fleet.sign(serial=9)), 'refused', 'wrong.yaml')
    os.remove(fleet.at('in/rules/wrong.yaml'))
    checks.that(fleet.status() == held, 'and all that changed nothing')
    audits = [e['audit'] for e in read_events(fleet.at('audit.json'))]
    checks.that([a['action'] for a in audits].count('bundle_refuse') == 12 and audits[0]['action'] == 'bundle_apply',
                f'each is told: {[a["action"] for a in audits]}')


def check_rollout(checks, fleet):
    first = fleet.at('bundle-release-1-0')
    fleet.content('second', 2)
    done = fleet.apply(fleet.sign('--ring', 'canary', '--ring', '1%', serial=10))
    checks.that(done.returncode == 0 and fleet.status()['serial'] == 10, f'for its ring: {done.stderr.decode()}')
    summary = json.loads(fleet.scan().stdout)
    checks.that('second' in json.dumps(summary), 'the new policy judges')
    events = fleet.at('events.json')
    fleet.scan('--events', events)
    told = of_type(read_events(events), 'stats')[-1]['gander']['run']['bundle']
    checks.that(told['serial'] == 10 and told['content'] == fleet.status()['content'] and valid(events), f'stats name it: {told}')
    done = gander('bundle', 'rollback', '--key', fleet.at('release.key'), '--serial', 11, '--ring', 'all', '--out', fleet.at('back'), first)
    checks.that(done.returncode == 0 and fleet.apply(fleet.at('back')).returncode == 0, 'a roll-back is a newer serial')
    held = fleet.status()
    checks.that(held['serial'] == 11 and held['restores'] == 1 and 'first' in json.dumps(json.loads(fleet.scan().stdout)),
                f'with the older content: {held}')
    with tempfile.TemporaryDirectory() as other:
        old = Fleet(other)
        until = time.time() + 4
        made = old.sign('--until', time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime(until)))
        checks.that(old.apply(made).returncode == 0, 'one that ends soon')
        time.sleep(max(0, until - time.time()))
        done = old.scan()
        checks.that(done.returncode == 0, 'a scan is of no day')
        done = gander('config', 'check', '--config', old.at('gander.yaml'))
        checks.that(done.returncode == 0 and b'ended on' in done.stderr, f'over: warned of, and read: {done.stderr.decode()}')
    checks.that(sorted(os.listdir(fleet.at('fleet/generations'))) == ['10', '11'], 'the one before is kept')
    done = gander('bundle', 'verify', '--trust', fleet.at('release.pem'), fleet.at('back'))
    checks.that(done.returncode == 0 and b'good:' in done.stdout, f'verify: {done.stderr.decode()}')
    checks.that(gander('bundle', 'verify', '--trust', fleet.at('forger.pem'), fleet.at('back')).returncode == 2, 'by its key alone')


def check_what_is_read(checks, fleet):
    current = fleet.at('fleet/current')
    policy = os.path.join(current, 'policy.yaml')
    with open(policy, encoding='utf-8') as f:
        text = f.read()

    def refused(what, *words, more=()):
        done = fleet.scan(*more)
        said = done.stderr.decode()
        checks.that(done.returncode == 2 and all(w in said for w in ('fleet.trust', 'remedy', *words)), f'{what}: {said}')

    with open(policy, 'a', encoding='utf-8') as f:
        f.write('# changed\n')
    refused('changed by hand', 'policy.yaml', 'not what was signed')
    checks.that(gander('bundle', 'status', '--config', fleet.at('gander.yaml')).returncode == 2, 'status says so, too')
    with open(policy, 'w', encoding='utf-8') as f:
        f.write(text)
    with open(os.path.join(current, 'rules', 'more.yaml'), 'w', encoding='utf-8') as f:
        f.write('rules: []\n')
    refused('added', 'more.yaml', 'no bundle has brought it')
    os.remove(f.name)
    refused('from elsewhere', 'identify.rules', more=('--rules', os.path.join(TOP, 'rules')))
    refused('a policy from elsewhere', 'policy.file', more=('--set', f'policy.file={DEMO}/policy.yaml'))
    refused('the packs that came with it', 'identify.rules', more=('--set', 'identify.rules=[]'))
    refused('another key', 'none of the trusted keys', more=('--set', f'fleet.trust=[{fleet.at("forger.pem")}]'))
    checks.that(fleet.scan().returncode == 0, 'as it was signed it is read')


def wait_for(events, kind, count):
    for _ in range(300):
        told = of_type(read_events(events), kind) if os.path.exists(events) else []
        if len(told) >= count:
            return told
        time.sleep(0.1)
    return of_type(read_events(events), kind) if os.path.exists(events) else []


def check_running(checks, fleet):
    """A sensor on a loopback interface."""
    events, log = fleet.at('live.json'), open(fleet.at('log'), 'wb')
    sensor = subprocess.Popen([GANDER, 'run', '--interface', 'lo', '--config', fleet.at('gander.yaml'), '--events', events,
                               '--set', 'process.user=', '--set', 'process.supervise=false', '--set', 'runtime.epoch_s=1',
                               '--set', 'capture.live.bpf=udp port 9', '--set', f'control.socket={fleet.at("socket")}',
                               '--set', 'log.destination=stderr'], stdout=log, stderr=log)
    try:
        for _ in range(300):
            if b'Ctrl-C' in open(log.name, 'rb').read() or sensor.poll() is not None:
                break
            time.sleep(0.1)
        if sensor.poll() is not None:
            print(f'no run here: {open(log.name, "rb").read().decode()[-300:]}')
            return
        fleet.content('third', 3)
        done = fleet.apply(fleet.sign(serial=12), '--reload', '--set', f'control.socket={fleet.at("socket")}')
        checks.that(done.returncode == 0 and b'asked to reload' in done.stdout, f'apply --reload: {done.stderr.decode()}')
        told = wait_for(events, 'policy_reload', 1)
        checks.that(told and told[0]['policy_reload']['result'] == 'success' and told[0]['policy_reload']['name'] == 'third',
                    f'the run takes it: {told}')
        with open(os.path.join(fleet.at('fleet/current'), 'policy.yaml'), 'a', encoding='utf-8') as f:
            f.write('# changed\n')
        os.kill(sensor.pid, signal.SIGHUP)
        told = wait_for(events, 'policy_reload', 2)
        checks.that(len(told) == 2 and told[1]['policy_reload']['result'] == 'failure' and
                    'not what was signed' in told[1]['policy_reload']['problem'], f'the run refuses what is changed: {told[1:]}')
        rules = of_type(read_events(events), 'rules_reload')
        checks.that(rules[-1]['rules_reload']['result'] == 'failure', 'rules as well: the old ones stay')
    finally:
        sensor.send_signal(signal.SIGINT)
        sensor.wait(30)
    checks.that(sensor.returncode in (0, 1), f'and ends well: {sensor.returncode}')
    done = gander('evidence', 'export', '--config', fleet.at('gander.yaml'), '--from', '2000-01-01', '--out', fleet.at('export'))
    records = open(fleet.at('export/records.jsonl'), encoding='utf-8').read() if done.returncode == 0 else ''
    checks.that('bundle_apply' in records and 'bundle_refuse' in records, f'the evidence log has it: {done.stderr.decode()}')


def main():
    checks = Checks()
    with tempfile.TemporaryDirectory() as folder:
        fleet = Fleet(folder)
        check_refusals(checks, fleet)
        check_rollout(checks, fleet)
        check_what_is_read(checks, fleet)
        check_running(checks, fleet)
    checks.exit()


if __name__ == '__main__':
    main()
