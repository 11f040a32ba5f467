# SPDX-License-Identifier: Apache-2.0
"""P09 seen by a mirror of one direction."""
import p09_fan_in
from scenario import FAN_IN_S, People, Scenario

SCENARIO = Scenario('P09 with one direction mirrored', ('D03', 'D19'), allowed=('D01', 'D02', 'D07'),
                    people=People(1_200, ('198.18.80.', )), explains=('one side', ), within_s=FAN_IN_S, one_way=True,
                    needs=p09_fan_in.SCENARIO.needs, commitments=('C1', 'C3b'))
make = p09_fan_in.make
