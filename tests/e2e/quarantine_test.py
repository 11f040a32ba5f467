#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Kept files: what openssl opens with the key is the file fileinfo tells of; nothing is kept that was not asked for.
Excerpts: each is sealed beside an alert that names it, holds no planted value unless the operator said so, and is the same
for any number of workers."""
import gzip
import hashlib
import json
import os
import subprocess
import tempfile

from scanning import CAPTURES, Checks, gander, of_type, read_events, valid

DEMO = os.path.join(CAPTURES, 'demo', 'demo.pcap')


def make_certificate(folder):
    key, certificate = os.path.join(folder, 'key.pem'), os.path.join(folder, 'cert.pem')
    subprocess.run(['openssl', 'req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', certificate,
                    '-subj', '/CN=quarantine', '-days', '2'], check=True, capture_output=True)
    return key, certificate


def scan(folder, name, *settings):
    events = os.path.join(folder, name + '.json')
    done = gander('scan', '--quiet', '--events', events, *[x for s in settings for x in ('--set', s)], DEMO)
    return done, read_events(events)


def opened(path, key, certificate):
    done = subprocess.run(['openssl', 'cms', '-decrypt', '-binary', '-inform', 'DER', '-in', path, '-recip', certificate,
                           '-inkey', key], capture_output=True)
    return done.stdout if done.returncode == 0 else None


def stored(events):
    return {e['fileinfo']['sha256']: e['fileinfo']['size']
            for e in of_type(events, 'fileinfo') if e['fileinfo']['stored']}


def planted():
    """Values of people in the demo, those that are too short to be told from words left out."""
    with gzip.open(os.path.join(CAPTURES, 'demo', 'planted.txt.gz'), 'rt', encoding='utf-8') as f:
        return {line.strip() for line in f if len(line.strip()) >= 9}


class Excerpts:
    """A scan of the demo that keeps excerpts alone, and what the officer reads of them."""

    def __init__(self, folder, name, key, certificate, *settings):
        self.directory = os.path.join(folder, name)
        self.done, self.events = scan(folder, name, f'quarantine.directory={self.directory}',
                                      f'quarantine.certificate={certificate}', 'quarantine.select=none', *settings)
        self.path = os.path.join(folder, name + '.json')
        self.names = sorted(os.listdir(self.directory))
        self.plain = {n.removesuffix('.cms'): opened(os.path.join(self.directory, n), key, certificate) for n in self.names}
        self.alerts = {a['alert']['context']['excerpt']['sha256']: a['alert']
                       for a in of_type(self.events, 'alert') if 'excerpt' in a['alert']['context']}

    def texts(self):
        return [e['text'] for p in self.plain.values() for e in json.loads(p)['excerpts']]


def counters(events):
    return of_type(events, 'stats')[-1]['stats'].get('excerpt', {})


def check_documents(checks, run):
    checks.that(run.done.returncode == 0, f'the run ends well: {run.done.stderr}')
    checks.that(valid(run.path), 'events as the schema has them')
    checks.that(run.names and run.names == sorted(d + '.cms' for d in run.alerts), f'each is named by one alert: {run.names}')
    for digest, alert in run.alerts.items():
        plain, named = run.plain[digest], alert['context']['excerpt']
        if not checks.that(plain is not None and hashlib.sha256(plain).hexdigest() == digest, f'{digest} is its name'):
            continue
        document = json.loads(plain)
        checks.that(document['alert']['id'] == alert['context']['id'] and
                    document['alert']['signature'] == alert['signature'], f'{digest} tells of its alert')
        checks.that(len(document['excerpts']) == named['texts'] <= 3 and
                    all(e['masked'] == named['masked'] and e['text'] for e in document['excerpts']), f'{document}')
        with open(os.path.join(run.directory, digest + '.cms'), 'rb') as sealed:
            checks.that(document['excerpts'][0]['text'].encode()[:32] not in sealed.read(), f'{digest} is sealed')


def check_excerpts(checks, folder, key, certificate):
    values = planted()
    masked = Excerpts(folder, 'masked', key, certificate, 'quarantine.excerpt=masked', 'runtime.workers=1',
                      f'evidence.directory={folder}/evidence', f'evidence.key_file={folder}/sign.pem')
    check_documents(checks, masked)
    checks.that(len(masked.names) > 5, f'most alerts of the demo have one: {len(masked.names)}')
    checks.that(not stored(masked.events), 'select none keeps no file')
    text = '\n'.join(masked.texts())
    checks.that('·' in text and not [v for v in values if v in text], 'no planted value is in a masked text')
    kept = [a['audit'] for a in of_type(masked.events, 'audit')]
    checks.that(sorted(a['object'] + '.cms' for a in kept) == masked.names and
                {a['action'] for a in kept} == {'quarantine_keep'}, f'each has its audit line: {kept}')
    checks.that(counters(masked.events).get('sealed') == len(masked.names), f'{counters(masked.events)}')
    with open(os.path.join(folder, 'evidence', 'records-00000000000000000000.jsonl'), encoding='utf-8') as log:
        lines = log.read()
    checks.that(all(d in lines for d in masked.alerts), 'the evidence log names them')

    two = Excerpts(folder, 'two', key, certificate, 'quarantine.excerpt=masked', 'runtime.workers=2')
    checks.that(two.names == masked.names and two.plain == masked.plain, 'the same for two workers')

    raw = Excerpts(folder, 'raw', key, certificate, 'quarantine.excerpt=raw', 'quarantine.excerpt_bytes=64')
    check_documents(checks, raw)
    text = '\n'.join(raw.texts())
    checks.that(len([v for v in values if v in text]) > 5, 'raw texts hold planted values')
    told = [a['audit'] for a in of_type(raw.events, 'audit') if a['audit']['action'] == 'unmasking']
    checks.that([a['object'] for a in told] == ['quarantine.excerpt'], f'unmasking is told: {told}')
    with open(raw.path, encoding='utf-8') as f:
        events = f.read()
    checks.that(not [v for t in raw.texts() for v in [t[:40]] if len(v) > 20 and json.dumps(v)[1:-1] in events],
                'no event holds a text')


def check_bad_settings(checks, folder, certificate):
    configuration = os.path.join(folder, 'bad.yaml')
    for lines, missing in ((['excerpt: masked'], b'quarantine.directory'),
                           (['excerpt: raw', f'directory: {folder}/nothing'], b'quarantine.certificate')):
        with open(configuration, 'w', encoding='utf-8') as f:
            f.write('quarantine:\n' + ''.join(f'  {line}\n' for line in lines))
        done = gander('scan', '--quiet', '--config', configuration, DEMO)
        checks.that(done.returncode == 2 and b'bad.yaml:2' in done.stderr and missing in done.stderr and
                    b'remedy' in done.stderr, f'{done.returncode} {done.stderr}')
    for wrong in ('quarantine.excerpt=some', 'quarantine.excerpt_bytes=1000', 'quarantine.select=excerpts'):
        done = gander('scan', '--quiet', '--set', wrong, DEMO)
        checks.that(done.returncode == 2 and b'expected' in done.stderr, f'{wrong}: {done.stderr}')
    done, events = scan(folder, 'plain', f'quarantine.directory={folder}/plain', f'quarantine.certificate={certificate}')
    checks.that(not any('excerpt' in a['alert']['context'] for a in of_type(events, 'alert')) and not counters(events) and
                sorted(os.listdir(os.path.join(folder, 'plain'))) == sorted(d + '.cms' for d in stored(events)),
                'excerpts are off by default')


def main():
    checks = Checks()
    with tempfile.TemporaryDirectory() as folder:
        key, certificate = make_certificate(folder)
        done, events = scan(folder, 'off')
        files = of_type(events, 'fileinfo')
        checks.that(done.returncode == 0 and files, 'the demo has files')
        checks.that(not stored(events), 'by default none is kept')

        kept = {}
        for select in ('all', 'findings'):
            directory = os.path.join(folder, select)
            done, events = scan(folder, select, f'quarantine.directory={directory}',
                                f'quarantine.certificate={certificate}', f'quarantine.select={select}')
            checks.that(done.returncode == 0, f'{select}: the run ends well: {done.stderr}')
            kept[select] = stored(events)
            names = sorted(os.listdir(directory))
            checks.that(names == sorted(d + '.cms' for d in kept[select]), f'{select}: kept are those the events say')
            for name in names:
                path = os.path.join(directory, name)
                plain = opened(path, key, certificate)
                digest = name.removesuffix('.cms')
                checks.that(plain is not None and hashlib.sha256(plain).hexdigest() == digest and
                            len(plain) == kept[select][digest], f'{select}: {digest[:8]} opens to what it is named after')
                with open(path, 'rb') as sealed:
                    checks.that(len(plain) < 64 or plain[:64] not in sealed.read(), f'{select}: {digest[:8]} is encrypted')
        checks.that(kept['findings'] and set(kept['findings']) < set(kept['all']),
                    f'with findings are some of all: {len(kept["findings"])} of {len(kept["all"])}')

        done, _ = scan(folder, 'bad', f'quarantine.directory={folder}/x', 'quarantine.certificate=/dev/null')
        checks.that(done.returncode == 2 and b'openssl req' in done.stderr, f'a bad certificate is told: {done.stderr}')
        check_excerpts(checks, folder, key, certificate)
        check_bad_settings(checks, folder, certificate)
    checks.exit()


if __name__ == '__main__':
    main()
