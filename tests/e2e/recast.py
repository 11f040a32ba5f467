#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The same packets as somebody else would deliver them:

recast.py split IN.pcap THERE.pcap BACK.pcap   one direction a file, as two taps do: the lower address sends THERE
recast.py vxlan IN.pcap OUT.pcap [MTU]         mirrored inside VXLAN, a tap for each direction, in fragments where the
                                               outer packet grows beyond MTU (default 1500)
recast.py twice IN.pcap OUT.pcap               by a mirror that copies ports on their way in and on their way out: each
                                               packet again 40 us later, in another VLAN, from another router's hand
"""
import struct
import sys

COLLECTOR = bytes([192, 0, 2, 99])
TAPS = (bytes([192, 0, 2, 1]), bytes([192, 0, 2, 2]))
ETHERNET = bytes.fromhex('020000000002020000000001 0800')


def records(path):
    """(seconds, fraction, frame) of a little-endian pcap, and its file header."""
    data = open(path, 'rb').read()
    at, out = 24, []
    while at + 16 <= len(data):
        seconds, fraction, size, _ = struct.unpack_from('<IIII', data, at)
        out.append((seconds, fraction, data[at + 16:at + 16 + size]))
        at += 16 + size
    return data[:24], out


def write(path, header, packets):
    with open(path, 'wb') as out:
        out.write(header)
        for seconds, fraction, frame in packets:
            out.write(struct.pack('<IIII', seconds, fraction, len(frame), len(frame)) + frame)


def direction(frame):
    """0 when the lower address sends, 1 when the higher; 0 for what is not plain IP."""
    kind = frame[12:14]
    if kind == b'\x08\x00':
        return int(frame[26:30] > frame[30:34])
    if kind == b'\x86\xdd':
        return int(frame[22:38] > frame[38:54])
    return 0


def ipv4(source, identifier, offset, more, payload):
    fragment = (0x2000 if more else 0) | offset // 8
    head = struct.pack('>BBHHHBBH', 0x45, 0, 20 + len(payload), identifier, fragment, 64, 17, 0) + source + COLLECTOR
    total = sum(struct.unpack('>10H', head))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return head[:10] + struct.pack('>H', ~total & 0xffff) + head[12:] + payload


def wrapped(frame, identifier, mtu):
    content = bytes.fromhex('0800000000002a00') + frame
    datagram = struct.pack('>HHHH', 49152, 4789, 8 + len(content), 0) + content
    room = (mtu - 20) // 8 * 8
    for at in range(0, len(datagram), room):
        more = at + room < len(datagram)
        yield ETHERNET + ipv4(TAPS[direction(frame)], identifier, at, more, datagram[at:at + room])


def one_hop_on(frame):
    """The frame behind a router: other Ethernet addresses, a VLAN tag, one less to live."""
    head, kind, rest = bytes.fromhex('020000000aaa020000000bbb'), frame[12:14], bytearray(frame[14:])
    if kind == b'\x08\x00':
        rest[8] -= 1
        total = struct.unpack('>H', rest[10:12])[0] + 0x100  # RFC 1141
        rest[10:12] = struct.pack('>H', (total & 0xffff) + (total >> 16))
    elif kind == b'\x86\xdd':
        rest[7] -= 1
    return head + b'\x81\x00\x00\x2a' + kind + bytes(rest)


def twice(packets):
    for seconds, fraction, frame in packets:
        yield seconds, fraction, frame
        later = fraction + 40
        yield seconds + later // 1_000_000, later % 1_000_000, one_hop_on(frame)


def main():
    kind, source, *targets = sys.argv[1:]
    header, packets = records(source)
    if kind == 'split':
        for side, path in enumerate(targets):
            write(path, header, [p for p in packets if direction(p[2]) == side])
    elif kind == 'twice':
        write(targets[0], header, twice(packets))
    else:
        mtu = int(targets[1]) if len(targets) > 1 else 1500
        write(targets[0], header, [(seconds, fraction, outer) for n, (seconds, fraction, frame) in enumerate(packets)
                                   for outer in wrapped(frame, n & 0xffff, mtu)])


if __name__ == '__main__':
    main()
