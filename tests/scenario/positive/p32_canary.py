# SPDX-License-Identifier: Apache-2.0
"""One planted token under fifteen codings, each sent to a place of its own."""
import canaries
import talks
from scenario import CONTENT_S, Scenario

SCENARIO = Scenario('Canary under 15 codings', ('D17', ), 'critical', allowed=('D01', 'D15'), places=15,
                    explains=('canary', ), within_s=CONTENT_S,
                    registers='key: own.key\nregisters: [{id: own.canary, file: canary.bin, canary: true}]\n',
                    commitments=('C2', 'C3a'))


def make(script):
    token = canaries.plant(script)
    script.mark(script.start)
    for number, (body, kind, fields) in enumerate(canaries.codings(token).values()):
        talks.post(script, '10.20.0.40', f'203.0.113.{100 + number}', script.start + 0.2 * number, 'drop.example.net',
                   body, kind=kind, fields=fields)
