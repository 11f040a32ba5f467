# SPDX-License-Identifier: Apache-2.0
"""A control room polls its controllers, and writes to them, inside its own zone."""
import talks
from scenario import Scenario

SCENARIO = Scenario('Modbus polling in its zone, 4 h')


def make(script):
    for controller in range(5):
        talk = script.tcp('10.90.0.2', f'10.90.0.{10 + controller}', 502, script.start + controller)
        for number in range(1_440):
            talk.send(talks.modbus_read(number), at=script.start + 10 * number + controller)
            talk.reply(talks.modbus_values(number, [script.rng.randrange(400, 500) for _ in range(8)]))
            if number % 60 == 0:
                talk.send(talks.modbus_write(number, 40, number))
                talk.reply(talks.modbus_write(number, 40, number))
        talk.close()
