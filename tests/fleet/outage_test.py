#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Broker, database, loader and a sensor killed (SIGKILL) under load and started again, one after another and then all at
once: nothing is lost, nothing counts twice. The load is a stream of sketches of twenty made-up sensors, a part of it sent
twice, and two real sensors whose own files say what they told."""
import collections
import os
import random
import re
import subprocess
import threading
import time

import engines
import sites
from generate import EPOCH_DAYS, Pool, epoch_of, event, line
from scanning import Checks, gander

SENSORS, RATE, LOAD_S = 20, 200, float(os.environ.get('LOAD_S', 110))
WINDOW_S = 600


class Load(threading.Thread):
    """Sends `RATE` events a second, every tenth again, and a second's worth again where kcat is not sure of it; remembers
    each."""

    def __init__(self, address, key):
        super().__init__(daemon=True)
        self.key = key
        self.ends, self.sent, self.again, self.unsure = threading.Event(), {}, 0, 0
        self.command = ['kcat', '-P', '-b', address, '-t', 'gander.sketch', '-K', '\t', '-X', 'acks=all', '-X',
                        'message.timeout.ms=8000', '-X', 'linger.ms=50']

    def events(self):
        chance = random.Random(3)
        # Of this epoch, since that is the one whose key is known.
        begin = max(time.time() // WINDOW_S * WINDOW_S - 12 * WINDOW_S, epoch_of(time.time()) * EPOCH_DAYS * 86400)
        pool, number = Pool(chance, 2000, epoch_of(begin), 100), 0
        while True:
            sensor, sequence = f'load-{number % SENSORS:02}', number // SENSORS
            people, senders = pool.draw()
            yield event(sensor, begin + sequence // 200 * WINDOW_S, sequence, f'c{sequence % 200}.example', people, senders,
                        size=sequence + 1, key=self.key)
            number += 1

    def run(self):
        made, begun = self.events(), time.monotonic()
        while not self.ends.is_set():
            time.sleep(0.5)
            lines = []
            while len(self.sent) < RATE * (time.monotonic() - begun) and len(lines) < 4 * RATE:
                e = next(made)
                self.sent[e['sketch']['sensor'], e['sketch']['sequence']] = e['sketch']
                lines.append(line(e))
                if len(self.sent) % 10 == 0:
                    lines.append(lines[-1])
                    self.again += 1
            while subprocess.run(self.command, input=''.join(lines).encode(), stderr=subprocess.DEVNULL, check=False).returncode != 0:
                self.unsure += len(lines)
                time.sleep(0.5)

    def stop(self):
        self.ends.set()
        self.join(120)


def key_id_of(site):
    """Of this epoch, as an operator compares it."""
    shown = gander('fleet', 'show', '--config', site.config).stdout.decode()
    return re.search(r'key ([0-9a-f]{8}) \(now\)', shown)[1]


def away(seconds, *parts):
    """Killed at once, started again later."""
    names = ', '.join(type(p).__name__ + ' ' + getattr(p, 'name', '') for p in parts)
    for part in parts:
        part.kill()
    time.sleep(seconds)
    for part in parts:
        part.start()
    print(f'{names}: killed, away for {seconds} s')


def feed(fleet, people):
    """To each site what is its own; long enough ago to be saved before a kill."""
    for site, numbers in zip(fleet, people):
        site.send(numbers, 10)


def check_load(load, database, checks):
    got = {(s, int(n)): (int(b), p) for s, n, b, p in
           database.ask("select sensor, sequence, bytes, people::text from fleet.sketch where sensor like 'load-%'")}
    want = {key: (s['bytes'], '\\x' + s['people']['hll']) for key, s in load.sent.items()}
    missing, strange = want.keys() - got.keys(), got.keys() - want.keys()
    differ = sum(1 for key in want.keys() & got.keys() if want[key] != got[key])
    checks.that(not missing and not strange and not differ and len(want) > 10000,
                f'{len(want)} rows sent, {len(missing)} lost, {len(strange)} too many, {differ} differ')
    taken, again, missed = map(int, database.ask("select sum(taken), sum(duplicates), sum(missing) from fleet.sensor_health "
                                                 "where sensor like 'load-%'")[0])
    checks.that(taken == len(want) and missed == 0 and again >= load.again, f'taken {taken}, again {again}, missing {missed}')
    print(f'load: {len(want)} rows sent, {load.again} of them twice, {load.unsure} more in batches that no one was sure of; in the database {len(got)}, lost {len(missing)}, twice '
          f'{taken - len(want)}, delivered again {again}')


def row_of(s):
    c = s['collector']
    return (s['epoch'], s['window']['begin'][:19].replace('T', ' '), c['id'], c['address'], s['from']['zone'], s['type'],
            s['subject_country'], s['verdict'])


def check_sites(fleet, people, database, checks):
    """What a sensor's own file says it told, at its highest revision, is what the database has."""
    for site, numbers in zip(fleet, people):
        told, revisions = {}, collections.Counter()
        for e in site.events('sketch'):
            s = e['sketch']
            revisions[s['revision']] += 1
            if row_of(s) not in told or told[row_of(s)]['revision'] <= s['revision']:
                told[row_of(s)] = s
        got = {(int(r[0]), *r[1:8]): r[8:] for r in database.ask(
            "select epoch, to_char(window_begin at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS'), collector, host(address), from_zone, type, "
            f"subject_country, verdict, bytes, people::text, revision from fleet.sketch where sensor = '{site.name}'")}
        lost = [k for k in told if k not in got]
        differ = [k for k, s in told.items() if k in got and got[k][:2] != (str(s['bytes']), '\\x' + s['people']['hll'])]
        checks.that(told and not lost and not differ and len(got) == len(told),
                    f'{site.name}: told {len(told)} rows, lost {len(lost)}, {len(differ)} differ, {len(got)} there')
        estimate, low, high = map(int, database.ask(
            f"select * from fleet.people((select hll_union_agg(people) from fleet.sketch where sensor = '{site.name}' and type = "
            "'global.email'))")[0])
        checks.that(low <= len(numbers) <= high, f'{site.name}: {estimate} people ({low} to {high}), in truth {len(numbers)}')
        print(f'{site.name}: {len(told)} rows told ({dict(revisions)} by revision), {len(got)} in the database; {estimate} people '
              f'({low} to {high}), in truth {len(numbers)}')


