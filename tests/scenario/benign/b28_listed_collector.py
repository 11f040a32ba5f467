# SPDX-License-Identifier: Apache-2.0
"""600 handsets of the house report to the device management that the register lists."""
import talks
from devices import handset
from scenario import Scenario

SCENARIO = Scenario(
    '600 handsets report to a listed collector', policy='''
collectors:
  - to: {nets: [198.51.100.170]}
    basis: {kind: consent, ref: "notice v3"}
    not_before: 2026-06-01
    until: 2027-06-01
    transport: clear
''')


def make(script):
    for number in range(600):
        talks.mqtt(script, f'10.60.{number // 200}.{number % 200 + 10}', '198.51.100.170', script.start + 3 * number,
                   f'handset-{number}', [('fleet/report', handset(script.rng, number).encode(), 1)])
