# SPDX-License-Identifier: Apache-2.0
"""Identifiers with right check digits, of people who do not exist.

Each function draws from a `random.Random`, so that one seed gives one population. Algorithms are the public ones of
the issuing bodies. Phone numbers lie in ranges set aside for fiction where the country has one.
"""
import datetime

IT_ODD = dict(zip('0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ',
                  [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8,
                   12, 14, 16, 10, 22, 25, 24, 23]))
VERHOEFF_D5 = [[0, 1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 2, 3, 4, 0, 6, 7, 8, 9, 5], [2, 3, 4, 0, 1, 7, 8, 9, 5, 6],
               [3, 4, 0, 1, 2, 8, 9, 5, 6, 7], [4, 0, 1, 2, 3, 9, 5, 6, 7, 8], [5, 9, 8, 7, 6, 0, 4, 3, 2, 1],
               [6, 5, 9, 8, 7, 1, 0, 4, 3, 2], [7, 6, 5, 9, 8, 2, 1, 0, 4, 3], [8, 7, 6, 5, 9, 3, 2, 1, 0, 4],
               [9, 8, 7, 6, 5, 4, 3, 2, 1, 0]]
VERHOEFF_STEP = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4]


def digits(rng, count):
    return ''.join(rng.choice('0123456789') for _ in range(count))


def weighted(text, weights):
    return sum(int(d) * w for d, w in zip(text, weights))


def birth_date(rng, first=1935, last=2007):
    start = datetime.date(first, 1, 1)
    return start + datetime.timedelta(days=rng.randrange((datetime.date(last, 12, 31) - start).days))


def luhn_digit(body):
    total = 0
    for i, d in enumerate(reversed(body)):
        n = int(d) * (2 if i % 2 == 0 else 1)
        total += n - 9 if n > 9 else n
    return str(-total % 10)


def payment_card(rng):
    body = rng.choice(['4', '52', '54']) + digits(rng, 15)
    body = body[:15]
    return body + luhn_digit(body)


def iban(country, bban):
    number = ''.join(str(int(c, 36)) for c in bban + country + '00')
    return f'{country}{98 - int(number) % 97:02d}{bban}'


def it_letter(text):
    """The check letter of codice fiscale and of an Italian account: odd places by table, even ones by value."""
    total = sum(IT_ODD[c] if i % 2 == 0 else (int(c) if c.isdigit() else ord(c) - 65) for i, c in enumerate(text))
    return chr(65 + total % 26)


def it_iban(rng):
    account = digits(rng, 22)
    return iban('IT', it_letter(account) + account)


def it_codice_fiscale(rng, given, surname, born, female):
    def letters(name, skip_second):
        name = name.upper()
        consonants = [c for c in name if c.isalpha() and c not in 'AEIOU']
        if skip_second and len(consonants) > 3:
            del consonants[1]
        return ''.join(consonants + [c for c in name if c in 'AEIOU'] + ['X'] * 3)[:3]
    day = born.day + (40 if female else 0)
    body = (letters(surname, False) + letters(given, True) + f'{born.year % 100:02d}' + 'ABCDEHLMPRST'[born.month - 1] +
            f'{day:02d}' + rng.choice('ABCDEFGHIL') + f'{rng.randrange(1, 980):03d}')
    return body + it_letter(body)


def fr_nir(rng, born, female):
    body = (f'{2 if female else 1}{born.year % 100:02d}{born.month:02d}{rng.randrange(21, 95):02d}'
            f'{rng.randrange(1, 560):03d}{rng.randrange(1, 900):03d}')
    return f'{body}{97 - int(body) % 97:02d}'


def de_steuer_id(rng):
    # Ten digits in which one stands twice and one not at all; ISO 7064 mod 11,10 closes the number.
    pool = rng.sample('0123456789', 9)
    pool.append(rng.choice(pool))
    while True:
        rng.shuffle(pool)
        if pool[0] != '0':
            break
    product = 10
    for d in pool:
        step = (int(d) + product) % 10 or 10
        product = step * 2 % 11
    return ''.join(pool) + str((11 - product) % 10)


def pl_pesel(rng, born):
    month = born.month + (20 if born.year >= 2000 else 0)
    body = f'{born.year % 100:02d}{month:02d}{born.day:02d}' + digits(rng, 4)
    return body + str(-weighted(body, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3]) % 10)


def es_dni(rng):
    number = rng.randrange(10_000_000, 99_000_000)
    return f'{number}{"TRWAGMYFPDXBNJZSQVHLCKE"[number % 23]}'


def us_ssn(rng):
    area = rng.choice([n for n in range(100, 772) if n != 666])
    return f'{area:03d}-{rng.randrange(10, 99):02d}-{rng.randrange(1000, 9999):04d}'


def gb_nhs(rng):
    while True:
        body = rng.choice('46') + digits(rng, 8)
        check = 11 - weighted(body, range(10, 1, -1)) % 11
        if check != 10:
            return body + str(check % 11)


def gb_nino(rng):
    return rng.choice(['AB', 'CE', 'HK', 'LM', 'PR', 'ST', 'WX']) + digits(rng, 6) + rng.choice('ABCD')


def nl_bsn(rng):
    while True:
        body = rng.choice('123456') + digits(rng, 7)
        check = weighted(body, range(9, 1, -1)) % 11
        if check != 10:
            return body + str(check)


def br_cpf(rng):
    body = digits(rng, 9)
    for _ in range(2):
        rest = weighted(body, range(len(body) + 1, 1, -1)) * 10 % 11
        body += str(rest % 10)
    return f'{body[:3]}.{body[3:6]}.{body[6:9]}-{body[9:]}'


def cn_resident_id(rng, born):
    body = rng.choice(['110101', '120101', '310101']) + f'{born:%Y%m%d}' + digits(rng, 3)
    return body + '10X98765432'[weighted(body, [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]) % 11]


def in_aadhaar(rng):
    body = rng.choice('23456789') + digits(rng, 10)
    check = 0
    for i, d in enumerate(reversed(body), 1):
        n = int(d)
        for _ in range(i % 8):
            n = VERHOEFF_STEP[n]
        check = VERHOEFF_D5[check][n]
    body += str([0, 4, 3, 2, 1, 5, 6, 7, 8, 9][check])
    return f'{body[:4]} {body[4:8]} {body[8:]}'


def kr_rrn(rng, born, female):
    marker = (2 if female else 1) + (2 if born.year >= 2000 else 0)
    body = f'{born:%y%m%d}{marker}{rng.randrange(0, 96):02d}' + digits(rng, 3)  # two digits for the place of birth
    check = (11 - weighted(body, [2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5]) % 11) % 10
    return f'{body[:6]}-{body[6:]}{check}'


def jp_my_number(rng):
    body = digits(rng, 11)
    rest = weighted(body, [6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11
    return body + str(0 if rest <= 1 else 11 - rest)


# Without repetition within one sequence: `index` picks the number.
def fr_phone(index):
    return f'+3363998{index:04d}'          # 06 39 98 xx xx, kept for fiction by Arcep


def gb_phone(index):
    return f'+447700900{index:03d}'        # 07700 900xxx, kept for drama by Ofcom


def it_phone(index):
    return f'+39399{7_000_000 + 13 * index}'  # no range is kept for fiction; 399 is not assigned to an operator
