#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The charset table: charsets x five identifiers, coded by iconv, once with the charset told and once without. Digits are
of full width where the charset has such; elsewhere the word beside a card or a national number is what must be read, since
neither is believed without it, or a name with letters that only this charset has where they stand.

charset_test.py [--keep FOLDER]
"""
import argparse
import os
import shutil
import sys
import tempfile

from scanning import SKIPPED, Checks
from wrapping import pcap
from wrapping.known import KNOWN
from wrapping.languages import CHARSETS, FULL_WIDTH
from wrapping.row import tool
from wrapping.verdict import Verdict

CLIENT = '10.79.0.1'
# Of the last two, the text goes the same way once more in UTF-8: it is one person only if the same was read both times.
TOLD, UNTOLD, BARE, TOLD_TWICE, UNTOLD_TWICE = WAYS = range(5)
# Believed without a word beside them.
ALONE = ('global.iban', 'global.email', 'global.phone_e164', 'cn.resident_id', 'kr.rrn')


def text(language, rule, wide, with_word=True):
    word, value = language.fields()[rule]
    if wide and rule != 'global.email':
        value = value.translate(FULL_WIDTH)
    return f'{language.prose}\r\n{word if with_word else "x"}: {value}\r\n'


def posted(address, bodies):
    conversation = pcap.Conversation(CLIENT, address)
    for data, kind in bodies:
        conversation.send(pcap.http_request(data, content_type=kind))
        conversation.send(pcap.HTTP_DONE, side=1)
    return conversation.close().frames


def conversations():
    """(charset, column, way) -> server's address; and the frames of all."""
    places, frames = {}, []
    for i, (charset, (language, wide)) in enumerate(CHARSETS.items(), 1):
        for j, rule in enumerate(language.fields()):
            for way in WAYS:
                address = f'10.79.{i}.{len(WAYS) * j + way + 1}'
                plain = text(language, rule, wide, way != BARE).encode()
                kind = 'text/plain' if way in (UNTOLD, UNTOLD_TWICE) else f'text/plain; charset={charset.lower()}'
                bodies = [(tool('iconv', '-f', 'UTF-8', '-t', charset, given=plain), kind)]
                if way in (TOLD_TWICE, UNTOLD_TWICE):
                    bodies.append((plain, 'text/plain; charset=utf-8'))
                frames += posted(address, bodies)
                places[charset, rule, way] = address
    return places, frames


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--keep', default='')
    options = parser.parse_args()
    if shutil.which('iconv') is None:
        print('skipped: needs iconv')
        sys.exit(SKIPPED)
    checks = Checks()
    with tempfile.TemporaryDirectory() as folder:
        folder = options.keep or folder
        capture = os.path.join(folder, 'charsets.pcap')
        places, frames = conversations()
        pcap.write(capture, frames)
        verdict = Verdict(capture, folder)
        print(f'{"":14}{"":10}' + ''.join(f'{name:>16}'
                                          for name in ('card', 'account', 'mail', 'telephone', 'id or name')))
        for charset, (language, wide) in CHARSETS.items():
            for way, said in ((TOLD, 'told'), (UNTOLD, 'untold')):
                marks = []
                for rule in language.fields():
                    mark = verdict.found(CLIENT, places[charset, rule, way], {rule: 1})
                    known = (charset, said, rule) in KNOWN
                    checks.that(known or mark == '+', f'{charset} {said}: {rule}: {mark}')
                    checks.that(not known or mark != '+',
                                f'{charset} {said}: {rule} is found now: take it from KNOWN')
                    marks.append(mark)
                print(f'{charset:14}{said:10}' + ''.join(f'{mark:>16}' for mark in marks) +
                      ('   full-width digits' if wide else ''))
        for (charset, rule, way), address in places.items():
            mark = verdict.found(CLIENT, address, {rule: 1})
            if way in (TOLD_TWICE, UNTOLD_TWICE):
                checks.that(mark == '+', f'{charset}: {rule} does not read as it does in UTF-8: {mark}')
            if way == BARE and rule not in ALONE:
                checks.that(mark == '-', f'{charset}: {rule} is believed without a word: {mark}')
        checks.that(verdict.balanced(), 'the ledger balances')
    checks.exit()


if __name__ == '__main__':
    main()
