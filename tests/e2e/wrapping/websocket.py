# SPDX-License-Identifier: Apache-2.0
"""RFC 6455 and RFC 7692 as far as a test needs them: one client message, or several, and a polite end."""
import base64
import hashlib
import os
import socket
import struct
import zlib

KEY_TAIL = b'258EAFA5-E914-47DA-95CA-C5AB0DC85B11'
TEXT, BINARY, CLOSE = 1, 2, 8
FIN, COMPRESSED = 0x80, 0x40
EMPTY_BLOCK = b'\0\0\xff\xff'


def accept_key(key):
    return base64.b64encode(hashlib.sha1(key + KEY_TAIL).digest())


def read_until(stream, end):
    data = b''
    while not data.endswith(end):
        more = stream.recv(1)
        if not more:
            break
        data += more
    return data


def frame(first, payload):
    """Masked, as clients must."""
    mask, size = os.urandom(4), len(payload)
    head = bytes([first, 0x80 | (size if size < 126 else 126 if size < 65536 else 127)])
    head += b'' if size < 126 else struct.pack('>H', size) if size < 65536 else struct.pack('>Q', size)
    masked = bytes(b ^ mask[i & 3] for i, b in enumerate(payload))
    return head + mask + masked


def frames(data, kind, deflate, window, fragments):
    """The frames of `data`. `window`: in two messages, the second refers back to the first."""
    if deflate:
        squeeze = zlib.compressobj(9, wbits=-15)
        parts = [data[:len(data) // 2], data[len(data) // 2:]] if window else [data]
        for part in parts:
            packed = squeeze.compress(part) + squeeze.flush(zlib.Z_SYNC_FLUSH)
            yield frame(FIN | COMPRESSED | kind, packed.removesuffix(EMPTY_BLOCK))
    elif fragments:
        step = 50
        for at in range(0, len(data), step):
            last = at + step >= len(data)
            yield frame((FIN if last else 0) | (kind if at == 0 else 0), data[at:at + step])
    else:
        yield frame(FIN | kind, data)


def send(address, port, data, is_text, deflate=False, window=False, fragments=False):
    with socket.create_connection((address, port), timeout=10) as stream:
        key = base64.b64encode(os.urandom(16))
        extension = b'Sec-WebSocket-Extensions: permessage-deflate\r\n' if deflate else b''
        stream.sendall(
            b'GET /socket HTTP/1.1\r\nHost: files.example.org\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n'
            b'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ' + key + b'\r\n' + extension + b'\r\n')
        answer = read_until(stream, b'\r\n\r\n')
        assert answer.startswith(b'HTTP/1.1 101') and accept_key(key) in answer, answer
        for sent in frames(data, TEXT if is_text else BINARY, deflate, window, fragments):
            stream.sendall(sent)
        stream.sendall(frame(FIN | CLOSE, b''))
        while stream.recv(4096):
            pass


def serve(stream):
    """Takes an upgrade, agrees to permessage-deflate when asked, drops what comes until the client closes."""
    asked = read_until(stream, b'\r\n\r\n')
    fields = dict(line.split(b': ', 1) for line in asked.split(b'\r\n')[1:] if b': ' in line)
    extension = b'Sec-WebSocket-Extensions: permessage-deflate\r\n' if b'Sec-WebSocket-Extensions' in fields else b''
    stream.sendall(
        b'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ' +
        accept_key(fields[b'Sec-WebSocket-Key']) + b'\r\n' + extension + b'\r\n')
    tail = b''
    while not (len(tail) >= 6 and tail[-6:-4] == b'\x88\x80'):
        more = stream.recv(65536)
        if not more:
            return
        tail = (tail + more)[-6:]
    stream.sendall(b'\x88\x00')
