#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""State over a restart: a slow exfiltration of twelve days, the sensor ended and started anew after six. With a snapshot
it is found as if nothing had happened and nobody is counted twice; without one it is not; a snapshot that cannot be used
is one warning and changes no exit code."""
import os
import re
import sys
import tempfile

from scanning import Checks, gander, of_type, read_events
from wrapping import pcap

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'captures', 'demo'))
import identifiers  # noqa: E402

DAY, A_DAY, SENDER, COLLECTOR = 86_400, 20, '10.80.0.1', '198.51.100.9'


def capture(path, people, days):
    """On each day twenty people's telephone numbers go to the collector in one post."""
    frames, times = [], []
    for day in days:
        rows = '\n'.join(f'phone: {phone}' for phone in people[day * A_DAY:(day + 1) * A_DAY])
        sent = pcap.posted(SENDER, COLLECTOR, rows.encode(), content_type='text/plain').frames
        frames += sent
        times += [pcap.START + day * DAY] * len(sent)
    pcap.write_at(path, frames, times)
    return path


class Sensor:
    def __init__(self, folder):
        self.folder = folder
        self.file, self.key = os.path.join(folder, 'state'), os.path.join(folder, 'state.key')

    def scan(self, path, *more, snapshot=True):
        events = os.path.join(self.folder, 'events.json')
        settings = [f'detect.snapshot.file={self.file}', f'detect.snapshot.key_file={self.key}'] if snapshot else []
        done = gander('scan', '--quiet', '--events', events, *[x for s in (*settings, *more) for x in ('--set', s)], path)
        return done, read_events(events) if done.returncode == 0 else []


def alerts_of(events, detector):
    return [e for e in of_type(events, 'alert') if e['alert']['signature_id'] == 2_090_000 + detector]


def people_in(alert):
    return int(re.search(r'Low and slow transfer: ([\d,]+) people', alert['alert']['signature'])[1].replace(',', ''))


def main():
    checks = Checks()
    people = [identifiers.it_phone(i) for i in range(12 * A_DAY)]
    with tempfile.TemporaryDirectory() as folder:
        first = capture(os.path.join(folder, 'first.pcap'), people, range(6))
        # Begins with the people of the day before, once more.
        second = capture(os.path.join(folder, 'second.pcap'), people, (5, 6, 7, 8, 9, 10))
        whole = capture(os.path.join(folder, 'whole.pcap'), people, range(11))
        sensor = Sensor(folder)

        _, events = sensor.scan(whole, snapshot=False)
        truth = alerts_of(events, 5)
        checks.that(len(truth) >= 1 and people_in(truth[0]) == 200, f'one run finds it: {len(truth)} alerts')
        _, events = sensor.scan(second, snapshot=False)
        checks.that(not alerts_of(events, 5), 'the second half alone is too little')

        done, events = sensor.scan(first)
        checks.that(done.returncode == 0 and not alerts_of(events, 5), 'the first half alone is too little')
        checks.that(os.stat(sensor.file).st_mode & 0o777 == 0o600, 'the snapshot is its owner\'s')
        checks.that(os.stat(sensor.key).st_mode & 0o777 == 0o600, 'the key is its owner\'s')
        with open(sensor.file, 'rb') as f:
            kept = f.read()
        checks.that(not any(phone.encode() in kept for phone in people), 'no value is in the snapshot')

        done, events = sensor.scan(second)
        found = alerts_of(events, 5)
        checks.that(done.returncode == 0 and found, f'found over a restart: {done.stderr.decode()}')
        checks.that(found and people_in(found[0]) == 200, f'nobody twice: {[people_in(a) for a in found]}')
        checks.that(found and found[0]['timestamp'] == truth[0]['timestamp'], 'at the same packet as in one run')

        for name, damage, words in (
                ('damaged', lambda b: b[:200] + bytes([b[200] ^ 1]) + b[201:], b'is damaged'),
                ('foreign', lambda b: b'something else', b'is no snapshot of gander'),
                ('cut', lambda b: b[:30], b'is cut short')):
            with open(sensor.file, 'wb') as f:
                f.write(damage(kept))
            done, events = sensor.scan(second)
            said = done.stderr.count(b'warning')
            checks.that(done.returncode == 0, f'{name}: the run ends well')
            checks.that(said == 1 and words in done.stderr and sensor.file.encode() in done.stderr,
                        f'{name}: one warning with file and cause: {done.stderr.decode()}')
            checks.that(not alerts_of(events, 5), f'{name}: it begins with nothing')

        with open(sensor.file, 'wb') as f:
            f.write(kept)
        os.remove(sensor.key)
        done, _ = sensor.scan(second)
        checks.that(done.returncode == 0 and b'another key' in done.stderr, f'a new key: {done.stderr.decode()}')
        os.chmod(sensor.key, 0o644)
        done, _ = sensor.scan(second)
        checks.that(done.returncode == 2 and b'chmod 600' in done.stderr, f'an open key: {done.stderr.decode()}')
        done = gander('scan', '--quiet', '--set', f'detect.snapshot.file={sensor.file}', second)
        checks.that(done.returncode == 2 and b'detect.snapshot.key_file' in done.stderr, 'a snapshot needs a key')
    checks.exit()


if __name__ == '__main__':
    main()
