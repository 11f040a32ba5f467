# SPDX-License-Identifier: Apache-2.0
"""A vendor who may look after the controllers by day comes at night."""
import synth
import talks
from scenario import CONTENT_S, Scenario

SCENARIO = Scenario(
    'Vendor session to controllers out of hours', ('D16', ), 'high', allowed=('D13', 'D21'), explains=('hours', ),
    within_s=CONTENT_S, commitments=('C2', 'C8'), policy='''
transfers:
  - id: vendor-care
    from: scada
    to: {nets: [198.51.100.130]}
    basis: {kind: contract, ref: CARE-7}
    not_before: 2026-06-01
    until: 2027-06-01
    quota: {hours: "06-16"}
    transport: clear
''')


def session(script, begin):
    talk = script.tcp('198.51.100.130', '10.90.0.6', 502, begin)
    for number in range(40):
        talk.send(talks.modbus_read(number), at=begin + number)
        talk.reply(talks.modbus_values(number, range(8)))
    talk.close()


def make(script):
    session(script, script.start + synth.HOUR_S)  # 09:00
    script.mark(script.start + 15 * synth.HOUR_S)
    session(script, script.start + 15 * synth.HOUR_S)  # 23:00
