# SPDX-License-Identifier: Apache-2.0
"""A tunnel straight to its server, under names that no registry knows: each name is a domain of its own."""
import talks
from scenario import TUNNEL_S, Scenario

SCENARIO = Scenario('DNS tunnel in direct mode, invented names', ('D09', ), 'high', explains=('top-level', ),
                    within_s=TUNNEL_S, commitments=('C8', ))


def make(script):
    script.mark(script.start)
    for number in range(150):
        name = f'dnscat.{script.rng.randbytes(24).hex()}'
        talks.dns(script, '10.20.0.33', '203.0.113.53', script.start + 0.4 * number, name, talks.TXT,
                  talks.text_data(script.rng.randbytes(12).hex().encode()))
