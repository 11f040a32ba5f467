# SPDX-License-Identifier: Apache-2.0
"""A hospital sends results to its laboratory, as the register says."""
import synth
import talks
from people import as_csv, split
from scenario import Scenario

SCENARIO = Scenario(
    'Registered transfer, hospital to laboratory', policy='''
transfers:
  - id: lab-results
    from: office
    to: {domain: lab.example.de, nets: [198.51.100.160]}
    classes: [national_id, contact, record, health]
    purpose: diagnosis
    basis: {kind: contract, ref: DPA-2291}
    not_before: 2026-06-01
    until: 2027-06-01
    quota: {subjects_per_day: 400}
    transport: clear
''')


def make(script):
    for hour, rows in enumerate(split(script.people(240), 8)):
        talks.post(script, '10.20.0.11', '198.51.100.160', script.start + hour * synth.HOUR_S, 'lab.example.de',
                   as_csv(rows), path='/results', kind='text/csv', method='PUT')
