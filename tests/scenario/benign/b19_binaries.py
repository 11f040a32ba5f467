# SPDX-License-Identifier: Apache-2.0
"""Random bytes over HTTP, with and without a name for what they are."""
import talks
from scenario import Scenario

SCENARIO = Scenario('Random binaries over HTTP')


def make(script):
    for number in range(40):
        kind = ('application/octet-stream', 'text/plain', 'application/json', 'video/mp4')[number % 4]
        talks.get(script, '10.20.7.9', '192.0.2.31', script.start + 90 * number, 'files.example.org',
                  script.rng.randbytes(200_000), path=f'/{number}.bin', kind=kind)
