# SPDX-License-Identifier: Apache-2.0
"""After a day of browsing, 200 MB by TLS in sixteen streams at once to an address that nobody uses."""
import synth
import talks
from ordinary import browse
from scenario import FAN_IN_S, Scenario

STREAMS, BYTES, RATE = 16, 200_000_000, 1_500_000
SCENARIO = Scenario('200 MB over TLS in 16 streams', ('D12', ), explains=('not seen', ), within_s=FAN_IN_S,
                    commitments=('C3a', 'C8'))


def make(script):
    browse(script, clients=4, hours=24, visits_an_hour=2)
    begin = script.start + synth.DAY_S
    for _ in range(STREAMS):
        talks.tls_exchange(script, '10.20.9.10', '203.0.113.90', begin, 'vault.example.net', BYTES // STREAMS, 400,
                           rate=RATE)
    script.mark(begin)
