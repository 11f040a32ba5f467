#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Scrapes a live sensor that reads the demo through DPDK's net_pcap: endpoints answer, figures agree with the summary,
no planted value is in them. GANDER names the binary; exits 77 (skipped) where it was built without DPDK."""
import gzip
import json
import re
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

from leak_search import LeakSearch
from scanning import CAPTURES, GANDER, SKIPPED, TOP, Checks

WAIT_S = 20


def fetch(url):
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, ''


def value(text, pattern):
    found = re.search(rf'^{pattern} ([0-9.e+]+)$', text, re.M)
    return float(found[1]) if found else None


def main():
    command = [GANDER, 'run', '--config', f'{CAPTURES}/demo/demo.yaml', '--dpdk', 'dpdk-config/lab-pcap.yaml',
               '--set', 'report.metrics.listen=127.0.0.1:0', '--set', 'capture.dpdk.idle_limit_ms=60000', '--json']
    with tempfile.TemporaryFile('w+') as out:
        process = subprocess.Popen(command, cwd=TOP, stdout=out, stderr=subprocess.PIPE, text=True)
        address = None
        for line in process.stderr:
            if 'without DPDK' in line:
                print(line.strip())
                sys.exit(SKIPPED)
            found = re.search(r'http://([0-9.:]+)/metrics', line)
            if found:
                address = found[1]
            if 'Ctrl-C' in line:
                break
        text = ''
        for _ in range(WAIT_S * 10):
            _, text = fetch(f'http://{address}/metrics')
            if value(text, 'gander_capture_packets_total'):
                break
            time.sleep(0.1)
        health, ready = fetch(f'http://{address}/healthz')[0], fetch(f'http://{address}/readyz')[0]
        process.terminate()
        process.wait(30)
        out.seek(0)
        summary = json.load(out)
    with gzip.open(f'{CAPTURES}/demo/planted.txt.gz', 'rt', encoding='utf-8') as f:
        planted = f.read().splitlines()
    packets = value(text, 'gander_capture_packets_total') or 0
    checks = Checks()
    checks.that(process.returncode == 0, 'the run ends well on a signal')
    checks.that(health == 200, f'/healthz says 200, not {health}')
    checks.that(ready == 200, f'/readyz says 200, not {ready}')
    checks.that(0 < packets <= summary['ledger']['packets'], f'packets are counted: {packets}')
    checks.that(not list(LeakSearch(planted).find(text.encode())), 'no planted value is in the metrics')
    checks.exit()


if __name__ == '__main__':
    main()
