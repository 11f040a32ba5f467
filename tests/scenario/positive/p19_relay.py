# SPDX-License-Identifier: Apache-2.0
"""A permitted transfer to a machine in the country, which hands the same people on abroad."""
from people import as_csv
from scenario import CONTENT_S, Scenario
from world import COUNTRY

SCENARIO = Scenario(
    'Relay in the country, then abroad', ('D07', ), 'high', allowed=('D01', 'D02'), explains=('relay', ),
    within_s=CONTENT_S, needs=('nginx', 'curl'), commitments=('C3c', 'C4a', 'C5'), policy='''
transfers:
  - id: national-partner
    from: servers
    to: {nets: [192.0.2.50]}
    classes: [national_id, contact, record]
    basis: {kind: contract, ref: DPA-11}
    not_before: 2026-06-01
    until: 2027-06-01
    transport: clear
''')


def make(lab):
    relay = lab.host('relay', COUNTRY, address='192.0.2.50')
    relay.serve_web()
    lab.outside.serve_web()
    path = lab.inside.file('list.csv', as_csv(lab.people(90)))
    words = ('--upload-file', path, '--header', 'Content-Type: text/csv')
    lab.inside.curl(*words, 'http://192.0.2.50/in/list')
    lab.sleep(6)
    lab.mark()
    relay.curl(*words, 'http://203.0.113.91/in/list')
