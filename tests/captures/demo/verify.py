#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks a demo capture against its truth without Gander: verify.py FOLDER

Puts the TCP streams together the obvious way, takes off what the story put on, and counts the planted values in each
transfer. Also: no frame is cut, and ordinary traffic carries no planted identifier but its mail addresses.
"""
import base64
import gzip
import json
import re
import struct
import sys
import urllib.parse
from collections import defaultdict


def frames(path):
    data = open(path, 'rb').read()
    at = 24
    while at < len(data):
        captured, on_wire = struct.unpack_from('<II', data, at + 8)
        if captured != on_wire:
            sys.exit(f'{path}: a frame is cut at byte {at}')
        yield data[at + 16:at + 16 + captured]
        at += 16 + captured


def streams(path):
    """(sender, port, recipient, port) -> bytes. Good enough for a capture without loss or wrapped sequence numbers."""
    parts = defaultdict(dict)
    for frame in frames(path):
        if frame[12:14] != b'\x08\x00' or frame[23] != 6:
            continue
        start = 14 + (frame[14] & 15) * 4
        tcp = frame[start:14 + struct.unpack_from('>H', frame, 16)[0]]
        ports, payload = struct.unpack_from('>HH', tcp), tcp[(tcp[12] >> 4) * 4:]
        sender, recipient = ('.'.join(map(str, frame[i:i + 4])) for i in (26, 30))
        if payload:
            parts[sender, ports[0], recipient, ports[1]][struct.unpack_from('>I', tcp, 4)[0]] = payload
    return {flow: b''.join(pieces[s] for s in sorted(pieces)) for flow, pieces in parts.items()}


def unwrapped(data, carried):
    if 'base64' in carried:
        body = re.search(rb'Transfer-Encoding: BASE64\r\n\r\n(.*?)\r\n--', data, re.DOTALL)[1]
        data = base64.b64decode(body)
    if 'gzip' in carried:
        data = gzip.decompress(data[data.index(b'\x1f\x8b'):])
    text = data.decode()
    if 'urlencoded' in carried:
        text = urllib.parse.unquote_plus(text)
        text += text.replace(' ', '')  # a card is written in groups of four
    return text


def main():
    folder = sys.argv[1]
    truth = json.load(open(f'{folder}/truth.json'))
    planted = gzip.open(f'{folder}/planted.txt.gz', 'rt').read().splitlines()
    sent = streams(f'{folder}/demo.pcap')
    for transfer in truth['transfers']:
        data = b''.join(s for flow, s in sent.items()
                        if flow[0] in transfer['senders'] and flow[2] == transfer['recipient'])
        text = unwrapped(data, transfer['carried_as'])
        held, meant = sum(value in text for value in planted), sum(transfer['types'].values())
        if held != meant:
            sys.exit(f"{transfer['name']}: {held} planted values, {meant} were meant")
    ordinary = b''.join(s for flow, s in sent.items() if set(truth['quiet']['addresses']) & {flow[0], flow[2]})
    strays = [value for value in planted if '@' not in value and value.encode() in ordinary]
    if strays:
        sys.exit(f'ordinary traffic holds {len(strays)} planted values')


if __name__ == '__main__':
    main()
