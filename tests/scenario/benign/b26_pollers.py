# SPDX-License-Identifier: Apache-2.0
"""Twenty machines ask two status services every five minutes for a day, to the second."""
import synth
import talks
from ordinary import browse
from scenario import Scenario

SCENARIO = Scenario('20 monitoring pollers, 24 h')


def make(script):
    browse(script, clients=20, hours=24, visits_an_hour=1)
    for poller in range(20):
        for turn in range(synth.DAY_S // 300):
            talks.get(script, f'10.30.6.{poller + 10}', f'192.0.2.{60 + poller % 2}',
                      script.start + 300 * turn + poller, f'status{poller % 2}.example.org', b'{"status":"up"}',
                      path='/health', kind='application/json')
