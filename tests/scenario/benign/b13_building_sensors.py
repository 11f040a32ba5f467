# SPDX-License-Identifier: Apache-2.0
"""Forty sensors of a building report temperatures by MQTT for a day."""
import json

import talks
from scenario import Scenario

SCENARIO = Scenario('MQTT building sensors, 24 h')


def make(script):
    for sensor in range(40):
        messages = [(f'building/floor{sensor % 4}/room{sensor}',
                     json.dumps({'t': round(19 + script.rng.random() * 4, 1), 'rh': 41}).encode(), 300)
                    for _ in range(288)]
        talks.mqtt(script, f'10.60.9.{sensor + 10}', '10.30.0.80', script.start + sensor, f'sensor-{sensor}', messages)
