#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What a built binary is made of, as SPDX 2.3 JSON (https://spdx.github.io/spdx-spec/v2.3/): each library it loads, each that is
linked into it, and each package that sensor/packages.txt builds it with, by the version that dpkg has installed.

  sbom.py --binary build/release/gander --version 0.1.0 --source . --output gander.spdx.json
"""
import argparse
import datetime
import hashlib
import json
import os
import re
import subprocess

STATIC = {'libarchive-dev'}  # sensor/libarchive.cmake links it into the program


def output(*command):
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


def loaded(binary):
    """Soname -> file of all libraries that the loader maps; names of those that the program itself asks for."""
    files = dict(re.findall(r'^\s*(\S+) => (/\S+) \(', output('ldd', binary), re.M))
    direct = set(re.findall(r'\(NEEDED\).*\[(.+)\]', output('readelf', '-d', binary)))
    return files, direct


def owners(paths):
    """Library -> the package that it belongs to; on a merged /usr dpkg knows it by either name."""
    names = {}
    for path in paths:
        real = os.path.realpath(path)
        for name in (path, real, re.sub('^/usr', '', real), '/usr' + path):
            names.setdefault(name, path)
    text = subprocess.run(['dpkg', '-S', *names], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                          check=False).stdout
    found = {names[name]: package for package, name in re.findall(r'^([^:,]+)(?::\S+)?: (/.*)$', text, re.M)}
    for path in paths:
        if path not in found:
            raise SystemExit(f'{path}: no package owns it, so its version cannot be told')
    return found


def installed(names):
    """Package -> version, source package and its version, architecture; those that are not installed are left out."""
    form = '${Package}\t${Version}\t${source:Package}\t${source:Version}\t${Architecture}\t${db:Status-Status}\n'
    text = subprocess.run(['dpkg-query', '-W', '-f', form, *names], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                          text=True, check=False).stdout
    rows = [line.split('\t') for line in text.splitlines()]
    return {r[0]: r[1:5] for r in rows if r[5] == 'installed'}


def identifier(name):
    return 'SPDXRef-Package-' + re.sub(r'[^A-Za-z0-9.-]', '-', name)


def package(name, row):
    version, source, source_version, architecture = row
    return {
        'SPDXID': identifier(name), 'name': name, 'versionInfo': version, 'supplier': 'Organization: Debian',
        'downloadLocation': 'NOASSERTION', 'filesAnalyzed': False, 'licenseConcluded': 'NOASSERTION',
        'licenseDeclared': 'NOASSERTION', 'copyrightText': 'NOASSERTION',
        'sourceInfo': f'Debian 12 package, built from source package {source} {source_version}',
        'externalRefs': [{'referenceCategory': 'PACKAGE-MANAGER', 'referenceType': 'purl',
                          'referenceLocator': f'pkg:deb/debian/{name}@{version}?arch={architecture}&distro=debian-12'}],
    }


def commit_of(source):
    """Commit and its time; the epoch where there is no repository, so that equal input gives an equal file."""
    try:
        commit, seconds = output('git', '-C', source, 'log', '-1', '--format=%H %ct').split()
        return commit, int(seconds)
    except (OSError, subprocess.CalledProcessError, ValueError):
        return '', int(os.environ.get('SOURCE_DATE_EPOCH', 0))


def document(arguments):
    files, direct = loaded(arguments.binary)
    linked = {}  # package -> asked for by the program itself
    owner = owners(files.values())
    for soname, path in files.items():
        name = owner[path]
        linked[name] = linked.get(name, False) or soname in direct
    with open(os.path.join(arguments.source, 'sensor', 'packages.txt'), encoding='utf-8') as f:
        build = [line.split()[1] for line in f if line.startswith('build ')]
    versions = installed(set(linked) | set(build))
    with open(arguments.binary, 'rb') as f:
        digest = hashlib.sha256(f.read()).hexdigest()
    commit, seconds = commit_of(arguments.source)
    own = {
        'SPDXID': 'SPDXRef-Package-gander-itself', 'name': 'gander', 'versionInfo': arguments.version,
        'supplier': 'Organization: The Gander authors', 'downloadLocation': 'NOASSERTION', 'filesAnalyzed': False,
        'licenseConcluded': 'Apache-2.0', 'licenseDeclared': 'Apache-2.0', 'copyrightText': 'The Gander authors',
        'primaryPackagePurpose': 'APPLICATION', 'checksums': [{'algorithm': 'SHA256', 'checksumValue': digest}],
        'sourceInfo': f'commit {commit or "unknown"}',
    }
    relations = [('SPDXRef-DOCUMENT', 'DESCRIBES', own['SPDXID'])]
    for name in sorted(versions):
        if name in STATIC:
            relations.append((own['SPDXID'], 'STATIC_LINK', identifier(name)))
        elif name in linked:
            relations.append((own['SPDXID'], 'DYNAMIC_LINK' if linked[name] else 'DEPENDS_ON', identifier(name)))
        else:
            relations.append((identifier(name), 'BUILD_DEPENDENCY_OF', own['SPDXID']))
    created = datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).strftime('%Y-%m-%dT%H:%M:%SZ')
    packages = [own] + [package(name, versions[name]) for name in sorted(versions)]
    content = hashlib.sha256(json.dumps(packages, sort_keys=True).encode()).hexdigest()
    return {
        'spdxVersion': 'SPDX-2.3', 'dataLicense': 'CC0-1.0', 'SPDXID': 'SPDXRef-DOCUMENT',
        'name': f'gander-{arguments.version}', 'documentNamespace': f'urn:gander:spdx:{arguments.version}:{content}',
        'creationInfo': {'created': created, 'creators': ['Tool: gander-sbom', 'Organization: The Gander authors']},
        'packages': packages,
        'relationships': [{'spdxElementId': a, 'relationshipType': kind, 'relatedSpdxElement': b}
                          for a, kind, b in relations],
    }


def main():
    parser = argparse.ArgumentParser()
    for name in ('binary', 'version', 'source', 'output'):
        parser.add_argument('--' + name, required=True)
    arguments = parser.parse_args()
    with open(arguments.output, 'w', encoding='utf-8') as f:
        json.dump(document(arguments), f, indent=1)
        f.write('\n')


if __name__ == '__main__':
    main()
