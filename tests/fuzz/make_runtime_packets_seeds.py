# SPDX-License-Identifier: Apache-2.0
"""Writes corpus/runtime_packets/: small captures in the form that runtime_packets_fuzz.cc reads."""
import base64
import pathlib
import struct

ETHERNET, RAW, SLL, CUT = 0, 6, 11, 0x80  # indices into kLinks of the fuzz target; some bytes were cut off
SYN, FIN, RST, ACK = 2, 1, 4, 16
CLIENT, SERVER = bytes([10, 0, 0, 1]), bytes([198, 51, 100, 1])
PEOPLE = (b'name,email,ssn,card number\r\nmaple,maple.1@people.example.org,536-90-4399,4716461583322103\r\n'
          b'birch,birch.2@people.example.org,214-74-0617,5217597532398230\r\n')


def ip(protocol, payload, source=CLIENT, target=SERVER, number=1, fragment=0):
    return struct.pack('>BBHHHBBH4s4s', 0x45, 0, 20 + len(payload), number, fragment, 64, protocol, 0,
                       source, target) + payload


def udp(ports, payload):
    return struct.pack('>HHHH', *ports, 8 + len(payload), 0) + payload


def ethernet(packet, tags=b''):
    return b'\2' * 6 + b'\4' * 6 + tags + b'\x08\x00' + packet


class Tape:
    """Records as the fuzz target reads them."""

    def __init__(self):
        self.data = b''

    def add(self, frame, link=ETHERNET, step=1):
        self.data += struct.pack('>HBb', len(frame), link, step) + frame
        return self

    def tcp(self, client_port, server_port, turns, cut=1460, skip=()):
        """Turns are (from_client, bytes); numbers of frames in `skip` never arrive."""
        next_of = {True: 1000, False: 9000}
        sent = 0

        def send(client, flags, payload=b''):
            nonlocal sent
            ports = (client_port, server_port) if client else (server_port, client_port)
            acknowledged = next_of[not client] if flags & ACK else 0
            head = struct.pack('>HHIIBBHHH', *ports, next_of[client], acknowledged, 0x50, flags, 65535, 0, 0)
            ends = (CLIENT, SERVER) if client else (SERVER, CLIENT)
            if sent not in skip:
                self.add(ethernet(ip(6, head + payload, *ends)))
            sent += 1
            next_of[client] += len(payload) + bool(flags & (SYN | FIN))

        send(True, SYN)
        send(False, SYN | ACK)
        send(True, ACK)
        for client, text in turns:
            for at in range(0, len(text), cut):
                send(client, ACK, text[at:at + cut])
        send(True, FIN | ACK)
        send(False, FIN | ACK)
        return self


def http():
    head = b'POST /import HTTP/1.1\r\nHost: a.example\r\nContent-Type: text/csv\r\nContent-Length: %d\r\n\r\n'
    return [(True, head % len(PEOPLE) + PEOPLE), (False, b'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')]


def smtp():
    rows = base64.encodebytes(PEOPLE).replace(b'\n', b'\r\n')
    mail = (b'From: <maple.1@people.example.org>\r\nMIME-Version: 1.0\r\nContent-Type: text/csv\r\n'
            b'Content-Transfer-Encoding: base64\r\n\r\n' + rows + b'.\r\n')
    return [(False, b'220 mx.example ESMTP\r\n'), (True, b'EHLO a\r\n'), (False, b'250 mx\r\n'),
            (True, b'MAIL FROM:<maple.1@people.example.org>\r\n'), (False, b'250 ok\r\n'),
            (True, b'RCPT TO:<birch.2@people.example.org>\r\n'), (False, b'250 ok\r\n'), (True, b'DATA\r\n'),
            (False, b'354 go\r\n'), (True, mail), (False, b'250 ok\r\n'), (True, b'QUIT\r\n'),
            (False, b'221 bye\r\n')]


def starttls():
    hello = b'\x16\x03\x01\x00\x2d\x01\x00\x00\x29\x03\x03' + b'\7' * 32 + b'\0\0\2\x13\1\1\0'
    record = b'\x17\x03\x03\x00\x10' + b'\x9c' * 16
    return [(False, b'220 mx.example ESMTP\r\n'), (True, b'EHLO a\r\n'),
            (False, b'250-mx\r\n250 STARTTLS\r\n'), (True, b'STARTTLS\r\n'), (False, b'220 go\r\n'),
            (True, hello), (False, record), (True, record)]


def ftp():
    tape = Tape().tcp(40001, 21, [
        (False, b'220 files\r\n'), (True, b'USER a\r\n'), (False, b'230 in\r\n'), (True, b'PASV\r\n'),
        (False, b'227 Entering Passive Mode (198,51,100,1,78,32).\r\n'), (True, b'RETR people.csv\r\n'),
        (False, b'150 sending\r\n226 done\r\n'), (True, b'AUTH TLS\r\n'), (False, b'234 go\r\n')])
    return tape.tcp(40002, 20000, [(False, PEOPLE)])


def datagrams():
    question = b'\x12\x34\x01\x00\0\1\0\0\0\0\0\0\3api\7example\0\0\1\0\1'
    whole = udp((5000, 5001), b'mail maple.1@people.example.org ' * 40)
    tape = Tape().add(ethernet(ip(17, udp((40000, 53), question))))
    tape.add(ip(17, udp((40001, 514), b'<13>login maple.1@people.example.org ok')), RAW)
    tape.add(b'\0\0\0\1\0\6' + b'\2' * 8 + b'\x08\0' + ip(1, b'\x08\0\0\0\0\1\0\1ping'), SLL)
    for at in (800, 0, 400):
        part = whole[at:at + 400] if at < 800 else whole[at:]
        tape.add(ethernet(ip(17, part, number=7, fragment=at // 8 | (0x2000 if at < 800 else 0))))
    tape.add(ethernet(ip(17, whole[:400], number=8, fragment=0x2000)), ETHERNET | CUT)
    inner = ethernet(ip(17, udp((40000, 53), question)))
    tape.add(ethernet(ip(17, udp((40003, 4789), b'\x08\0\0\0\0\0\7\0' + inner)), b'\x81\0\0\5'))
    tape.add(b'\2' * 12 + b'\x08\x06' + b'\0' * 28, step=-20)
    return tape.add(ethernet(ip(132, b'opaque transport')), step=120)


SEEDS = {
    'http': Tape().tcp(40000, 80, http(), cut=200),
    'http_hole': Tape().tcp(40000, 80, http(), cut=40, skip=(5, 9)),
    'http_in_bytes': Tape().tcp(40000, 80, [(True, b'GET / HTTP/1.0\r\n\r\n'),
                                            (False, b'HTTP/1.0 200 OK\r\n\r\nhi')], cut=1),
    'connect': Tape().tcp(40000, 8080, [(True, b'CONNECT a.example:25 HTTP/1.1\r\n\r\n'),
                                        (False, b'HTTP/1.1 200 OK\r\n\r\n')] + smtp()[:6]),
    'smtp': Tape().tcp(40000, 25, smtp()),
    'starttls': Tape().tcp(40000, 25, starttls(), cut=3),
    'ftp': ftp(),
    'datagrams': datagrams(),
    'clear_text': Tape().tcp(40000, 7777, [(True, PEOPLE), (False, b'ok\n')], cut=50),
}

if __name__ == '__main__':
    corpus = pathlib.Path(__file__).parent / 'corpus' / 'runtime_packets'
    corpus.mkdir(exist_ok=True)
    for name, tape in SEEDS.items():
        (corpus / name).write_bytes(tape.data)
