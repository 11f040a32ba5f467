# SPDX-License-Identifier: Apache-2.0
"""A planted token and the ways to write it."""
import base64
import gzip
import io
import json
import string
import urllib.parse
import zipfile
import zlib

import registers

LENGTH = 24  # signs of base62: 143 bits


def plant(script):
    """A token, and canary.bin, by which the sensor knows it, as it is and in the forms that no decoder takes off."""
    token = 'c4' + ''.join(script.rng.choice(string.ascii_letters + string.digits) for _ in range(LENGTH - 2))
    registers.hash_column(script.folder, 'canary', [token, token.encode().hex(), token[::-1]], '--bits', '64')
    return token


def _zipped(text):
    out = io.BytesIO()
    with zipfile.ZipFile(out, 'w', zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo('notes.txt'), text)
    return out.getvalue()


def codings(token):
    """Name -> body, content type, further fields."""
    text = f'reference: {token} (keep)\n'
    raw = text.encode()

    def in_json(value):
        return json.dumps({'data': value}).encode()

    return {
        'plain': (raw, 'text/plain', ()),
        'form': (urllib.parse.urlencode({'ref': token}).encode(), 'application/x-www-form-urlencoded', ()),
        'percent':
        (b'ref=' + ''.join(f'%{ord(c):02X}' for c in token).encode(), 'application/x-www-form-urlencoded', ()),
        'JSON': (in_json(token), 'application/json', ()),
        'JSON escapes':
        (b'{"data":"' + ''.join(f'\\u{ord(c):04x}' for c in token).encode() + b'"}', 'application/json', ()),
        'HTML entities': (b'<p>' + ''.join(f'&#{ord(c)};' for c in token).encode() + b'</p>', 'text/html', ()),
        'gzip': (gzip.compress(raw, mtime=0), 'text/plain', ('Content-Encoding: gzip', )),
        'deflate': (zlib.compress(raw), 'text/plain', ('Content-Encoding: deflate', )),
        'zip': (_zipped(text), 'application/zip', ()),
        'UTF-16': (text.encode('utf-16'), 'text/plain; charset=utf-16', ()),
        'base64, phase 0': (in_json(base64.b64encode(b'ref: ' + raw + b'.' * 30).decode()), 'application/json', ()),
        'base64, phase 1': (in_json(base64.b64encode(b'ref.: ' + raw + b'.' * 30).decode()), 'application/json', ()),
        'base64, phase 2': (in_json(base64.b64encode(b'ref..: ' + raw + b'.' * 30).decode()), 'application/json', ()),
        'hex': (in_json(token.encode().hex()), 'application/json', ()),
        'reversed': (in_json(token[::-1]), 'application/json', ()),
    }
