#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The metrics endpoint as an operator sets it up: TLS and passwords work, and every mistake ends the start with exit
code 2, the file and what to do. GANDER names the binary; exits 77 (skipped) where it was built without DPDK."""
import base64
import os
import re
import socket
import ssl
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
import warnings

from scanning import GANDER, SKIPPED, TOP, Checks, gander

PASSWORD = 'a goose is no duck'


def openssl(*words):
    return subprocess.run(['openssl', *words], check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                          text=True).stdout


def make(folder):
    """Certificates, keys and password files, good and bad."""
    def path(name):
        return os.path.join(folder, name)
    for name, days in (('good', '2'), ('other', '2')):
        openssl('req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', days,
                '-subj',
                '/CN=x', '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', path(name + '.key'),
                '-out', path(name + '.pem'))
    line = 'officer:' + openssl('passwd', '-6', PASSWORD)
    for name, text in (('passwords', line), ('clear', '# comment\nofficer:' + PASSWORD + '\n'), ('text', 'no PEM\n')):
        with open(path(name), 'w', encoding='utf-8') as f:
            f.write(text)
        os.chmod(path(name), 0o600)
    for name in ('good.key', 'other.key'):
        os.chmod(path(name), 0o600)
    return path


def options(listen, certificate='', key='', passwords=''):
    words = []
    for name, value in (('listen', listen), ('tls_certificate', certificate), ('tls_key', key),
       ('password_file', passwords)):
        words += ['--set', f'report.metrics.{name}={value}']
    return words


def refused(checks, path, port):
    good = path('good.pem'), path('good.key')
    cases = [
        (options('127.0.0.1:0', path('missing.pem'), good[1]), 'missing.pem: cannot be opened: No such file'),
        (options('127.0.0.1:0', path('text'), good[1]), 'text: this is no certificate in PEM'),
        (options('127.0.0.1:0', good[0], path('text')), 'text: this is no private key in PEM'),
        (options('127.0.0.1:0', good[0], path('other.key')), 'other.key: this key is not that of'),
        (options('127.0.0.1:0', good[0]), 'a certificate needs its key'),
        (options('127.0.0.1:0', passwords=path('clear')), 'clear:2: behind the colon is no bcrypt'),
        (options('127.0.0.1:0', passwords=path('missing')), 'missing: cannot be opened'),
        (options('0.0.0.0:0', passwords=path('passwords')), 'passwords would cross the network in clear'),
        (options('192.0.2.1:9944'), 'cannot listen on 192.0.2.1:9944: Cannot assign requested address'),
        (options(f'127.0.0.1:{port}'), f'cannot listen on 127.0.0.1:{port}: Address already in use'),
        (options('nowhere'), '"nowhere"'),
    ]
    for words, says in cases:
        process = gander('run', '--interface', 'lo', *words)
        told = process.stderr.decode()
        checks.that(process.returncode == 2, f'{says}: exit code {process.returncode}')
        checks.that(says in told and 'remedy: ' in told, f'"{says}" expected: {told}')
        checks.that(PASSWORD not in told, f'a password is repeated: {told}')
    process = gander('config', 'check', *options('127.0.0.1:0', good[0], path('other.key')))
    checks.that(process.returncode == 2 and b'other.key' in process.stderr, '`config check` reads them, too')


def fetch(url, authority=None, password=None):
    context = None if authority is None else ssl.create_default_context(cafile=authority)
    words = base64.b64encode(f'officer:{password}'.encode()).decode()
    request = urllib.request.Request(url, headers={'Authorization': f'Basic {words}'} if password else {})
    try:
        with urllib.request.urlopen(request, timeout=10, context=context) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, ''
    except OSError as error:
        return str(error), ''


def served(checks, path):
    command = [GANDER, 'run', '--dpdk', 'dpdk-config/lab-pcap.yaml', '--set', 'capture.dpdk.idle_limit_ms=60000',
               *options('127.0.0.1:0', path('good.pem'), path('good.key'), path('passwords'))]
    process = subprocess.Popen(command, cwd=TOP, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    url = None
    for line in process.stderr:
        if 'without DPDK' in line:
            print(line.strip())
            sys.exit(SKIPPED)
        found = re.search(r'metrics on (https://\S+)/metrics', line)
        url = found[1] if found else url
        if 'Ctrl-C' in line:
            break
    good = path('good.pem')
    checks.that(fetch(url + '/healthz', good)[0] == 200, '/healthz needs no password')
    checks.that(fetch(url + '/metrics', good)[0] == 401, '/metrics needs one')
    checks.that(fetch(url + '/status', good, 'a duck')[0] == 401, 'a wrong one does not do')
    checks.that(fetch(url + '/metrics', good, PASSWORD)[0] in (200, 503), 'the right one does')
    checks.that('CERTIFICATE_VERIFY_FAILED' in str(fetch(url + '/metrics', path('other.pem'), PASSWORD)[0]),
                'who trusts another certificate turns away')
    checks.that(fetch(url.replace('https', 'http') + '/metrics', None, PASSWORD)[0] != 200, 'nothing is said in clear')
    warnings.simplefilter('ignore', DeprecationWarning)  # that is what is asked for here
    old = ssl.create_default_context(cafile=good)
    old.minimum_version, old.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1
    old.set_ciphers('ALL:@SECLEVEL=0')
    host, port = url.removeprefix('https://').split(':')
    try:
        with socket.create_connection((host, int(port)), 5) as raw, old.wrap_socket(raw, server_hostname=host):
            checks.that(False, 'TLS 1.1 is spoken')
    except OSError as error:
        checks.that(True, str(error))
    process.terminate()
    checks.that(process.wait(30) == 0, 'the run ends well on a signal')


def main():
    checks = Checks()
    with tempfile.TemporaryDirectory() as folder, socket.socket() as taken:
        taken.bind(('127.0.0.1', 0))
        taken.listen()
        path = make(folder)
        refused(checks, path, taken.getsockname()[1])
        served(checks, path)
    checks.exit()


if __name__ == '__main__':
    main()
