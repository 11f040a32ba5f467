# SPDX-License-Identifier: Apache-2.0
"""The same packets as another path would have delivered them. Frames are (microseconds, bytes), see synth.read."""
import random
import struct

import synth

VLAN, MPLS, IPV4, IPV6 = b'\x81\x00', b'\x88\x47', b'\x08\x00', b'\x86\xdd'


def is_ip(frame):
    return frame[12:14] in (IPV4, IPV6)


def lost(frames, share, seed=5):
    """Without so many of the packets, taken by lot."""
    rng = random.Random(seed)
    return [timed for timed in frames if rng.random() >= share]


def one_sided(frames):
    """Only what clients send: a mirror of one direction. The side with the higher port is the client."""
    def kept(frame):
        if frame[12:14] != IPV4 or frame[23] not in (synth.TCP, synth.UDP):
            return True
        at = 14 + (frame[14] & 15) * 4
        source, target = struct.unpack_from('>HH', frame, at)
        return source > target

    return [timed for timed in frames if kept(timed[1])]


def shuffled_segments(frames, seed=5):
    """The packets that one side sends without a word from the other, in an order drawn by lot."""
    rng, out, run = random.Random(seed), [], []

    def flush():
        order = [frame for _, frame in run]
        rng.shuffle(order)
        out.extend((at, frame) for (at, _), frame in zip(run, order))
        run.clear()

    for at, frame in sorted(frames, key=lambda timed: timed[0]):
        # Of SYN, FIN and RST the place is kept: moving those is a matter of its own.
        movable = frame[12:14] == IPV4 and frame[23] == synth.TCP and not frame[47] & (synth.SYN | synth.FIN
                                                                                       | synth.RST)
        if run and not (movable and run[-1][1][26:38] == frame[26:38]):
            flush()
        if movable:
            run.append((at, frame))
        else:
            out.append((at, frame))
    flush()
    return out


def jittered(frames, span_us=2_000, seed=5):
    """Each packet up to `span_us` later than it came, so that an answer may overtake its question."""
    rng = random.Random(seed)
    return [(at + rng.randrange(span_us), frame) for at, frame in frames]


def doubled(frames, later_us=40):
    """As a mirror of both the way in and the way out of a switch."""
    return [(at + after, frame) for at, frame in frames for after in (0, later_us)]


def tagged(frames, vlan=42):
    return [(at, frame[:12] + VLAN + struct.pack('>H', vlan) + frame[12:]) for at, frame in frames]


def in_mpls(frames, label=1_000):
    """One label, at the bottom of the stack, in place of the type."""
    entry = struct.pack('>I', label << 12 | 1 << 8 | 64)
    return [(at, frame[:12] + MPLS + entry + frame[14:]) if is_ip(frame) else (at, frame) for at, frame in frames]


def in_gre(frames, source='192.0.2.1', target='192.0.2.2'):
    """Ethernet over GRE between two routers."""
    return [(at, synth.ethernet(source, target, synth.ip_packet(source, target, synth.GRE, b'\0\0\x65\x58' + frame, i)))
            for i, (at, frame) in enumerate(frames)]


def fragmented(frames, size=256):
    """IPv4 packets in fragments of at most `size` bytes of payload."""
    out = []
    for number, (at, frame) in enumerate(frames):
        payload = frame[34:]
        if frame[12:14] != IPV4 or frame[14] != 0x45 or len(payload) <= size:
            out.append((at, frame))
            continue
        for begin in range(0, len(payload), size):
            more = 0x2000 if begin + size < len(payload) else 0
            piece = payload[begin:begin + size]
            head = frame[14:16] + struct.pack('>HHH', 20 + len(piece), number & 0xffff,
                                              more | begin // 8) + frame[22:24] + b'\0\0' + frame[26:34]
            out.append((at, frame[:14] + head[:10] + struct.pack('>H', synth.checksum(head)) + head[12:] + piece))
    return out


def _ports_and_payload(frame):
    """(offset of the TCP header, its length, payload) of a whole IPv4 TCP packet, None for anything else."""
    if frame[12:14] != IPV4 or frame[23] != synth.TCP or struct.unpack_from('>H', frame, 20)[0] & 0x3fff:
        return None
    at = 14 + (frame[14] & 15) * 4
    length = (frame[at + 12] >> 4) * 4
    end = 14 + struct.unpack_from('>H', frame, 16)[0]
    return at, length, frame[at + length:end]


def in_single_bytes(frames, first_bytes=2_000):
    """The first bytes of each TCP connection's either side, one a segment."""
    sent, out = {}, []
    for at, frame in frames:
        parts = _ports_and_payload(frame)
        if parts is None or not parts[2]:
            out.append((at, frame))
            continue
        start, length, payload = parts
        key = frame[26:34] + frame[start:start + 4]
        cut = min(len(payload), max(0, first_bytes - sent.get(key, 0)))
        sent[key] = sent.get(key, 0) + cut
        pieces = [payload[i:i + 1] for i in range(cut)] + ([payload[cut:]] if cut < len(payload) else [])
        sequence = struct.unpack_from('>I', frame, start + 4)[0]
        for piece in pieces:
            out.append((at, _with_payload(frame, start, length, sequence, piece)))
            sequence = (sequence + len(piece)) & 0xffffffff
    return out


def _with_payload(frame, start, length, sequence, payload):
    tcp = bytearray(frame[start:start + length])
    struct.pack_into('>I', tcp, 4, sequence)
    tcp[16:18] = b'\0\0'
    return rebuilt(frame, bytes(tcp) + payload)


def rebuilt(frame, segment):
    """The frame's IPv4 packet with another TCP segment in it."""
    source, target = ('.'.join(map(str, frame[i:i + 4])) for i in (26, 30))
    return frame[:14] + synth.ip_packet(source, target, synth.TCP,
                                        synth.with_checksum(source, target, synth.TCP, segment, 16))


def over_ipv6(frames, prefixes):
    """IPv4 packets as IPv6 ones; `prefixes` gives the first 12 bytes of an address for the first octets of an IPv4
    one."""
    def moved(old):
        for begin, prefix in prefixes.items():
            if old.startswith(begin):
                return f'{prefix}{old.split(".")[2]}:{old.split(".")[3]}'
        return f'2001:db8:ffff::{old.split(".")[2]}:{old.split(".")[3]}'

    out = []
    for at, frame in frames:
        if frame[12:14] != IPV4:
            out.append((at, frame))
            continue
        source, target = (moved('.'.join(map(str, frame[i:i + 4]))) for i in (26, 30))
        protocol, payload = frame[23], frame[14 + (frame[14] & 15) * 4:14 + struct.unpack_from('>H', frame, 16)[0]]
        place = {synth.TCP: 16, synth.UDP: 6}.get(protocol)
        if place is not None:
            payload = synth.with_checksum(source, target, protocol, payload[:place] + b'\0\0' + payload[place + 2:],
                                          place)
        out.append((at, synth.ethernet(source, target, synth.ip_packet(source, target, protocol, payload))))
    return out
