#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Evidence as somebody uses it who does not trust the sensor: five tamperings, each found and located; one alert proven
with the public key alone, by a script that shares no code with Gander; an export that the log itself tells of."""
import base64
import hashlib
import json
import os
import shutil
import stat
import subprocess
import sys
import tempfile

from scanning import CAPTURES, TOP, Checks, gander, of_type, read_events, valid

DEMO = os.path.join(CAPTURES, 'demo', 'demo.pcap')
CHECK_PROOF = os.path.join(TOP, 'sensor', 'evidence', 'check_proof.py')


class Site:
    """A sensor's folder: its log, key and events."""

    def __init__(self, folder):
        self.folder = folder
        self.log, self.key = os.path.join(folder, 'evidence'), os.path.join(folder, 'sign.pem')
        self.events = os.path.join(folder, 'events.json')
        self.public = os.path.join(self.log, 'public.pem')

    def scan(self, *settings):
        chosen = [f'evidence.directory={self.log}', f'evidence.key_file={self.key}', *settings]
        return gander('scan', '--quiet', '--events', self.events, *[x for s in chosen for x in ('--set', s)], DEMO)

    def verify(self, *arguments, log=None):
        done = gander('evidence', 'verify', '--json', '--key', self.public, *arguments, log or self.log)
        return done.returncode, json.loads(done.stdout) if done.stdout else {}

    def records(self, log=None):
        return os.path.join(log or self.log, 'records-00000000000000000000.jsonl')


def lines_of(path):
    with open(path, encoding='utf-8') as f:
        return f.read().splitlines()


def put(path, lines):
    with open(path, 'w', encoding='utf-8') as f:
        f.write(''.join(line + '\n' for line in lines))


def rechained(lines):
    """The chain as one makes it anew who knows the format but not the key."""
    out = lines[:1]
    for line in lines[1:]:
        leaf = hashlib.sha256(b'\0' + out[-1].encode()).hexdigest()
        head, _, rest = line.partition('"prev":"')
        out.append(f'{head}"prev":"{leaf}{rest[64:]}')
    return out


def find(lines, kind):
    return [i for i, line in enumerate(lines) if f'"kind":"{kind}"' in line]


def tamper(site, checks):
    """What is done -> the kind of fault, and the sequence it has to name."""
    original = lines_of(site.records())
    events = find(original, 'event')
    at = next(i for i in events[3:] if '"verdict":"' in original[i] and i + 1 in events)

    def altered(lines):
        lines[at] = lines[at].replace('"verdict":"', '"verdict":"not_')

    def deleted(lines):
        del lines[at]

    def reordered(lines):
        lines[at], lines[at + 1] = lines[at + 1], lines[at]

    def cut(lines):
        del lines[at:]

    def rewritten(lines):
        altered(lines)
        lines[:] = rechained(lines)

    for what, kind in ((altered, 'altered'), (deleted, 'missing'), (reordered, 'moved'), (cut, 'missing'),
                       (rewritten, 'rewritten')):
        copy = site.log + '-tampered'
        shutil.copytree(site.log, copy)
        lines = list(original)
        what(lines)
        checks.that(lines != original, f'{what.__name__}: the log is another')
        put(site.records(copy), lines)
        code, said = site.verify(log=copy)
        faults = [f for f in said['faults'] if f['kind'] == kind]
        checks.that(code == 1 and not said['good'] and faults, f'{what.__name__}: found ({said["faults"]})')
        checks.that(any(f['first'] <= at <= f['last'] for f in faults), f'{what.__name__}: located ({faults}, {at})')
        for fault in faults:
            print(f'{what.__name__}: {fault["file"]}:{fault.get("line", 0)}: {fault["what"]}')
        shutil.rmtree(copy)


def prove(site, checks):
    alert = of_type(read_events(site.events), 'alert')[0]
    proof = os.path.join(site.folder, 'proof.json')
    done = gander('evidence', 'prove', '--id', alert['alert']['context']['id'], '--out', proof, site.log)
    checks.that(done.returncode == 0, f'an alert is proven: {done.stderr.decode()}')
    done = subprocess.run([sys.executable, '-I', CHECK_PROOF, site.public, proof], capture_output=True, text=True)
    checks.that(done.returncode == 0 and alert['alert']['signature'] in done.stdout,
                f'the script agrees: {done.stdout} {done.stderr}')
    held = [line.split(': ', 2)[2] for line in done.stdout.splitlines() if line.startswith('holds')]
    bodies = {json.loads(r)['kind']: json.loads(r)['body'] for r in held}
    checks.that(bodies.get('event') == alert, 'the record is the event as it left')
    state = bodies.get('state', {})
    checks.that(state.get('ledger', {}).get('balanced') is True and state['policy']['digest'] and state['rules']['digest']
                and state['configuration']['digest'] and 'synchronised' in state['clock'],
                f'the proof has the state at that time: {sorted(state)}')
    print(done.stdout.splitlines()[0])

    with open(proof, encoding='utf-8') as f:
        text = f.read()
    for change in (('people', 'peoplf'), ('"index": ', '"index": 1'), ('gander/sensor\\n', 'gander/senser\\n')):
        bad = os.path.join(site.folder, 'bad.json')
        with open(bad, 'w', encoding='utf-8') as f:
            f.write(text.replace(*change))
        done = subprocess.run([sys.executable, '-I', CHECK_PROOF, site.public, bad], capture_output=True, text=True)
        checks.that(done.returncode != 0, f'the script refuses {change}')
        done = gander('evidence', 'verify', '--key', site.public, '--proof', bad)
        checks.that(done.returncode == 1 and b'remedy' in done.stderr, f'gander refuses {change}')
    done = gander('evidence', 'verify', '--key', site.public, '--proof', proof)
    checks.that(done.returncode == 0 and alert['alert']['signature'].encode() in done.stdout, 'gander agrees')


