# SPDX-License-Identifier: Apache-2.0
"""Thirty-three ways in which a secret passes in clear text; each is `say(script, client, server, at)`. No secret
opens anything."""
import base64
import json
import string
import struct

import talks

WORD = 'Tr4um-Kahn-99'
ALNUM = string.ascii_letters + string.digits


def _drawn(script, size, alphabet=ALNUM):
    return ''.join(script.rng.choice(alphabet) for _ in range(size))


def _jwt(script):
    parts = [json.dumps({'alg': 'HS256', 'typ': 'JWT'}), json.dumps({'sub': _drawn(script, 8), 'iat': 1790841600})]
    coded = [base64.urlsafe_b64encode(part.encode()).decode().rstrip('=') for part in parts]
    return '.'.join([*coded, base64.urlsafe_b64encode(script.rng.randbytes(32)).decode().rstrip('=')])


def posted(make):
    """In the body of a request."""
    return lambda script, client, server, at: talks.post(script, client, server, at, 'paste.example.net',
                                                         make(script).encode(), kind='text/plain')


def headed(make):
    """In a field of a request."""
    return lambda script, client, server, at: talks.get(script, client, server, at, 'app.example.net', b'ok', fields=(
        make(script), ))


def spoken(port, *lines):
    """A dialogue: the server speaks first, `>` marks what the client says."""
    def say(script, client, server, at):
        talk = script.tcp(client, server, port, at)
        for line in lines:
            (talk.send if line.startswith('>') else talk.reply)(line.lstrip('>').encode('latin-1'))
        talk.close()

    return say


def _plain(user, word):
    return base64.b64encode(f'\0{user}\0{word}'.encode()).decode()


def _ber(tag, content):
    return bytes([tag, len(content)]) + content


def ldap_bind(script, client, server, at):
    bind = _ber(0x60, b'\x02\x01\x03' + _ber(4, b'cn=app,dc=example,dc=org') + _ber(0x80, WORD.encode()))
    talk = script.tcp(client, server, 389, at)
    talk.send(_ber(0x30, b'\x02\x01\x01' + bind))
    talk.reply(_ber(0x30, b'\x02\x01\x01' + _ber(0x61, b'\x0a\x01\0\x04\0\x04\0')))
    talk.close()


def snmp_community(script, client, server, at):
    variable = _ber(0x30, _ber(6, b'\x2b\x06\x01\x02\x01\x01\x01\0') + b'\x05\0')
    pdu = _ber(0xa0, b'\x02\x02\x12\x34\x02\x01\0\x02\x01\0' + _ber(0x30, variable))
    script.udp(client, 50_161, server, 161, _ber(0x30, b'\x02\x01\x01' + _ber(4, b'W4rd-north-rw') + pdu), at)


def postgres_password(script, client, server, at):
    talk = script.tcp(client, server, 5432, at)
    start = b'\0\x03\0\0user\0app\0database\0shop\0\0'
    talk.send(struct.pack('>I', 4 + len(start)) + start)
    talk.reply(b'R' + struct.pack('>II', 8, 3))  # AuthenticationCleartextPassword
    talk.send(b'p' + struct.pack('>I', 5 + len(WORD)) + WORD.encode() + b'\0')
    talk.reply(b'R' + struct.pack('>II', 8, 0) + b'Z' + struct.pack('>I', 5) + b'I')
    talk.close()


def mqtt_password(script, client, server, at):
    fields = b''.join(struct.pack('>H', len(field)) + field for field in (b'sensor-7', b'plant', WORD.encode()))
    body = b'\0\x04MQTT\x04\xc2\0\x3c' + fields
    talk = script.tcp(client, server, 1883, at)
    talk.send(bytes([0x10, len(body)]) + body)
    talk.reply(b'\x20\x02\0\0')
    talk.close()


