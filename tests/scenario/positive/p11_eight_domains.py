# SPDX-License-Identifier: Apache-2.0
"""One collector in eight coats: eight domains in eight networks, each given half of 1,200 people, drawn by lot. No
coat sees a
thousand; what they have in common gives them away."""
import random

import talks
from people import as_form
from scenario import FAN_IN_S, Scenario

SCENARIO = Scenario('Fan-in over 8 domains with people in common', ('D03', ), allowed=('D01', 'D02', 'D07'),
                    explains=('in common', ), commitments=('C3b', ),
                    within_s=3600 + FAN_IN_S)  # overlap is compared hourly


def make(script):
    rng, at = random.Random(script.seed), script.start
    everybody = [{'name': row['name'], 'email': row['email']} for row in script.people(1_200)]
    for coat in range(8):
        for number, person in enumerate(rng.sample(everybody, 600)):
            host, source = f'www.front{coat}-example.com', f'10.20.{number % 60 // 20}.{number % 20 + 10}'
            at = talks.post(script, source, f'198.18.{100 + coat}.80', at + 0.3, host, as_form(person), path='/join')
    script.mark(at)
    talks.get(script, '10.20.0.10', '192.0.2.80', at + 3_700, 'www.example.org', b'<html></html>')
