# SPDX-License-Identifier: Apache-2.0
"""Other scripts than ASCII, made by iconv: words of the language, full-width digits where the charset has them."""
from wrapping.people import PEOPLE
from wrapping.row import Row, Wrapped, tool

FULL_WIDTH = str.maketrans('0123456789', '０１２３４５６７８９')


def text(words, wide):
    """`words`: what stands before name, mail, card and account."""
    lines = []
    for person in PEOPLE:
        values = [person.name, person.email, person.card, person.iban]
        if wide:
            values[2:] = [value.translate(FULL_WIDTH) for value in values[2:]]
        lines.append(' '.join(f'{word}: {value}' for word, value in zip(words, values)))
    return '\r\n'.join(lines) + '\r\n'


CHINESE = ('姓名', '电子邮件', '银行卡号', 'IBAN')
TAIWANESE = ('姓名', '電子郵件', '信用卡號', 'IBAN')
JAPANESE = ('氏名', 'メール', 'カード番号', 'IBAN')
KOREAN = ('이름', '이메일', '카드번호', 'IBAN')
RUSSIAN = ('Имя', 'Почта', 'Номер карты', 'IBAN')
POLISH = ('Imię i nazwisko', 'Poczta', 'Numer karty', 'IBAN')
ENGLISH = ('name', 'email', 'card', 'iban')


def coded(charset, words, wide=False, mark=b''):
    def make(folder):
        data = tool('iconv', '-f', 'UTF-8', '-t', charset, given=text(words, wide).encode())
        return Wrapped(mark + data, 'people.txt', f'text/plain; charset={charset}')

    return make


def _row(title, *arguments, **more):
    """Charsets that keep ASCII leave the mail address readable; that digits and words are read too is the proof."""
    return Row(title, coded(*arguments, **more), ('iconv',), hidden='UTF-16' in title or 'UTF-32' in title)


ROWS = [
    _row('UTF-8, full-width digits', 'UTF-8', JAPANESE, True),
    _row('UTF-16LE with a mark', 'UTF-16LE', RUSSIAN, mark=b'\xff\xfe'),
    _row('UTF-16BE without a mark', 'UTF-16BE', ENGLISH),
    _row('UTF-16LE, full-width digits', 'UTF-16LE', CHINESE, True, b'\xff\xfe'),
    _row('UTF-32LE with a mark', 'UTF-32LE', ENGLISH, mark=b'\xff\xfe\0\0'),
    _row('UTF-32BE without a mark', 'UTF-32BE', ENGLISH),
    _row('GB18030, full-width digits', 'GB18030', CHINESE, True),
    _row('Big5, full-width digits', 'BIG5', TAIWANESE, True),
    _row('Shift_JIS, full-width digits', 'SHIFT_JIS', JAPANESE, True),
    _row('EUC-JP, full-width digits', 'EUC-JP', JAPANESE, True),
    _row('EUC-KR, full-width digits', 'EUC-KR', KOREAN, True),
    _row('KOI8-R', 'KOI8-R', RUSSIAN),
    _row('ISO-8859-2', 'ISO-8859-2', POLISH),
]
