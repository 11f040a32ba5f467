# SPDX-License-Identifier: Apache-2.0
"""Bodies made to cost more than they weigh, and bodies that lie. What each must run into is said beside it."""
import functools
import io
import os
import struct
import tarfile
import tempfile
import zipfile
import zlib
from dataclasses import dataclass
from typing import Callable

from wrapping import codings, quine
from wrapping.row import Wrapped, tool

MB = 1_000_000
DECODED, DEPTH, COUNT = {'cap_ratio', 'cap_burst', 'cap_output'}, {'cap_depth'}, {'cap_parts', 'cap_files'}
MEMORY = {'cap_memory'}
ANY = DECODED | DEPTH | COUNT | MEMORY


@dataclass(frozen=True)
class Bomb:
    title: str
    make: Callable  # -> Wrapped
    caps: frozenset  # one of these counters must have moved; empty: it need not be stopped, only survived
    needs: tuple = ()
    times: int = 1  # so many requests, one behind the other without a pause


@functools.lru_cache(maxsize=None)
def zeros(coder, megabytes):
    return codings.CODERS[coder][0](bytes(megabytes * MB))


@functools.lru_cache(maxsize=None)
def brotli_zeros(megabytes, window):
    """In a window of 2^`window`: a decoder may fill all of it before it hands on the first octet."""
    return tool('brotli', '-c', '-q', '9', '-w', str(window), given=bytes(megabytes * MB))


def packed(coder, data, times=1):
    for _ in range(times):
        data = codings.CODERS[coder][0](data)
    return data


def hundred(coder, outer=0):
    """10 GB: a hundred members of 100 MB, the whole coded again `outer` times."""
    return packed(coder, zeros(coder, 100) * 100, outer)


def file(data, name, kind='application/octet-stream', coding=''):
    return lambda: Wrapped(data() if callable(data) else data, name, kind, coding)


# --- archives ---------------------------------------------------------------------------------------------------------


def local_header(name, crc, packed_size, size, method=8):
    return b'PK\3\4' + struct.pack('<HHHHHIIIHH', 20, 0, method, 0, 0x5821, crc, packed_size, size, len(name),
                                   0) + name


def central_header(name, crc, packed_size, size, offset):
    return (b'PK\1\2\x14\0' + struct.pack('<HHHHHIIIHHHHHII', 20, 0, 8, 0, 0x5821, crc, packed_size, size, len(name),
                                          0, 0, 0, 0, 0, offset) + name)


def end_of_central(count, size, offset):
    count = min(count, 0xffff)
    return b'PK\5\6' + struct.pack('<HHHHIIH', 0, 0, count, count, size & 0xffffffff, offset & 0xffffffff, 0)


def overlapping_zip(files=250, kernel_mb=10):
    """All members share one kernel; each is a stored block that quotes the next member's header, and then that member.
    After D. Fifield, A better zip bomb, 2019. Only the last has its right sum: nobody careful gets as far as the others'."""
    kernel = bytes(kernel_mb * MB)
    body, size, crc, entries = codings.raw_deflate(kernel), len(kernel), zlib.crc32(kernel), []
    for number in reversed(range(files)):
        name = b'%03d' % number
        head = local_header(name, crc, len(body), size)
        entries.append((name, crc, len(body), size))
        body = b'\0' + struct.pack('<HH', len(head), len(head) ^ 0xffff) + head + body
        size, crc = size + len(head), 0
    body = body[5:]  # the first header is quoted by nobody
    step = 5 + len(head)
    central = b''.join(central_header(*entry, i * step) for i, entry in enumerate(reversed(entries)))
    return body + central + end_of_central(files, len(central), len(body))


def nested_zips(levels, copies, bottom):
    data = bottom
    for _ in range(levels):
        out = io.BytesIO()
        with zipfile.ZipFile(out, 'w', zipfile.ZIP_DEFLATED) as made:
            for i in range(copies):
                made.writestr(f'lib{i}.zip', data)
        data = out.getvalue()
    return data


def many_in_zip(count):
    name, data = b'a', b'x'
    locals_ = (local_header(name, zlib.crc32(data), len(data), len(data), 0) + data) * count
    central = central_header(name, zlib.crc32(data), len(data), len(data), 0) * count
    return locals_ + central + end_of_central(count, len(central), len(locals_))


