# SPDX-License-Identifier: Apache-2.0
"""A mail host asks a block list about two thousand senders."""
import synth
import talks
import world
from scenario import Scenario

SCENARIO = Scenario('Block-list queries of a mail host, 24 h')


def make(script):
    for _ in range(2_000):
        octets = '.'.join(str(script.rng.randrange(256)) for _ in range(4))
        talks.dns(script, '10.30.0.25', world.RESOLVER, script.start + script.rng.uniform(0, synth.DAY_S),
                  f'{octets}.zen.example.net', answer=b'\x7f\0\0\4' if script.rng.random() < 0.6 else b'', code=0)
