#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A live run over a veth pair, inside a network namespace that `unshare -n` gave: the sensor listens on one end, the
capture is replayed into the other as fast as it goes. JSON: what was sent, read and lost, and the sensor's CPU time.

  unshare -n live.py GANDER CAPTURE
"""
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time

from measure import Cost

START_LIMIT_S, END_LIMIT_S, SETTLE_S = 20, 20, 1.0


def sh(command):
    subprocess.run(command.split(), check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def wait_for(path, text):
    for _ in range(START_LIMIT_S * 20):
        with open(path, encoding='utf-8', errors='replace') as f:
            if text in f.read():
                return
        time.sleep(0.05)
    raise SystemExit('the sensor did not start')


def cpu_seconds(pid):
    with open(f'/proc/{pid}/stat') as f:
        fields = f.read().rsplit(')', 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf('SC_CLK_TCK')


def main():
    gander, capture = sys.argv[1:]
    sh('ip link add replay mtu 9000 type veth peer name mirror mtu 9000')
    for end in ('replay', 'mirror'):
        sh(f'sysctl -qw net.ipv6.conf.{end}.disable_ipv6=1')
        sh(f'ip link set {end} arp off up')
    with tempfile.TemporaryDirectory() as folder:
        out, err = open(f'{folder}/out', 'w+b'), open(f'{folder}/err', 'wb')
        alone = ['--set', 'process.supervise=false']
        sensor = subprocess.Popen([gander, 'run', '--json', '--interface', 'mirror', *alone], stdout=out, stderr=err)
        wait_for(f'{folder}/err', 'reading mirror')
        time.sleep(SETTLE_S)
        before = cpu_seconds(sensor.pid)
        replay = subprocess.run(['tcpreplay', '--topspeed', '-i', 'replay', capture], stdout=subprocess.PIPE,
                                stderr=subprocess.STDOUT, text=True, timeout=300)
        time.sleep(SETTLE_S)
        used = cpu_seconds(sensor.pid) - before
        sensor.send_signal(signal.SIGINT)
        _, status, usage = os.wait4(sensor.pid, 0)
        out.seek(0)
        text = out.read().decode()
    state = Cost(0, 0, 0, text).json()
    sent = re.search(r'Actual: (\d+) packets \((\d+) bytes\) sent in ([0-9.]+)', replay.stdout)
    print(json.dumps({'sent_packets': int(sent[1]), 'sent_bytes': int(sent[2]), 'send_s': float(sent[3]),
                      'received': state['capture']['received'], 'kernel_drops': state['capture']['kernel_drops'],
                      'interface_drops': state['capture']['interface_drops'], 'balanced': state['ledger']['balanced'],
                      'ledger_bytes': state['ledger']['received'],
                      'cpu_s': used, 'peak': usage.ru_maxrss * 1024,
                      'exit': os.waitstatus_to_exitcode(status)}))


if __name__ == '__main__':
    main()
