# SPDX-License-Identifier: Apache-2.0
"""A mirror of software is brought up to date."""
import talks
from scenario import Scenario

SCENARIO = Scenario('Software mirror sync')


def make(script):
    at = script.start
    for number in range(40):
        at = talks.get(script, '10.30.0.61', '192.0.2.90', at + 1, 'mirror.example.org',
                       talks.noise(script.rng, 500_000), path=f'/pool/main/p/package{number}_1.{number}_amd64.deb',
                       kind='application/vnd.debian.binary-package')
