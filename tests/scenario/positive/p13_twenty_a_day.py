# SPDX-License-Identifier: Apache-2.0
"""Twenty people a day for thirty days: unseen by every rule with a short window."""
from slow import drip
from scenario import People, Scenario

SCENARIO = Scenario('20 people a day for 30 days', ('D05', ), allowed=('D01', 'D07'),
                    people=People(600,
                                  ('203.0.113.', )), explains=('30 d', ), within_s=86_400, commitments=('C3a', 'C3b'))


def make(script):
    drip(script, a_day=20, crossing_day=10)
