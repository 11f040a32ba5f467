# SPDX-License-Identifier: Apache-2.0
"""A small exchange over TLS every five minutes, give or take 30 %, three in ten of them lost; others browse."""
import talks
from ordinary import browse
from scenario import Scenario

PERIOD_S, BEATS = 300, 100
SCENARIO = Scenario('Beacon: 30 % jitter, 30 % lost', ('D11', ), explains=('regular', ), within_s=2 * 3_600,
                    commitments=('C8', ))


def make(script):
    at = script.start
    browse(script, clients=30, hours=PERIOD_S * BEATS / 3_600, visits_an_hour=3)
    for beat in range(BEATS):
        at += PERIOD_S * script.rng.uniform(0.7, 1.3)
        if script.rng.random() >= 0.3:
            talks.tls_exchange(script, '10.20.0.35', '203.0.113.70', at, 'api.updates-cdn.example.com', 300, 200)
        if beat == 70:  # 48 intervals have been seen, or nearly
            script.mark(at)
