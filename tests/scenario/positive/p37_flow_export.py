# SPDX-License-Identifier: Apache-2.0
"""Records of who spoke with whom, exported abroad by softflowd to nfcapd."""
import synth
import talks
from scenario import TUNNEL_S, Scenario

FLOWS = 3_000
SCENARIO = Scenario('Flow records exported abroad (IPFIX)', ('D22', ), 'high', allowed=('D13', ), explains=('flow', ),
                    within_s=TUNNEL_S, needs=('softflowd', 'nfcapd'), commitments=('C3b', 'C8'))


def make(lab):
    lab.inside.speak_as('10.20.0.1')
    lab.outside.serve('nfcapd', '-l', lab.outside.folder, '-p', '4739', '-b', '203.0.113.77')
    lab.sleep(1)
    talk = synth.Capture(lab.seed)
    for number in range(FLOWS):
        talks.get(talk, f'10.20.{number // 200}.{number % 200 + 1}', '192.0.2.80', talk.start + 0.05 * number,
                  'www.example.org', b'page')
    talk.write(f'{lab.folder}/observed.pcap')
    lab.mark()
    # Without its control socket: reading a file it may wait there for ever.
    lab.inside.run('softflowd', '-d', '-r', f'{lab.folder}/observed.pcap', '-n', '203.0.113.77:4739', '-v', '10', '-c',
                   'none')
