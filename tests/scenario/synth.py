# SPDX-License-Identifier: Apache-2.0
"""Captures written by script, at times of its choosing: a month of traffic in a second. Frames are whole and right
(lengths,
checksums, handshakes), so that nothing is found or missed because of how they were made.

    capture = Capture(seed=7)
    talk = capture.tcp('10.20.0.5', '203.0.113.9', 80, at=capture.start + 60)
    talk.send(b'GET / HTTP/1.1\\r\\n\\r\\n')
    talk.reply(b'HTTP/1.1 204 No Content\\r\\n\\r\\n')
    talk.close()
    capture.write('out.pcap')

Times are seconds since 1970, as floats; the file has microseconds.
"""
import hashlib
import ipaddress
import random
import struct
from functools import lru_cache

DAY_S, HOUR_S, MINUTE_S = 86_400, 3_600, 60
START = 1_790_841_600  # 2026-10-01 08:00:00 UTC
SEGMENT = 1_400  # leaves room for IPv6, a tag and a tunnel in a frame of 1,514 bytes
STEP_S = 0.000_1  # between two segments
ANSWER_S = 0.01  # until the other side speaks
WINDOW_SEGMENTS = 16  # sent before an acknowledgement
FIN, SYN, RST, PSH, ACK = 1, 2, 4, 8, 16
ICMP, TCP, UDP, GRE, ICMPV6 = 1, 6, 17, 47, 58


def checksum(data):
    """RFC 1071: the sum of 16-bit words modulo 65,535 is the number that the bytes are, modulo 65,535."""
    number = int.from_bytes(data + b'\0' * (len(data) % 2), 'big')
    return 0xffff ^ (number % 0xffff or (0xffff if number else 0))


@lru_cache(maxsize=100_000)
def packed(address):
    return ipaddress.ip_address(address).packed


@lru_cache(maxsize=100_000)
def mac(address):
    """Locally administered, one for each address."""
    return b'\x02' + hashlib.sha256(address.encode()).digest()[:5]


def ip_packet(source, target, protocol, payload, identifier=0, ttl=64):
    source, target = packed(source), packed(target)
    if len(source) == 16:
        return struct.pack('>IHBB', 6 << 28, len(payload), protocol, ttl) + source + target + payload
    head = struct.pack('>BBHHHBBH', 0x45, 0, 20 + len(payload), identifier & 0xffff, 0x4000, ttl, protocol,
                       0) + source + target
    return head[:10] + struct.pack('>H', checksum(head)) + head[12:] + payload


def pseudo_header(source, target, protocol, length):
    source, target = packed(source), packed(target)
    if len(source) == 16:
        return source + target + struct.pack('>II', length, protocol)
    return source + target + struct.pack('>BBH', 0, protocol, length)


def with_checksum(source, target, protocol, segment, at):
    """`segment` with its checksum, which stands at offset `at`, over the pseudo header too."""
    value = checksum(pseudo_header(source, target, protocol, len(segment)) + segment)
    if protocol == UDP and value == 0:
        value = 0xffff
    return segment[:at] + struct.pack('>H', value) + segment[at + 2:]


def udp_packet(source, source_port, target, target_port, payload):
    segment = struct.pack('>HHHH', source_port, target_port, 8 + len(payload), 0) + payload
    return ip_packet(source, target, UDP, with_checksum(source, target, UDP, segment, 6))


def tcp_packet(source, source_port, target, target_port, sequence, acknowledged, flags, payload=b'', options=b''):
    words = (20 + len(options)) // 4
    segment = struct.pack('>HHIIBBHHH', source_port, target_port, sequence, acknowledged, words << 4, flags, 64_240, 0,
                          0) + options + payload
    return ip_packet(source, target, TCP, with_checksum(source, target, TCP, segment, 16), sequence)


def icmp_packet(source, target, kind, code, rest, payload):
    """`rest` is the four bytes behind the checksum: identifier and sequence number of an echo."""
    message = struct.pack('>BBH', kind, code, 0) + rest + payload
    if len(packed(source)) == 16:
        return ip_packet(source, target, ICMPV6, with_checksum(source, target, ICMPV6, message, 2))
    return ip_packet(source, target, ICMP, message[:2] + struct.pack('>H', checksum(message)) + message[4:])


def ethernet(source, target, packet):
    kind = b'\x86\xdd' if packet[0] >> 4 == 6 else b'\x08\x00'
    return mac(target) + mac(source) + kind + packet