def many_in_tar(count):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode='w', format=tarfile.USTAR_FORMAT) as made:
        made.addfile(tarfile.TarInfo('a'))
    return packed('gzip', out.getvalue()[:512] * count + bytes(1024))


def many_in_cpio(count):
    fields = [1, 0o100644, 0, 0, 1, 0, 1, 0, 0, 0, 0, 2, 0]
    entry = b'070701' + b''.join(b'%08X' % field for field in fields) + b'a\0'
    entry += b'x\0\0\0'  # both name and data end at a multiple of four
    return packed('gzip', entry * count)


def in_7z(data, *options):
    with tempfile.TemporaryDirectory() as folder:
        with open(os.path.join(folder, 'zeros'), 'wb') as out:
            out.write(data)
        tool('7z', 'a', '-bso0', '-bsp0', *options, 'made.7z', 'zeros', folder=folder)
        with open(os.path.join(folder, 'made.7z'), 'rb') as made:
            return made.read()


def looping_iso():
    """A directory whose entry says that it lies where its parent lies."""
    with tempfile.TemporaryDirectory() as folder:
        os.makedirs(os.path.join(folder, 'tree', 'inner'))
        with open(os.path.join(folder, 'tree', 'a.txt'), 'wb') as out:
            out.write(b'nothing of note\n')
        tool('genisoimage', '-quiet', '-o', 'made.iso', 'tree', folder=folder)
        with open(os.path.join(folder, 'made.iso'), 'rb') as made:
            data = bytearray(made.read())
    root = struct.unpack_from('<I', data, 16 * 2048 + 156 + 2)[0]
    entry = data.index(b'\5INNER', root * 2048) - 32
    struct.pack_into('<I', data, entry + 2, root)
    struct.pack_into('>I', data, entry + 6, root)
    return bytes(data)


def climbing_tar():
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode='w') as made:
        for name in ('../../../../etc/passwd', '/etc/shadow', 'a/' * 2000 + 'b', '..\\..\\windows\\win.ini',
                     'x\x1b[2Jy', 'ü\n{"a":1}'):
            data = b'root:x:0:0\n'
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            made.addfile(entry, io.BytesIO(data))
    return out.getvalue()


def climbing_zip():
    out = io.BytesIO()
    with zipfile.ZipFile(out, 'w') as made:
        for name in ('../../../../etc/passwd', '/etc/shadow', 'a/' * 2000 + 'b', 'x\x1b[2Jy'):
            made.writestr(name, 'root:x:0:0\n')
    return out.getvalue()


def lying_zip(packed_size, size):
    body = codings.raw_deflate(b'nothing of note\n' * 100)
    return local_header(b'a.txt', 1, packed_size, size) + body + local_header(b'b.txt', 2, len(body), 3) + body


def lying_tar(size_field):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode='w', format=tarfile.USTAR_FORMAT) as made:
        made.addfile(tarfile.TarInfo('a'))
    head = bytearray(out.getvalue()[:512])
    head[124:136] = size_field
    head[148:156] = b' ' * 8
    head[148:156] = b'%06o\0 ' % sum(head)
    return bytes(head) + b'nothing of note\n' * 200


# --- claims of memory -------------------------------------------------------------------------------------------------


def zstd_window(exponent, blocks):
    """A frame that wants a window of 2^exponent, and gives blocks of one repeated octet."""
    block = struct.pack('<I', (128 * 1024) << 3 | 1 << 1)[:3] + b'\0'
    return b'\x28\xb5\x2f\xfd' + bytes([0, (exponent - 10) << 3]) + block * blocks + b'\3\0\0\0'


def xz_dictionary():
    """A block that wants a dictionary of 4 GiB."""
    data = bytearray(zeros('xz', 1))
    size = (data[12] + 1) * 4
    at = data.index(b'\x21\x01', 13, 12 + size) + 2
    data[at] = 40
    data[12 + size - 4:12 + size] = struct.pack('<I', zlib.crc32(bytes(data[12:12 + size - 4])))
    return bytes(data)


def lzma_dictionary():
    data = bytearray(zeros('lzma', 1))
    data[1:5] = b'\xff' * 4
    return bytes(data)


# --- text -------------------------------------------------------------------------------------------------------------


def nested_multipart(levels):
    heads = ''.join(f'Content-Type: multipart/mixed; boundary=b{i}\r\n\r\n--b{i}\r\n' for i in range(levels))
    return ('From: desk@client\r\n' + heads + 'Content-Type: text/plain\r\n\r\ndeep\r\n').encode()


