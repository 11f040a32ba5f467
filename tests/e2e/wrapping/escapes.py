# SPDX-License-Identifier: Apache-2.0
"""Escapes and encodings inside text: forms, JSON, XML, HTML, JWT, base64 in values, data: URIs, protobuf."""
import base64
import gzip
import html
import json
import struct

from wrapping.codings import ONLY_HTTP, PLAIN
from wrapping.people import FIELDS, PEOPLE, TEXT
from wrapping.row import HTTP, REQUEST, SMTP, Row, Wrapped

FORM = 'application/x-www-form-urlencoded'
NOT_A_FILE = 'a part of an HTTP request'


def base64_text(data, url=False):
    return (base64.urlsafe_b64encode(data).rstrip(b'=') if url else base64.b64encode(data)).decode()


def percent(text):
    return ''.join(f'%{byte:02X}' for byte in text.encode())


def form_text():
    return '&'.join(f'{field}{i}={percent(value)}' for i, p in enumerate(PEOPLE)
                    for field, value in zip(FIELDS, p.row()))


def form(folder):
    return Wrapped(form_text().encode(), 'people.txt', FORM)


def escaped_json(folder):
    """Every character of a value as \\uXXXX."""
    people = ','.join('{' + ','.join(f'"{field}":"{"".join(f"{chr(92)}u{ord(c):04x}" for c in value)}"'
                                     for field, value in zip(FIELDS, p.row())) + '}' for p in PEOPLE)
    return Wrapped(f'{{"people":[{people}]}}'.encode(), 'people.json', 'application/json')


def json_in_json(folder):
    """A document as a string in a document, quotes escaped, and the inner one's values as \\uXXXX: two escapes deep."""
    return Wrapped(
        json.dumps({
            'event': json.dumps({'note': escaped_json(folder).data.decode()})
        }).encode(), 'people.json', 'application/json')


def references(text, shape):
    return ''.join(shape.format(ord(c)) for c in text)


def xml(shape):
    people = ''.join('<person>' + ''.join(f'<{field}>{references(value, shape)}</{field}>'
                                          for field, value in zip(FIELDS, p.row())) + '</person>' for p in PEOPLE)
    return lambda folder: Wrapped(f'<?xml version="1.0"?><people>{people}</people>'.encode(), 'people.xml',
                                  'application/xml')


def web_page(folder):
    """Named references where HTML has them, numbers for the rest; markup between the label and the value."""
    def referred(text):
        return ''.join({'@': '&commat;', '.': '&period;'}.get(c, f'&#{ord(c)};') for c in text)

    rows = ''.join('<tr>' + ''.join(f'<td>{html.escape(field)}: <b>{referred(value)}</b></td>'
                                    for field, value in zip(FIELDS, p.row())) + '</tr>' for p in PEOPLE)
    return Wrapped(f'<!DOCTYPE html><html><body><table>{rows}</table></body></html>'.encode(), 'people.html',
                   'text/html')


def jwt(person):
    head, claims = json.dumps({'alg': 'HS256', 'typ': 'JWT'}), json.dumps(dict(zip(FIELDS, person.row())))
    return '.'.join(base64_text(part, url=True) for part in (head.encode(), claims.encode(), bytes(range(32))))


def jwt_json(folder):
    return Wrapped(json.dumps({'tokens': [jwt(p) for p in PEOPLE]}).encode(), 'people.json', 'application/json')


def coded_json(url, data=None):
    """One long value, then one short for each person."""
    values = {
        'file': base64_text(PLAIN if data is None else data, url),
        'people': [base64_text(p.line().encode(), url) for p in PEOPLE]
    }
    return lambda folder: Wrapped(json.dumps(values).encode(), 'people.json', 'application/json')


def coded_short_json(folder):
    return Wrapped(
        json.dumps({
            'people': [base64_text(p.line().encode()) for p in PEOPLE]
        }).encode(), 'people.json', 'application/json')


def coded_form(folder):
    return Wrapped(f'kind=file&data={percent(base64_text(PLAIN))}'.encode(), 'people.txt', FORM)


def base64_file(folder):
    return Wrapped(base64.encodebytes(PLAIN), 'people.b64', 'text/plain')


def data_uri(folder):
    page = f'<html><body><a href="data:text/plain;base64,{base64_text(PLAIN)}">list</a></body></html>'
    return Wrapped(page.encode(), 'people.html', 'text/html')


