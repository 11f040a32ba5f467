# SPDX-License-Identifier: Apache-2.0
"""From abroad somebody asks a database for the records of 150 people."""
from databases import Postgres
from scenario import CONTENT_S, People, Scenario

SCENARIO = Scenario(
    'Foreign pull of 150 records by psql', ('D08', ), 'high', allowed=('D01', 'D02', 'D07', 'D14'),
    people=People(150, ('198.18.', )), explains=('pull', ), within_s=CONTENT_S, needs=('psql', ), policy='''
assets:
  - {id: member-store, hosts: [10.30.0.40], ports: [5432], records: [national_id]}
''', commitments=('C5', ))


def make(lab):
    server = Postgres(lab.inside)
    server.load(lab.people(300))
    lab.mark()
    server.select(lab.outside, '10.30.0.40', 'SELECT * FROM people WHERE id <= 150')
