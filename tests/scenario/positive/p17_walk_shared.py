# SPDX-License-Identifier: Apache-2.0
"""Forty clients share a walk, twenty-five records each: none of them does anything remarkable."""
import random

from people import split
from scenario import Scenario
from walks import serve_records, walk
from world import PATIENTS

SCENARIO = Scenario('API walk shared by 40 clients', ('D06', ), allowed=('D01', 'D02', 'D03', 'D07', 'D08'),
                    explains=('clients', ), within_s=900, needs=('nginx', 'curl'), policy=PATIENTS,
                    commitments=('C3b', 'C5'))


def make(lab):
    serve_records(lab)
    numbers = list(range(1_000, 2_000))
    random.Random(lab.seed).shuffle(numbers)
    lab.mark()
    for client, share in enumerate(split(numbers, 40)):
        walk(lab, f'198.18.{60 + client // 20}.{client % 20 + 10}', share)