KINDS = [
    posted(lambda s: f'token AKIA{_drawn(s, 16, string.ascii_uppercase + "234567")}'),
    posted(lambda s: f'aws_secret_access_key = {_drawn(s, 40, ALNUM + "+/")}'),
    posted(lambda s: f'ghp_{_drawn(s, 36)}'),
    posted(lambda s: f'"token":"AIza{_drawn(s, 35)}"'),
    posted(lambda s: f'xoxb-{_drawn(s, 12, string.digits)}-{_drawn(s, 12, string.digits)}-{_drawn(s, 24)}'),
    posted(lambda s: f'sk_live_{_drawn(s, 24)}'),
    posted(lambda s: 'AccountName=shop;AccountKey=' + base64.b64encode(s.rng.randbytes(64)).decode() + ';'),
    posted(lambda s: json.dumps(
        {'type': 'service_account', 'project_id': 'shop', 'private_key_id': s.rng.randbytes(20).hex()})),
    posted(lambda s: '-----BEGIN RSA PRIVATE KEY-----\n' + base64.encodebytes(s.rng.randbytes(600)).decode() +
           '-----END RSA PRIVATE KEY-----\n'),
    posted(lambda s: '-----BEGIN OPENSSH PRIVATE KEY-----\n' + base64.encodebytes(s.rng.randbytes(400)).decode() +
           '-----END OPENSSH PRIVATE KEY-----\n'),
    posted(lambda s: f'-----BEGIN PGP PRIVATE KEY BLOCK-----\n\n{base64.encodebytes(s.rng.randbytes(600)).decode()}'),
    posted(lambda s: f'erika:$2b$12${_drawn(s, 53)}:19700'),
    posted(lambda s: f'postgres://app:{WORD}@db.example.org/shop'),
    posted(lambda s: json.dumps({'access_token': _drawn(s, 32)})),
    posted(lambda s: json.dumps({'user': 'erika', 'password': WORD})),
    posted(
        lambda s: f'otpauth://totp/shop:erika?secret={_drawn(s, 32, string.ascii_uppercase + "234567")}&issuer=shop'),
    headed(lambda s: 'Authorization: Basic ' + base64.b64encode(f'erika:{WORD}'.encode()).decode()),
    headed(lambda s: f'Authorization: Bearer {_drawn(s, 40)}'),
    headed(lambda s: f'Authorization: Bearer {_jwt(s)}'),
    headed(lambda s: f'X-Api-Key: {_drawn(s, 32)}'),
    headed(lambda s: f'Cookie: lang=de; PHPSESSID={_drawn(s, 26, string.ascii_lowercase + string.digits)}'),
    spoken(21, '220 ready\r\n', '>USER erika\r\n', '331 password\r\n', f'>PASS {WORD}\r\n', '230 in\r\n'),
    spoken(110, '+OK ready\r\n', '>USER erika\r\n', '+OK\r\n', f'>PASS {WORD}\r\n', '+OK in\r\n'),
    spoken(143, '* OK ready\r\n', f'>a1 LOGIN erika {WORD}\r\n', 'a1 OK in\r\n'),
    spoken(587, '220 mx ESMTP\r\n', '>EHLO a\r\n', '250-mx\r\n250 AUTH PLAIN LOGIN\r\n',
           f'>AUTH PLAIN {_plain("erika", WORD)}\r\n', '235 in\r\n'),
    spoken(23, 'login: ', '>erika\r\n', 'Password: ', f'>{WORD}\r\n', 'Last login: Thu\r\n$ '),
    spoken(6379, f'>*2\r\n$4\r\nAUTH\r\n${len(WORD)}\r\n{WORD}\r\n', '+OK\r\n'),
    spoken(6667, f'>PASS {WORD}\r\nNICK erika\r\nUSER erika 0 * :Erika\r\n', ':irc.example.net 001 erika :Welcome\r\n'),
    spoken(
        5222, ">" + "<?xml version='1.0'?><stream:stream to='example.net' xmlns='jabber:client' "
        "xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>",
        "<?xml version='1.0'?><stream:stream from='example.net' id='1' xmlns='jabber:client' "
        "xmlns:stream='http://etherx.jabber.org/streams' version='1.0'><stream:features><mechanisms "
        "xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>PLAIN</mechanism></mechanisms></stream:features>",
        f">" + f"<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>{_plain('erika', WORD)}</auth>",
        "<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>"),
    ldap_bind,
    snmp_community,
    postgres_password,
    mqtt_password,
]
