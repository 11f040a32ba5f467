#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes the small captures beside this file, byte for byte the same each time.

  truncated.pcap      a web form, the file cut inside its last record
  empty.pcap          no byte at all
  not_a_capture.pcap  text
  unknown_link.pcap   LINKTYPE_USER0 (147), which means nothing to anybody else
  huge_record.pcap    a record header that promises 2 GiB
  vlan_qinq.pcap      a web form under an 802.1ad and an 802.1Q tag
"""
import os
import struct

ETHERNET, USER0 = 1, 147
CLIENT, SERVER = bytes([10, 20, 0, 15]), bytes([203, 0, 113, 44])
START = 1_795_550_400  # 2026-11-24 20:00:00 UTC
FORM = b'name=Ada+Abel&codice_fiscale=BLADAA70D41A123B&email=ada.abel1%40example.org'
REQUEST = (b'POST /form HTTP/1.1\r\nHost: shop.example.org\r\nContent-Type: application/x-www-form-urlencoded\r\n'
           b'Content-Length: %d\r\n\r\n%s' % (len(FORM), FORM))
ANSWER = b'HTTP/1.1 204 No Content\r\nServer: example\r\n\r\n'
FIN, SYN, PSH, ACK = 1, 2, 8, 16


def checksum(data):
    data += b'\0' * (len(data) % 2)
    total = sum(struct.unpack(f'>{len(data) // 2}H', data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


def segment(to_server, flags, sequence, acknowledged, payload=b'', tags=b''):
    source, target = (CLIENT, SERVER) if to_server else (SERVER, CLIENT)
    ports = (40_015, 80) if to_server else (80, 40_015)
    tcp = struct.pack('>HHIIBBHHH', *ports, sequence, acknowledged, 5 << 4, flags, 64_000, 0, 0) + payload
    pseudo = source + target + struct.pack('>BBH', 0, 6, len(tcp))
    tcp = tcp[:16] + struct.pack('>H', checksum(pseudo + tcp)) + tcp[18:]
    ip = struct.pack('>BBHHHBBH', 0x45, 0, 20 + len(tcp), 0, 0x4000, 64, 6, 0) + source + target
    ip = ip[:10] + struct.pack('>H', checksum(ip)) + ip[12:]
    hosts = b'\x02\0\0\0\0\x01', b'\x02\0\0\0\0\x02'
    return hosts[to_server] + hosts[not to_server] + tags + b'\x08\x00' + ip + tcp


def conversation(tags=b''):
    sent, got = 1_001 + len(REQUEST), 5_001 + len(ANSWER)
    steps = [(True, SYN, 1_000, 0), (False, SYN | ACK, 5_000, 1_001), (True, ACK, 1_001, 5_001),
             (True, PSH | ACK, 1_001, 5_001, REQUEST), (False, PSH | ACK, 5_001, sent, ANSWER),
             (True, FIN | ACK, sent, got), (False, FIN | ACK, got, sent + 1), (True, ACK, sent + 1, got + 1)]
    return [segment(*step, tags=tags) for step in steps]


def capture(frames, link=ETHERNET):
    out = struct.pack('<IHHiIII', 0xa1b2c3d4, 2, 4, 0, 0, 262_144, link)
    for i, frame in enumerate(frames):
        out += struct.pack('<IIII', START, 1_000 * i, len(frame), len(frame)) + frame
    return out


def main():
    here = os.path.dirname(os.path.abspath(__file__))
    web = capture(conversation())
    files = {
        'truncated.pcap': web[:-20],
        'empty.pcap': b'',
        'not_a_capture.pcap': b'Dear reader,\nthis file only has the name of a capture.\n',
        'unknown_link.pcap': capture([bytes(range(60))], USER0),
        'huge_record.pcap': web + struct.pack('<IIII', START + 1, 0, 0x7fff_ffff, 0x7fff_ffff) + b'\0' * 60,
        'vlan_qinq.pcap': capture(conversation(struct.pack('>HHHH', 0x88a8, 200, 0x8100, 30))),
    }
    for name, content in files.items():
        with open(os.path.join(here, name), 'wb') as f:
            f.write(content)


if __name__ == '__main__':
    main()