def main():
    engines.in_namespace()
    checks = Checks()
    with engines.Stage() as stage:
        sites.hub()
        broker, database = stage.engines(sites.HUB)
        loaders = [stage.load(broker, database, '--batch', '500', name=f'loader-{i}') for i in range(2)]
        fleet = sites.running(stage, 2, broker.address)
        load = Load(broker.address, key_id_of(fleet[0]))
        ticking = threading.Event()

        def tick():
            while not ticking.wait(1):
                for site in fleet:
                    site.tick()
        threading.Thread(target=tick, daemon=True).start()
        load.start()
        begun = time.monotonic()
        feed(fleet, [range(0, 400), range(300, 700)])
        away(5, database)
        time.sleep(5)
        away(10, broker)
        time.sleep(5)
        away(3, loaders[0])
        time.sleep(5)
        away(3, fleet[0])
        feed(fleet, [range(400, 800), range(700, 1100)])
        time.sleep(15)
        away(5, database, broker, loaders[1], fleet[0])
        time.sleep(max(5.0, LOAD_S - (time.monotonic() - begun)))
        load.stop()
        checks.that(not load.is_alive(), 'the load was acknowledged to the last')
        time.sleep(45)  # the sensors' last windows end, are saved and told
        ticking.set()
        for site in fleet:
            site.tick()
            checks.that(site.stop() == 0, f'{site.name} ends well: {site.said()[-600:]}')
        engines.wait_until(lambda: database.number("select count(*) from fleet.sketch where sensor like 'load-%'") >= len(load.sent),
                           'the load is in the database', 180)
        time.sleep(5)
        check_load(load, database, checks)
        check_sites(fleet, [range(0, 800), range(300, 1100)], database, checks)
        checks.that(database.number('select count(*) from fleet.quarantine') == 0,
                    f"nothing refused: {database.ask('select reason, detail from fleet.quarantine limit 3')}")
        for loader in loaders:
            print(loader.name if hasattr(loader, 'name') else 'loader', open(loader.said, encoding='utf-8').read()[-1200:])
            loader.stop()
    checks.exit()


if __name__ == '__main__':
    main()
