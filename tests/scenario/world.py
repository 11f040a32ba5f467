# SPDX-License-Identifier: Apache-2.0
"""The networks in which all scenarios play: an organisation in Norway with a site in Germany, and places around it."""
import os

ZONES = '''\
policy: {name: scenario, version: 1, default: alert, max_entry_days: 400}
zones:
  - {id: office, nets: [10.20.0.0/16, "fd20::/48"], jurisdiction: "NO", kind: office}
  - {id: servers, nets: [10.30.0.0/16], jurisdiction: "NO", kind: server}
  - {id: guests, nets: [10.60.0.0/16], jurisdiction: "NO", kind: guest}
  - {id: scada, nets: [10.90.0.0/24], jurisdiction: "NO", kind: ot}
  - {id: branch, nets: [10.50.0.0/16], jurisdiction: DE, kind: office}
overrides:
  - {nets: [192.0.2.0/24, 198.51.100.0/25], jurisdiction: "NO", note: elsewhere in the country}
  - {nets: [198.51.100.128/25, "2001:db8:51::/48"], jurisdiction: DE, note: a partner}
  - {nets: [203.0.113.0/24, "2001:db8:5::/48"], jurisdiction: SG, note: nobody knows these}
  - {nets: [198.18.0.0/16, "2001:db8:18::/48"], jurisdiction: US}
  - {nets: [198.19.0.0/16], jurisdiction: CN}
  - {nets: [100.64.0.0/16], jurisdiction: BR}
'''
OWN = ('10.20.0.0/16', '10.30.0.0/16', '10.60.0.0/16', '10.90.0.0/24', '10.50.0.0/16')
OUTSIDE = ('198.51.100.0/24', '203.0.113.0/24', '198.18.0.0/15', '100.64.0.0/16')
COUNTRY = '192.0.2.0/24'  # outside, yet in the country: a machine of its own where it is needed
RESOLVER = '10.30.0.53'

PATIENTS = '''
assets:
  - {id: patient-api, hosts: [10.30.4.8], ports: [80], records: [health, national_id], id_paths: ["/patient/{id}"]}
'''


def configuration(spec, folder):
    """Writes what `gander scan` reads; the path of the configuration."""
    with open(os.path.join(folder, 'policy.yaml'), 'w', encoding='utf-8') as out:
        out.write(ZONES + spec.policy)
    path = os.path.join(folder, 'gander.yaml')
    with open(path, 'w', encoding='utf-8') as out:
        out.write('policy: {file: policy.yaml}\nprivacy: {metadata: raw}\n')
        if spec.registers:
            with open(os.path.join(folder, 'own.yaml'), 'w', encoding='utf-8') as own:
                own.write(spec.registers)
            out.write('identify: {registers: own.yaml}\n')
    return path
