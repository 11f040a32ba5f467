#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The loader and the PostgreSQL schema against what the fleet must bear: batches that come twice, late and out of order,
clocks that are wrong, hostile messages, a sensor that lies and one that floods. A real broker, a real PostgreSQL."""
import json
import time

import engines
from generate import WINDOW_S, counted, epoch_of, event, eve_time, key_id, line, tag
from scanning import Checks
from sketches import Sketch

NOW = time.time() // WINDOW_S * WINDOW_S
HOUR = (NOW - WINDOW_S) // 3600 * 3600  # its first window is over


def sketch_of(begin, people, senders=30):
    """Of people and senders by number: ranges."""
    epoch = epoch_of(begin)
    return (counted(Sketch(tag(epoch, f'p{i}') for i in people), len(people)),
            counted(Sketch(tag(epoch, f's{i}') for i in range(senders)), senders))


class Sender:
    """A sensor by name: numbers its events."""

    def __init__(self, name):
        self.name, self.sequence = name, 0

    def event(self, begin, collector, people, senders=30, **more):
        self.sequence += 1
        return event(self.name, begin, self.sequence, collector, *sketch_of(begin, people, senders), **more)


def settle(database, broker_messages):
    """Until the database has seen that many messages, whatever became of them."""
    def seen():
        return database.number('select (select coalesce(sum(taken + duplicates + refused), 0) from fleet.sensor) '
                               "+ (select count(*) from fleet.quarantine where reason in ('too_long', 'bad_json', 'no_event', "
                               "'unknown_version', 'bad_field', 'bad_hll', 'contradiction', 'database'))") >= broker_messages
    engines.wait_until(seen, f'{broker_messages} messages', 60)


def merging(broker, database, checks):
    """Rows once, whatever comes twice; the higher revision wins in either order; unions are those of sets."""
    a, b = Sender('a'), Sender('b')
    sent = [a.event(HOUR - 3600, 'twice.example', range(0, 100)), b.event(HOUR - 3600, 'twice.example', range(50, 150))]
    low = a.event(HOUR - 3600, 'revised.example', range(0, 10))
    high = a.event(HOUR - 3600, 'revised.example', range(0, 20), revision=1)
    late = a.event(HOUR - 3 * 86400, 'late.example', range(0, 30))
    text = ''.join(map(line, [*sent, high, low, late]))
    for _ in range(3):
        broker.send(text)
    settle(database, 15)
    checks.that(database.ask("select sensor, people_low from fleet.sketch where collector = 'twice.example' order by 1")
                == [('a', '100'), ('b', '100')], 'each row is there once')
    checks.that(database.ask("select revision, people_low, sequence from fleet.sketch where collector = 'revised.example'")
                == [('1', '20', str(high['sketch']['sequence']))], 'the higher revision stays, whatever comes behind it')
    checks.that(database.number("select count(*) from fleet.sketch where collector = 'late.example'") == 1, 'three days late: taken')
    estimate, lowest, highest = map(int, database.ask(
        f"select people, people_low, people_high from fleet.collectors(to_timestamp({HOUR - 3600}), to_timestamp({HOUR})) "
        "where collector = 'twice.example'")[0])
    checks.that(lowest <= 150 <= highest and highest - lowest < 25, f'150 people at two sites: {estimate} ({lowest} to {highest})')
    taken, again, missing = map(int, database.ask("select taken, duplicates, missing from fleet.sensor_health where sensor = 'a'")[0])
    # The lower revision came too late to be a row: its number is missed.
    checks.that((taken, again, missing) == (3, 9, 1), f'taken {taken}, again {again}, missing {missing}')


HOSTILE = {
    'bad_json': ['{"event_type":"sketch"', '\x00\xff\xfe', '[' * 5000 + ']' * 5000, '{"event_type":"alert","x":"\\u0000"}', ''],
    'too_long': ['{"event_type":"sketch","x":"' + 'y' * 70000 + '"}'],
    'no_event': ['[]', '{}', '7', '{"event_type":7}'],
}


def wrong_sketches():
    """(reason, sketch) of which one field is wrong."""
    good = Sender('liar').event(HOUR, 'wrong.example', range(300))
    def but(*path, value):
        copy = json.loads(json.dumps(good))
        place = copy['sketch']
        for key in path[:-1]:
            place = place[key]
        place[path[-1]] = value
        return copy
    registers = good['sketch']['people']['hll']
    yield 'unknown_version', but('version', value=2)
    yield 'unknown_version', but('version', value='1')
    for path, value in ((('sensor',), ''), (('sensor',), 'a' * 300), (('sensor',), 'x\ny'), (('epoch',), -1), (('epoch',), 2.5),
                        (('key_id',), 'XYZ'), (('window', 'begin'), 'yesterday'), (('window', 'seconds'), 7),
                        (('sequence',), 2 ** 63), (('collector', 'id'), ''), (('collector', 'country'), 'norway'),
                        (('collector', 'address'), '1.2.3'), (('people', 'low'), -1), (('bytes',), '12'), (('type',), None)):
        yield 'bad_field', but(*path, value=value)
    for hll in ('', 'zz', registers[:-2], registers.upper(), '12' + registers[2:], '14' + registers[2:], '148b40' + '00' * 100,
                '138b40' + '0000', '138b40' + 'ffff0001', '158b40', '14' + '8c40' + '00' * 1280, registers + '00'):
        yield 'bad_hll', but('people', 'hll', value=hll)
    yield 'contradiction', but('people', 'estimate', value=3)
    yield 'contradiction', but('people', value=dict(good['sketch']['people'], estimate=9000, low=9000, high=9000))
    yield 'contradiction', but('findings', value=5)


def hostile(broker, database, checks):
    before = database.number('select count(*) from fleet.quarantine')
    expected = {}
    for reason, texts in HOSTILE.items():
        for text in texts:
            broker.send('k\t' + text + '\n' if text else 'k\t\n')
            expected[reason] = expected.get(reason, 0) + 1
    for reason, made in wrong_sketches():
        broker.send('k\t' + json.dumps(made) + '\n')
        expected[reason] = expected.get(reason, 0) + 1
    engines.wait_until(lambda: database.number('select count(*) from fleet.quarantine') >= before + sum(expected.values()),
                       'the quarantine has all', 60)
    found = {k: int(v) for k, v in database.ask('select reason, count(*) from fleet.quarantine group by 1')}
    checks.that(found == expected, f'refused by reason: {found}, wanted {expected}')
    checks.that(database.number("select count(*) from fleet.sketch where collector = 'wrong.example'") == 0, 'none of them is merged')
    checks.that(database.number("select max(length(message)) from fleet.quarantine") <= 4 * 2048, 'messages are kept in part')


def clocks(broker, database, checks):
    """Windows ahead of this clock, older than is kept, of an epoch that is not theirs, under another key."""
    s = Sender('skewed')
    far = [(s.event(NOW + 86400, 'c.example', range(10)), 'future'), (s.event(NOW - 60 * 86400, 'c.example', range(10)), 'too_late'),
           (s.event(HOUR - 7200, 'c.example', range(10), epoch=epoch_of(HOUR) - 1, key=key_id(epoch_of(HOUR))), 'epoch_mismatch'),
           (s.event(HOUR - 7200, 'd.example', range(10), key='00000000'), 'key_mismatch')]
    good = s.event(HOUR - 7200, 'c.example', range(10))
    broker.send(''.join(line(e) for e, _ in far) + line(good))
    engines.wait_until(lambda: database.number("select taken + refused from fleet.sensor where sensor = 'skewed'") == 5, 'five judged')
    found = sorted(r[0] for r in database.ask("select reason from fleet.quarantine where sensor = 'skewed'"))
    checks.that(found == sorted(reason for _, reason in far), f'each for its own reason: {found}')
    checks.that(database.one("select watermark <= now() from fleet.sensor where sensor = 'skewed'") == 't',
                'a clock that is ahead does not move the watermark')


def floods(broker, database, checks):
    """A sensor beyond its quotas harms its own rows only; refused messages take bounded room."""
    database.ask("update fleet.setting set value = 50 where name = 'rows_a_window'; "
                 "update fleet.setting set value = 20 where name = 'collectors_a_window'; "
                 "update fleet.setting set value = 100 where name = 'quarantine_rows_an_hour'")
    rows, names, calm = Sender('many-rows'), Sender('many-names'), Sender('calm')
    types = [('contact', f'type.{i}', 'personal') for i in range(200)]
    flood = [rows.event(HOUR, 'one.example', range(5), what=t) for t in types]
    flood += [names.event(HOUR, f'name-{i}.example', range(5)) for i in range(300)]
    broker.send(''.join(map(line, flood)) + line(calm.event(HOUR, 'one.example', range(5))))
    engines.wait_until(lambda: database.number("select sum(taken + refused) from fleet.sensor where sensor like 'many%'") == 500, 'all')
    broker.send(''.join(map(line, flood[:60])))  # ... and again: what was taken costs no quota, what was refused is so again
    engines.wait_until(lambda: database.number("select sum(taken + duplicates + refused) from fleet.sensor "
                                               "where sensor like 'many%'") == 560, 'all of the repetition')
    for sensor, most in (('many-rows', 50), ('many-names', 20)):
        kept = database.number(f"select count(*) from fleet.sketch where sensor = '{sensor}'")
        spare = 0 if sensor == 'many-rows' else 1  # names are counted by a sketch of their own
        checks.that(abs(kept - most) <= spare, f'{sensor}: {kept} rows kept, quota {most}')
        checks.that(database.number(f"select max(n) from (select count(*) as n from fleet.quarantine where sensor = '{sensor}' "
                                    "group by reason) c") <= 100, f'{sensor}: the quarantine keeps 100 of one reason')
    counted_ = database.number("select sum(kept + counted) from fleet.refused where sensor like 'many%'")
    checks.that(counted_ >= 500 - 71, f'all refused ones are counted: {counted_}')
    checks.that(database.number("select count(*) from fleet.sketch where sensor = 'calm'") == 1, 'the others are heard')
    database.ask("update fleet.setting set value = 20000 where name = 'rows_a_window'; "
                 "update fleet.setting set value = 5000 where name = 'collectors_a_window'")


def a_liar(broker, database, checks):
    """Registers that were made up, in good form: the alert says how much hangs on that sensor; excluded, it is silent."""
    liar, honest = Sender('inventor'), Sender('honest')
    epoch = epoch_of(HOUR)
    made_up = counted(Sketch(tag(epoch, f'nobody{i}') for i in range(60000)))
    senders = counted(Sketch(tag(epoch, f's{i}') for i in range(200)), 200)
    broker.send(line(event('inventor', HOUR, 1, 'victim.example', made_up, senders))
                + line(honest.event(HOUR, 'victim.example', range(150), 60)))
    engines.wait_until(lambda: database.number("select count(*) from fleet.alert where collector = 'victim.example' "
                                               "and detector = 'F01'") == 1, 'an alert')
    site, alone, rest = database.ask("select largest_site, largest_people, without_largest_low from fleet.alert "
                                     "where collector = 'victim.example' and detector = 'F01'")[0]
    checks.that(site == 'inventor' and int(alone) > 50000 and 130 <= int(rest) <= 150,
                f'what hangs on {site}: {alone} people; without it {rest} at least')
    database.ask("delete from fleet.alert; update fleet.sensor set state = 'excluded', state_reason = 'lies' where sensor = 'inventor';"
                 "insert into fleet.touched (collector) values ('victim.example')")
    engines.wait_until(lambda: database.number('select count(*) from fleet.touched') == 0, 'judged again')
    checks.that(database.number("select count(*) from fleet.alert where collector = 'victim.example'") == 0,
                'excluded: nothing is left to say')
    del liar


def events(broker, database, checks):
    alert = {'timestamp': eve_time(HOUR), 'event_type': 'alert', 'host': 'a',
             'alert': {'signature': 'x', 'context': {'id': '00000000-0000-8000-8000-000000000001'}}}
    stats = {'timestamp': eve_time(HOUR), 'event_type': 'stats', 'host': 'a', 'stats': {'uptime': 1}}
    other = {'timestamp': eve_time(HOUR), 'event_type': 'dns', 'host': 'a'}
    text = ''.join('a\t' + json.dumps(e) + '\n' for e in (alert, stats, other, dict(alert, timestamp=eve_time(NOW + 9e5))))
    broker.send(text + text, 'gander.events')
    engines.wait_until(lambda: database.number("select count(*) from fleet.event") >= 2 and database.number(
        "select count(*) from fleet.quarantine where topic = 'gander.events'") == 2, 'events')
    checks.that(sorted(database.ask('select kind, host from fleet.event')) == [('alert', 'a'), ('stats', 'a')], 'each event once')
    checks.that(database.one("select id from fleet.event where kind = 'alert'").endswith('0001'), "under the alert's own id")


def retention(database, checks):
    database.ask("create table fleet.sketch_20200101 partition of fleet.sketch for values from ('2020-01-01 00:00+00') to "
                 "('2020-01-02 00:00+00')")
    checks.that(database.ask('select dropped from fleet.keep_partitions()') == [('1',)], 'an old partition is dropped')
    checks.that(database.number("select count(*) from fleet.sketch where collector = 'late.example'") == 1, 'a young one is not')


def main():
    engines.in_namespace()
    checks = Checks()
    with engines.Stage() as stage:
        broker, database = stage.engines()
        loader = stage.load(broker, database)
        merging(broker, database, checks)
        hostile(broker, database, checks)
        clocks(broker, database, checks)
        a_liar(broker, database, checks)
        floods(broker, database, checks)
        events(broker, database, checks)
        retention(database, checks)
        code = loader.stop()
        checks.that(code == 0, f'the loader ends when told: {code}')
        print({k: v for k, v in loader.metrics().items() if v})
        checks.that(loader.metrics()['refused_total{reason="bad_hll"}'] == 12, 'its own counts say the same')
    checks.exit()


if __name__ == '__main__':
    main()
