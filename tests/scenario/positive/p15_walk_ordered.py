# SPDX-License-Identifier: Apache-2.0
"""A client outside walks through the records of an API, one number after the other."""
from scenario import CONTENT_S, Scenario
from walks import serve_records, walk
from world import PATIENTS

SCENARIO = Scenario('API walk in order', ('D06', ), allowed=('D01', 'D02', 'D07', 'D08'), explains=('locality', ),
                    within_s=CONTENT_S, needs=('nginx', 'curl'), policy=PATIENTS, commitments=('C3b', 'C5'))


def make(lab):
    serve_records(lab)
    walk(lab, '198.18.60.5', range(1_000, 1_300))
    lab.mark()
    walk(lab, '198.18.60.5', range(1_300, 1_400))
