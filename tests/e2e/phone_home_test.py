#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Gander speaks to nobody that was not configured. It runs and scans in a network of its own, on a machine that has a route to
anywhere and a name server, with every packet that leaves captured: none but answers to those who read its metrics. Needs root,
iproute2 and tcpdump; exits 77 (skipped) without them."""
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

from scanning import CAPTURES, GANDER, SKIPPED, Checks

HERE, GATEWAY, SCRAPER = '192.0.2.2', '192.0.2.1', '192.0.2.1'
PORT = 9944


class Net:
    """The sensor's machine and its gateway, on which all that leaves is captured; mirror traffic has a cable of its own."""

    def __init__(self):
        self.host, self.out = f'gander-home-{os.getpid()}', f'gander-out-{os.getpid()}'
        # A lookup becomes a packet to the gateway; `ip netns exec` lays this file over the machine's own.
        self.resolver = f'/etc/netns/{self.host}'
        os.makedirs(self.resolver)
        with open(f'{self.resolver}/resolv.conf', 'w', encoding='utf-8') as f:
            f.write(f'nameserver {GATEWAY}\noptions timeout:1 attempts:1\n')
        for space in (self.host, self.out):
            subprocess.run(['ip', 'netns', 'add', space], check=True)
            for name in ('all', 'default'):
                self.run(space, 'sysctl', '-qw', f'net.ipv6.conf.{name}.disable_ipv6=1')
        self.ip(self.host, 'link', 'add', 'wan', 'type', 'veth', 'peer', 'name', 'gw', 'netns', self.out)
        self.ip(self.host, 'link', 'add', 'mirror', 'type', 'veth', 'peer', 'name', 'feed')
        self.ip(self.host, 'addr', 'add', f'{HERE}/24', 'dev', 'wan')
        self.ip(self.out, 'addr', 'add', f'{GATEWAY}/24', 'dev', 'gw')
        for end in ('wan', 'lo'):
            self.ip(self.host, 'link', 'set', end, 'up')
        for end in ('mirror', 'feed'):
            self.ip(self.host, 'link', 'set', end, 'arp', 'off', 'up')
        for end in ('gw', 'lo'):
            self.ip(self.out, 'link', 'set', end, 'up')
        self.ip(self.host, 'route', 'add', 'default', 'via', GATEWAY)

    @staticmethod
    def inside(space, *command):
        return ['ip', 'netns', 'exec', space, *command]

    def run(self, space, *command, **options):
        return subprocess.run(self.inside(space, *command), check=True, **options)

    @staticmethod
    def ip(space, *command):
        subprocess.run(['ip', '-n', space, *command], check=True)

    def close(self):
        for space in (self.host, self.out):
            subprocess.run(['ip', 'netns', 'del', space], check=False)
        shutil.rmtree(self.resolver, ignore_errors=True)


def captured(path):
    """Packets of the sensor's machine, as text; those of the link itself (ARP) aside."""
    text = subprocess.run(['tcpdump', '-nr', path, 'ip and src host ' + HERE], stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, text=True, check=True).stdout
    return text.splitlines()


def strays(lines):
    """What is no answer from the metrics port to the scraper."""
    return [line for line in lines if not re.search(rf' IP {re.escape(HERE)}\.{PORT} > {re.escape(SCRAPER)}\.\d+: ', line)]


class Capture:
    def __init__(self, net, path):
        self.path = path
        self.process = subprocess.Popen(net.inside(net.out, 'tcpdump', '-U', '-i', 'gw', '-w', path), stderr=subprocess.PIPE)
        while b'listening' not in self.process.stderr.readline():
            pass

    def packets(self):
        time.sleep(0.5)
        self.process.send_signal(signal.SIGINT)
        self.process.wait(20)
        return captured(self.path)


def check_canary(checks, net, folder):
    """The trap works: a lookup and a connection are seen in it."""
    capture = Capture(net, os.path.join(folder, 'canary.pcap'))
    code = ('import socket\n'
            'try: socket.getaddrinfo("updates.example.net", 443)\nexcept OSError: pass\n'
            's = socket.socket(); s.settimeout(0.3)\n'
            'try: s.connect(("198.51.100.7", 443))\nexcept OSError: pass\n')
    # A cable that was laid just now may not carry yet.
    for _ in range(5):
        net.run(net.host, sys.executable, '-c', code)
        time.sleep(0.5)
    lines = strays(capture.packets())
    checks.that(any('.53: ' in line for line in lines) and any('198.51.100.7.443' in line for line in lines),
                f'the capture sees a lookup and a connection: {lines}')


def check_scan(checks, net, folder):
    capture = Capture(net, os.path.join(folder, 'scan.pcap'))
    net.run(net.host, GANDER, 'scan', '--quiet', '--config', f'{CAPTURES}/demo/demo.yaml', '--events', f'{folder}/events.json',
            '--report', f'{folder}/report.html', f'{CAPTURES}/demo/demo.pcap', stdout=subprocess.DEVNULL)
    lines = capture.packets()
    checks.that(not lines, f'a scan sends nothing: {lines[:5]}')


def check_run(checks, net, folder):
    capture = Capture(net, os.path.join(folder, 'run.pcap'))
    log = os.path.join(folder, 'log')
    with open(log, 'wb') as err:
        sensor = subprocess.Popen(
            net.inside(net.host, GANDER, 'run', '--config', f'{CAPTURES}/demo/demo.yaml', '--interface', 'mirror', '--events',
                       f'{folder}/live.json', '--set', f'report.metrics.listen={HERE}:{PORT}', '--set', 'runtime.epoch_s=1',
                       '--report', f'{folder}/live.html'), stdout=subprocess.DEVNULL, stderr=err)
    deadline = time.monotonic() + 60
    while b'Ctrl-C' not in open(log, 'rb').read() and sensor.poll() is None and time.monotonic() < deadline:
        time.sleep(0.05)
    time.sleep(0.5)
    if shutil.which('tcpreplay'):
        net.run(net.host, 'tcpreplay', '-q', '--mbps=50', '-i', 'feed', f'{CAPTURES}/demo/demo.pcap', stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL)
    # Before the first epoch has ended the answer is 503.
    read = net.run(net.out, 'curl', '-s', '--fail', '--retry', '30', '--retry-delay', '1', '--max-time', '60', '-o', '/dev/null',
                   '-w', '%{size_download}', f'http://{HERE}:{PORT}/metrics', stdout=subprocess.PIPE).stdout
    sensor.send_signal(signal.SIGHUP)
    time.sleep(2)
    sensor.send_signal(signal.SIGTERM)
    checks.that(sensor.wait(60) == 0, f'it ends well: {open(log, encoding="utf-8").read()[-400:]}')
    lines = capture.packets()
    checks.that(int(read) > 1000 and lines, f'the metrics were read: {read} octets in {len(lines)} packets')
    checks.that(not strays(lines), f'it sends nothing else: {strays(lines)[:5]}')
    checks.that(os.path.getsize(f'{folder}/live.json') > 0, 'it was at work meanwhile')


def main():
    if os.geteuid() != 0 or not os.path.ismount('/') or not all(map(shutil.which, ('ip', 'tcpdump'))):
        print('needs root, iproute2, tcpdump and a root file system of its own')
        sys.exit(SKIPPED)
    checks = Checks()
    net = Net()
    try:
        with tempfile.TemporaryDirectory() as folder:
            os.chmod(folder, 0o777)
            check_canary(checks, net, folder)
            check_scan(checks, net, folder)
            check_run(checks, net, folder)
    finally:
        net.close()
    checks.exit()


if __name__ == '__main__':
    main()