def nested_messages(levels):
    return b'Content-Type: message/rfc822\r\n\r\n' * levels + b'Content-Type: text/plain\r\n\r\ndeep\r\n'


def many_parts(count):
    return b'--b\r\nContent-Type: text/plain\r\n\r\nx\r\n' * count + b'--b--\r\n'


def nested_base64(levels):
    data = b'nothing of note ' * 8
    for _ in range(levels):
        data = tool('base64', '-w', '0', given=data)
    return b'{"a":"' + data + b'"}'


def laughs():
    entities = ''.join(
        f'<!ENTITY l{i} "{"&l" + str(i - 1) + ";" if i else "lol"}{("&l" + str(i - 1) + ";") * 9 if i else ""}">'
        for i in range(12))
    return f'<?xml version="1.0"?><!DOCTYPE l [{entities}]><l>&l11;</l>'.encode()


def pdf_of(filters, data):
    names = ' '.join(['/FlateDecode'] * filters)
    return (b'%PDF-1.7\n1 0 obj\n<< /Length ' + str(len(data)).encode() + b' /Filter [' + names.encode() +
            b'] >>\nstream\n' + data + b'\nendstream\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n')


def zlib_bomb(times):
    """100 MB in streams of zlib, one within the other."""
    data = bytes(100 * MB)
    for _ in range(times):
        data = zlib.compress(data, 9)
    return data


def docx_of_blanks():
    out = io.BytesIO()
    with zipfile.ZipFile(out, 'w', zipfile.ZIP_DEFLATED) as made:
        made.writestr('[Content_Types].xml', '<Types/>')
        made.writestr('word/document.xml', b'<w:document><w:body>' + b' ' * (400 * MB))
    return out.getvalue()


