# SPDX-License-Identifier: Apache-2.0
"""A site abroad that copies its people to one place, for X20 and its twin."""
import synth
import talks
from people import as_csv

DAYS, A_DAY = 30, 400
# D20 speaks from 10,000 people on by the lower bound of its count, three standard errors (2.296 %) below the truth.
CROSSING = round(10_000 / (1 - 3 * 0.02296))


def copy_home(script):
    everybody = script.people(DAYS * A_DAY, 'DE')
    for day in range(DAYS):
        rows = everybody[day * A_DAY:(day + 1) * A_DAY]
        at = script.start + day * synth.DAY_S
        talks.post(script, '10.50.1.9', '198.18.70.5', at, 'store.example.net', as_csv(rows), path='/day',
                   kind='text/csv', method='PUT')
        if day * A_DAY < CROSSING:
            script.mark(at)
