# SPDX-License-Identifier: Apache-2.0
"""A drip of people over thirty days, for P13, P14 and their twins."""
import synth
import talks
from people import as_form

DAYS = 30


def drip(script, a_day, crossing_day, server='203.0.113.40', host='sync.example.net'):
    """So many new people a day, one form each, through the working hours. The mark is when the 200th went."""
    everybody = script.people(a_day * DAYS, contact_only=True)
    for day in range(DAYS):
        for number in range(a_day):
            at = script.start + day * synth.DAY_S + (number + 1) * 8 * synth.HOUR_S / a_day + script.rng.uniform(0, 60)
            talks.post(script, '10.20.3.7', server, at, host, as_form(everybody[day * a_day + number]), path='/sync')
    script.mark(script.start + crossing_day * synth.DAY_S)
