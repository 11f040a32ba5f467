# SPDX-License-Identifier: Apache-2.0
"""600 handsets tell a broker abroad who and where they are."""
import random

from devices import handset
from scenario import FAN_IN_S, People, Scenario

DEVICES = 600
SCENARIO = Scenario('600 handsets report to a broker by MQTT', ('D15', ), allowed=('D01', 'D02', 'D03', 'D07', 'D14'),
                    explains=('device', ), within_s=FAN_IN_S, needs=('mosquitto', 'mosquitto_pub'),
                    commitments=('C3b', 'C8'))


def make(lab):
    conf = lab.outside.file('mosquitto.conf', 'listener 1883 0.0.0.0\nallow_anonymous true\n')
    lab.outside.serve('mosquitto', '-c', conf, port=1883)
    rng = random.Random(lab.seed)
    for number in range(DEVICES):
        if number == 500:
            lab.mark()
        lab.inside.run('mosquitto_pub', '-h', '198.19.20.5', '-A', f'10.60.{number // 200}.{number % 200 + 10}', '-i',
                       f'handset-{number}', '-t', 'fleet/report', '-m', handset(rng, number))
