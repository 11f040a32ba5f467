# SPDX-License-Identifier: Apache-2.0
"""Compressed streams, as files and as HTTP's content codings."""
import zlib

from wrapping.people import TEXT
from wrapping.row import HTTP, Row, Wrapped, tool

PLAIN = TEXT.encode()
HALF = len(PLAIN) // 2
ONLY_HTTP = 'a coding is a header of HTTP'


def raw_deflate(data):
    squeeze = zlib.compressobj(9, wbits=-15)
    return squeeze.compress(data) + squeeze.flush()


# Name -> (bytes -> bytes), suffix, media type, program.
CODERS = {
    'gzip': (lambda d: tool('gzip', '-9', given=d), 'gz', 'application/gzip', 'gzip'),
    'zlib': (lambda d: tool('pigz', '-z', given=d), 'zz', 'application/zlib', 'pigz'),
    'brotli': (lambda d: tool('brotli', '-c', given=d), 'br', 'application/octet-stream', 'brotli'),
    'zstd': (lambda d: tool('zstd', '-c', given=d), 'zst', 'application/zstd', 'zstd'),
    'compress': (lambda d: tool('compress', '-f', '-c', given=d), 'Z', 'application/x-compress', 'compress'),
    'xz': (lambda d: tool('xz', '-c', given=d), 'xz', 'application/x-xz', 'xz'),
    'lzma': (lambda d: tool('xz', '--format=lzma', '-c', given=d), 'lzma', 'application/x-lzma', 'xz'),
    'bzip2': (lambda d: tool('bzip2', '-c', given=d), 'bz2', 'application/x-bzip2', 'bzip2'),
    'lz4': (lambda d: tool('lz4', '-c', given=d), 'lz4', 'application/x-lz4', 'lz4'),
}


def _file(coder, data=PLAIN):
    make, suffix, kind, _ = CODERS[coder]
    return Wrapped(make(data), f'people.txt.{suffix}', kind)


def _two_members(coder):
    make, suffix, kind, _ = CODERS[coder]
    return Wrapped(make(PLAIN[:HALF]) + make(PLAIN[HALF:]), f'people.txt.{suffix}', kind)


def _coded(label, *coders):
    data = PLAIN
    for coder in coders:
        data = raw_deflate(data) if coder == 'deflate' else CODERS[coder][0](data)
    return Wrapped(data, 'people.txt', 'text/plain', label)


def _file_rows():
    for name, (_, _, _, program) in CODERS.items():
        yield Row(f'{name} file', lambda folder, name=name: _file(name), (program,))
    for name in ('gzip', 'bzip2', 'xz', 'zstd', 'lz4'):
        yield Row(f'{name} file, two members', lambda folder, name=name: _two_members(name), (CODERS[name][3],))


def _http_rows():
    """Label, coders in the order applied."""
    for label, *coders in (('gzip', 'gzip'), ('deflate', 'zlib'), ('deflate', 'deflate'), ('br', 'brotli'),
                           ('zstd', 'zstd'), ('compress', 'compress'), ('gzip, br', 'gzip', 'brotli'),
                           ('br, zstd, gzip', 'brotli', 'zstd',
                            'gzip'), ('deflate, deflate', 'zlib', 'deflate'), ('gzip', 'brotli'), ('gzip', 'zlib'),
                           ('gzip', 'deflate'), ('deflate', 'gzip'), ('br', 'gzip'), ('br', 'zstd'),
                           ('zstd', 'brotli'), ('identity', 'gzip'), ('identity', 'zstd'), ('x-unheard-of', 'gzip'),
                           ('gzip', 'xz'), ('', 'gzip'), ('', 'zstd'), ('', 'zlib'), ('gzip',)):
        yield Row(f'coding {label or "none"!r} on {"+".join(coders) or "plain"}',
                  lambda folder, label=label, coders=coders: _coded(label, *coders),
                  tuple(CODERS[c][3] for c in coders if c in CODERS), bool(coders), HTTP, ONLY_HTTP)


ROWS = [
    Row('plain text', lambda folder: Wrapped(PLAIN, 'people.txt', 'text/plain'), hidden=False),
    *_file_rows(),
    *_http_rows(),
    Row('chunked', lambda folder: Wrapped(PLAIN, 'people.txt', 'text/plain'), hidden=False, columns=HTTP,
        why='chunks are a framing of HTTP', how=frozenset({'chunked'})),
    Row('chunked, coding gzip', lambda folder: _coded('gzip', 'gzip'), ('gzip',), columns=HTTP,
        why='chunks are a framing of HTTP', how=frozenset({'chunked'})),
    Row('HTTP/2, coding br', lambda folder: _coded('br', 'brotli'), ('brotli',), columns=HTTP, why=ONLY_HTTP,
        how=frozenset({'http2'})),
]
