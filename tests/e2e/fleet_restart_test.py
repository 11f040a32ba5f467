#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A sensor of a fleet is killed again and again between windows of five seconds, with traffic before each death: what
its sketches add up to, by the highest revision of each row, is what was sent, and register for register what one scan of
the same frames under the same key tells; numbers only rise."""
import json
import os
import random
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time

import reload_test
from scanning import GANDER, SKIPPED, TOP, Checks, gander, of_type, read_events, valid
from wrapping import pcap

sys.path.insert(0, os.path.join(TOP, 'tests', 'captures', 'demo'))
import identifiers  # noqa: E402

PEOPLE, ROUNDS, WAIT_S = 40, 5, 60


def people(round_number):
    """Tax numbers; of each round half are those of the round before."""
    draw = random.Random(5)
    numbers = [identifiers.de_steuer_id(draw) for _ in range((ROUNDS + 1) * PEOPLE // 2)]
    return numbers[round_number * PEOPLE // 2:][:PEOPLE]


def frames(round_number):
    rows = '\n'.join(f'steuer-id: {n}' for n in people(round_number)) + '\n'
    post = pcap.Conversation('10.80.0.1', '198.51.100.9', client_port=40_000 + round_number)
    post.send(pcap.http_request(rows.encode(), content_type='text/plain'))
    post.send(pcap.HTTP_DONE, side=1)
    return post.close().frames


def send(interface, round_number):
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW) as out:
        out.bind((interface, 0))
        for frame in frames(round_number):
            out.send(frame)
            time.sleep(0.001)


def until(what, holds):
    deadline = time.monotonic() + WAIT_S
    while time.monotonic() < deadline:
        if answer := holds():
            return answer
        time.sleep(0.05)
    sys.exit(f'{what}: not within {WAIT_S} s')


class Sensor:
    def __init__(self, cable, folder):
        self.at = lambda name: os.path.join(folder, name)
        self.cable, self.runs = cable, 0
        self.settings = {
            'fleet.key_file': self.at('fleet.key'), 'fleet.sensor': 'site', 'fleet.window_s': 5, 'runtime.epoch_s': 1,
            'detect.snapshot.file': self.at('state'), 'detect.snapshot.key_file': self.at('state.key'),
            'detect.snapshot.interval_s': 1, 'report.append': 'true', 'process.supervise': 'false',
            'report.types': '[sketch, blind_spot]', 'control.socket': self.at('socket'), 'process.user': ''}
        self.command = [GANDER, 'run', '--interface', 'far', '--events', self.at('events.json')]
        for key, value in self.settings.items():
            self.command += ['--set', f'{key}={value}']

    def start(self):
        self.runs += 1
        log = self.at(f'log-{self.runs}')
        with open(log, 'wb') as err:
            self.process = subprocess.Popen([*self.cable.inside(), *self.command], stdout=subprocess.DEVNULL, stderr=err)
        until('a start', lambda: b'Ctrl-C' in open(log, 'rb').read() or self.process.poll() is not None)
        if self.process.poll() is not None:
            sys.exit(open(log, encoding='utf-8').read())
        until('an answer', lambda: gander('ctl', 'status', '--socket', self.at('socket')).returncode == 0)

    def take(self, round_number):
        """Sends, and waits until a snapshot has what was sent: three are written one after another."""
        subprocess.run([*self.cable.inside(), sys.executable, '-B', os.path.abspath(__file__), '--send', 'near',
                        str(round_number)], check=True)
        for _ in range(3):
            last = os.stat(self.at('state')).st_mtime_ns if os.path.exists(self.at('state')) else 0
            until('a snapshot', lambda: os.path.exists(self.at('state')) and os.stat(self.at('state')).st_mtime_ns > last)

    def end(self, how):
        self.process.send_signal(how)
        self.process.wait(WAIT_S)


def events_of(path):
    """A line that the last death cut short is no event; the next run began a new one behind it."""
    out = []
    with open(path, encoding='utf-8', errors='replace') as f:
        for line in f:
            try:
                out.append(json.loads(line))
            except ValueError:
                print(f'cut by a death: {line[:60]}')
    return out


def row_of(s):
    return (s['sensor'], s['epoch'], s['window']['begin'], s['collector']['id'], s['collector']['address'], s['from']['zone'],
            s['type'], s['subject_country'], s['verdict'], s['entry_id'])


def registers(text):
    data, out = bytes.fromhex(text), {}
    assert data[0] in (0x11, 0x13), text[:8]
    for at, rest in struct.iter_unpack('>BB', data[3:]):
        out[(at << 8 | rest) >> 5] = rest & 31
    return out


def union_of(rows):
    """Of the sketches' registers, by the fleet's epoch: its key decides which of them a person takes."""
    united = {}
    for s in rows:
        own = united.setdefault(s['epoch'], {})
        for at, rank in registers(s['people']['hll']).items():
            own[at] = max(own.get(at, 0), rank)
    return united


def undisturbed(folder, settings, sent):
    """What a scan of all rounds, each at the moment it was sent, has for their people."""
    capture, path = os.path.join(folder, 'all.pcap'), os.path.join(folder, 'scan.json')
    given = [(frame, at) for number, at in enumerate(sent) for frame in frames(number)]
    pcap.write_at(capture, [frame for frame, _ in given], [at + i * 1e-6 for i, (_, at) in enumerate(given)])
    kept = {name: value for name, value in settings.items() if name.startswith('fleet.') or name == 'runtime.epoch_s'}
    done = gander('scan', '--quiet', '--events', path, *(f'--set={name}={value}' for name, value in kept.items()), capture)
    if done.returncode != 0:
        sys.exit(f'scan: {done.stderr.decode()}')
    return union_of(s for s in (e['sketch'] for e in of_type(read_events(path), 'sketch')) if s['type'] == 'de.steuer_id')


def main():
    if os.geteuid() != 0:
        print('needs root: interfaces in a namespace of its own')
        sys.exit(SKIPPED)
    checks = Checks()
    cable = reload_test.Cable()
    try:
        with tempfile.TemporaryDirectory() as folder:
            os.chmod(folder, 0o755)
            sensor = Sensor(cable, folder)
            gander('fleet', 'key', sensor.at('fleet.key'))
            sent = []
            for number in range(ROUNDS):
                sensor.start()
                sent.append(time.time())
                sensor.take(number)
                sensor.end(signal.SIGKILL if number + 1 < ROUNDS else signal.SIGTERM)
            checks.that(sensor.process.returncode == 0, f'the last ends well: {sensor.process.returncode}')
            events = events_of(sensor.at('events.json'))
            sketches = [e['sketch'] for e in of_type(events, 'sketch')]
            rows = {}
            for s in sketches:
                if s['type'] == 'de.steuer_id' and (row_of(s) not in rows or rows[row_of(s)]['revision'] < s['revision']):
                    rows[row_of(s)] = s
            said = [(s['window']['begin'][11:19], s['revision'], s['people']['estimate'], s['findings']) for s in rows.values()]
            checks.that(sum(s['findings'] for s in rows.values()) == ROUNDS * PEOPLE, f'every finding once: {said}')
            union, whole = union_of(rows.values()), undisturbed(folder, sensor.settings, sent)
            used = [len(of_epoch) for of_epoch in whole.values()]
            checks.that(sum(used) > 2 * PEOPLE and union == whole, f'registers of a scan: {used}; of the runs: '
                        f'{[len(of_epoch) for of_epoch in union.values()]}, alike: {union == whole}')
            numbers = [s['sequence'] for s in sketches]
            checks.that(numbers == sorted(set(numbers)), f'numbers rise over restarts: {numbers}')
            again = [(row_of(s), s['revision']) for s in sketches]
            checks.that(len(again) == len(set(again)), 'nothing is told twice with one revision')
            checks.that(any(s['revision'] > 0 for s in sketches), 'a restart shows as a revision')
            with open(sensor.at('whole.json'), 'w', encoding='utf-8') as f:
                f.writelines(json.dumps(e) + '\n' for e in events)
            checks.that(valid(f.name), 'each event is what the schema says')
    finally:
        cable.close()
    checks.exit()


if __name__ == '__main__':
    if sys.argv[1:2] == ['--send']:
        send(sys.argv[2], int(sys.argv[3]))
    else:
        main()
