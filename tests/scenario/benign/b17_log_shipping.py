# SPDX-License-Identifier: Apache-2.0
"""Log lines with epochs, snowflake numbers, trace ids and versions go to a log service abroad."""
import json

import talks
from scenario import Scenario

SCENARIO = Scenario('Logs with epoch and snowflake numbers')


def make(script):
    rng = script.rng
    for batch in range(60):
        at = script.start + 60 * batch
        lines = [
            json.dumps({
                'ts': int(at * 1_000) + i, 'id': (int(at * 1_000) - 1_288_834_974_657) << 22 | rng.getrandbits(22),
                'trace': rng.randbytes(16).hex(), 'level': 'INFO', 'ms': rng.randrange(2_000), 'msg':
                f'GET /v{rng.randrange(1, 4)}/item/{rng.getrandbits(40)} 200 {rng.randrange(10**6)}'
            }) for i in range(150)
        ]
        talks.post(script, '10.30.0.64', '198.18.12.12', at, 'logs.example.net', '\n'.join(lines).encode(),
                   path='/ingest', kind='application/x-ndjson')
