#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How many people one collector got, against the truth, with any number of workers: sixty machines post people's records
to it, half of them everybody's a second time from another machine, so that workers hold people in common and only a merge
of their sketches can count right.

distinct.py [--people N[,N...]] [--workers N[,N...]] [--keep DIR]

Each count must be the truth where the interval is a point, lie within the stated bounds else, be no further off than
three standard errors, and be the same for every number of workers. A million people are a capture of 100 MB.
"""
import argparse
import os
import random
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(os.path.dirname(HERE), 'e2e')]
import synth  # noqa: E402
import talks  # noqa: E402
import world  # noqa: E402
from scanning import Checks, gander, of_type, read_events  # noqa: E402

COLLECTOR, HOST = '203.0.113.80', 'collector.example'
SOURCES, A_POST, WITHIN_S = 60, 500, 3000
RERAISE_S = 60  # the least that the configuration takes
MARGIN = 3 * 0.02296  # sensor/sketch/hyperloglog.h


def row(number):
    """A person nobody else is: the number is in the address and in the telephone number."""
    return f'Person {number},p{number:07d}@mail.example.org,+47{40_000_000 + number}\n'


def write_capture(path, people, seed=1):
    capture = synth.Capture(seed)
    shares = [range(first, people, SOURCES) for first in range(SOURCES)]
    posts = [(source, share[at:at + A_POST]) for source, share in enumerate(shares) for at in range(0, len(share), A_POST)]
    posts += [((source + 1) % SOURCES, numbers) for source, numbers in posts if source % 2 == 0]
    random.Random(seed).shuffle(posts)
    posts.append(posts[0])  # nobody new: when everybody has been seen, it is said once more
    for turn, (source, numbers) in enumerate(posts):
        body = 'name,email,phone\n' + ''.join(row(number) for number in numbers)
        talks.post(capture, f'10.20.{source // 20 + 1}.{source % 20 + 10}', COLLECTOR,
                   capture.start + WITHIN_S * turn / len(posts) + 2 * RERAISE_S * (turn + 1 == len(posts)), HOST, body.encode(), kind='text/csv')
    capture.write(path)


def counted(folder, capture, workers):
    """The last word on the collector's people: {'estimate', 'low', 'high'}, or None."""
    config = os.path.join(folder, 'gander.yaml')
    events = os.path.join(folder, f'events-{workers}.jsonl')
    done = gander('scan', '--quiet', '--config', config, '--events', events, '--workers', workers,
                  '--set', 'detect.dedup_s=1', '--set', f'detect.reraise_s={RERAISE_S}', capture)
    if done.returncode != 0:
        sys.exit(done.stderr.decode())
    said = [event['alert']['context'] for event in of_type(read_events(events), 'alert')
            if event['alert']['metadata']['gander_detector'] == ['D03'] and event.get('dest_ip') == COLLECTOR]
    return said[-1]['pii']['subjects'] if said else None


def check(people, workers, folder, checks):
    capture = os.path.join(folder, 'capture.pcap')
    write_capture(capture, people)
    told = {n: counted(folder, capture, n) for n in workers}
    for n, count in told.items():
        if not checks.that(count is not None, f'{people} people, {n} workers: D03 says nothing'):
            continue
        low, high, estimate = count.get('low', count['estimate']), count.get('high', count['estimate']), count['estimate']
        error = estimate / people - 1
        print(f'{people:>9,} people, {n} workers: {estimate:,} ({low:,} to {high:,}), {error:+.2%}')
        checks.that(low <= people <= high, f'{people} people, {n} workers: not between {low} and {high}')
        checks.that(abs(error) <= MARGIN, f'{people} people, {n} workers: {error:+.2%} off')
        checks.that(count == told[workers[0]], f'{people} people: {n} workers count otherwise than {workers[0]}')


def numbers(text):
    return [int(word) for word in text.split(',')]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--people', type=numbers, default=[100, 10_000, 1_000_000])
    parser.add_argument('--workers', type=numbers, default=[1, 2])
    parser.add_argument('--keep', help='a folder for captures and events')
    options = parser.parse_args()
    checks = Checks()
    for people in options.people:
        with tempfile.TemporaryDirectory() as scratch:
            folder = os.path.join(options.keep, str(people)) if options.keep else scratch
            os.makedirs(folder, exist_ok=True)
            world.configuration(type('Spec', (), {'policy': '', 'registers': ''}), folder)
            check(people, options.workers, folder, checks)
    checks.exit()


if __name__ == '__main__':
    main()
