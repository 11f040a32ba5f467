# SPDX-License-Identifier: Apache-2.0
"""The same copy as X20, which the register permits."""
from repatriation import copy_home
from scenario import Scenario

SCENARIO = Scenario(
    'Repatriation, registered', policy='''
transfers:
  - id: central-personnel
    from: branch
    to: {nets: [198.18.70.5]}
    purpose: central personnel administration
    basis: {kind: contract, ref: BCR-1}
    not_before: 2026-06-01
    until: 2027-06-01
    quota: {subjects_per_day: 1000}
    transport: clear
''')


def make(script):
    copy_home(script)
