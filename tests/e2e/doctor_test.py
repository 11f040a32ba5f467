#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`gander doctor` as a user runs it: exit codes, JSON against its schema, saved trees; the lab profiles run; a profile that
asks more than the machine has ends before traffic. GANDER names the binary."""
import glob
import json
import os
import signal
import subprocess
import tempfile
import time

import jsonschema

from scanning import GANDER, TOP, Checks, gander

SCHEMA = os.path.join(TOP, 'sensor', 'doctor', 'doctor.schema.json')
WITHOUT_DPDK = 'without DPDK'


def write(folder, name, text):
    path = os.path.join(folder, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, 'w', encoding='utf-8') as f:
        f.write(text)
    return path


def saved_tree(folder, huge_pages):
    """A machine of two cores and 64 GiB, with so many free huge pages of 2 MiB."""
    write(folder, 'proc/cpuinfo', 'vendor_id : GenuineIntel\nmodel name : Test\n'
                                  'flags : avx2 bmi1 bmi2 fma movbe f16c ssse3\n')
    write(folder, 'proc/meminfo', 'MemTotal: 67108864 kB\nMemAvailable: 66000000 kB\nSwapTotal: 0 kB\n')
    write(folder, 'proc/mounts', 'hugetlbfs /dev/hugepages hugetlbfs rw 0 0\n')
    write(folder, 'sys/devices/system/cpu/online', '0-7\n')
    pool = 'sys/devices/system/node/node0/hugepages/hugepages-2048kB/'
    write(folder, pool + 'nr_hugepages', f'{huge_pages}\n')
    write(folder, pool + 'free_hugepages', f'{huge_pages}\n')


def examine(checks, *arguments):
    done = gander('doctor', '--json', *arguments, cwd=TOP)
    if not checks.that(done.returncode in (0, 1), f'{arguments}: exit {done.returncode}: {done.stderr.decode()[-300:]}'):
        return {'findings': [], 'facts': {}, 'verdict': ''}
    report = json.loads(done.stdout)
    with open(SCHEMA, encoding='utf-8') as f:
        jsonschema.validate(report, json.load(f))
    checks.that((report['verdict'] == 'fault') == (done.returncode == 1), f'{arguments}: verdict and exit code differ')
    return report


def severities(report, name):
    return [f['severity'] for f in report['findings'] if f['id'] == name]


def check_reports(checks):
    examine(checks)
    examine(checks, '--interface', 'lo')
    for profile in sorted(glob.glob(os.path.join(TOP, 'dpdk-config', '*.yaml'))):
        examine(checks, '--profile', profile)
    report = examine(checks, '--interface', 'nowhere0')
    checks.that(severities(report, 'interface.present') == ['fault'], 'an interface that is not there is a fault')
    text = gander('doctor', cwd=TOP).stdout.decode().splitlines()
    checks.that(text[-1].count(',') >= 2 and 'fault' in text[-1], f'the verdict is the last line: {text[-1:]}')


def check_huge_pages(checks, folder):
    for pages, severity in ((0, 'fault'), (155, 'fault'), (156, 'ok')):
        root = os.path.join(folder, f'machine-{pages}')
        saved_tree(root, pages)
        report = examine(checks, '--root', root, '--profile', 'dpdk-config/appliance-10g.yaml')
        checks.that(severities(report, 'memory.hugepages') == [severity], f'{pages} huge pages: {severity} is expected')


def check_bad_usage(checks, folder):
    bad = write(folder, 'bad.yaml', 'capture: {dpdk: {rx_queue: 1}}\n')
    for arguments in (['--profile', bad], ['--profile', 'nowhere.yaml'], ['--root', os.path.join(folder, 'no')],
                      ['--interface', 'lo', '--profile', bad]):
        done = gander('doctor', *arguments, cwd=TOP)
        checks.that(done.returncode == 2 and b'remedy' in done.stderr, f'{arguments}: exit {done.returncode}')


def check_asks_too_much(checks, folder):
    cases = {'cores that overlap': ('runtime: {workers: 2, cores: "0,0-1"}\n', 'overlaps'),
             'cores that are not there': ('runtime: {cores: "8000"}\n', '8000'),
             'more memory than any machine': ('runtime: {workers: 64}\nflow: {max_flows: 16000000}\n', 'max_flows')}
    for what, (text, words) in cases.items():
        path = write(folder, 'much.yaml', text)
        done = gander('run', '-q', '--config', path, '--interface', 'lo', cwd=TOP)
        said = done.stderr.decode()
        checks.that(done.returncode == 2 and words in said and 'remedy' in said, f'{what}: {done.returncode} {said[-300:]}')


def run_lab(checks, name, ends_by_itself):
    command = [GANDER, 'run', '--json', '--dpdk', f'dpdk-config/{name}']
    process = subprocess.Popen(command, cwd=TOP, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    begun = b''
    if not ends_by_itself:
        for line in process.stderr:
            begun += line
            if b'Ctrl-C' in line:
                break
        time.sleep(0.5)  # some packets
        process.send_signal(signal.SIGTERM)
    out, said = process.communicate(timeout=120)
    said = begun + said
    if WITHOUT_DPDK in said.decode():
        print(f'{name}: not run, this binary is built without DPDK')
        return
    if not checks.that(process.returncode == 0, f'{name}: exit {process.returncode}: {said.decode()[-400:]}'):
        return
    ledger = json.loads(out)['ledger']
    checks.that(name == 'lab-ring.yaml' or ledger['packets'] > 0, f'{name}: no packets')


def main():
    checks = Checks()
    with tempfile.TemporaryDirectory() as folder:
        check_reports(checks)
        check_huge_pages(checks, folder)
        check_bad_usage(checks, folder)
        check_asks_too_much(checks, folder)
    run_lab(checks, 'lab-pcap.yaml', True)
    run_lab(checks, 'lab-ring.yaml', True)
    run_lab(checks, 'lab-null.yaml', False)
    checks.exit()


if __name__ == '__main__':
    main()
