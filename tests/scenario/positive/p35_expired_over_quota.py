# SPDX-License-Identifier: Apache-2.0
"""One register entry ended the day before; another permits fifty people a day and ninety are sent."""
import talks
from people import as_csv
from scenario import CONTENT_S, Scenario

ENTRY = '''
  - id: {id}
    from: servers
    to: {{nets: [{net}]}}
    classes: [national_id, contact, record]
    basis: {{kind: contract, ref: DPA-{net}}}
    not_before: 2026-03-01
    until: {until}
    transport: clear
'''
SCENARIO = Scenario(
    'Expired entry, and one over its quota', ('D21', ), 'high', allowed=('D01', 'D02', 'D07'), places=2,
    explains=('expired', 'over_quota'), within_s=60 + CONTENT_S, commitments=('C6', 'C12'),
    policy='\ntransfers:' + ENTRY.format(id='ended', net='203.0.113.34', until='2026-09-30') +
    ENTRY.format(id='narrow', net='203.0.113.35', until='2027-02-28') + '    quota: {subjects_per_day: 50}\n')


def make(script):
    script.mark(script.start)
    rows = script.people(150)
    talks.post(script, '10.30.0.9', '203.0.113.34', script.start, 'a.example.net', as_csv(rows[:60]), kind='text/csv',
               method='PUT')
    talks.post(script, '10.30.0.9', '203.0.113.35', script.start + 1, 'b.example.net', as_csv(rows[60:]),
               kind='text/csv', method='PUT')
