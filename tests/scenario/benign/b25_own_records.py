# SPDX-License-Identifier: Apache-2.0
"""Five hundred customers at home and abroad read what is stored of themselves: two records each."""
import json

import synth
import talks
from scenario import Scenario

SCENARIO = Scenario(
    '500 customers read their own records', policy='''
assets:
  - {id: customer-api, hosts: [10.30.4.9], ports: [80], records: [contact], id_paths: ["/me/{id}"]}
''')


def make(script):
    for number, person in enumerate(script.people(500, contact_only=True)):
        at = script.start + script.rng.uniform(0, synth.DAY_S)
        place = f'198.18.{number // 200 + 50}.{number % 200 + 5}' if number % 3 else f'192.0.2.{number % 200 + 5}'
        pages = [(talks.request('GET', 'my.example.org', f'/me/{script.rng.randrange(10**6)}'),
                  talks.response(json.dumps({**person, 'page': page}).encode(), 'application/json'))
                 for page in range(2)]
        talks.http(script, place, '10.30.4.9', at, pages, gap=20)
