# SPDX-License-Identifier: Apache-2.0
"""What only a password opens: nothing may be found, and the names and sizes that are told are reported."""

from wrapping.archives import TEXT_NAME, archive, member, read
from wrapping.documents import pdf_by_groff
from wrapping.row import Row, Wrapped, tool

PASSWORD = 'not told'


def zip_old(folder):
    tool('zip', '-q', '-P', PASSWORD, 'people.zip', member(folder, False), folder=folder)
    return Wrapped(read(folder, 'people.zip'), 'people.zip', 'application/zip')


def seven(kind, *options):
    return archive(kind, '7z', 'a', f'-t{kind}', f'-p{PASSWORD}', '-bso0', '-bsp0', *options, 'OUT', 'IN')


def pdf(folder):
    return pdf_by_groff(folder, ('qpdf', '--encrypt', PASSWORD, PASSWORD + '!', '256', '--', 'in.pdf', 'out.pdf'))


ROWS = [
    Row('zip, old encryption', zip_old, ('zip',), locked=TEXT_NAME),
    Row('zip, AES', seven('zip', '-mem=AES256'), ('7z',), locked=TEXT_NAME),
    Row('7z, AES', seven('7z'), ('7z',), locked=TEXT_NAME),
    Row('7z, AES, names too', seven('7z', '-mhe=on'), ('7z',), locked='*'),
    Row('PDF, AES', pdf, ('groff', 'gropdf', 'qpdf'), locked='*'),
]