def data_uri_percent(folder):
    return Wrapped(f'<html><body><a href="data:,{percent(TEXT)}">list</a></body></html>'.encode(), 'people.html',
                   'text/html')


def protobuf_bytes():
    def number(n):
        out = b''
        while n > 127:
            out, n = out + bytes([n & 127 | 128]), n >> 7
        return out + bytes([n])

    def field(index, data):
        return number(index << 3 | 2) + number(len(data)) + data

    people = b''
    for i, person in enumerate(PEOPLE):
        texts = b''.join(
            field(k + 2, f'{name}: {value}'.encode()) for k, (name, value) in enumerate(zip(FIELDS, person.row())))
        people += field(1, number(1 << 3) + number(1000 + i) + texts)
    return people


def grpc(packed):
    message = gzip.compress(protobuf_bytes()) if packed else protobuf_bytes()
    return lambda folder: Wrapped(
        struct.pack('>BI', packed, len(message)) + message, 'people.bin', 'application/grpc')


def msgpack(folder):
    """A list of maps; strings of up to 31 octets, and of up to 255."""
    def text(s):
        data = s.encode()
        return (bytes([0xa0 | len(data)]) if len(data) < 32 else b'\xd9' + bytes([len(data)])) + data

    people = b''.join(
        bytes([0x80 | len(FIELDS)]) + b''.join(text(field) + text(value) for field, value in zip(FIELDS, p.row()))
        for p in PEOPLE)
    return Wrapped(bytes([0x90 | len(PEOPLE)]) + people, 'people.msgpack', 'application/msgpack')


def cbor(folder):
    """A list of maps without lengths, each value in two chunks: nothing stands in one piece."""
    def text(s):
        data = s.encode()
        return bytes([0x60 | len(data)] if len(data) < 24 else [0x78, len(data)]) + data

    def chunks(s):
        half = len(s) // 2
        return b'\x7f' + text(s[:half]) + text(s[half:]) + b'\xff'

    people = b''.join(
        b'\xbf' + b''.join(text(field) + chunks(value) for field, value in zip(FIELDS, p.row())) + b'\xff'
        for p in PEOPLE)
    return Wrapped(b'\x9f' + people + b'\xff', 'people.cbor', 'application/cbor')


HTTP2 = frozenset({'http2'})
BY_TYPE = {'columns': HTTP + (SMTP,), 'why': 'known by its media type alone'}
ROWS = [
    Row('form, URL-encoded', form),
    Row('URL query', lambda folder: Wrapped(form_text().encode(), 'query', FORM), columns=(REQUEST,), why=NOT_A_FILE,
        how=frozenset({'query'})),
    Row('JSON, \\u escapes', escaped_json),
    Row('JSON in JSON, \\u escapes', json_in_json),
    Row('XML, decimal references', xml('&#{};')),
    Row('XML, hexadecimal references', xml('&#x{:x};')),
    Row('HTML, named and decimal references', web_page),
    Row('JWT in JSON', jwt_json),
    Row('JWT in Authorization', lambda folder: Wrapped('\n'.join(map(jwt, PEOPLE)).encode(), 'tokens', 'text/plain'),
        columns=(REQUEST,), why=NOT_A_FILE, how=frozenset({'bearer'})),
    Row('JWT in a cookie', lambda folder: Wrapped('\n'.join(map(jwt, PEOPLE)).encode(), 'tokens', 'text/plain'),
        columns=(REQUEST,), why=NOT_A_FILE, how=frozenset({'cookie'})),
    Row('base64 in JSON, long and short', coded_json(False)),
    Row('base64 in JSON, short', coded_short_json),
    Row('base64url in JSON', coded_json(True)),
    Row('base64 in a form', coded_form),
    Row('base64 as a file', base64_file),
    Row('base64 of gzip in JSON', coded_json(False, gzip.compress(PLAIN))),
    Row('data: URI, base64', data_uri),
    Row('data: URI, percent', data_uri_percent),
    Row('protobuf strings', lambda folder: Wrapped(protobuf_bytes(), 'people.pb', 'application/x-protobuf'),
        hidden=False),
    Row('MessagePack', msgpack, hidden=False, **BY_TYPE),
    Row('CBOR, strings in chunks', cbor, **BY_TYPE),
    Row('gRPC message', grpc(False), hidden=False, columns=HTTP, why=ONLY_HTTP, how=HTTP2),
    Row('gRPC message, gzip', grpc(True), columns=HTTP, why=ONLY_HTTP, how=HTTP2 | {'grpc-gzip'}),
]
