# SPDX-License-Identifier: Apache-2.0
"""Captures written by script: TCP conversations in segments of one Ethernet frame, their order and times as told."""
import ipaddress
import struct

ETHERNET, SEGMENT = 1, 1460
START = 1_795_550_400  # 2026-11-24 20:00:00 UTC
FIN, SYN, PSH, ACK = 1, 2, 8, 16
MACS = b'\x02\0\0\0\0\x01', b'\x02\0\0\0\0\x02'


def checksum(data):
    data += b'\0' * (len(data) % 2)
    total = sum(struct.unpack(f'>{len(data) // 2}H', data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


class Conversation:
    """One TCP connection; each call adds its frames to `frames`."""
    def __init__(self, client, server, port=80, client_port=40_000):
        self.hosts = [ipaddress.ip_address(host).packed for host in (client, server)]
        self.ports = [client_port, port]
        self.next = [1_000, 500_000]
        self.frames = []
        for side, flags in ((0, SYN), (1, SYN | ACK), (0, ACK)):
            self._frame(side, flags)

    def _frame(self, side, flags, payload=b''):
        ports = self.ports[side], self.ports[not side]
        acknowledged = self.next[not side] if flags & ACK else 0
        tcp = struct.pack('>HHIIBBHHH', *ports, self.next[side], acknowledged, 5 << 4, flags, 64_000, 0, 0) + payload
        hosts = self.hosts[side] + self.hosts[not side]
        tcp = tcp[:16] + struct.pack('>H', checksum(hosts + struct.pack('>BBH', 0, 6, len(tcp)) + tcp)) + tcp[18:]
        ip = struct.pack('>BBHHHBBH', 0x45, 0, 20 + len(tcp), 0, 0x4000, 64, 6, 0) + hosts
        ip = ip[:10] + struct.pack('>H', checksum(ip)) + ip[12:]
        self.frames.append(MACS[not side] + MACS[side] + b'\x08\x00' + ip + tcp)
        self.next[side] = (self.next[side] + len(payload) + bool(flags & (SYN | FIN))) & 0xffffffff

    def send(self, data, side=0):
        """`side` 0 is the client."""
        for at in range(0, len(data), SEGMENT):
            self._frame(side, PSH | ACK, data[at:at + SEGMENT])

    def close(self):
        for side, flags in ((0, FIN | ACK), (1, FIN | ACK), (0, ACK)):
            self._frame(side, flags)
        return self


def http_request(body, content_type='', coding='', name='', length=None):
    """`length` may lie."""
    lines = [
        f'POST /{name} HTTP/1.1', 'Host: files.example.org',
        f'Content-Length: {len(body) if length is None else length}'
    ]
    if content_type:
        lines.append(f'Content-Type: {content_type}')
    if coding:
        lines.append(f'Content-Encoding: {coding}')
    return '\r\n'.join(lines).encode() + b'\r\n\r\n' + body


HTTP_DONE = b'HTTP/1.1 204 No Content\r\nServer: example\r\n\r\n'


def posted(client, server, body, **headers):
    """A whole conversation that sends `body` by HTTP."""
    conversation = Conversation(client, server)
    conversation.send(http_request(body, **headers))
    conversation.send(HTTP_DONE, side=1)
    return conversation.close()


def write(path, frames, step_us=100):
    frames = list(frames)
    write_at(path, frames, [START + i * step_us / 1_000_000 for i in range(len(frames))])


def write_at(path, frames, times):
    """Each frame at its time, in seconds of Unix time."""
    with open(path, 'wb') as out:
        out.write(struct.pack('<IHHiIII', 0xa1b2c3d4, 2, 4, 0, 0, 262_144, ETHERNET))
        for frame, time in zip(frames, times, strict=True):
            seconds, micros = divmod(round(time * 1_000_000), 1_000_000)
            out.write(struct.pack('<IIII', seconds, micros, len(frame), len(frame)) + frame)
