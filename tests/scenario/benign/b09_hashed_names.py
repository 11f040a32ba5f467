# SPDX-License-Identifier: Apache-2.0
"""Virus scanners and content networks ask for names that look like noise; everybody's do."""
import synth
import talks
import world
from scenario import Scenario

SCENARIO = Scenario('DNS of virus scanners and content networks, 24 h')


def make(script):
    for client in range(20):
        address = f'10.20.6.{client + 10}'
        for hour in range(24):
            at = script.start + hour * synth.HOUR_S + script.rng.uniform(0, 600)
            for _ in range(40 if hour == 9 else 2):  # at nine everything is looked over
                at += script.rng.uniform(0.2, 8)
                talks.dns(script, address, world.RESOLVER, at,
                          f'{script.rng.randbytes(16).hex()}.hash.scan.example.net', answer=b'\x7f\0\0\2')
            for _ in range(3):
                talks.dns(script, address, world.RESOLVER, at, f'd{script.rng.randrange(40):02}x9f3kq.cdn.example.net',
                          answer=talks.address_data('192.0.2.44'))
