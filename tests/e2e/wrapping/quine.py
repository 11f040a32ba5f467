# SPDX-License-Identifier: Apache-2.0
"""A zip or gzip file that holds itself.

A stream of deflate is read as a program of two instructions: L(n), a stored block that gives its n octets, and R(n), a
block of fixed codes that gives the last n octets again. The program gives the file's head, itself, and the file's tail.
The idea is R. Cox's (2010); the program is our own. The tail holds the CRC-32 of the whole, which holds the tail: CRC-32 is
affine, so the fixed point is the solution of 32 linear equations over one bit.
"""
import functools
import struct
import zlib

LENGTH_BASES = (3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163,
                195, 227)
LENGTH_BITS = (0,) * 8 + (1,) * 4 + (2,) * 4 + (3,) * 4 + (4,) * 4 + (5,) * 4
DISTANCE_BITS = (0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8)
WORD = 5  # octets of L, and of the shorter R


class Bits:
    def __init__(self):
        self.value = self.count = 0

    def low_first(self, value, width):
        self.value |= value << self.count
        self.count += width

    def high_first(self, value, width):
        self.low_first(int(f'{value:0{width}b}'[::-1], 2), width)


def literal(count, last=False):
    """L: the octets follow."""
    return struct.pack('<BHH', last, count, count ^ 0xffff)


def _length_code(length):
    index = max(i for i, base in enumerate(LENGTH_BASES) if base <= length)
    return index, LENGTH_BITS[index], length - LENGTH_BASES[index]


def _distance_code(distance):
    base = 1
    for code, bits in enumerate(DISTANCE_BITS):
        if distance < base + (1 << bits):
            return code, bits, distance - base
        base += 1 << bits
    raise ValueError(distance)


def _match_bits(length, distance):
    index, extra, _ = _length_code(length)
    return (7 if index < 23 else 8) + extra + 5 + _distance_code(distance)[1]


def _split(count, bits, distance):
    """Lengths of matches that sum to `count` and take `bits`, or None."""
    best = {(0, 0): ()}
    for _ in range(12):
        grown = {}
        for (sum_, used), parts in best.items():
            for length in range(3, min(257, count - sum_) + 1):
                key = sum_ + length, used + _match_bits(length, distance)
                if key[1] <= bits:
                    grown.setdefault(key, parts + (length,))
        if (count, bits) in grown:
            return grown[count, bits]
        best = grown
    return None


@functools.lru_cache(maxsize=None)
def repeat(count, size):
    """R in exactly `size` octets; empty blocks fill it up."""
    for empty in range(8):
        parts = _split(count, size * 8 - 10 - 10 * empty, count)
        if parts is None:
            continue
        out = Bits()
        for lengths in (parts,) + ((),) * empty:
            out.low_first(2, 3)  # not the last block, fixed codes
            for length in lengths:
                index, extra, rest = _length_code(length)
                out.high_first(index + 1 if index < 23 else 0xc0 + index - 23, 7 if index < 23 else 8)
                out.low_first(rest, extra)
                code, extra, rest = _distance_code(count)
                out.high_first(code, 5)
                out.low_first(rest, extra)
            out.high_first(0, 7)
        return out.value.to_bytes(size, 'little')
    return None


def _search(head):
    """The R of the head, the R of the middle, and how many idle instructions make their lengths agree."""
    for j in range(1, 9):
        middle = repeat(10 * j + 10, 5 * j)
        for i in range(2 * j - 1):
            again = repeat(len(head) + WORD, WORD * (2 * j - 1 - i))
            if middle is not None and again is not None:
                return again, middle, i, j
    raise ValueError('no program of this shape')


def _program(head, tail):
    """The whole file. In the comments: what has come out, compared with what stands in the file so far."""
    again, middle, i, j = _search(head)
    size, last = next(
        (n, found) for n in range(WORD, 60) if (found := repeat(n + 2 * WORD + len(tail), n)) is not None)
    idle, first, pair, end = literal(0), literal(len(head) + WORD), literal(10 * j + 10), literal(len(tail), True)
    once, name, gap = literal(len(again)), literal(WORD), literal(WORD * (j + 1))
    out = head + first + (head + first) + again  # all but `again`
    opening = again + name + once + idle * i + pair
    out += once + again + name + once + idle * i + pair + opening + middle  # all but `middle`
    out += pair + (middle + pair) * 2 + middle  # one `pair` more than stands there
    inner = literal(size + 2 * WORD + len(tail))
    out += pair + (middle + gap + idle * j + inner) + middle + gap + (idle * j + inner) + idle * j + inner  # all
    ending = end + tail
    back = literal(2 * len(ending))
    return out + (last + back + ending) + last + back + ending * 2 + ending + tail


def _fixed_point(make):
    """The CRC-32 with which make(crc) has that CRC-32."""
    base = zlib.crc32(make(0))
    rows = []  # (which bits of the answer, right side) of each equation: (A + 1) x = base
    columns = [zlib.crc32(make(1 << bit)) ^ base ^ (1 << bit) for bit in range(32)]
    for bit in range(32):
        rows.append([sum((columns[k] >> bit & 1) << k for k in range(32)), base >> bit & 1])
    for bit in range(32):
        pivot = next((n for n in range(bit, 32) if rows[n][0] >> bit & 1), None)
        if pivot is None:
            return None
        rows[bit], rows[pivot] = rows[pivot], rows[bit]
        for n in range(32):
            if n != bit and rows[n][0] >> bit & 1:
                rows[n] = [rows[n][0] ^ rows[bit][0], rows[n][1] ^ rows[bit][1]]
    return sum(right << bit for bit, (_, right) in enumerate(rows))


def _solve(head, tail):
    """`head` and `tail` are made of (crc, size of the file, size of its deflate, seed)."""
    for seed in range(64):
        program = _program(head(0, 0, 0, seed), tail(0, 0, 0, seed))
        size = len(program)
        packed = size - len(head(0, 0, 0, seed)) - len(tail(0, 0, 0, seed))

        def make(crc, seed=seed, size=size, packed=packed):
            return _program(head(crc, size, packed, seed), tail(crc, size, packed, seed))

        crc = _fixed_point(make)
        if crc is not None and zlib.crc32(make(crc)) == crc:
            return make(crc)
    raise ValueError('no fixed point')


def gzip_quine():
    return _solve(lambda crc, size, packed, seed: struct.pack('<HBBIBB', 0x8b1f, 8, 8, seed, 0, 255) + b'r.gz\0',
                  lambda crc, size, packed, seed: struct.pack('<II', crc, size))


def zip_quine():
    name = b'r.zip'

    def entry(crc, size, packed, seed):
        return struct.pack('<HHHHHIIIHH', 20, 0, 8, seed, 0x5821, crc, packed, size, len(name), 0)

    def head(*facts):
        return b'PK\3\4' + entry(*facts) + name

    def tail(crc, size, packed, seed):
        central = b'PK\1\2\x14\0' + entry(crc, size, packed, seed) + bytes(14) + name
        return central + b'PK\5\6' + struct.pack('<HHHHIIH', 0, 0, 1, 1, len(central),
                                                 len(head(0, 0, 0, 0)) + packed, 0)

    return _solve(head, tail)
