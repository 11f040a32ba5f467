# SPDX-License-Identifier: Apache-2.0
"""Forty machines of one kind, all of the fleet, fetch an update within two hours; their agents tell their versions."""
import talks
from scenario import Scenario

SCENARIO = Scenario('Update wave of a fleet of 40', ('D23', ), 'info', explains=(r'\b20 of 20 hosts', ), within_s=86_400,
                    commitments=('C9', 'C10'))


def make(script):
    for device in range(40):
        at = script.start + 180 * device
        asked = talks.request('GET', 'update.vendor.example.com', '/firmware/latest.bin',
                              agent='VendorTerminal/2.4.1 (fleet)')
        talks.http(script, f'10.60.4.{device + 10}', '198.18.90.5', at,
                   [(asked, talks.response(talks.noise(script.rng, 20_000), 'application/octet-stream'))])
        if device == 19:  # the twentieth: fewer are no fleet
            script.mark(at)
