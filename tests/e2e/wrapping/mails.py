# SPDX-License-Identifier: Apache-2.0
"""Mail: transfer encodings, encoded names and subjects, messages in messages. Over SMTP each is the message itself;
elsewhere it is a file. Addresses in the headers have no dot, so that they are no finding."""
import base64
import binascii
import struct

from wrapping.codings import CODERS, PLAIN
from wrapping.people import PEOPLE
from wrapping.row import HTTP, Row, Wrapped, tool

HEAD = ('From: Desk <desk@client>\r\nTo: Box <box@server>\r\nDate: Tue, 24 Nov 2026 20:00:00 +0000\r\n'
        'Message-ID: <1@client>\r\nMIME-Version: 1.0\r\n')
SUBJECT = 'Subject: list\r\n'
NOTE = 'The list you asked for.\r\n'


def message(body, fields, subject=SUBJECT):
    return (HEAD + subject + ''.join(f'{name}: {value}\r\n' for name, value in fields) + '\r\n').encode() + body


def mail(data):
    return Wrapped(data, 'people.eml', 'message/rfc822')


def base64_lines(data):
    return base64.encodebytes(data).replace(b'\n', b'\r\n')


def quoted_printable(data):
    """Every octet of a value quoted, in lines of 72."""
    text = data.replace(b'\r\n', b'\n')
    for value in (v for p in PEOPLE for v in p.values()):
        text = text.replace(value.encode(), b'\0'.join(bytes([b]) for b in value.encode()))
    lines, line = [], ''
    for byte in text:
        if byte == 0:
            continue
        if byte == 10:
            lines.append(line)
            line = ''
            continue
        piece = f'={byte:02X}' if chr(byte) in '=@' or byte % 3 == 0 else chr(byte)
        if len(line) + len(piece) > 72:
            lines.append(line + '=')
            line = ''
        line += piece
    return ('\r\n'.join(lines + [line])).encode()


def multipart(*parts, kind='mixed', boundary='=_edge_1'):
    """(content type and body of) a multipart of parts, each (fields, bytes)."""
    body = b'A message in several parts.\r\n'
    for fields, data in parts:
        body += f'--{boundary}\r\n'.encode() + ''.join(f'{n}: {v}\r\n'
                                                       for n, v in fields).encode() + b'\r\n' + data + b'\r\n'
    return f'multipart/{kind}; boundary="{boundary}"', body + f'--{boundary}--\r\n'.encode()


TEXT_PART = ([('Content-Type', 'text/plain')], NOTE.encode())


def attached(data, kind, name, encoding='base64', boundary='=_edge_1'):
    """A message of a note and one attachment."""
    coded = base64_lines(data) if encoding == 'base64' else data
    part = ([('Content-Type', f'{kind}; name="{name}"'), ('Content-Transfer-Encoding', encoding),
             ('Content-Disposition', f'attachment; filename="{name}"')], coded)
    content_type, body = multipart(TEXT_PART, part, boundary=boundary)
    return message(body, [('Content-Type', content_type)])


def plain_part(encoding, data):
    return message(data, [('Content-Type', 'text/plain; charset=utf-8'), ('Content-Transfer-Encoding', encoding)])


def uuencoded(folder):
    """Inside the text, as mailers did before MIME."""
    coded = tool('uuencode', 'people.txt', given=PLAIN).replace(b'\n', b'\r\n')
    return mail(message(NOTE.encode() + b'\r\n' + coded, []))


def y_encoded(folder):
    """yEnc 1.3: each octet plus 42; NUL, LF, CR and = escaped."""
    out, width = bytearray(), 0
    for byte in PLAIN:
        byte = (byte + 42) & 255
        piece = bytes([61, (byte + 64) & 255]) if byte in (0, 10, 13, 61) else bytes([byte])
        out, width = out + piece, width + len(piece)
        if width >= 128:
            out, width = out + b'\r\n', 0
    coded = b'=ybegin line=128 size=%d name=people.txt\r\n%s\r\n=yend size=%d crc32=%08x\r\n' % (
        len(PLAIN), bytes(out), len(PLAIN), binascii.crc32(PLAIN))
    return mail(
        message(b'A file.\r\n' + coded, [('Content-Type', 'text/plain'), ('Content-Transfer-Encoding', '8bit')]))


def tnef(data, name):
    """[MS-OXTNEF]: one attachment, by script."""
    def attribute(level, number, value):
        return struct.pack('<BII', level, number, len(value)) + value + struct.pack('<H', sum(value) & 0xffff)

    title = name.encode() + b'\0'
    return (struct.pack('<IH', 0x223E9F78, 1) + attribute(1, 0x00089006, struct.pack('<I', 0x10000)) +
            attribute(1, 0x00078008, b'IPM.Microsoft Mail.Note\0') + attribute(2, 0x00069002, bytes(14)) +
            attribute(2, 0x00018010, title) + attribute(2, 0x0006800F, data))


