#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Detectors of different kinds over a restart: each script is cut in two where neither half is enough, and with a
snapshot the second half says what one run over both says."""
import base64
import hashlib
import os
import struct
import sys
import tempfile

from scanning import Checks, gander, of_type, read_events
from wrapping import pcap

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'captures', 'demo'))
import identifiers  # noqa: E402

CLIENT = '10.80.0.1'


def udp_frame(client, server, port, payload):
    ends = pcap.Conversation(client, server).hosts
    udp = struct.pack('>HHHH', 40_000, port, 8 + len(payload), 0) + payload
    ip = struct.pack('>BBHHHBBH', 0x45, 0, 20 + len(udp), 0, 0x4000, 64, 17, 0) + ends[0] + ends[1]
    ip = ip[:10] + struct.pack('>H', pcap.checksum(ip)) + ip[12:]
    return pcap.MACS[1] + pcap.MACS[0] + b'\x08\x00' + ip + udp


def dns_tunnel():
    """One name of some 28 octets every hundred seconds: little in an hour, more than 20 KB in a day."""
    for i in range(850):
        label = base64.b32encode(hashlib.sha256(str(i).encode()).digest()[:31]).decode().rstrip('=').lower()
        name = b''.join(bytes([len(part)]) + part.encode() for part in (label, 'example', 'org')) + b'\0'
        query = struct.pack('>HHHHHH', i, 0x0100, 1, 0, 0, 0) + name + struct.pack('>HH', 1, 1)
        yield 100 * i, [udp_frame(CLIENT, '198.51.100.53', 53, query)]


def beacon():
    """Fifty-three calls, one every five minutes."""
    for i in range(53):
        call = pcap.Conversation(CLIENT, '198.51.100.9', client_port=40_000 + i)
        call.send(pcap.http_request(b'x' * 200))
        call.send(pcap.HTTP_DONE, side=1)
        yield 300 * i, call.close().frames


def fan_out():
    """Twelve recipients, of whom each gets twenty people's telephone numbers."""
    for i in range(12):
        rows = '\n'.join(f'phone: {identifiers.it_phone(20 * i + k)}' for k in range(20))
        post = pcap.Conversation(CLIENT, f'198.51.100.{10 + i}')
        request = pcap.http_request(rows.encode(), content_type='text/plain')
        post.send(request.replace(b'files.example.org', f'r{i}.example.org'.encode()))
        post.send(pcap.HTTP_DONE, side=1)
        yield 60 * i, post.close().frames


SCRIPTS = ((9, dns_tunnel), (11, beacon), (4, fan_out))


def write(path, events):
    frames = [frame for _, sent in events for frame in sent]
    times = [pcap.START + at + i / 1000 for at, sent in events for i in range(len(sent))]
    pcap.write_at(path, frames, times)
    return path


def scan(folder, path, snapshot, key):
    events = os.path.join(folder, 'events.json')
    settings = ['--set', f'detect.snapshot.file={snapshot}', '--set', f'detect.snapshot.key_file={key}']
    done = gander('scan', '--quiet', '--events', events, *settings, path)
    assert done.returncode == 0, done.stderr.decode()
    return read_events(events)


def said(events, detector):
    alerts = [e for e in of_type(events, 'alert') if e['alert']['signature_id'] == 2_090_000 + detector]
    return [(e['timestamp'], e['alert']['severity'], e['alert']['signature']) for e in alerts]


def main():
    checks = Checks()
    with tempfile.TemporaryDirectory() as folder:
        for detector, script in SCRIPTS:
            name = f'D{detector:02}'
            events = list(script())
            half = len(events) // 2
            whole = write(os.path.join(folder, 'whole.pcap'), events)
            first = write(os.path.join(folder, 'first.pcap'), events[:half])
            second = write(os.path.join(folder, 'second.pcap'), events[half:])
            # One key for all: what many names carried is an estimate, and each key has another one.
            base = os.path.join(folder, name)
            runs = {path: said(scan(folder, path, f'{base}-{i}', f'{base}.key'), detector)
                    for i, path in enumerate((whole, second, first))}
            truth = runs[whole]
            checks.that(truth, f'{name}: one run finds it')
            checks.that(not runs[second], f'{name}: the second half alone is too little')
            checks.that(not runs[first], f'{name}: so is the first')
            found = said(scan(folder, second, f'{base}-2', f'{base}.key'), detector)
            checks.that(found == truth, f'{name}: over a restart the same is said: {found} for {truth}')
    checks.exit()


if __name__ == '__main__':
    main()
