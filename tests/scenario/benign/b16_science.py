# SPDX-License-Identifier: Apache-2.0
"""Tables of measurements go to a partner university."""
import talks
from scenario import Scenario

SCENARIO = Scenario('Tables of scientific numbers')


def make(script):
    for run in range(10):
        lines = [
            ' '.join(f'{script.rng.gauss(0, 1e3):.{script.rng.randrange(2, 12)}f}' for _ in range(8))
            for _ in range(2_000)
        ]
        talks.post(script, '10.20.7.7', '198.51.100.151', script.start + 1_800 * run, 'data.example.edu',
                   '\n'.join(lines).encode(), path=f'/run{run}.dat', kind='text/plain')
