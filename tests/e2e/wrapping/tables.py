# SPDX-License-Identifier: Apache-2.0
"""Column files, by script: Debian has no small program that writes them. Apache Avro 1.11 and Apache Parquet 2.10, as far as
strings need them."""
import struct

from wrapping.codings import CODERS, raw_deflate
from wrapping.people import FIELDS, PEOPLE
from wrapping.row import Row, Wrapped


def varint(n):
    out = b''
    while n > 127:
        out, n = out + bytes([n & 127 | 128]), n >> 7
    return out + bytes([n])


def zigzag(n):
    return varint(n << 1 if n >= 0 else (-n << 1) - 1)


def avro(codec, pack):
    """One block; a record is its fields, a string its length and octets."""
    def string(text):
        return zigzag(len(text)) + text.encode()

    def make(folder):
        fields = ','.join(f'{{"name":"{name}","type":"string"}}' for name in FIELDS)
        schema = f'{{"type":"record","name":"person","fields":[{fields}]}}'
        sync = bytes(range(16))
        data = pack(b''.join(string(f'{name}: {value}') for p in PEOPLE for name, value in zip(FIELDS, p.row())))
        head = zigzag(2) + string('avro.schema') + string(schema) + string('avro.codec') + string(codec) + b'\0'
        return Wrapped(b'Obj\1' + head + sync + zigzag(len(PEOPLE)) + zigzag(len(data)) + data + sync, 'people.avro',
                       'application/avro')

    return make


# Types of Thrift's compact protocol.
I32, I64, BINARY, LIST, STRUCT = 5, 6, 8, 9, 12


def thrift(*fields):
    """A struct; each field is (number, type, value), a list's value (type of its items, items already written)."""
    out, last = b'', 0
    for number, kind, value in fields:
        out += bytes([(number - last) << 4 | kind])
        last = number
        if kind in (I32, I64):
            out += zigzag(value)
        elif kind == BINARY:
            out += varint(len(value)) + value
        elif kind == LIST:
            item, items = value
            out += bytes([len(items) << 4 | item]) + b''.join(items)
        else:
            out += value
    return out + b'\0'


def parquet(codec, pack):
    """One row group, a page for each column, plain encoding; all values are required, so there are no levels."""
    def make(folder):
        out, chunks = b'PAR1', []
        byte_array, plain, rle = 6, 0, 3
        for i, name in enumerate(FIELDS):
            texts = [f'{name}: {p.row()[i]}'.encode() for p in PEOPLE]
            page = b''.join(struct.pack('<I', len(text)) + text for text in texts)
            packed = pack(page)
            data_page = thrift((1, I32, len(PEOPLE)), (2, I32, plain), (3, I32, rle), (4, I32, rle))
            head = thrift((1, I32, 0), (2, I32, len(page)), (3, I32, len(packed)), (5, STRUCT, data_page))
            meta = thrift((1, I32, byte_array), (2, LIST, (I32, [zigzag(plain)])),
                          (3, LIST, (BINARY, [varint(len(name)) + name.encode()])), (4, I32, codec),
                          (5, I64, len(PEOPLE)), (6, I64, len(head) + len(page)), (7, I64, len(head) + len(packed)),
                          (9, I64, len(out)))
            chunks.append(thrift((2, I64, len(out)), (3, STRUCT, meta)))
            out += head + packed
        columns = [thrift((1, I32, byte_array), (3, I32, 0), (4, BINARY, name.encode()), (6, I32, 0)) for name in FIELDS]
        schema = [thrift((4, BINARY, b'schema'), (5, I32, len(FIELDS)))] + columns
        group = thrift((1, LIST, (STRUCT, chunks)), (2, I64, len(out)), (3, I64, len(PEOPLE)))
        footer = thrift((1, I32, 1), (2, LIST, (STRUCT, schema)), (3, I64, len(PEOPLE)), (4, LIST, (STRUCT, [group])))
        return Wrapped(out + footer + struct.pack('<I', len(footer)) + b'PAR1', 'people.parquet',
                       'application/vnd.apache.parquet')

    return make


def packed_by(coder):
    return lambda data: CODERS[coder][0](data)


def as_it_is(data):
    return data


ROWS = [
    Row('Avro', avro('null', as_it_is), hidden=False),
    Row('Avro, deflate', avro('deflate', raw_deflate)),
    Row('Avro, zstandard', avro('zstandard', packed_by('zstd')), ('zstd',), hidden=False),
    Row('Avro, bzip2', avro('bzip2', packed_by('bzip2')), ('bzip2',)),
    Row('Avro, xz', avro('xz', packed_by('xz')), ('xz',)),
    Row('Parquet', parquet(0, as_it_is), hidden=False),
    Row('Parquet, gzip', parquet(2, packed_by('gzip')), ('gzip',)),
    Row('Parquet, Brotli', parquet(4, packed_by('brotli')), ('brotli',)),
    Row('Parquet, zstd', parquet(6, packed_by('zstd')), ('zstd',), hidden=False),
]
