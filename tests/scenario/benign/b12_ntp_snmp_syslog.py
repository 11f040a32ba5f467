# SPDX-License-Identifier: Apache-2.0
"""Clocks are set, counters read and messages logged for a day."""
import synth
import talks
from secret_kinds import _ber
from scenario import Scenario

SCENARIO = Scenario('NTP, SNMP and syslog, 24 h')


def make(script):
    variable = _ber(0x30, _ber(6, b'\x2b\x06\x01\x02\x01\x02\x02\x01\x0a\x01') + b'\x05\0')
    question = _ber(
        0x30, b'\x02\x01\x01' + _ber(4, b'public') +
        _ber(0xa0, b'\x02\x02\x12\x34\x02\x01\0\x02\x01\0' + _ber(0x30, variable)))
    for host in range(20):
        for turn in range(96):
            at = script.start + 900 * turn + host * 7
            talks.ntp(script, f'10.30.7.{host + 10}', '192.0.2.123', at)
            talks.syslog(script, f'10.30.7.{host + 10}', '10.30.0.70', at + 1,
                         f'host{host} cron {1_000 + turn} - - (root) CMD run-parts took {script.rng.random():.3f} s')
            script.udp('10.30.0.71', 40_000 + host, f'10.30.7.{host + 10}', 161, question, at + 2)
    assert synth.DAY_S == 96 * 900
