#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What a service manager hears: ready when traffic is read, reloading and ready again, signs of life, stopping. The journal
gets levels. Reads the demo through DPDK's net_pcap; exits 77 (skipped) where it was built without DPDK."""
import os
import re
import select
import signal
import socket
import subprocess
import sys
import tempfile
import time

from scanning import CAPTURES, GANDER, SKIPPED, TOP, Checks, skip_if_sanitized

WAIT_S = 60
WATCHDOG_US = 400_000


class Manager:
    """The end of the socket that systemd would hold."""

    def __init__(self, path):
        self.heard = []
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(path)

    def wait_for(self, word, times=1):
        deadline = time.monotonic() + WAIT_S
        while sum(word in h.split('\n') for h in self.heard) < times:
            if not select.select([self.socket], [], [], max(0, deadline - time.monotonic()))[0]:
                sys.exit(f'{word} was not heard within {WAIT_S} s: {self.heard}')
            self.heard.append(self.socket.recv(4096).decode())
        return self.heard[-1]


def run(folder, checks, abstract):
    path = '\0gander-service-test-%d' % os.getpid() if abstract else os.path.join(folder, 'notify')
    manager = Manager(path)
    environment = dict(os.environ, NOTIFY_SOCKET=path.replace('\0', '@'), WATCHDOG_USEC=str(WATCHDOG_US))
    log = os.path.join(folder, 'journal')
    with open(log, 'wb') as err:
        status = os.fstat(err.fileno())
        environment['JOURNAL_STREAM'] = f'{status.st_dev}:{status.st_ino}'
        sensor = subprocess.Popen(
            [GANDER, 'run', '--config', f'{CAPTURES}/demo/demo.yaml', '--dpdk', 'dpdk-config/lab-pcap.yaml', '--set',
             'capture.dpdk.idle_limit_ms=0', '--set', 'log.level=info'], cwd=TOP, stdout=subprocess.DEVNULL, stderr=err,
            env=environment)
    while sensor.poll() is None and b'Ctrl-C' not in open(log, 'rb').read():
        time.sleep(0.05)
    text = open(log, encoding='utf-8').read()
    if 'without DPDK' in text:
        print(text)
        sys.exit(SKIPPED)
    ready = manager.wait_for('READY=1')
    checks.that('STATUS=reading net_pcap0' in ready, f'it says what it reads: {ready}')
    manager.wait_for('WATCHDOG=1', 3)
    checks.that(not any('RELOADING=1' in h for h in manager.heard), 'it reloads only when told')
    sensor.send_signal(signal.SIGHUP)
    reloading = manager.wait_for('RELOADING=1')
    told = int(re.search(r'MONOTONIC_USEC=(\d+)', reloading)[1])
    checks.that(0 <= time.monotonic_ns() // 1000 - told < WAIT_S * 1_000_000, f'the moment of the reload: {told}')
    manager.wait_for('READY=1', 2)
    sensor.send_signal(signal.SIGTERM)
    manager.wait_for('STOPPING=1')
    checks.that(sensor.wait(WAIT_S) == 0, 'it ends well')
    lines = open(log, encoding='utf-8').read().splitlines()
    own = [line for line in lines if 'EAL' not in line]
    checks.that(own and all(re.match('<[346]>', line) for line in own), f'each line has its level: {own}')
    checks.that(not any('refused' in line for line in lines), f'nothing it needed was refused: {lines}')


def main():
    skip_if_sanitized()
    checks = Checks()
    for abstract in (False, True):
        with tempfile.TemporaryDirectory() as folder:
            run(folder, checks, abstract)
    checks.exit()


if __name__ == '__main__':
    main()
