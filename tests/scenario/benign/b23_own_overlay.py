# SPDX-License-Identifier: Apache-2.0
"""An overlay in VXLAN between two own zones carries the office's traffic."""
import struct

import synth
from ordinary import browse
from scenario import Scenario

SCENARIO = Scenario('Overlay network between own zones')


def make(script):
    browse(script, clients=10, hours=2, visits_an_hour=6)
    inner, script.frames = script.frames, []
    for number, (at, frame) in enumerate(inner):
        packet = synth.udp_packet('10.20.0.2', 49_152 + number % 1_000, '10.30.0.2', 4789,
                                  struct.pack('>II', 8 << 24, 7 << 8) + frame)
        script.frames.append((at, synth.ethernet('10.20.0.2', '10.30.0.2', packet)))