class Talk:
    """One TCP connection. `now` is when its last packet went."""
    def __init__(self, capture, client, server, port, at, client_port):
        self.capture, self.now = capture, at
        self.ends = ((client, client_port), (server, port))
        self.next = [capture.rng.getrandbits(32), capture.rng.getrandbits(32)]
        maximum = struct.pack('>BBHBBBB', 2, 4, SEGMENT, 1, 1, 4, 2)
        for side, flags in ((0, SYN), (1, SYN | ACK), (0, ACK)):
            self._packet(side, flags, options=maximum if flags & SYN else b'')
            self.now += ANSWER_S

    def _packet(self, side, flags, payload=b'', options=b''):
        (source, source_port), (target, target_port) = self.ends[side], self.ends[not side]
        acknowledged = self.next[not side] if flags & ACK else 0
        self.capture.add(
            self.now, source, target,
            tcp_packet(source, source_port, target, target_port, self.next[side], acknowledged, flags, payload,
                       options))
        self.next[side] = (self.next[side] + len(payload) + bool(flags & (SYN | FIN))) & 0xffffffff

    def _say(self, side, data, at, rate):
        self.now = max(self.now + ANSWER_S, at or 0)
        for number, begin in enumerate(range(0, len(data), SEGMENT)):
            piece = data[begin:begin + SEGMENT]
            if number and number % WINDOW_SEGMENTS == 0:
                self._packet(not side, ACK)
            self._packet(side, PSH | ACK, piece)
            self.now += len(piece) / rate if rate else STEP_S
        self._packet(not side, ACK)

    def send(self, data, at=None, rate=None):
        """From the client; not before `at`, at `rate` bytes a second."""
        self._say(0, data, at, rate)

    def reply(self, data, at=None, rate=None):
        self._say(1, data, at, rate)

    def close(self, at=None):
        self.now = max(self.now + ANSWER_S, at or 0)
        for side, flags in ((0, FIN | ACK), (1, FIN | ACK), (0, ACK)):
            self._packet(side, flags)
            self.now += ANSWER_S
        return self.now


class Capture:
    """Frames with their times, in any order; the file has them in the order of time."""
    def __init__(self, seed=1, start=START):
        self.rng, self.start, self.frames = random.Random(seed), start, []
        self._ports = 32_768

    def client_port(self):
        self._ports = self._ports + 1 if self._ports < 60_999 else 32_768
        return self._ports

    def add(self, at, source, target, packet):
        """An IP packet, in a frame from one machine to the other."""
        self.frames.append((int(at * 1_000_000), ethernet(source, target, packet)))

    def tcp(self, client, server, port, at, client_port=None):
        return Talk(self, client, server, port, at, client_port or self.client_port())

    def udp(self, source, source_port, target, target_port, payload, at):
        self.add(at, source, target, udp_packet(source, source_port, target, target_port, payload))

    def ip(self, source, target, protocol, payload, at):
        self.add(at, source, target, ip_packet(source, target, protocol, payload, len(self.frames)))

    def echo(self, source, target, identifier, sequence, payload, at, answer=None, answered=True):
        """A ping and what comes back: the same payload unless `answer` says otherwise."""
        rest = struct.pack('>HH', identifier & 0xffff, sequence & 0xffff)
        request, reply = (128, 129) if len(packed(source)) == 16 else (8, 0)
        self.add(at, source, target, icmp_packet(source, target, request, 0, rest, payload))
        if answered:
            self.add(at + ANSWER_S, target, source,
                     icmp_packet(target, source, reply, 0, rest, payload if answer is None else answer))

    def write(self, path):
        write(path, self.frames)


def write(path, frames):
    """`frames` are (microseconds, frame)."""
    with open(path, 'wb') as out:
        out.write(struct.pack('<IHHiIII', 0xa1b2c3d4, 2, 4, 0, 0, 262_144, 1))
        for micros, frame in sorted(frames, key=lambda timed: timed[0]):
            out.write(struct.pack('<IIII', *divmod(micros, 1_000_000), len(frame), len(frame)) + frame)


def read(path):
    """The (microseconds, frame) of a little-endian pcap in microseconds, as `write` and tcpdump make them."""
    with open(path, 'rb') as f:
        data = f.read()
    if struct.unpack_from('<I', data)[0] != 0xa1b2c3d4:
        raise SystemExit(f'{path} is no pcap in microseconds')
    at, frames = 24, []
    while at + 16 <= len(data):
        seconds, micros, size, _ = struct.unpack_from('<IIII', data, at)
        frames.append((seconds * 1_000_000 + micros, data[at + 16:at + 16 + size]))
        at += 16 + size
    return frames
