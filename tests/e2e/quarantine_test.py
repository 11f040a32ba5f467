#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Kept files: what openssl opens with the key is the file fileinfo tells of; nothing is kept that was not asked for."""
import hashlib
import os
import subprocess
import tempfile

from scanning import CAPTURES, Checks, gander, of_type, read_events

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
    checks.exit()


if __name__ == '__main__':
    main()
