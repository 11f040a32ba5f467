# SPDX-License-Identifier: Apache-2.0
"""Order numbers of sixteen digits go to a carrier: one in ten passes the check of a payment card."""
import talks
from people import as_csv, ids
from scenario import Scenario

SCENARIO = Scenario('Order numbers, one in ten passes Luhn')


def make(script):
    for day in range(20):
        rows = [{
            'order': ids.digits(script.rng, 16), 'parcels': str(script.rng.randrange(1, 9)), 'kg':
            f'{script.rng.uniform(0.2, 30):.1f}'
        } for _ in range(200)]
        talks.post(script, '10.30.0.63', '198.51.100.150', script.start + 3_600 * day, 'carrier.example.net',
                   as_csv(rows), path='/orders', kind='text/csv')