def export(site, checks):
    out = os.path.join(site.folder, 'export')
    done = gander('evidence', 'export', '--out', out, '--from', '2020', site.log)
    checks.that(done.returncode == 0, f'exported: {done.stderr.decode()}')
    done = subprocess.run([sys.executable, '-I', CHECK_PROOF, os.path.join(out, 'public.pem'),
                           os.path.join(out, 'proof.json')], capture_output=True, text=True)
    checks.that(done.returncode == 0, 'what was exported is proven')
    checks.that(site.scan().returncode == 0, 'the sensor goes on')
    audits = [json.loads(line)['body'] for line in lines_of(site.records()) if '"kind":"audit"' in line]
    checks.that(len(audits) == 1 and audits[0]['action'] == 'evidence_export' and audits[0]['user'],
                f'the log tells who exported: {audits}')
    done = gander('evidence', 'prove', '--id', '00000000-0000-8000-8000-000000000000', site.log)
    checks.that(done.returncode == 2 and b'no record is what was asked for' in done.stderr, 'no alert, no proof')


def witness(site, checks):
    """The checkpoints that left as events convict a log that was made anew with the sensor's own key."""
    kept = os.path.join(site.folder, 'siem.json')
    shutil.copy(site.events, kept)
    code, said = site.verify('--witness', kept)
    checks.that(code == 0 and said['witnesses'] == 1, f'the witness fits: {said.get("faults")}')
    shutil.rmtree(site.log)
    checks.that(site.scan('evidence.types=[transfer]').returncode == 0, 'a log made anew')
    checks.that(site.verify()[0] == 0, 'it is good in itself')
    code, said = site.verify('--witness', kept)
    checks.that(code == 1 and said['faults'][0]['file'] == 'witness', 'and not for the witness')


def main():
    checks = Checks()
    with tempfile.TemporaryDirectory() as folder:
        site = Site(folder)
        done = site.scan()
        checks.that(done.returncode == 0, f'scanned: {done.stderr.decode()}')
        checks.that(stat.S_IMODE(os.stat(site.key).st_mode) == 0o600, 'the key is its owner\'s')
        checks.that(valid(site.events), 'events are as their schema says')
        events = read_events(site.events)
        ids = [a['alert']['context']['id'] for a in of_type(events, 'alert')]
        checks.that(len(ids) > 5 and len(set(ids)) == len(ids), 'each alert has an id of its own')
        last = of_type(events, 'evidence')
        checks.that(len(last) == 1 and last[0]['evidence']['origin'] == 'gander/sensor', 'the last checkpoint left')
        code, said = site.verify()
        checks.that(code == 0 and said['good'] and said['kinds']['event'] == len(of_type(events, 'alert')) +
                    len(of_type(events, 'transfer')), f'a good log is good: {said}')
        checks.that(said['signed'] == last[0]['evidence']['size'], 'what left is what was signed')
        print(gander('evidence', 'verify', '--key', site.public, site.log).stdout.decode())
        der = subprocess.run(['openssl', 'pkey', '-pubin', '-in', site.public, '-outform', 'DER'], capture_output=True)
        pem = gander('evidence', 'key', site.log).stdout.decode()
        checks.that(base64.b64encode(der.stdout).decode() in pem.replace('\n', ''), 'openssl reads the key')
        tamper(site, checks)
        prove(site, checks)
        shutil.copy(site.events, site.events + '.first')
        export(site, checks)
        witness(site, checks)
        done = gander('scan', '--quiet', '--events', 'relative.json', '--set', 'evidence.directory=relative', '--set',
                      'evidence.key_file=relative.pem', DEMO, cwd=folder)
        checks.that(done.returncode == 0 and os.path.getsize(os.path.join(folder, 'relative.json')) > 0 and
                    os.path.exists(site.records(os.path.join(folder, 'relative'))), f'relative names work: {done.stderr}')
        done = gander('scan', '--quiet', '--set', f'evidence.directory={folder}/e2', DEMO)
        checks.that(done.returncode == 2 and b'evidence.key_file' in done.stderr, 'no key, no evidence')
        done = gander('evidence', 'verify', '--key', site.public, folder)
        checks.that(done.returncode == 2 and b'holds no evidence log' in done.stderr, 'no log, a clear error')
    checks.exit()


if __name__ == '__main__':
    main()
