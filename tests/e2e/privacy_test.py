#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`gander doctor --privacy-self-check`: finds nothing under the defaults, finds what the operator lets out, proves that it
can find, and tells no value itself; the audit lines of unmasking, keeping and deleting."""
import glob
import json
import os
import subprocess
import tempfile
import time

from scanning import CAPTURES, Checks, gander, of_type, read_events, valid

DEMO = os.path.join(CAPTURES, 'demo', 'demo.pcap')


def check_masked(checks):
    done = gander('doctor', '--privacy-self-check', '--json', '--seed', 7)
    if not checks.that(done.returncode in (0, 1), f'{done.returncode}: {done.stdout.decode()[-3000:]}{done.stderr.decode()}'):
        return None
    told = json.loads(done.stdout)
    # Known: in metadata what is recognised and what looks like a number is masked; a word that nothing names is not.
    events = [o for o in told['outputs'] if o['name'].startswith('events')]
    for output in events:
        left = sum(f['values'] for f in output['found'])
        checks.that(20 * left <= told['writings'], f"{output['name']}: {left} of {told['writings']} writings are left")
    checks.that(len(events) == 3, f'every layout of events: {events}')
    for output in told['outputs']:
        checks.that(output in events or output['sealed'] or not output['found'], f'{output}')
    checks.that((done.returncode == 1) == (told['leaks'] > 0), f"exit code {done.returncode}, {told['leaks']} leaks")
    checks.that(told['rules'] > 250 and told['drawn'] > 250, f"{told['rules']} rules, {told['drawn']} drawn")
    checks.that(told['proofs'] > 3 * told['values'], f"{told['proofs']} proofs of {told['values']} values")
    checks.that(told['rules_found'] > 250 and told['alerts'] > 10 and told['transfers'] > 10, f'{told}')
    checks.that(len(told['protocols']) >= 15, f"{told['protocols']}")
    checks.that(len(told['outputs']) >= 9 and all(o['bytes'] > 0 for o in told['outputs'] if 'log' not in o['name']),
                f"{told['outputs']}")
    again = gander('doctor', '--privacy-self-check', '--json', '--seed', 7)
    checks.that(json.loads(again.stdout)['writings'] == told['writings'], 'a seed plants the same again')
    return told


def check_findings_only(checks):
    """Without the events of protocols nothing is left out of the masks."""
    types = 'report.types=[alert, transfer, stats, blind_spot]'
    done = gander('doctor', '--privacy-self-check', '--json', '--seed', 7, '--set', types)
    told = json.loads(done.stdout)
    checks.that(done.returncode == 0 and told['leaks'] == 0, f"{done.returncode}: {told['outputs']}")


def check_raw(checks, masked):
    done = gander('doctor', '--privacy-self-check', '--seed', 7, '--json', '--set', 'privacy.metadata=raw')
    told = json.loads(done.stdout)
    checks.that(done.returncode == 1 and told['metadata_raw'] and masked is not None and told['leaks'] > masked['leaks'],
                f"raw lets more out: {told['leaks']}")


def scan(folder, *settings):
    events = os.path.join(folder, 'events.json')
    done = gander('scan', '--quiet', '--events', events, *[x for s in settings for x in ('--set', s)], DEMO)
    return done, of_type(read_events(events), 'audit') if done.returncode == 0 else [], events


def check_audit(checks, folder):
    done, audits, events = scan(folder)
    checks.that(done.returncode == 0 and not audits, f'nothing to tell by default: {audits}')
    done, audits, events = scan(folder, 'privacy.metadata=raw', 'report.types=[alert]')
    checks.that(len(audits) == 1 and audits[0]['audit']['action'] == 'unmasking' and
                audits[0]['audit']['object'] == 'privacy.metadata', f'unmasking is told whatever is written: {audits}')
    key, certificate = os.path.join(folder, 'key.pem'), os.path.join(folder, 'cert.pem')
    subprocess.run(['openssl', 'req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', certificate, '-subj',
                    '/CN=quarantine', '-days', '2'], check=True, capture_output=True)
    kept = os.path.join(folder, 'kept')
    quarantine = [f'quarantine.directory={kept}', f'quarantine.certificate={certificate}', 'quarantine.retention_days=30']
    done, audits, events = scan(folder, *quarantine)
    names = sorted(n.removesuffix('.cms') for n in os.listdir(kept))
    checks.that(names and sorted(a['audit']['object'] for a in audits) == names and
                {a['audit']['action'] for a in audits} == {'quarantine_keep'}, f'each file kept is told: {names} {audits}')
    checks.that(valid(events), 'as the schema has it')
    old, other = os.path.join(kept, names[0] + '.cms'), os.path.join(kept, 'notes.txt')
    with open(other, 'w', encoding='utf-8') as f:
        f.write('not of the quarantine')
    month = time.time() - 31 * 86_400
    os.utime(old, (month, month))
    os.utime(other, (month, month))
    done, audits, events = scan(folder, *quarantine, 'quarantine.select=findings', 'report.types=[alert]')
    deleted = [a['audit'] for a in audits if a['audit']['action'] == 'retention_delete']
    checks.that([d['object'] for d in deleted] == [names[0]] and deleted[0]['bytes'] > 0, f'what is over its time: {audits}')
    checks.that(os.path.exists(other), 'nothing else is deleted')
    check_command(checks, folder, kept, names[1], events)


def check_command(checks, folder, kept, name, events):
    """Who takes a file leaves a line first; where no line can be left, nothing is given out."""
    out, audit = os.path.join(folder, 'out'), events + '.audit'
    os.mkdir(out)
    where = ['--set', f'quarantine.directory={kept}', '--set', f'report.events={events}']
    listed = gander('quarantine', 'list', *where)
    checks.that(listed.returncode == 0 and name.encode() in listed.stdout, f'{listed.stdout}{listed.stderr}')
    done = gander('quarantine', 'release', name[:12], '--to', out, '--reason', 'case 7', *where)
    lines = read_events(audit) if os.path.exists(audit) else []
    checks.that(done.returncode == 0 and os.listdir(out) == [name + '.cms'], f'{done.stdout}{done.stderr}')
    checks.that(len(lines) == 1 and valid(audit) and lines[0]['audit']['action'] == 'quarantine_release' and
                lines[0]['audit']['object'] == name and lines[0]['audit']['reason'] == 'case 7' and
                'uid' in lines[0]['audit']['actor'], f'{lines}')
    checks.that(os.stat(audit).st_mode & 0o777 == 0o600, 'the audit file is its owner\'s')
    nowhere = ['--set', f'quarantine.directory={kept}', '--set', 'privacy.audit_file=/no/such/folder/audit']
    done = gander('quarantine', 'delete', name, '--reason', 'x', *nowhere)
    checks.that(done.returncode == 3 and b'remedy' in done.stderr and os.path.exists(os.path.join(kept, name + '.cms')),
                f'no line, nothing deleted: {done.stderr}')
    log = os.path.join(folder, 'log')
    os.mkdir(log)
    done = gander('quarantine', 'delete', name, '--reason', 'case 7 is closed', '--set', f'evidence.directory={log}', *where)
    asked = [open(path).read() for path in glob.glob(os.path.join(log, 'requests', '*'))]
    checks.that(len(asked) == 1 and '"action":"quarantine_delete"' in asked[0] and name in asked[0],
                f'the evidence log is asked to record it: {asked}')
    checks.that(done.returncode == 0 and not os.path.exists(os.path.join(kept, name + '.cms')) and len(read_events(audit)) == 2,
                f'{done.stdout}{done.stderr}')
    for wrong in (['release', 'ffff', '--to', out, '--reason', 'x'], ['delete', '', '--reason', 'x']):
        done = gander('quarantine', *wrong, *where)
        checks.that(done.returncode == 2 and b'remedy' in done.stderr, f'{wrong}: {done.stderr}')


def main():
    checks = Checks()
    check_raw(checks, check_masked(checks))
    check_findings_only(checks)
    with tempfile.TemporaryDirectory() as folder:
        check_audit(checks, folder)
    checks.exit()


if __name__ == '__main__':
    main()
