# SPDX-License-Identifier: Apache-2.0
"""A site in Germany copies its people, 400 new ones a day for a month, to storage in one other State."""
from repatriation import copy_home
from scenario import People, Scenario

SCENARIO = Scenario('Repatriation of a site\'s people over 30 days', ('D20', ), allowed=('D01', 'D02', 'D05', 'D07'),
                    people=People(12_000,
                                  ('198.18.70.', )), explains=('branch', ), within_s=2 * 86_400, commitments=('C4b', ))


def make(script):
    copy_home(script)
