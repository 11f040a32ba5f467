# SPDX-License-Identifier: Apache-2.0
"""Wrappings that only one protocol has: multipart forms and ranges of HTTP, messages of WebSocket."""
from wrapping.codings import CODERS, PLAIN
from wrapping.row import REQUEST, RESPONSE, WEBSOCKET, Row, Wrapped

RANGES = 'ranges are answers of HTTP'
FRAMES = 'an extension of WebSocket'


def text(folder):
    return Wrapped(PLAIN, 'people.txt', 'text/plain')


def packed(folder):
    return Wrapped(CODERS['gzip'][0](PLAIN), 'people.txt.gz', 'application/gzip')


ROWS = [
    Row('multipart/form-data, a text file', text, hidden=False, columns=(REQUEST,), why='a form is a request',
        how=frozenset({'form'})),
    Row('multipart/form-data, a gzip file', packed, ('gzip',), columns=(REQUEST,), why='a form is a request',
        how=frozenset({'form'})),
    Row('ranges of a text', text, hidden=False, columns=(RESPONSE,), why=RANGES, how=frozenset({'range'})),
    Row('ranges of a gzip file', packed, ('gzip',), columns=(RESPONSE,), why=RANGES, how=frozenset({'range'})),
    Row('many ranges in one answer', text, hidden=False, columns=(RESPONSE,), why=RANGES,
        how=frozenset({'byteranges'})),
    Row('permessage-deflate', text, columns=(WEBSOCKET,), hidden=False, why=FRAMES, how=frozenset({'deflate'})),
    Row('permessage-deflate, window kept', text, columns=(WEBSOCKET,), hidden=False, why=FRAMES,
        how=frozenset({'deflate', 'window'})),
    Row('message in fragments', text, columns=(WEBSOCKET,), hidden=False, why=FRAMES, how=frozenset({'fragments'})),
]
