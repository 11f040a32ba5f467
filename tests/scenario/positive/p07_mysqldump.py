# SPDX-License-Identifier: Apache-2.0
"""mysqldump from abroad of a table with 2,000 people, over a connection that is not encrypted."""
from databases import MariaDb
from scenario import CONTENT_S, People, Scenario

SCENARIO = Scenario('mysqldump of 2,000 people from abroad', ('D02', ), 'high', allowed=('D01', 'D07', 'D08', 'D14'),
                    people=People(2_000, ('198.18.', )), explains=('bulk copy', ), within_s=CONTENT_S,
                    needs=('mariadbd', 'mariadb', 'mariadb-dump', 'mariadb-install-db'), commitments=('C3a', 'C5'))


def make(lab):
    server = MariaDb(lab.inside)
    server.load(lab.people(2_000, 'BR'))
    lab.mark()
    server.dump(lab.outside, '10.30.0.41')
