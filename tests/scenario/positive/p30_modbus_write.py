# SPDX-License-Identifier: Apache-2.0
"""From abroad somebody writes a register of a controller."""
import talks
from scenario import CONTENT_S, Scenario

SCENARIO = Scenario('Modbus write from outside', ('D16', ), 'critical', allowed=('D13', ), explains=('modbus', 'write'),
                    within_s=CONTENT_S, commitments=('C2', 'C8'))


def make(script):
    script.mark(script.start)
    talk = script.tcp('203.0.113.50', '10.90.0.5', 502, script.start)
    talk.send(talks.modbus_read(1))
    talk.reply(talks.modbus_values(1, range(8)))
    talk.send(talks.modbus_write(2, 40, 1))
    talk.reply(talks.modbus_write(2, 40, 1))
    talk.close()
