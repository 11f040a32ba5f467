# SPDX-License-Identifier: Apache-2.0
"""Archives. Formats that store members as they are carry a gzip file, so that the archive must be read to find it."""
import os
import struct
import zlib

from wrapping.codings import CODERS, PLAIN
from wrapping.row import Row, Wrapped, tool

TEXT_NAME, PACKED_NAME = 'people.txt', 'people.txt.gz'
TYPES = {
    'zip': 'application/zip',
    'tar': 'application/x-tar',
    '7z': 'application/x-7z-compressed',
    'cab': 'application/vnd.ms-cab-compressed',
    'iso': 'application/x-iso9660-image',
    'rar': 'application/vnd.rar',
    'cpio': 'application/x-cpio',
    'a': 'application/x-archive',
    'deb': 'application/vnd.debian.binary-package'
}


def member(folder, packed):
    """Puts the file to be archived into `folder`, gives its name."""
    name = PACKED_NAME if packed else TEXT_NAME
    with open(os.path.join(folder, name), 'wb') as out:
        out.write(CODERS['gzip'][0](PLAIN) if packed else PLAIN)
    return name


def read(folder, name):
    with open(os.path.join(folder, name), 'rb') as made:
        return made.read()


def archive(suffix, *command, packed=False, reads_names=False, to_stdout=False):
    """A row's `make`: `command` runs where the member is; OUT and IN in it stand for the two names."""
    def make(folder):
        name, out = member(folder, packed), f'people.{suffix}'
        words = [{'OUT': out, 'IN': name}.get(word, word) for word in command]
        written = tool(*words, given=name.encode() + b'\n' if reads_names else None, folder=folder)
        kind = TYPES.get(suffix.split('.')[0] if suffix.startswith('tar') else suffix, 'application/octet-stream')
        return Wrapped(written if to_stdout else read(folder, out), out, kind)

    return make


def zip_streamed(folder):
    """Sizes unknown when the header is written: they follow in a data descriptor."""
    return Wrapped(tool('zip', '-q', '-', '-', given=PLAIN, folder=folder), 'people.zip', TYPES['zip'])


def zip_many(folder):
    """The member is the last of many."""
    names = [f'note{i:03}.txt' for i in range(60)]
    for name in names:
        with open(os.path.join(folder, name), 'w', encoding='ascii') as out:
            out.write('nothing of note\n' * 20)
    tool('zip', '-q', 'people.zip', *names, member(folder, False), folder=folder)
    return Wrapped(read(folder, 'people.zip'), 'people.zip', TYPES['zip'])


def zip_nested(folder):
    """zip in tar.gz in zip."""
    tool('zip', '-q', 'inner.zip', member(folder, False), folder=folder)
    tool('tar', 'czf', 'middle.tar.gz', 'inner.zip', folder=folder)
    tool('zip', '-q', 'people.zip', 'middle.tar.gz', folder=folder)
    return Wrapped(read(folder, 'people.zip'), 'people.zip', TYPES['zip'])


def zip_behind_a_stub(folder):
    """As self-extracting archives are: a program first."""
    tool('zip', '-q', 'people.zip', member(folder, False), folder=folder)
    return Wrapped(b'MZ' + bytes(range(256)) * 8 + read(folder, 'people.zip'), 'people.exe',
                   'application/x-msdownload')


def rar5(folder):
    """Stored, by script: Debian has no program that writes RAR. Blocks as in RARLAB's technical note of RAR 5.0."""
    name, data = PACKED_NAME.encode(), read(folder, member(folder, True))

    def number(n):
        out = b''
        while n > 127:
            out, n = out + bytes([n & 127 | 128]), n >> 7
        return out + bytes([n])

    def block(kind, flags, fields, data=b''):
        body = number(kind) + number(flags) + (number(len(data)) if flags & 2 else b'') + fields
        body = number(len(body)) + body
        return struct.pack('<I', zlib.crc32(body)) + body + data

    size = number(len(data))
    entry = number(4) + size + number(0o644) + struct.pack('<I', zlib.crc32(data)) + number(0) + number(1) + number(
        len(name)) + name
    made = b'Rar!\x1a\x07\x01\0' + block(1, 0, number(0)) + block(2, 2, entry, data) + block(5, 0, number(0))
    return Wrapped(made, 'people.rar', TYPES['rar'])


