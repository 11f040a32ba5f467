# SPDX-License-Identifier: Apache-2.0
"""Ten agents work through recent cases of their own house for eight hours."""
import json

import synth
import talks
from scenario import Scenario

SCENARIO = Scenario('CRM agents, 8 h')


def make(script):
    rng, rows = script.rng, script.people(3_000, contact_only=True)
    for agent in range(10):
        for _ in range(320):
            at = script.start + rng.uniform(0, 8 * synth.HOUR_S)
            number = min(2_999, int(rng.expovariate(1 / 400)))
            talks.get(script, f'10.20.5.{agent + 10}', '10.30.4.9', at, 'crm.example.org',
                      json.dumps(rows[number]).encode(), path=f'/customer/{90_000 - number}', kind='application/json')
