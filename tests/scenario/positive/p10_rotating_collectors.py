# SPDX-License-Identifier: Apache-2.0
"""The same to sixteen addresses of one /24, a new one for each form, no name in common."""
from fan_in import post_forms
from scenario import FAN_IN_S, People, Scenario

SCENARIO = Scenario('Fan-in: 16 rotating addresses of one /24', ('D03', ), 'high', allowed=('D01', 'D02', 'D07'),
                    people=People(1_200, ('198.18.81.', )), explains=(r'198\.18\.81\.0/24', ), within_s=FAN_IN_S,
                    needs=('nginx', 'curl'), commitments=('C3b', ))


def make(lab):
    post_forms(lab, lambda number: (f'198.18.81.{10 + number % 16}', ''))
