# SPDX-License-Identifier: Apache-2.0
"""pg_dump from abroad of a table with 2,000 people, over a connection that is not encrypted."""
from databases import Postgres
from scenario import CONTENT_S, People, Scenario

SCENARIO = Scenario('pg_dump of 2,000 people from abroad', ('D02', ), 'high', allowed=('D01', 'D07', 'D08', 'D14'),
                    people=People(2_000, ('198.18.', )), explains=('bulk copy', ), within_s=CONTENT_S,
                    needs=('pg_dump', 'psql'), commitments=('C3a', 'C5'))


def make(lab):
    server = Postgres(lab.inside)
    server.load(lab.people(2_000, 'US'))
    lab.mark()
    server.dump(lab.outside, '10.30.0.40')