def rar4(folder):
    """Stored, by script. Blocks as in RARLAB's technical note of RAR 4.x."""
    name, data = PACKED_NAME.encode(), read(folder, member(folder, True))

    def block(kind, flags, fields):
        body = struct.pack('<BHH', kind, flags, 7 + len(fields)) + fields
        return struct.pack('<H', zlib.crc32(body) & 0xffff) + body

    entry = struct.pack('<IIBIIBBHI', len(data), len(data), 3, zlib.crc32(data), 0x58210000, 20, 0x30, len(name),
                        0o100644) + name
    made = b'Rar!\x1a\x07\0' + block(0x73, 0, bytes(6)) + block(0x74, 0x8000, entry) + data + block(0x7b, 0x4000, b'')
    return Wrapped(made, 'people.rar', TYPES['rar'])


def deb(folder):
    os.makedirs(os.path.join(folder, 'tree', 'DEBIAN'))
    member(os.path.join(folder, 'tree'), False)
    with open(os.path.join(folder, 'tree', 'DEBIAN', 'control'), 'w', encoding='ascii') as out:
        out.write('Package: people\nVersion: 1\nArchitecture: all\nMaintainer: nobody\nDescription: none\n')
    tool('dpkg-deb', '--root-owner-group', '-b', 'tree', 'people.deb', folder=folder)
    return Wrapped(read(folder, 'people.deb'), 'people.deb', TYPES['deb'])


def tar(flavour, suffix='tar', option=''):
    return archive(suffix, 'tar', f'--format={flavour}', *(option.split()), '-cf', 'OUT', 'IN',
                   packed=suffix == 'tar')


def seven(method, kind='7z'):
    return archive(kind, '7z', 'a', f'-t{kind}', *method.split(), '-bso0', '-bsp0', 'OUT', 'IN', packed='Copy'
                   in method)


ROWS = [
    Row('zip, deflated', archive('zip', 'zip', '-q', 'OUT', 'IN'), ('zip',)),
    Row('zip, stored', archive('zip', 'zip', '-q', '-0', 'OUT', 'IN', packed=True), ('zip',)),
    Row('zip, streamed', zip_streamed, ('zip',)),
    Row('zip, bzip2 members', archive('zip', 'zip', '-q', '-Z', 'bzip2', 'OUT', 'IN'), ('zip',)),
    Row('zip, LZMA members', seven('-mm=LZMA', 'zip'), ('7z',)),
    Row('zip, Deflate64 members', seven('-mm=Deflate64', 'zip'), ('7z',)),
    Row('zip of 61 files', zip_many, ('zip',)),
    Row('zip in tar.gz in zip', zip_nested, ('zip', 'tar')),
    Row('zip behind a program', zip_behind_a_stub, ('zip',)),
    *(Row(f'tar, {flavour}', tar(flavour), ('tar', 'gzip')) for flavour in ('ustar', 'pax', 'gnu')),
    Row('tar.gz', tar('gnu', 'tar.gz', '-z'), ('tar', 'gzip')),
    Row('tar.bz2', tar('gnu', 'tar.bz2', '-j'), ('tar', 'bzip2')),
    Row('tar.xz', tar('pax', 'tar.xz', '-J'), ('tar', 'xz')),
    Row('tar.zst', tar('pax', 'tar.zst', '--zstd'), ('tar', 'zstd')),
    *(Row(f'7z, {name}', seven(f'-m0={name}'), ('7z',))
      for name in ('LZMA2', 'LZMA', 'PPMd', 'BZip2', 'Deflate', 'Copy')),
    Row('cab, MSZIP', archive('cab', 'gcab', '-c', '-z', 'OUT', 'IN'), ('gcab',)),
    Row('cab, stored', archive('cab', 'gcab', '-c', 'OUT', 'IN', packed=True), ('gcab',)),
    *(Row(f'cpio, {name}',
          archive('cpio', 'cpio', '--quiet', '-o', '-H', name, packed=True, reads_names=True, to_stdout=True),
          ('cpio', 'gzip')) for name in ('newc', 'odc')),
    Row('ar', archive('a', 'ar', 'qc', 'OUT', 'IN', packed=True), ('ar', 'gzip')),
    Row('deb (ar of tar.xz)', deb, ('dpkg-deb',)),
    Row('ISO 9660', archive('iso', 'genisoimage', '-quiet', '-J', '-R', '-o', 'OUT', 'IN', packed=True),
        ('genisoimage', 'gzip')),
    Row('RAR 4, stored', rar4, ('gzip',)),
    Row('RAR 5, stored', rar5, ('gzip',)),
]
