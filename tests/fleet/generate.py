#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes `sketch`, `transfer` and `alert` events as sensors of a fleet write them: for tests, and as a load for sizing.

    generate.py --sensors 10 --windows 6 --collectors 40 --keys 5 | kcat -P -b BROKER -t gander.sketch -K '\\t'

One line an event: the key (the collector), a tab, JSON. The same arguments give the same lines. How many people a key of a
window has is drawn as sensors see it: most few, few many (log-uniform from 1 to --people)."""
import argparse
import datetime
import hashlib
import json
import random
import sys
import time

from sketches import ERROR, Sketch

WINDOW_S, EPOCH_DAYS = 600, 7
EXACT = 256
VERDICTS = ['unregistered', 'registered', 'registered', 'internal', 'third_state']
TYPES = [('contact', 'global.email', 'personal'), ('national_id', 'no.fodselsnummer', 'sensitive'),
         ('contact', 'global.phone', 'personal'), ('financial', 'global.iban', 'personal'), ('device', 'device.imei', 'personal')]
COUNTRIES = ['US', 'SG', 'DE', 'NO', 'GB', 'CN', 'IE', 'NL']


def epoch_of(at):
    return int(at // (EPOCH_DAYS * 86400))


def key_id(epoch, fleet='fleet'):
    return hashlib.sha256(f'{fleet} {epoch} id'.encode()).hexdigest()[:8]


def tag(epoch, what, fleet='fleet'):
    """As of a person or a sender under the epoch's key: the same at each site."""
    return int.from_bytes(hashlib.sha256(f'{fleet} {epoch} {what}'.encode()).digest()[:8], 'big')


def counted(sketch, exact=None):
    """The object of `people` and `senders`: exact where the sensor has kept so few, else three standard errors."""
    if exact is not None and exact <= EXACT:
        low = estimate = high = exact
    else:
        estimate = round(sketch.estimate())
        low, high = max(EXACT + 1, int(estimate * (1 - 3 * ERROR))), int(estimate * (1 + 3 * ERROR)) + 1
        estimate = max(estimate, low)
    return {'estimate': estimate, 'low': low, 'high': high, 'hll': sketch.hex()}


def eve_time(at):
    return datetime.datetime.fromtimestamp(at, datetime.timezone.utc).strftime('%Y-%m-%dT%H:%M:%S.%f+0000')


def event(sensor, begin, sequence, collector, people, senders, *, revision=0, kind='domain', address='198.51.100.7',
          country='US', zone='external', from_zone='office', from_country='NO', what=TYPES[0], subject_country='NO',
          verdict='unregistered', entry_id='', size=None, flows=None, seconds=WINDOW_S, epoch=None, key=None):
    """`people`, `senders`: objects of counted()."""
    epoch = epoch_of(begin) if epoch is None else epoch
    data_class, rule, sensitivity = what
    findings = 2 * people['high']
    return {
        'timestamp': eve_time(begin + seconds), 'event_type': 'sketch', 'host': sensor, 'dest_ip': address,
        'sketch': {
            'version': 1, 'sensor': sensor, 'epoch': epoch, 'key_id': key or key_id(epoch),
            'window': {'begin': eve_time(begin), 'end': eve_time(begin + seconds), 'seconds': seconds, 'given_up': 0},
            'revision': revision, 'sequence': sequence,
            'collector': {'id': collector, 'kind': kind, 'address': address, 'country': country, 'zone': zone},
            'from': {'zone': from_zone, 'country': from_country}, 'data_class': data_class, 'type': rule,
            'sensitivity': sensitivity, 'subject_country': subject_country, 'verdict': verdict, 'entry_id': entry_id,
            'senders': senders, 'people': people, 'findings': findings, 'bytes': size or 90 * findings, 'flows': flows or findings}}


def line(made):
    return made['sketch']['collector']['id'] + '\t' + json.dumps(made, separators=(',', ':')) + '\n'


class Pool:
    """Sketches to draw from: making each anew would cost more than all that is done with them."""

    def __init__(self, chance, most, epoch, size=400):
        self.chance, self.made = chance, []
        for number in range(size):
            people = max(1, round(most ** chance.random()))
            first = chance.randrange(10 ** 6)
            self.made.append((counted(Sketch(tag(epoch, f'{number % 7}p{first + i}') for i in range(people)), people),
                              counted(Sketch(tag(epoch, f's{first + i}') for i in range(min(people, 40))), min(people, 40))))

    def draw(self):
        return self.chance.choice(self.made)


def load(options):
    chance = random.Random(options.seed)
    end = (options.end or time.time()) // WINDOW_S * WINDOW_S
    begins = [end - WINDOW_S * (options.windows - i) for i in range(options.windows)]
    pool = Pool(chance, options.people, epoch_of(begins[0]), options.pool)
    sequence = 0
    for begin in begins:
        for _ in range(options.collectors * options.keys):
            number = sequence % (options.collectors * options.keys)
            for site in range(options.sensors):
                people, senders = pool.draw()
                place = number // options.collectors
                yield event(f'{options.name}{site:04}', begin, sequence, f'collector-{number % options.collectors:05}.example.net',
                            people, senders, country=COUNTRIES[number % options.collectors % len(COUNTRIES)],
                            from_zone=f'zone-{place % 4}', what=TYPES[place % len(TYPES)],
                            verdict=VERDICTS[(number + place) % len(VERDICTS)])
            sequence += 1


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--sensors', type=int, default=3)
    parser.add_argument('--windows', type=int, default=6, help='of ten minutes, up to now')
    parser.add_argument('--collectors', type=int, default=50, help='recipients each sensor sees in a window')
    parser.add_argument('--keys', type=int, default=4, help='keys of each: type, zone, verdict')
    parser.add_argument('--people', type=int, default=3000, help='at most, in one key of a window')
    parser.add_argument('--pool', type=int, default=400, help='different sketches to draw from')
    parser.add_argument('--end', type=float, help='Unix time of the last window; now')
    parser.add_argument('--name', default='site-')
    parser.add_argument('--seed', type=int, default=1)
    for made in load(parser.parse_args()):
        sys.stdout.write(line(made))


if __name__ == '__main__':
    main()
