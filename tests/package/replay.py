#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Sends the packets of a capture out of an interface, as they are: replay.py FILE.pcap INTERFACE (needs root)."""
import socket
import struct
import sys
import time


def packets(path):
    with open(path, 'rb') as f:
        data = f.read()
    order = '<' if data[:4] in (b'\xd4\xc3\xb2\xa1', b'\x4d\x3c\xb2\xa1') else '>'
    at = 24
    while at + 16 <= len(data):
        size = struct.unpack(order + '8xI4x', data[at:at + 16])[0]
        yield data[at + 16:at + 16 + size]
        at += 16 + size


def main():
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW) as out:
        out.bind((sys.argv[2], 0))
        sent = 0
        for frame in packets(sys.argv[1]):
            try:
                out.send(frame)
                sent += 1
            except OSError:  # longer than the interface takes
                continue
            if sent % 50 == 0:
                time.sleep(0.005)
    print(sent)


if __name__ == '__main__':
    main()