def encoded_words(text, coding):
    """RFC 2047: words of at most 75 characters, each whole in itself."""
    words = []
    for i in range(0, len(text), 24):
        piece = text[i:i + 24].encode()
        if coding == 'B':
            coded = base64.b64encode(piece).decode()
        else:
            coded = ''.join(chr(b) if chr(b).isalpha() else '_' if b == 32 else f'={b:02X}' for b in piece)
        words.append(f'=?utf-8?{coding}?{coded}?=')
    return '\r\n '.join(words)


def in_subject(coding):
    line = ', '.join(f'{p.name} {p.email} card {p.card} iban {p.iban}' for p in PEOPLE)
    return lambda folder: mail(
        message(NOTE.encode(), [('Content-Type', 'text/plain')], f'Subject: {encoded_words(line, coding)}\r\n'))


def in_file_name(folder):
    """RFC 2231: a name in numbered pieces, percent coded; one attachment for each person."""
    parts = [TEXT_PART]
    for person in PEOPLE:
        name = f'{person.name} {person.email} card {person.card} iban {person.iban}.txt'
        coded = ''.join(c if c.isalpha() else f'%{ord(c):02X}' for c in name)
        pieces = [coded[i:i + 60] for i in range(0, len(coded), 60)]
        for i in range(len(pieces) - 1):  # not inside %XX
            while '%' in pieces[i][-2:]:
                pieces[i], pieces[i + 1] = pieces[i][:-1], pieces[i][-1] + pieces[i + 1]
        value = ';\r\n '.join(f"filename*{i}*={'utf-8' + chr(39) * 2 if i == 0 else ''}{p}"
                              for i, p in enumerate(pieces))
        parts.append(([('Content-Type', 'text/plain'),
                       ('Content-Disposition', f'attachment;\r\n {value}')], b'as agreed'))
    content_type, body = multipart(*parts)
    return mail(message(body, [('Content-Type', content_type)]))


def nested(folder):
    """A message in a message in a message, the record in the innermost as base64."""
    inside = attached(PLAIN, 'text/plain', 'people.txt')
    for level in ('2', '3'):
        content_type, body = multipart(TEXT_PART, ([('Content-Type', 'message/rfc822')], inside),
                                       boundary=f'=_edge_{level}')
        inside = message(body, [('Content-Type', content_type)])
    return mail(inside)


def mbox(folder):
    one = plain_part('base64', base64_lines(NOTE.encode()))
    two = attached(PLAIN, 'text/plain', 'people.txt')
    made = b''.join(b'From desk@client Tue Nov 24 20:00:00 2026\r\n' + m + b'\r\n\r\n' for m in (one, two, one))
    return Wrapped(made.replace(b'\r\n', b'\n'), 'people.mbox', 'application/mbox')


def mixed_body(folder):
    kind, body = multipart(TEXT_PART, ([('Content-Type', 'text/plain'),
                                        ('Content-Transfer-Encoding', 'base64')], base64_lines(PLAIN)))
    return Wrapped(body, 'people.txt', kind)


def gzip_of_text():
    return CODERS['gzip'][0](PLAIN)


RAW = frozenset({'raw_mail'})
ROWS = [
    Row('mail, base64', lambda folder: mail(plain_part('base64', base64_lines(PLAIN))), how=RAW),
    Row('mail, quoted-printable', lambda folder: mail(plain_part('quoted-printable', quoted_printable(PLAIN))),
        how=RAW),
    Row('mail, uuencode in its text', uuencoded, ('uuencode',), how=RAW),
    Row('mail, yEnc in its text', y_encoded, how=RAW),
    Row('mail, base64 of a gzip file',
        lambda folder: mail(attached(gzip_of_text(), 'application/gzip', 'people.txt.gz')), ('gzip',), how=RAW),
    Row('mail, TNEF of a gzip file',
        lambda folder: mail(attached(tnef(gzip_of_text(), 'people.txt.gz'), 'application/ms-tnef', 'winmail.dat')),
        ('gzip',), how=RAW),
    Row('mail, RFC 2047 subject, B', in_subject('B'), how=RAW),
    Row('mail, RFC 2047 subject, Q', in_subject('Q'), how=RAW),
    Row('mail, RFC 2231 file names', in_file_name, how=RAW),
    Row('mail, message in message in message', nested, how=RAW),
    Row('mbox', mbox),
    Row('multipart/mixed', mixed_body, columns=HTTP,
        why='a boundary is told in a Content-Type; over SMTP it is the mail above'),
]
