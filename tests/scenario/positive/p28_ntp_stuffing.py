# SPDX-License-Identifier: Apache-2.0
"""A hundred kilobytes leave in extension fields of NTP within half an hour."""
import talks
from scenario import Scenario

PACKETS, STUFFING = 220, 460
SCENARIO = Scenario('NTP packets stuffed with data', ('D13', ), explains=('ntp', ), within_s=300, commitments=('C8', ))


def make(script):
    for number in range(PACKETS):
        at = script.start + 8 * number
        talks.ntp(script, '10.20.0.38', '203.0.113.123', at, script.rng.randbytes(STUFFING))
        if number * STUFFING < 65_536:
            script.mark(at)
