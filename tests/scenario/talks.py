# SPDX-License-Identifier: Apache-2.0
"""What machines say to each other, over synth.Capture: HTTP, DNS, TLS, SMTP, MQTT, Modbus and the small services."""
import struct

import synth

CHROME = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/129.0.0.0 Safari/537.36'
A, NS, CNAME, NULL, PTR, MX, TXT, AAAA = 1, 2, 5, 10, 12, 15, 16, 28
BLOCK = 1 << 16


def noise(rng, size):
    """As random as ciphertext to any measure; one block a call keeps large ones cheap."""
    block = rng.randbytes(min(size, BLOCK))
    return (block * (size // len(block) + 1))[:size] if size else b''


# --- HTTP -----------------------------------------------------------------------------------------------------------


def request(method, host, path, body=b'', kind='', fields=(), agent=CHROME):
    lines = [f'{method} {path} HTTP/1.1', f'Host: {host}', f'User-Agent: {agent}', 'Accept: */*', *fields]
    if body or method in ('POST', 'PUT'):
        lines += [f'Content-Type: {kind or "application/octet-stream"}', f'Content-Length: {len(body)}']
    return '\r\n'.join(lines).encode() + b'\r\n\r\n' + body


def response(body=b'', kind='text/html', status='200 OK', fields=()):
    lines = [f'HTTP/1.1 {status}', 'Server: nginx', f'Content-Type: {kind}', f'Content-Length: {len(body)}', *fields]
    return '\r\n'.join(lines).encode() + b'\r\n\r\n' + body


def http(capture, client, server, at, exchanges, port=80, gap=0.05):
    """One connection; `exchanges` are (request, response). Ends when it does."""
    talk = capture.tcp(client, server, port, at)
    for asked, answered in exchanges:
        talk.send(asked, at=talk.now + gap)
        talk.reply(answered)
    return talk.close()


def post(capture, client, server, at, host, body, path='/', kind='application/x-www-form-urlencoded', fields=(),
         method='POST'):
    return http(capture, client, server, at,
                [(request(method, host, path, body, kind, fields), response(status='204 No Content'))])


def get(capture, client, server, at, host, body, path='/', kind='text/html', fields=()):
    return http(capture, client, server, at, [(request('GET', host, path, fields=fields), response(body, kind))])


# --- DNS ------------------------------------------------------------------------------------------------------------


def dns_name(name):
    return b''.join(bytes([len(label)]) + label.encode('latin-1') for label in name.split('.') if label) + b'\0'


def address_data(address):
    return synth.packed(address)


def text_data(text):
    return b''.join(bytes([len(part)]) + part for part in (text[i:i + 255] for i in range(0, len(text), 255)))


def dns(capture, client, resolver, at, name, kind=A, answer=b'', code=0, ttl=300):
    """A query and its response; `answer` is the record's data, empty for none."""
    identifier = capture.rng.getrandbits(16)
    question = dns_name(name) + struct.pack('>HH', kind, 1)
    port = capture.client_port()
    capture.udp(client, port, resolver, 53, struct.pack('>HHHHHH', identifier, 0x0100, 1, 0, 0, 0) + question, at)
    record = b'\xc0\x0c' + struct.pack('>HHIH', kind, 1, ttl, len(answer)) + answer if answer else b''
    head = struct.pack('>HHHHHH', identifier, 0x8180 | code, 1, 1 if answer else 0, 0, 0)
    capture.udp(resolver, 53, client, port, head + question + record, at + synth.ANSWER_S)


# --- TLS 1.3, of which nothing but the two hellos can be read --------------------------------------------------------


def _extension(kind, data):
    return struct.pack('>HH', kind, len(data)) + data


def _listed(width, data):
    return len(data).to_bytes(width, 'big') + data


def _handshake(kind, body):
    message = bytes([kind]) + len(body).to_bytes(3, 'big') + body
    return b'\x16\x03\x01' + struct.pack('>H', len(message)) + message


def client_hello(rng, name):
    server_name = _listed(2, b'\0' + _listed(2, name.encode())) if name else b''
    extensions = (_extension(0, server_name) if name else b'') + _extension(10, _listed(
        2, b'\0\x1d\0\x17')) + _extension(13, _listed(2, b'\x04\x03\x08\x04')) + _extension(
            16, _listed(2,
                        _listed(1, b'h2') + _listed(1, b'http/1.1'))) + _extension(43, _listed(
                            1, b'\x03\x04')) + _extension(51, _listed(2, b'\0\x1d' + _listed(2, rng.randbytes(32))))
    ciphers = b'\x13\x01\x13\x02\x13\x03\xc0\x2b\xc0\x2f'
    return _handshake(
        1, b'\x03\x03' + rng.randbytes(32) + _listed(1, rng.randbytes(32)) + _listed(2, ciphers) + b'\x01\0' +
        _listed(2, extensions))


def server_hello(rng):
    extensions = _extension(43, b'\x03\x04') + _extension(51, b'\0\x1d' + _listed(2, rng.randbytes(32)))
    return _handshake(
        2, b'\x03\x03' + rng.randbytes(32) + _listed(1, rng.randbytes(32)) + b'\x13\x01\0' + _listed(2, extensions))


def records(data):
    return b''.join(b'\x17\x03\x03' + struct.pack('>H', len(part)) + part
                    for part in (data[i:i + 16_000] for i in range(0, len(data), 16_000)))


def tls(capture, client, server, at, name, port=443):
    """An open connection: the caller sends and replies `records`, then closes."""
    talk = capture.tcp(client, server, port, at)
    talk.send(client_hello(capture.rng, name))
    changed = b'\x14\x03\x03\0\x01\x01'
    talk.reply(server_hello(capture.rng) + changed + records(noise(capture.rng, 2_600)))
    talk.send(changed + records(noise(capture.rng, 58)))
    return talk


def tls_exchange(capture, client, server, at, name, up, down, rate=None, port=443):
    """A whole connection that carries so many bytes up and down."""
    talk = tls(capture, client, server, at, name, port)
    talk.send(records(noise(capture.rng, up)), rate=rate)
    talk.reply(records(noise(capture.rng, down)), rate=rate)
    return talk.close()


# --- mail, MQTT, Modbus ---------------------------------------------------------------------------------------------


def mail(capture, client, server, at, sender, recipient, message, helo='mail.example.org'):
    talk = capture.tcp(client, server, 25, at)
    talk.reply(b'220 mx.example.net ESMTP\r\n')
    for asked, answered in ((f'EHLO {helo}', '250 mx.example.net'), (f'MAIL FROM:<{sender}>', '250 2.1.0 Ok'),
                            (f'RCPT TO:<{recipient}>', '250 2.1.5 Ok'), ('DATA',
                                                                         '354 End data with <CR><LF>.<CR><LF>')):
        talk.send(asked.encode() + b'\r\n')
        talk.reply(answered.encode() + b'\r\n')
    talk.send(message + b'\r\n.\r\n')
    talk.reply(b'250 2.0.0 Ok: queued\r\n')
    talk.send(b'QUIT\r\n')
    talk.reply(b'221 2.0.0 Bye\r\n')
    return talk.close()


def _mqtt(kind, body):
    size, length = len(body), b''
    while True:
        size, low = divmod(size, 128)
        length += bytes([low | (0x80 if size else 0)])
        if not size:
            return bytes([kind]) + length + body


def mqtt(capture, client, broker, at, identifier, messages):
    """`messages` are (topic, payload, seconds since the one before)."""
    talk = capture.tcp(client, broker, 1883, at)
    talk.send(_mqtt(0x10, b'\0\x04MQTT\x04\x02\0\x3c' + _listed(2, identifier.encode())))
    talk.reply(b'\x20\x02\0\0')
    for topic, payload, wait in messages:
        talk.send(_mqtt(0x30, _listed(2, topic.encode()) + payload), at=talk.now + wait)
    talk.send(b'\xe0\0')
    return talk.close()


def modbus_read(number, unit=1, address=0, count=8):
    return struct.pack('>HHHBBHH', number & 0xffff, 0, 6, unit, 3, address, count)


def modbus_values(number, values, unit=1):
    data = b''.join(struct.pack('>H', value & 0xffff) for value in values)
    return struct.pack('>HHHBBB', number & 0xffff, 0, 3 + len(data), unit, 3, len(data)) + data


def modbus_write(number, address, value, unit=1):
    return struct.pack('>HHHBBHH', number & 0xffff, 0, 6, unit, 6, address, value)


# --- small services -------------------------------------------------------------------------------------------------


def ntp(capture, client, server, at, stuffing=b''):
    """A client's packet and the answer; `stuffing` goes in an extension field, as covert channels do it."""
    port = capture.client_port()
    extension = struct.pack('>HH', 0x0104, 4 + len(stuffing)) + stuffing if stuffing else b''
    capture.udp(client, port, server, 123, b'\x23' + b'\0' * 39 + capture.rng.randbytes(8) + extension, at)
    capture.udp(server, 123, client, port, b'\x24\x02\x06\xec' + b'\0' * 12 + capture.rng.randbytes(32),
                at + synth.ANSWER_S)


def syslog(capture, sender, collector, at, text):
    capture.udp(sender, 514, collector, 514, b'<134>1 2026-10-01T08:00:00Z ' + text.encode(), at)


def rtp(capture, source, source_port, target, target_port, at, sequence, payload, stream, kind=96):
    head = struct.pack('>BBHII', 0x80, kind, sequence & 0xffff, sequence * 3000 & 0xffffffff, stream)
    capture.udp(source, source_port, target, target_port, head + payload, at)
