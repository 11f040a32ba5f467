# SPDX-License-Identifier: Apache-2.0
"""A few sentences in each language, enough to tell its charset by, and its words for five identifiers, each with a value."""
import datetime
import random
from dataclasses import dataclass

from wrapping.people import PEOPLE, identifiers

FULL_WIDTH = str.maketrans('0123456789', '０１２３４５６７８９')
BORN = datetime.date(1978, 4, 21)


@dataclass(frozen=True)
class Language:
    prose: str
    card: str       # the word before a card number
    iban: str
    email: str
    phone: str
    national: str   # before the country's own number, or a name whose letters are not ASCII
    rule: str       # the rule of that number or name
    value: str

    def fields(self):
        """rule -> (word, value)."""
        person = PEOPLE[0]
        return {'global.payment_card': (self.card, person.card), 'global.iban': (self.iban, person.iban),
                'global.email': (self.email, person.email), 'global.phone_e164': (self.phone, '+442079460123'),
                self.rule: (self.national, self.value)}


def _weighted(body, weights):
    return sum(int(digit) * weight for digit, weight in zip(body, weights))


def _inn():
    """Of a person: two check digits, by the weights of the Federal Tax Service."""
    body, weights = '7707083893', (3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8)
    body += str(_weighted(body, weights[1:]) % 11 % 10)
    return body + str(_weighted(body, weights) % 11 % 10)


def _tw_id():
    """A letter of a place, worth 10 for A, then a sum that is a multiple of ten."""
    body = '123456789'[:8]
    total = 1 + 0 * 9 + _weighted(body, (8, 7, 6, 5, 4, 3, 2, 1))
    return 'A' + body + str(-total % 10)


def _ending_in_digit(make):
    """A number whose check character has a full-width form: not X."""
    return next(number for number in iter(make, None) if number[-1].isdigit())


_RNG = random.Random(60)
CHINESE = Language('会议安排在星期二下午举行。请各部门提前准备材料，并把名单交给办公室。仓库里的灯已经修好，钥匙放在门卫那里。',
                   '银行卡号', '账户', '电子邮件', '电话', '身份证号码', 'cn.resident_id',
                   _ending_in_digit(lambda: identifiers.cn_resident_id(_RNG, BORN)))
TAIWANESE = Language('會議安排在星期二下午舉行。請各部門提前準備資料，並把名單交給辦公室。倉庫裡的燈已經修好，鑰匙放在警衛那裡。',
                     '信用卡號', '帳戶', '電子郵件', '電話', '身分證字號', 'tw.national_id', _tw_id())
JAPANESE = Language('会議は火曜日の午後に開かれます。各部署は資料を準備し、名簿を事務室に提出してください。倉庫の電灯は直りました。',
                    'カード番号', '口座', 'メール', '電話', 'マイナンバー', 'jp.my_number', identifiers.jp_my_number(_RNG))
KOREAN = Language('회의는 화요일 오후에 열립니다. 각 부서는 자료를 준비하고 명단을 사무실에 제출해 주세요. 창고의 전등은 고쳤습니다.',
                  '카드번호', '계좌', '이메일', '전화', '주민등록번호', 'kr.rrn', identifiers.kr_rrn(_RNG, BORN, True))
RUSSIAN = Language('Собрание состоится во вторник после обеда. Просим все отделы подготовить бумаги и сдать список в приёмную. '
                   'Лампу на складе починили, ключи лежат у сторожа.',
                   'Номер карты', 'Счёт', 'Почта', 'Телефон', 'ИНН', 'ru.inn', _inn())
FRENCH = Language('La réunion aura lieu mardi après-midi. Les services sont priés de préparer leurs dossiers et de déposer la '
                  'liste au secrétariat. La lampe de l’entrepôt a été réparée.'.replace('’', "'"),
                  'numéro de carte', 'compte bancaire', 'adresse électronique', 'téléphone', 'sécurité sociale', 'fr.nir',
                  identifiers.fr_nir(_RNG, BORN, True))
GERMAN = Language('Die Sitzung findet am Dienstag nach der Mittagspause statt. Bitte die Unterlagen für alle Räume vorbereiten und '
                  'die Liste im Büro abgeben. Die Lampe über der Tür leuchtet wieder.',
                  'Kreditkarte', 'Kontonummer', 'E-Mail', 'Telefon', 'Vor- und Nachname', 'global.person_name', 'Jörg Müßiggang')
SPANISH = Language('La reunión será el martes por la mañana. Se ruega a las secciones que preparen la documentación y entreguen la '
                   'lista en la oficina del señor Ibáñez. Ya se arregló la lámpara del almacén.',
                   'número de tarjeta', 'cuenta', 'correo electrónico', 'teléfono', 'Nombre y apellidos', 'global.person_name',
                   'Begoña Núñez')
POLISH = Language('Zebranie odbędzie się we wtorek po południu. Prosimy wszystkie działy o przygotowanie materiałów i złożenie '
                  'listy w sekretariacie. Żarówkę w magazynie już wymieniono.',
                  'numer karty', 'konto', 'poczta', 'telefon', 'imię i nazwisko', 'global.person_name', 'Zdzisława Święcicka')
TURKISH = Language('Toplantı salı günü öğleden sonra yapılacak. Bütün bölümlerin belgelerini hazırlaması ve listeyi büroya '
                   'bırakması rica olunur. Depodaki ışık onarıldı, anahtarlar bekçide.',
                   'kart numarası', 'hesap', 'e-posta', 'phone', 'kimlik numarası', 'tr.tckn', '10000000146')

# Charset -> language, whether it has full-width digits.
CHARSETS = {
    'UTF-8': (JAPANESE, True), 'UTF-16LE': (CHINESE, True), 'UTF-16BE': (RUSSIAN, False), 'UTF-32LE': (KOREAN, True),
    'UTF-32BE': (FRENCH, False), 'GB18030': (CHINESE, True), 'GBK': (CHINESE, True), 'BIG5': (TAIWANESE, True),
    'SHIFT_JIS': (JAPANESE, True), 'EUC-JP': (JAPANESE, True), 'EUC-KR': (KOREAN, True), 'KOI8-R': (RUSSIAN, False),
    'WINDOWS-1251': (RUSSIAN, False), 'ISO-8859-5': (RUSSIAN, False), 'WINDOWS-1252': (FRENCH, False),
    'ISO-8859-1': (SPANISH, False), 'ISO-8859-15': (GERMAN, False), 'ISO-8859-2': (POLISH, False), 'WINDOWS-1250': (POLISH, False),
    'ISO-8859-9': (TURKISH, False), 'WINDOWS-1254': (TURKISH, False),
}
