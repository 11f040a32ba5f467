#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The bill of materials (SPDX 2.3) has the fields that the specification requires and every library that the binary loads, by
the version that is installed; the vulnerability contact says what RFC 9116 requires."""
import datetime
import json
import os
import re
import subprocess
import sys
import tempfile

from scanning import GANDER, TOP, Checks

MAKER = os.path.join(TOP, 'sensor', 'packaging', 'sbom.py')
# Clauses 6 (document), 7 (package), 11 (relationship) of SPDX 2.3; in JSON.
DOCUMENT = {'spdxVersion', 'dataLicense', 'SPDXID', 'name', 'documentNamespace', 'creationInfo', 'packages', 'relationships'}
PACKAGE = {'name', 'SPDXID', 'versionInfo', 'downloadLocation', 'filesAnalyzed', 'licenseConcluded', 'licenseDeclared',
           'copyrightText', 'supplier'}
RELATIONS = {'DESCRIBES', 'DYNAMIC_LINK', 'STATIC_LINK', 'DEPENDS_ON', 'BUILD_DEPENDENCY_OF'}


def make(folder, name):
    path = os.path.join(folder, name)
    subprocess.run([sys.executable, '-B', MAKER, '--binary', GANDER, '--version', '0.0.0', '--source', TOP, '--output', path],
                   check=True)
    with open(path, encoding='utf-8') as f:
        return json.load(f)


def check_form(checks, bill):
    checks.that(DOCUMENT <= set(bill), f'document fields: {DOCUMENT - set(bill)}')
    checks.that(bill['spdxVersion'] == 'SPDX-2.3' and bill['dataLicense'] == 'CC0-1.0' and
                bill['SPDXID'] == 'SPDXRef-DOCUMENT', 'the document says what it is')
    checks.that(re.fullmatch(r'\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ', bill['creationInfo']['created']) and
                all(re.match('(Person|Organization|Tool): ', c) for c in bill['creationInfo']['creators']), 'who made it when')
    ids = [p['SPDXID'] for p in bill['packages']] + ['SPDXRef-DOCUMENT']
    checks.that(len(ids) == len(set(ids)) and all(re.fullmatch(r'SPDXRef-[A-Za-z0-9.-]+', i) for i in ids), 'identifiers')
    for p in bill['packages']:
        checks.that(PACKAGE <= set(p) and p['versionInfo'], f'{p["name"]}: {PACKAGE - set(p)}')
    for r in bill['relationships']:
        checks.that(r['relationshipType'] in RELATIONS and {r['spdxElementId'], r['relatedSpdxElement']} <= set(ids),
                    f'relationship {r}')


def check_content(checks, bill):
    kinds = {}
    for r in bill['relationships']:
        kinds.setdefault(r['relatedSpdxElement'], set()).add(r['relationshipType'])
    packages = {p['name']: p for p in bill['packages']}
    loaded = re.findall(r'=> (/\S+) \(', subprocess.run(['ldd', GANDER], stdout=subprocess.PIPE, text=True, check=True).stdout)
    checks.that(len(loaded) > 15, f'libraries: {loaded}')
    names = {name: path for path in loaded
             for name in (os.path.realpath(path), os.path.realpath(path).removeprefix('/usr'))}
    owned = subprocess.run(['dpkg-query', '-S', *names], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                           check=False).stdout
    owners = {names[name]: package for package, name in re.findall(r'^([^:,]+)(?::\S+)?: (/.*)$', owned, re.M)}
    rows = subprocess.run(['dpkg-query', '-W', '-f', '${Package} ${Version}\n', *set(owners.values())],
                          stdout=subprocess.PIPE, text=True, check=True).stdout.split('\n')
    installed = {tuple(row.split()) for row in rows if row}
    for path in loaded:
        owner = owners.get(path)
        found = packages.get(owner)
        if not checks.that(found is not None, f'{path} of {owner} is on the bill'):
            continue
        checks.that((owner, found['versionInfo']) in installed, f'{owner}: {found["versionInfo"]}')
        checks.that(kinds.get(found['SPDXID'], set()) & {'DYNAMIC_LINK', 'DEPENDS_ON'}, f'{owner} is told as loaded')
    checks.that('STATIC_LINK' in kinds.get(packages['libarchive-dev']['SPDXID'], ()), 'libarchive is told as linked in')


def check_contact(checks):
    with open(os.path.join(TOP, 'sensor', 'packaging', 'security.txt'), encoding='utf-8') as f:
        fields = dict(line.rstrip('\n').split(': ', 1) for line in f if ': ' in line and not line.startswith('#'))
    checks.that('Contact' in fields and 'Expires' in fields, f'RFC 9116, 2.5: {fields}')
    expires = datetime.datetime.fromisoformat(fields['Expires'].replace('Z', '+00:00'))
    checks.that(expires > datetime.datetime.now(datetime.timezone.utc), f'the contact has not expired: {expires}')
    policy = os.path.join(TOP, '.github', 'SECURITY.md')
    checks.that(os.path.getsize(policy) > 500, 'the policy is where forges and packagers look for it')


def main():
    checks = Checks()
    with tempfile.TemporaryDirectory() as folder:
        bill = make(folder, 'first.json')
        check_form(checks, bill)
        check_content(checks, bill)
        checks.that(bill == make(folder, 'second.json'), 'equal input gives an equal bill')
    check_contact(checks)
    checks.exit()


if __name__ == '__main__':
    main()
