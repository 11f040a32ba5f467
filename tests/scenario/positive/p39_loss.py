# SPDX-License-Identifier: Apache-2.0
"""P02 in a hundred pages, of whose packets the sensor lost one in twenty. A page is readable up to its first gap."""
import p02_gzip_json
from scenario import Scenario

SCENARIO = Scenario('P02 in pages, 5 % of the packets lost', ('D02', 'D19'), allowed=('D01', 'D07', 'D12'),
                    explains=(r'coverage (9[0-8]|[0-8]\d) %', ), within_s=90, loss=0.05,
                    needs=p02_gzip_json.SCENARIO.needs, commitments=('C1', 'C3a'))


def make(lab):
    p02_gzip_json.send(lab, pages=100)
