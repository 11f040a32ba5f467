# SPDX-License-Identifier: Apache-2.0
"""One holder scatters 400 people over forty places, ten to each: below every threshold of any single pair."""
from people import as_csv, split
from scenario import CONTENT_S, People, Scenario

SINKS = 40
SCENARIO = Scenario('Fan-out of 400 people to 40 sinks', ('D04', ), allowed=('D01', 'D02', 'D03', 'D07'),
                    people=People(400, ('203.0.113.', '198.18.', '198.19.')), explains=('recipients', ), within_s=300,
                    needs=('nginx', 'curl'), commitments=('C3a', ))


def make(lab):
    lab.outside.serve_web()
    for number, rows in enumerate(split(lab.people(10 * SINKS, 'DE'), SINKS)):
        if number == SINKS // 2:
            lab.mark()  # 200 people at 20 places have gone
        net = ('203.0.113', '198.18.30', '198.19.30')[number % 3]
        lab.inside.curl('--upload-file', lab.inside.file(f'part{number}.csv',
                                                         as_csv(rows)), '--header', f'Host: drop{number}.example.net',
                        '--header', 'Content-Type: text/csv', f'http://{net}.{number + 10}/in/part', source='10.30.0.9')
