#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Seeds for the fuzz targets out of real traffic: what lies in captures, written as the targets read it.

    seeds_from_captures.py GANDER FOLDER CAPTURE...

Gander itself says which flow speaks what; each such flow becomes a conversation for protocol_<it> (protocol_talk.h), the
frames become seeds of decode_frame, the first packets of a capture one of runtime_packets. FOLDER/<target>/ receives
them. A capture that cannot be read here (a link type other than those of LINKS) is passed over: it is only a seed."""
import collections
import hashlib
import json
import os
import socket
import struct
import subprocess
import sys
import tempfile

MOST_A_TARGET, MOST_BYTES, MOST_PACKETS, MOST_FRAMES = 60, 12 << 10, 60, 12
LINKS = {1: 0, 0: 1, 9: 2, 101: 6, 12: 6, 113: 11, 276: 15}  # of the file -> index into kLinks of runtime_packets_fuzz.cc
FRAME_LINKS = {1: 0, 0: 1, 9: 2, 101: 5, 12: 5, 113: 9, 276: 11}  # and of decode_frame_fuzz.cc
ALIASES = {'doh2': 'http2', 'dhcpv6': 'dhcp', 'krb5': 'kerberos', 'llmnr': 'dns', 'mdns': 'dns', 'grpc': 'http2',
           'ftp-data': 'ftp_data'}
STRETCH = 249  # the longest that a stretch of a conversation holds


def pcap(data):
    """(link, frame) of a classic capture or of pcapng."""
    magic = data[:4]
    if magic == b'\x0a\x0d\x0d\x0a':
        yield from pcapng(data)
        return
    order = {b'\xd4\xc3\xb2\xa1': '<', b'\xa1\xb2\xc3\xd4': '>', b'\x4d\x3c\xb2\xa1': '<', b'\xa1\xb2\x3c\x4d': '>'}.get(magic)
    if order is None:
        return
    link, at = struct.unpack_from(order + 'I', data, 20)[0] & 0xffff, 24
    while at + 16 <= len(data):
        length = struct.unpack_from(order + 'I', data, at + 8)[0]
        yield link, data[at + 16:at + 16 + length]
        at += 16 + length


def pcapng(data):
    order, links, at = '<', [], 0
    while at + 12 <= len(data):
        if data[at:at + 4] == b'\x0a\x0d\x0d\x0a':
            order, links = ('<' if data[at + 8:at + 12] == b'\x4d\x3c\x2b\x1a' else '>'), []
        kind, length = struct.unpack_from(order + 'II', data, at)
        if length < 12:
            return
        if kind == 1:
            links.append(struct.unpack_from(order + 'H', data, at + 8)[0])
        elif kind == 6 and at + 28 <= len(data):
            where, _, _, captured = struct.unpack_from(order + 'IIII', data, at + 8)
            if where < len(links):
                yield links[where], data[at + 28:at + 28 + captured]
        at += length


def network(link, frame):
    """The IP packet in a frame, or nothing."""
    if link == 1:
        at = 12
        while frame[at:at + 2] in (b'\x81\x00', b'\x88\xa8'):
            at += 4
        return frame[at + 2:] if frame[at:at + 2] in (b'\x08\x00', b'\x86\xdd') else b''
    return frame if link in (12, 101) else frame[16:] if link == 113 else frame[20:] if link == 276 else b''


def text(address):
    return socket.inet_ntop(socket.AF_INET if len(address) == 4 else socket.AF_INET6, address)


def transport(packet):
    """(protocol, source, target, ports, segment's sequence number or None, SYN, payload) or nothing."""
    if packet[:1] and packet[0] >> 4 == 4 and len(packet) >= 20:
        head = (packet[0] & 15) * 4
        protocol, source, target = packet[9], packet[12:16], packet[16:20]
        if struct.unpack_from('>H', packet, 6)[0] & 0x3fff:
            return None
        rest = packet[head:struct.unpack_from('>H', packet, 2)[0] or len(packet)]
    elif packet[:1] and packet[0] >> 4 == 6 and len(packet) >= 40:
        protocol, source, target = packet[6], packet[8:24], packet[24:40]
        rest = packet[40:40 + struct.unpack_from('>H', packet, 4)[0]]
    else:
        return None
    if protocol == 6 and len(rest) >= 20:
        ports = struct.unpack_from('>HH', rest)
        return 'TCP', text(source), text(target), ports, struct.unpack_from('>I', rest, 4)[0], rest[13] & 2, rest[(rest[12] >> 4) * 4:]
    if protocol == 17 and len(rest) >= 8:
        return 'UDP', text(source), text(target), struct.unpack_from('>HH', rest), None, 0, rest[8:]
    return None


def spoken(gander, capture):
    """(protocol, client, client's port, server, server's port) -> what it speaks."""
    with tempfile.TemporaryDirectory() as folder:
        events = os.path.join(folder, 'events')
        subprocess.run([gander, 'scan', '--quiet', '--set', 'report.types=[flow]', '--events', events, capture],
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=120, check=False)
        flows = {}
        if os.path.exists(events):
            with open(events, encoding='utf-8') as lines:
                for line in lines:
                    event = json.loads(line)
                    if event.get('event_type') == 'flow' and 'app_proto' in event:
                        flows[(event['proto'], event['src_ip'], event.get('src_port'), event['dest_ip'],
                               event.get('dest_port'))] = event['app_proto']
        return flows


def conversation(turns):
    """Turns of (to client, bytes) as stretches; see protocol_talk.h for the byte before each."""
    out = b''
    for to_client, data in turns:
        while data:
            take = min(len(data), STRETCH)
            if take < STRETCH:
                take -= (take - 1) % 4  # a code counts steps of four beyond one
            out += bytes([(take - 1) // 4 << 2 | to_client]) + data[:take]
            data = data[take:]
        if len(out) > MOST_BYTES:
            break
    return out[:MOST_BYTES]


def turns_of(packets, flows):
    """What each flow said, in the order of arrival, bytes seen again left out."""
    turns, following = collections.defaultdict(list), {}
    for packet in packets:
        seen = transport(packet)
        if seen is None:
            continue
        protocol, source, target, ports, sequence, syn, payload = seen
        key, to_client = (protocol, source, ports[0], target, ports[1]), 0
        if key not in flows:
            key, to_client = (protocol, target, ports[1], source, ports[0]), 1
        if key not in flows:
            continue
        if sequence is not None:
            if syn:
                following[key, to_client] = sequence + 1 & 0xffffffff
                continue
            ahead = following.get((key, to_client), sequence) - sequence & 0xffffffff
            if ahead < 1 << 31:
                payload = payload[ahead:]
            if payload:
                following[key, to_client] = sequence + max(ahead if ahead < 1 << 31 else 0, 0) + len(payload) & 0xffffffff
        if payload:
            turns[key].append((to_client, payload))
    return turns


class Seeds:
    def __init__(self, folder):
        self.folder, self.count = folder, collections.Counter()

    def add(self, target, data):
        if not data or self.count[target] >= MOST_A_TARGET:
            return
        path = os.path.join(self.folder, target)
        os.makedirs(path, exist_ok=True)
        path = os.path.join(path, hashlib.sha1(data).hexdigest())
        if not os.path.exists(path):
            with open(path, 'wb') as out:
                out.write(data)
            self.count[target] += 1


def take(seeds, gander, capture):
    with open(capture, 'rb') as source:
        data = source.read(8 << 20)
    packets = list(pcap(data))
    for link, frame in packets[:MOST_FRAMES]:
        if link in FRAME_LINKS:
            seeds.add('decode_frame', bytes([FRAME_LINKS[link]]) + frame)
    seeds.add('runtime_packets', b''.join(struct.pack('>HBb', len(frame), LINKS[link], 1) + frame
                                          for link, frame in packets[:MOST_PACKETS] if link in LINKS))
    seeds.add('capture_file', data[:MOST_BYTES])
    flows = spoken(gander, capture)
    for key, turns in turns_of([network(link, frame) for link, frame in packets], flows).items():
        talk = conversation(turns)
        if flows[key] == 'quic':
            talk = b'\0' + talk  # that target has two ways to read
        seeds.add('protocol_' + ALIASES.get(flows[key], flows[key].replace('-', '_')), talk)


def main():
    gander, folder, captures = sys.argv[1], sys.argv[2], sys.argv[3:]
    seeds = Seeds(folder)
    for capture in captures:
        try:
            take(seeds, gander, capture)
        except (OSError, ValueError, struct.error, IndexError, subprocess.TimeoutExpired) as error:
            print(f'{os.path.basename(capture)}: passed over: {error}', file=sys.stderr)
    for target, count in sorted(seeds.count.items()):
        print(f'{target}\t{count}')


if __name__ == '__main__':
    main()
