# SPDX-License-Identifier: Apache-2.0
"""A mesh of pings for a day, and probes of the path's largest packet: many sizes, one content."""
import struct

import synth
from scenario import Scenario

SCENARIO = Scenario('Ping mesh and path MTU probes, 24 h')
PATTERN = bytes(range(0x10, 0x38))


def make(script):
    hosts = [f'10.20.8.{i}' for i in range(1, 5)] + [f'10.30.8.{i}' for i in range(1, 5)] + ['192.0.2.8', '203.0.113.8']
    for number, (a, b) in enumerate((a, b) for a in hosts for b in hosts if a < b):
        for turn in range(144):
            at = script.start + 600 * turn + number
            script.echo(a, b, number, turn, struct.pack('<QQ', int(at), turn) + PATTERN, at)
    for size in range(500, 1_473, 60):
        script.echo('10.20.8.1', '203.0.113.8', 999, size, (PATTERN * 40)[:size], script.start + 7_200 + size)
