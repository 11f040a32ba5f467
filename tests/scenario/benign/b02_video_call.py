# SPDX-License-Identifier: Apache-2.0
"""A video call: as much out as in, for half an hour."""
import talks
from scenario import Scenario

SECONDS, PACKETS_A_SECOND = 1_800, 20
SCENARIO = Scenario('Video call')


def make(script):
    payload = talks.noise(script.rng, 900)
    for number in range(SECONDS * PACKETS_A_SECOND):
        at = script.start + number / PACKETS_A_SECOND
        talks.rtp(script, '10.20.4.4', 50_004, '198.18.9.9', 3_480, at, number, payload, stream=7)
        talks.rtp(script, '198.18.9.9', 3_480, '10.20.4.4', 50_004, at + 0.004, number, payload, stream=9)
