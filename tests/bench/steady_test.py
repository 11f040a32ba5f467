#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Once pools and tables have their sizes, neither the packet path nor the seal of an epoch allocates: mixed traffic with
ever-new clients, without events and with all of them. GANDER_STEADY and GANDER_CORPUS name the binaries."""
import json
import os
import subprocess
import sys
import tempfile

STEADY, CORPUS = os.environ['GANDER_STEADY'], os.environ['GANDER_CORPUS']
# A small table of flows is full early, and what flows hold with it.
SETTINGS = ['--packets', '1.5e6', '--warmup', '1e6', '--set', 'flow.max_flows=4096', '--show', '2']


def allocations(capture, *settings):
    done = subprocess.run([STEADY, capture, *SETTINGS, *settings], capture_output=True, text=True)
    facts = json.loads(done.stdout)
    calls = {where: facts['allocations'][where]['calls'] for where in ('packet_path', 'epoch_seal')}
    if facts['packets_after_warmup'] < 400_000 or facts['epochs_after_warmup'] < 2 or not facts['balanced']:
        sys.exit(f'not what was to be measured: {facts}')
    return calls, done.stderr


with tempfile.TemporaryDirectory() as folder:
    subprocess.run([CORPUS, folder, 'mixed', '20'], check=True)
    bad = 0
    for settings in ([], ['--set', 'report.events=/dev/null']):
        calls, stacks = allocations(f'{folder}/mixed.pcap', *settings)
        print(f'events {"all" if settings else "none"}: allocations {calls}')
        if any(calls.values()):
            bad += 1
            print(stacks)
sys.exit(1 if bad else 0)
