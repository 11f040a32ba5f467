# SPDX-License-Identifier: Apache-2.0
"""The same records in an order drawn by lot."""
import random

from scenario import CONTENT_S, Scenario
from walks import serve_records, walk
from world import PATIENTS

SCENARIO = Scenario('API walk, shuffled', ('D06', ), allowed=('D01', 'D02', 'D07', 'D08'), explains=('locality', ),
                    within_s=CONTENT_S, needs=('nginx', 'curl'), policy=PATIENTS, commitments=('C3b', 'C5'))


def make(lab):
    serve_records(lab)
    numbers = list(range(1_000, 1_400))
    random.Random(lab.seed).shuffle(numbers)
    walk(lab, '198.18.60.5', numbers[:300])
    lab.mark()
    walk(lab, '198.18.60.5', numbers[300:])
