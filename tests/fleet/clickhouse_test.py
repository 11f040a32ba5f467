#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The ClickHouse schema in chDB against the same as the loader: what comes twice, late, hostile; a sensor that lies and one
that floods. Counts equal those of tests/fleet/sketches.py. Then from a real broker by the Kafka engine, where chDB runs it."""
import json
import os
import random
import time

import engines
from clickhouse import ClickHouse
from generate import counted, epoch_of, event, eve_time, line, tag
from loader_test import HOSTILE, HOUR, NOW, Sender, wrong_sketches
from scanning import Checks
from sketches import Sketch


class Files:
    """Messages to the engine by files."""

    def __init__(self, engine, folder):
        self.engine, self.path = engine, os.path.join(folder, 'messages')

    def take(self, made, topic='gander.sketch'):
        with open(self.path, 'w', encoding='utf-8') as out:
            out.writelines((m if isinstance(m, str) else json.dumps(m)) + '\n' for m in made)
        self.engine.take(self.path, topic)


def reading(engine, checks):
    """Registers and estimates are those of the other implementation, bit for bit."""
    chance = random.Random(11)
    for people in (0, 1, 2, 10, 250, 639, 700, 2000, 5000, 20000, 300000):
        sketch = Sketch(chance.getrandbits(64) for _ in range(people))
        ranks, estimate, low, high = engine.ask(f"select fleetRanks(unhex('{sketch.hex()}')) as r, fleetEstimate(r), "
                                                "fleetLow(r, toUInt64(0)), fleetHigh(r, toUInt64(0))")[0]
        ranks = [int(r) for r in ranks] + [0] * (2048 - len(ranks))
        checks.that(ranks == list(sketch.ranks), f'{people}: registers')
        checks.that(abs(float(estimate) - sketch.estimate()) <= 1e-9 * people, f'{people}: {estimate}, wanted {sketch.estimate()}')
        checks.that(int(low) <= people <= int(high), f'{people} in {low} to {high}')


def merging(engine, files, checks):
    a, b = Sender('a'), Sender('b')
    low, high = a.event(HOUR - 3600, 'revised.example', range(10)), a.event(HOUR - 3600, 'revised.example', range(20), revision=1)
    sent = [a.event(HOUR - 3600, 'twice.example', range(0, 100)), b.event(HOUR - 3600, 'twice.example', range(50, 150)), high, low,
            a.event(HOUR - 3 * 86400, 'late.example', range(30))]
    for _ in range(3):
        files.take(sent)
    checks.that(engine.number('select count() from fleet.sketch final') == 4, 'each row is there once')
    checks.that(engine.number("select 100 * revision + people_low from fleet.sketch final where collector = 'revised.example'") == 120,
                'the higher revision stays')
    united = engine.number("select fleetPeople(maxForEachMerge(people), toUInt64(0)) from fleet.united where collector = 'twice.example' "
                           'and span = 3600')
    checks.that(140 <= united <= 160, f'150 people at two sites: {united}')


def hostile(engine, files, checks):
    expected, sent = {}, []
    for reason, texts in HOSTILE.items():
        for text in texts:
            if '\\u0000' in text:
                continue  # no trouble to ClickHouse
            sent.append(text)
            expected[reason] = expected.get(reason, 0) + 1
    for reason, made in wrong_sketches():
        sent.append(made)
        expected[reason] = expected.get(reason, 0) + 1
    files.take(sent)
    found = {k: int(v) for k, v in engine.ask('select reason, count() from fleet.quarantine group by reason')}
    checks.that(found == expected, f'refused by reason: {found}, wanted {expected}')
    checks.that(engine.number("select count() from fleet.sketch where collector = 'wrong.example'") == 0, 'none is merged')
    s = Sender('skewed')
    files.take([s.event(NOW + 86400, 'c.example', range(9)), s.event(NOW - 60 * 86400, 'c.example', range(9)),
                s.event(HOUR - 7200, 'c.example', range(9), epoch=1)])
    found = sorted(r for r, in engine.ask("select reason from fleet.quarantine where sensor = 'skewed'"))
    checks.that(found == ['epoch_mismatch', 'future', 'too_late'], f'clocks: {found}')


def alerts_of(engine, collector):
    return engine.ask('select detector, people, people_low, people_high, largest_site, largest_people, without_largest_low '
                      f"from fleet.alerts_now where collector = '{collector}' order by detector")


def a_liar(engine, files, checks):
    epoch = epoch_of(HOUR)
    made_up = counted(Sketch(tag(epoch, f'nobody{i}') for i in range(60000)))
    senders = counted(Sketch(tag(epoch, f's{i}') for i in range(200)), 200)
    files.take([event('inventor', HOUR, 1, 'victim.example', made_up, senders),
                Sender('honest').event(HOUR, 'victim.example', range(150), 60)])
    found = {row[0]: row for row in alerts_of(engine, 'victim.example')}
    checks.that(set(found) == {'F01', 'F05'}, f'detectors: {set(found)}')
    f01 = found['F01']
    checks.that(f01[4] == 'inventor' and int(f01[5]) > 50000 and 130 <= int(f01[6]) <= 150, f'what hangs on it: {f01}')
    engine.ask("insert into fleet.sensor_state (sensor, state, reason) values ('inventor', 'excluded', 'lies')")
    checks.that(alerts_of(engine, 'victim.example') == [], 'excluded: nothing is left to say')


def floods(engine, files, checks):
    engine.ask("insert into fleet.setting values ('rows_a_window', 50, '')")
    engine.ask('optimize table fleet.setting final')
    noisy, calm = Sender('noisy'), Sender('calm')
    files.take([noisy.event(HOUR, f'name-{i}.example', range(5)) for i in range(100)]
               + [noisy.event(HOUR, 'flooded.example', range(3000), 100), calm.event(HOUR, 'flooded.example', range(120), 60)])
    checks.that(alerts_of(engine, 'flooded.example') == [], 'a sensor beyond its quota is not judged by')
    engine.ask("insert into fleet.setting values ('rows_a_window', 20000, '')")
    engine.ask('optimize table fleet.setting final')
    checks.that(len(alerts_of(engine, 'flooded.example')) == 2, 'within it, it is')


def telling(engine, checks):
    """Kept once, again when it has doubled."""
    engine.ask('system refresh view fleet.judge')
    engine.ask('system wait view fleet.judge')
    engine.ask('drop view fleet.judge')
    kept = engine.number('select count() from fleet.alert')
    checks.that(kept >= 2 and engine.number('select count() from fleet.alerts_new') == 0, f'{kept} alerts kept, none said again')
    engine.ask('alter table fleet.alert update people_low = 1 where detector = \'F01\' settings mutations_sync = 2')
    checks.that(engine.number('select count() from fleet.alerts_new') == engine.number("select count() from fleet.alert where detector = "
                "'F01'"), 'said again when grown')


def events(engine, files, checks):
    alert = {'timestamp': eve_time(HOUR), 'event_type': 'alert', 'host': 'a', 'alert': {'context': {'id': 'x1'}}}
    reload = {'timestamp': eve_time(HOUR), 'event_type': 'rules_reload', 'host': 'a', 'rules_reload': {'result': 'success',
                                                                                                       'new_digest': 'd1'}}
    files.take([alert, reload, {'timestamp': eve_time(HOUR), 'event_type': 'dns', 'host': 'a'}] * 2, 'gander.events')
    checks.that(engine.ask('select kind, id from fleet.event final order by kind')[0] == ['alert', 'x1'], 'each event once')
    checks.that(engine.ask('select host, result, digest from fleet.rule_packs') == [['a', 'success', 'd1']], 'rule packs')


def from_kafka(checks, stage):
    """From a topic, by the Kafka engine; and again what a consumer has not committed."""
    broker = stage.add(engines.Broker(engines.classpath(), stage.folder))
    broker.start()
    engine = stage.add(ClickHouse(stage.folder, 'kafka'))
    engine.create(broker.address)
    sensor = Sender('k')
    for number in range(3):
        broker.send(''.join(line(sensor.event(HOUR, f'kafka-{number}-{i}.example', range(10))) for i in range(20)))
        deadline = time.monotonic() + 60
        while engine.number('select count() from fleet.sketch') < 20 * (number + 1) and time.monotonic() < deadline:
            engine.pump()
    checks.that(engine.number('select count() from fleet.sketch') == 60, 'each message of the topic once')
    checks.that(engine.number('select count() from fleet.quarantine') == 0, 'none is refused')


def main():
    engines.in_namespace()
    checks = Checks()
    with engines.Stage() as stage:
        engine = stage.add(ClickHouse(stage.folder))
        engine.create()
        print('ClickHouse', engine.one('select version()'))
        files = Files(engine, stage.folder)
        reading(engine, checks)
        merging(engine, files, checks)
        hostile(engine, files, checks)
        a_liar(engine, files, checks)
        floods(engine, files, checks)
        telling(engine, checks)
        events(engine, files, checks)
        from_kafka(checks, stage)
    checks.exit()


if __name__ == '__main__':
    main()
