# SPDX-License-Identifier: Apache-2.0
"""The nightly backup to a site that the register names."""
import synth
import talks
from scenario import Scenario

SCENARIO = Scenario(
    'Backup over TLS to a registered site', policy='''
transfers:
  - id: night-backup
    from: servers
    to: {nets: [198.51.100.140], domain: vault.example.de}
    purpose: backup
    basis: {kind: contract, ref: DPA-3}
    not_before: 2026-06-01
    until: 2027-06-01
    quota: {bytes_per_day: 2GB}
    transport: encrypted
''')


def make(script):
    for night in range(3):
        at = script.start + night * synth.DAY_S + 15 * synth.HOUR_S
        talks.tls_exchange(script, '10.30.0.60', '198.51.100.140', at, 'vault.example.de', 40_000_000, 20_000,
                           rate=200_000)
