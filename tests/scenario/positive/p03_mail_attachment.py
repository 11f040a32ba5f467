# SPDX-License-Identifier: Apache-2.0
"""A mail with a table of 150 people as a base64 attachment."""
from people import as_csv
from scenario import CONTENT_S, People, Scenario

SCENARIO = Scenario('Mail with a base64 table of 150 people', ('D02', ), allowed=('D01', 'D07'),
                    people=People(150, ('198.18.', )), explains=('bulk copy', ), within_s=CONTENT_S, needs=('swaks', ),
                    commitments=('C3a', ))


def make(lab):
    from wrapping import servers
    servers.start_sinks(lab.outside)
    path = lab.inside.file('staff.csv', as_csv(lab.people(150, 'PL')))
    lab.mark()
    lab.inside.run('swaks', '--silent', '2', '--server', '198.18.4.25', '--local-interface', '10.30.0.25', '--helo',
                   'mail.example.org', '--from', 'desk@example.org', '--to', 'box@example.net', '--body', 'As agreed.',
                   '--attach-type', 'text/csv', '--attach-name', 'staff.csv', '--attach', f'@{path}')
