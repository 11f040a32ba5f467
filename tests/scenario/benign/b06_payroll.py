# SPDX-License-Identifier: Apache-2.0
"""Eighty people are paid every day for a month, as the register says."""
import synth
import talks
from people import as_csv
from scenario import Scenario

SCENARIO = Scenario(
    'Payroll run, 80 people a day, registered', policy='''
transfers:
  - id: payroll
    from: servers
    to: {nets: [198.51.100.141], domain: bank.example.de}
    classes: [national_id, contact, financial, record]
    purpose: pay
    basis: {kind: law, ref: "Pay act 4"}
    not_before: 2026-06-01
    until: 2027-06-01
    quota: {subjects_per_day: 120}
    transport: clear
''')


def make(script):
    rows = script.people(80)
    for day in range(30):
        at = script.start + day * synth.DAY_S + synth.HOUR_S
        script.rng.shuffle(rows)
        talks.post(script, '10.30.0.62', '198.51.100.141', at, 'bank.example.de', as_csv(rows), path='/pay',
                   kind='text/csv')
