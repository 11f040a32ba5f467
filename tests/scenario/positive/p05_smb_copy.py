# SPDX-License-Identifier: Apache-2.0
"""A file of 800 records copied to a share abroad by SMB, not encrypted."""
from people import as_csv
from scenario import CONTENT_S, People, Scenario

SCENARIO = Scenario('File of 800 records copied by SMB', ('D02', ), 'high', allowed=('D01', 'D07', 'D13'),
                    people=People(800, ('198.19.', )), explains=('bulk copy', ), within_s=CONTENT_S,
                    needs=('smbd', 'smbclient'), commitments=('C3a', ))


def make(lab):
    from wrapping import servers
    conf = servers.start_smb(lab.outside, lab.outside.folder)
    path = lab.inside.file('records.csv', as_csv(lab.people(800)))
    lab.mark()
    lab.inside.run('smbclient', '//198.19.7.45/share', '--no-pass', '--configfile', conf, '--command',
                   f'put "{path}" records.csv')
