#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Three wrappings about each other in twenty orders drawn by lot, the same each time: the record is found in all.

stacked_test.py [--keep FOLDER] [--orders N] [--seed N] [--layers N]
"""
import argparse
import base64
import json
import os
import random
import shutil
import tempfile

from scanning import Checks
from wrapping import archives, mails, pcap
from wrapping.codings import CODERS, PLAIN
from wrapping.people import EXPECTED, VALUES
from wrapping.row import tool
from wrapping.verdict import Verdict

CLIENT = '10.80.0.1'


def compressor(name):
    return lambda data, inner, folder: (CODERS[name][0](data), f'{inner}.{CODERS[name][1]}')


def archiver(suffix, *command, to_stdout=False, reads_names=False):
    def wrap(data, inner, folder):
        with open(os.path.join(folder, inner), 'wb') as out:
            out.write(data)
        words = [{'OUT': f'a.{suffix}', 'IN': inner}.get(word, word) for word in command]
        written = tool(*words, given=inner.encode() + b'\n' if reads_names else None, folder=folder)
        return written if to_stdout else archives.read(folder, f'a.{suffix}'), f'a.{suffix}'

    return wrap


def attached(data, inner, folder):
    return mails.attached(data, 'application/octet-stream', inner, boundary=f'=_edge_{len(data)}'), 'mail.eml'


def multipart_quoted(data, inner, folder):
    return mails.message(mails.base64_lines(data), [('Content-Type', 'application/octet-stream'),
                                                    ('Content-Transfer-Encoding', 'base64')]), 'message.eml'


def in_json(data, inner, folder):
    return json.dumps({'name': inner, 'content': base64.b64encode(data).decode()}).encode(), 'data.json'


def data_uri(data, inner, folder):
    return b'<html><a href="data:application/octet-stream;base64,' + base64.b64encode(
        data) + b'">file</a></html>', 'page.html'


def uuencoded(data, inner, folder):
    return tool('uuencode', inner, given=data), 'file.uu'


# Name -> how, programs. None of them needs a label to be recognised.
WRAPPINGS = {
    **{
        name: (compressor(name), (CODERS[name][3],))
        for name in ('gzip', 'zstd', 'xz', 'bzip2', 'lz4', 'compress')
    },
    'zip': (archiver('zip', 'zip', '-q', 'OUT', 'IN'), ('zip',)),
    'tar': (archiver('tar', 'tar', '-cf', 'OUT', 'IN'), ('tar',)),
    '7z': (archiver('7z', '7z', 'a', '-bso0', '-bsp0', 'OUT', 'IN'), ('7z',)),
    'cpio': (archiver('cpio', 'cpio', '--quiet', '-o', '-H', 'newc', to_stdout=True, reads_names=True), ('cpio',)),
    'mail': (attached, ()),
    'message': (multipart_quoted, ()),
    'JSON': (in_json, ()),
    'data: URI': (data_uri, ()),
    'uuencode': (uuencoded, ('uuencode',)),
}


def draw(rng, layers):
    """Innermost first."""
    there = sorted(name for name, (_, needs) in WRAPPINGS.items() if all(map(shutil.which, needs)))
    return rng.sample(there, layers)


def stack(names):
    data, name = PLAIN, 'people.txt'
    for wrapping in names:
        with tempfile.TemporaryDirectory() as folder:
            data, name = WRAPPINGS[wrapping][0](data, name, folder)
    return data, name


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--keep', default='')
    parser.add_argument('--orders', type=int, default=20)
    parser.add_argument('--seed', type=int, default=6)
    parser.add_argument('--layers', type=int, default=3)
    options = parser.parse_args()
    rng, checks, orders, frames = random.Random(options.seed), Checks(), [], []
    with tempfile.TemporaryDirectory() as folder:
        folder = options.keep or folder
        for number in range(options.orders):
            names = draw(rng, options.layers)
            data, name = stack(names)
            readable = [value for value in VALUES if value.encode() in data]
            checks.that(not readable, f'{names}: {len(readable)} values can be read without taking anything off')
            orders.append(names)
            frames += pcap.posted(CLIENT, f'10.80.{number // 200 + 1}.{number % 200 + 1}', data, name=name).frames
            if options.keep:
                with open(os.path.join(folder, f'{number:02}-{name}'), 'wb') as out:
                    out.write(data)
        capture = os.path.join(folder, 'stacked.pcap')
        pcap.write(capture, frames)
        verdict = Verdict(capture, folder)
        for number, names in enumerate(orders):
            address = f'10.80.{number // 200 + 1}.{number % 200 + 1}'
            mark = verdict.found(CLIENT, address, EXPECTED)
            checks.that(mark == '+', f'{" in ".join(names)}: {mark}')
            print(f'{number + 1:3}  {mark}  {" in ".join(names):40} ' +
                  max((f['path'] for f in verdict.files[CLIENT, address]), key=len, default=''))
        checks.that(verdict.balanced(), 'the ledger balances')
    checks.exit()


if __name__ == '__main__':
    main()
