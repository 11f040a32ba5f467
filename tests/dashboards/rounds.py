# SPDX-License-Identifier: Apache-2.0
"""A capture several times over, each time from other client ports: new flows with the same people, not repeats."""
import struct

LOCAL_PORTS = 32768  # and above: clients'


def packets(path):
    with open(path, 'rb') as f:
        head = f.read(24)
        yield head
        while record := f.read(16):
            yield record, bytearray(f.read(struct.unpack('<IIII', record)[2]))


def moved(frame, by):
    """Every client port of a TCP or UDP packet over IPv4 moved, with the sum made right again (RFC 1624)."""
    if frame[12:14] != b'\x08\x00' or frame[23] not in (6, 17):
        return
    ports = 14 + 4 * (frame[14] & 15)
    at = ports + (16 if frame[23] == 6 else 6)
    for place in (ports, ports + 2):
        port = int.from_bytes(frame[place:place + 2], 'big')
        total = int.from_bytes(frame[at:at + 2], 'big')
        if port < LOCAL_PORTS or total == 0:
            continue
        new = LOCAL_PORTS + (port - LOCAL_PORTS + by) % LOCAL_PORTS
        total = (total ^ 0xffff) + (port ^ 0xffff) + new
        total = (total & 0xffff) + (total >> 16)
        total = (total & 0xffff) + (total >> 16)
        frame[place:place + 2] = new.to_bytes(2, 'big')
        frame[at:at + 2] = (total ^ 0xffff).to_bytes(2, 'big')


def write(source, target, rounds):
    head, *records = packets(source)
    with open(target, 'wb') as out:
        out.write(head)
        for i in range(rounds):
            for record, frame in records:
                moved(frame, 401 if i else 0)
                out.write(record)
                out.write(frame)
