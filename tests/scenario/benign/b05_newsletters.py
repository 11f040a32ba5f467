# SPDX-License-Identifier: Apache-2.0
"""Ordinary mail, and a newsletter to 400 people: each mail holds the address of its own reader."""
import talks
from people import population
from scenario import Scenario

SCENARIO = Scenario('Mail flow with a newsletter to 400 people')
LETTER = '''From: News <news@example.org>\r
To: {name} <{email}>\r
Subject: News of the month\r
List-Unsubscribe: <https://www.example.org/leave?n={number}>\r
\r
Dear {name},\r
the garden is open again from Monday.\r
'''


def make(script):
    for number, person in enumerate(population(script.seed, 400, 'DE', contact_only=True)):
        at = script.start + 9 * number
        talks.mail(script, '10.30.0.25', f'198.51.100.{140 + number % 40}', at, 'news@example.org', person['email'],
                   LETTER.format(number=number, **person).encode())
        if number % 8 == 0:
            talks.mail(script, f'198.51.100.{140 + number % 40}', '10.30.0.25', at + 4, person['email'],
                       'desk@example.org', b'Subject: Thank you\r\n\r\nSee you on Monday.\r\n', helo='mx.example.net')
