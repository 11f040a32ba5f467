# SPDX-License-Identifier: Apache-2.0
"""Pictures as base64 in pages and in JSON, up and down."""
import base64
import json

import talks
from scenario import Scenario

SCENARIO = Scenario('Pictures as base64')


def make(script):
    for number in range(60):
        picture = base64.b64encode(b'\xff\xd8\xff\xe0\0\x10JFIF\0' + script.rng.randbytes(40_000)).decode()
        at = script.start + 120 * number
        talks.get(script, '10.20.7.8', '192.0.2.30', at, 'www.example.org',
                  f'<img src="data:image/jpeg;base64,{picture}">'.encode())
        talks.post(script, '10.20.7.8', '198.18.12.13', at + 20, 'photos.example.net',
                   json.dumps({'photo': picture}).encode(), path='/upload', kind='application/json')