BOMBS = [
    Bomb('10 GB of zeros, gzip thrice, labelled',
         file(lambda: hundred('gzip', 2), 'z', 'text/plain', 'gzip, gzip, gzip'), DECODED, ('gzip',)),
    Bomb('10 GB of zeros, gzip thrice, a file', file(lambda: hundred('gzip', 2), 'z.gz', 'application/gzip'), DECODED,
         ('gzip',)),
    Bomb('10 GB of zeros, bzip2', file(lambda: hundred('bzip2'), 'z.bz2', 'application/x-bzip2'), DECODED,
         ('bzip2',)),
    Bomb('10 GB of zeros, xz twice', file(lambda: hundred('xz', 1), 'z.xz', 'application/x-xz'), DECODED, ('xz',)),
    Bomb('10 GB of zeros, zstd twice', file(lambda: hundred('zstd', 1), 'z.zst', 'application/zstd'), DECODED,
         ('zstd',)),
    Bomb('10 GB of zeros, lz4 thrice', file(lambda: hundred('lz4', 2), 'z.lz4', 'application/x-lz4'), DECODED,
         ('lz4',)),
    Bomb('200 MB of zeros, brotli, labelled', file(lambda: brotli_zeros(200, 22), 'z', 'text/plain', 'br'), DECODED,
         ('brotli',)),
    Bomb('200 MB of zeros, brotli, window of 16 MiB', file(lambda: brotli_zeros(200, 24), 'z', 'text/plain', 'br'),
         MEMORY | DECODED, ('brotli',)),
    Bomb('a hundred times 1 MB of zeros, brotli', file(lambda: brotli_zeros(1, 22), 'z', 'text/plain', 'br'),
         frozenset(), ('brotli',), 100),
    Bomb('a hundred times 1 MB of zeros, zstd', file(lambda: zeros('zstd', 1), 'z', 'text/plain', 'zstd'),
         frozenset(), ('zstd',), 100),
    Bomb('a hundred times 1 MB of zeros, bzip2', file(lambda: zeros('bzip2', 1), 'z.bz2'), frozenset(), ('bzip2',),
         100),
    Bomb('a hundred times 1 MB of zeros, xz', file(lambda: zeros('xz', 1), 'z.xz'), frozenset(), ('xz',), 100),
    Bomb('gzip quine', file(quine.gzip_quine, 'r.gz', 'application/gzip'), DEPTH),
    Bomb('zip quine', file(quine.zip_quine, 'r.zip', 'application/zip'), DEPTH),
    Bomb('zip, 250 members of 10 MB in one kernel', file(overlapping_zip, 'o.zip', 'application/zip'), DECODED),
    Bomb('zips of 16 zips, five levels, 4 MB below',
         file(lambda: nested_zips(5, 16, nested_zips(1, 1, bytes(4 * MB))), '42.zip', 'application/zip'), ANY),
    Bomb('zip in zip, 60 levels', file(lambda: nested_zips(60, 1, b'deep'), 'n.zip', 'application/zip'), DEPTH),
    Bomb('docx, 400 MB of blanks', file(docx_of_blanks, 'b.docx'), DECODED),
    Bomb('PDF, 100 MB through three filters', file(lambda: pdf_of(3, zlib_bomb(3)), 'b.pdf', 'application/pdf'),
         DECODED),
    Bomb('a million files, zip in gzip', file(lambda: packed('gzip', many_in_zip(MB)), 'm.zip.gz',
                                              'application/gzip'), DECODED | COUNT, ('gzip',)),
    Bomb('100,000 files, zip', file(lambda: many_in_zip(100_000), 'm.zip', 'application/zip'), COUNT),
    Bomb('a million files, tar.gz', file(lambda: many_in_tar(MB), 'm.tar.gz', 'application/gzip'), DECODED | COUNT,
         ('gzip',)),
    Bomb('a million files, cpio in gzip', file(lambda: many_in_cpio(MB), 'm.cpio.gz', 'application/gzip'), DECODED | COUNT,
         ('gzip',)),
    Bomb('7z, 400 MB of zeros', file(lambda: in_7z(bytes(400 * MB)), 'z.7z'), DECODED, ('7z',)),
    Bomb('7z, PPMd with 192 MB', file(lambda: in_7z(bytes(16 * MB), '-m0=PPMd:mem=192m'), 'z.7z'), MEMORY, ('7z',)),  # a sixteenth of it is what is packed
    Bomb('ISO 9660, a directory in itself', file(looping_iso, 'l.iso', 'application/x-iso9660-image'), frozenset(),
         ('genisoimage',)),
    Bomb('multipart in multipart, 2,000 levels', file(lambda: nested_multipart(2000), 'm.eml', 'message/rfc822'),
         DEPTH),
    Bomb('message in message, 20,000 levels', file(lambda: nested_messages(20_000), 'm.eml', 'message/rfc822'),
         DEPTH),
    Bomb('multipart of 100,000 parts', file(lambda: many_parts(100_000), 'm', 'multipart/mixed; boundary=b'), COUNT),
    Bomb('base64 in base64, 25 levels, JSON', file(lambda: nested_base64(25), 'b.json', 'application/json'),
         frozenset()),
    Bomb('JSON, a million brackets', file(b'[' * MB, 'b.json', 'application/json'), frozenset()),
    Bomb('XML, a billion laughs', file(laughs, 'l.xml', 'application/xml'), frozenset()),
    Bomb('zstd, window of 2 GiB', file(lambda: zstd_window(31, 200), 'w.zst', 'application/zstd'),
         MEMORY | {'undecodable'}),
    # Less memory does: little comes out of them.
    Bomb('xz, dictionary of 4 GiB', file(xz_dictionary, 'w.xz', 'application/x-xz'), frozenset(), ('xz',)),
    Bomb('lzma, dictionary of 4 GiB', file(lzma_dictionary, 'w.lzma', 'application/x-lzma'), frozenset(), ('xz',)),
    Bomb('tar, names that climb', file(climbing_tar, 'c.tar', 'application/x-tar'), frozenset()),
    Bomb('zip, names that climb', file(climbing_zip, 'c.zip', 'application/zip'), frozenset()),
    Bomb('zip, sizes of 4 GiB', file(lambda: lying_zip(0xfffffffe, 0xfffffffe), 'l.zip', 'application/zip'),
         frozenset()),
    Bomb('zip, sizes of nothing', file(lambda: lying_zip(0, 0), 'l.zip', 'application/zip'), frozenset()),
    Bomb('tar, 8 GiB', file(lambda: lying_tar(b'77777777777\0'), 'l.tar', 'application/x-tar'), frozenset()),
    Bomb('tar, size below zero', file(lambda: lying_tar(b'\xff' * 12), 'l.tar', 'application/x-tar'), frozenset()),
]
