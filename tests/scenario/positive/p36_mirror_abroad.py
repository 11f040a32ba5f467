# SPDX-License-Identifier: Apache-2.0
"""A mirror of the office's traffic goes abroad twice, in GRE and in VXLAN."""
import struct

import rewriting
import synth
from ordinary import browse
from scenario import TUNNEL_S, Scenario

SCENARIO = Scenario('Mirror in GRE and VXLAN abroad', ('D22', ), 'critical', allowed=('D12', 'D13'), places=2,
                    explains=('mirror', ), within_s=TUNNEL_S, commitments=('C3b', 'C8'))


def make(script):
    browse(script, clients=10, hours=0.1, visits_an_hour=30)
    script.mark(min(script.frames)[0] / 1e6)
    mirrored = list(script.frames)
    script.frames += rewriting.in_gre(mirrored, '10.20.0.1', '203.0.113.60')
    for number, (at, frame) in enumerate(mirrored):
        packet = synth.udp_packet('10.20.0.2', 49_152 + number % 1_000, '203.0.113.61', 4789,
                                  struct.pack('>II', 8 << 24, 7 << 8) + frame)
        script.frames.append((at, synth.ethernet('10.20.0.2', '203.0.113.61', packet)))
