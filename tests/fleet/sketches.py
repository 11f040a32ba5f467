# SPDX-License-Identifier: Apache-2.0
"""HyperLogLog states as sensors send them, made and read without the sensor or an engine: the other side's word for
the tests. Format: postgresql-hll's storage specification, schema version 1, log2m 11, regwidth 5, explicit off."""
import math

LOG2M, WIDTH = 11, 5
REGISTERS, TOP = 1 << LOG2M, (1 << WIDTH) - 1
HEAD = bytes([(WIDTH - 1) << 5 | LOG2M, 0x40])
EMPTY, SPARSE, FULL = b'\x11', b'\x13', b'\x14'
ERROR = 1.04 / math.sqrt(REGISTERS)


class Sketch:
    def __init__(self, tags=()):
        self.ranks = bytearray(REGISTERS)
        for tag in tags:
            self.add(tag)

    def add(self, tag):
        """`tag`: 64 uniform bits. The upper 11 choose the register, the zeros behind them give its value."""
        at, rest = tag >> 53, tag & (1 << 53) - 1
        rank = min(TOP, 54 - rest.bit_length())
        if rank > self.ranks[at]:
            self.ranks[at] = rank

    def merge(self, other):
        self.ranks = bytearray(map(max, self.ranks, other.ranks))

    def estimate(self):
        """O. Ertl, "New cardinality estimation algorithms for HyperLogLog sketches" (2017), algorithm 6."""
        count = [0] * (TOP + 1)
        for rank in self.ranks:
            count[rank] += 1
        z = REGISTERS * tau(1 - count[TOP] / REGISTERS)
        for rank in range(TOP - 1, 0, -1):
            z = 0.5 * (z + count[rank])
        z += REGISTERS * sigma(count[0] / REGISTERS)
        return 0.5 / math.log(2) * REGISTERS ** 2 / z if z != math.inf else 0.0

    def hex(self):
        used = [(at, rank) for at, rank in enumerate(self.ranks) if rank]
        if not used:
            return (EMPTY + HEAD).hex()
        if 2 * len(used) < REGISTERS * WIDTH // 8:
            return (SPARSE + HEAD + b''.join((at << WIDTH | rank).to_bytes(2, 'big') for at, rank in used)).hex()
        bits = 0
        for rank in self.ranks:
            bits = bits << WIDTH | rank
        return (FULL + HEAD + bits.to_bytes(REGISTERS * WIDTH // 8, 'big')).hex()


def sigma(x):
    if x == 1:
        return math.inf
    power, total, before = 1, x, None
    while total != before:
        x, before = x * x, total
        total += x * power
        power += power
    return total


def tau(x):
    if x in (0, 1):
        return 0.0
    power, total, before = 1.0, 1 - x, None
    while total != before:
        x, before, power = math.sqrt(x), total, power * 0.5
        total -= (1 - x) ** 2 * power
    return total / 3
