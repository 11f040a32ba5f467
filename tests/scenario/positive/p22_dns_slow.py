# SPDX-License-Identifier: Apache-2.0
"""One query a minute, each with fifty bytes in its name."""
import base64

import synth
import talks
import world
from scenario import Scenario

SCENARIO = Scenario('DNS tunnel: one query a minute', ('D09', ), explains=('tunnel', ), within_s=40 * synth.MINUTE_S,
                    commitments=('C8', ))


def make(script):
    script.mark(script.start)
    for minute in range(90):
        text = base64.b32encode(script.rng.randbytes(50)).decode().lower()
        talks.dns(script, '10.20.0.32', world.RESOLVER, script.start + 60 * minute,
                  f'{text[:40]}.{text[40:80]}.c.example.com', talks.TXT, talks.text_data(b'ok'))
