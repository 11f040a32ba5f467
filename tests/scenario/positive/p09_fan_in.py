# SPDX-License-Identifier: Apache-2.0
"""Sixty machines post 1,200 people to one collector abroad."""
from fan_in import post_forms
from scenario import FAN_IN_S, People, Scenario

SCENARIO = Scenario('Fan-in: 60 sources to one collector', ('D03', ), 'high', allowed=('D01', 'D02', 'D07'),
                    people=People(1_200, ('198.18.80.', )), explains=(r'\b(5\d|60) sources', ), within_s=FAN_IN_S,
                    needs=('nginx', 'curl'), commitments=('C3b', ))


def make(lab):
    post_forms(lab, lambda number: ('198.18.80.80', 'collect.example.net'))
