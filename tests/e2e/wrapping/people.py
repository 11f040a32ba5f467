# SPDX-License-Identifier: Apache-2.0
"""The planted record: three people who do not exist, each with a mail address, a card and an account."""
import os
import random
import sys
from dataclasses import dataclass

sys.path.insert(0, os.path.join(os.path.dirname(__file__), '..', '..', 'captures', 'demo'))
import identifiers  # noqa: E402

SEED = 6
NAMES = ('Ada Abel', 'Bruno Keller', 'Nora Lambert')
# What a scan must count in each place where the record went: rule -> people.
EXPECTED = {rule: len(NAMES) for rule in ('global.email', 'global.payment_card', 'global.iban')}
FIELDS = ('name', 'email', 'card', 'iban')


@dataclass(frozen=True)
class Person:
    name: str
    email: str
    card: str
    iban: str

    def values(self):
        """What must not stand readable in a wrapping that hides it."""
        return self.email, self.card, self.iban

    def row(self):
        return tuple(getattr(self, field) for field in FIELDS)

    def line(self):
        """With the words beside the values that say what they are."""
        return '; '.join(f'{field}: {value}' for field, value in zip(FIELDS, self.row()))


def _invent():
    rng = random.Random(SEED)
    for name in NAMES:
        yield Person(name,
                     name.lower().replace(' ', '.') + f'{rng.randrange(100, 999)}@example.org',
                     identifiers.payment_card(rng), identifiers.it_iban(rng))


PEOPLE = tuple(_invent())
VALUES = tuple(value for person in PEOPLE for value in person.values())


def _filler(lines):
    """Words enough that a file is longer than one segment even when it is compressed."""
    rng = random.Random(SEED + 1)
    words = 'harbour winter lamp meadow copper violin ladder orchard pebble lantern saddle thistle walnut ribbon'.split(
    )
    return [' '.join(rng.choice(words) + rng.choice(['', ',', 's', 'ing']) for _ in range(12)) for _ in range(lines)]


# The fronts of the values stand before them, so that a compressor refers back to them and none is left in one piece.
TEXT = '\r\n'.join(
    _filler(40) + ['begin: ' + ' '.join(value[:9] for value in VALUES)] + [person.line()
                                                                           for person in PEOPLE]) + '\r\n'
