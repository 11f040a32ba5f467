# SPDX-License-Identifier: Apache-2.0
"""A transfer between two States under their agreement, with people of a third State in it."""
from people import as_csv
from scenario import CONTENT_S, Scenario

SCENARIO = Scenario(
    'People of a third State in a bilateral transfer', ('D21', ), allowed=('D01', 'D02', 'D07'), explains=('third', ),
    within_s=CONTENT_S, needs=('nginx', 'curl'), commitments=('C3c', 'C7', 'C12'), policy='''
agreements: [{id: NO-DE-2021-04, parties: ["NO", DE], kind: bilateral}]
transfers:
  - id: register-exchange
    from: servers
    to: {jurisdiction: DE}
    classes: [national_id, tax_id, contact, record]
    basis: {kind: agreement, ref: "NO-DE 7", agreement: NO-DE-2021-04}
    not_before: 2026-06-01
    until: 2027-06-01
    transport: clear
''')


def make(lab):
    lab.outside.serve_web()
    rows = [{'id': row['fodselsnummer'], 'email': row['email']} for row in lab.people(60)]
    rows += [{'id': row['pesel'], 'email': row['email']} for row in lab.people(20, 'PL')]
    path = lab.inside.file('exchange.csv', as_csv(rows))
    lab.mark()
    lab.inside.curl('--upload-file', path, '--header', 'Content-Type: text/csv', 'http://198.51.100.140/in/exchange',
                    source='10.30.0.9')
