#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Each detector of the fleet in both engines: what is to fire fires, its harmless neighbour is silent, and both engines say the
same numbers. Messages go into PostgreSQL by the loader's own way (a broker and `gander fleet load`)."""
import time

import engines
from clickhouse import ClickHouse
from clickhouse_test import Files
from generate import EPOCH_DAYS, TYPES, epoch_of
from loader_test import HOUR, Sender
from generate import line
from scanning import Checks

EMAIL, NATIONAL = TYPES[0], TYPES[1]
DAY = 86400


def mass(sites):
    """F01: 700 people at each of two sites, 300 of them the same; beside it the same people, sent twice by the same senders."""
    yield sites[0].event(HOUR, 'f01.example', range(0, 700), 30)
    yield sites[1].event(HOUR, 'f01.example', range(400, 1200), 30)
    yield sites[0].event(HOUR, 'f01-same.example', range(0, 900), 30)
    yield sites[1].event(HOUR, 'f01-same.example', range(0, 900), 30)
    yield sites[0].event(HOUR, 'f01-registered.example', range(0, 3000), 60, verdict='registered')
    yield sites[1].event(HOUR, 'f01-registered.example', range(0, 3000), 60, verdict='registered')
    yield sites[0].event(HOUR, 'f01-two-identifiers.example', range(0, 700), 30)
    yield sites[1].event(HOUR, 'f01-two-identifiers.example', range(700, 1400), 30, what=NATIONAL)


def places(sites):
    """F02: 250 people out of twelve zones; beside it out of four."""
    for i in range(12):
        yield sites[i % 3].event(HOUR - 3600, 'f02.example', range(21 * i, 21 * i + 21), from_zone=f'z{i}')
        yield sites[i % 3].event(HOUR - 3600 + 600 * (i % 6), 'f02-few.example', range(21 * i, 21 * i + 21), from_zone=f'z{i // 6}')


def fan(sites):
    """F03: 600 people's data to twenty receivers, thirty each; beside it one receiver with most of them."""
    for i in range(20):
        yield sites[i % 2].event(HOUR, f'f03-{i}.example', range(30 * i, 30 * i + 30), from_zone='ward', what=EMAIL)
        most = range(0, 500) if i == 0 else range(500 + 10 * i, 510 + 10 * i)
        yield sites[i % 2].event(HOUR, f'f03-one-{i}.example', most, from_zone='desk', what=EMAIL)


def borders(sites):
    """F04: 1,300 people from Norway to China by two receivers at two sites; beside it to Norway."""
    for i, country in enumerate(('CN', 'NO')):
        yield sites[0].event(HOUR, f'f04-{i}-a.example', range(0, 800), 5, country=country, from_zone='lab')
        yield sites[1].event(HOUR, f'f04-{i}-b.example', range(600, 1400), 5, country=country, from_zone='lab')


def unregistered(sites):
    """F05: 160 people at two sites; beside it refused for their basis, which is no stranger, and at one site."""
    for verdict, name in (('unregistered', 'f05.example'), ('wrong_basis', 'f05-known.example')):
        yield sites[0].event(HOUR, name, range(0, 80), verdict=verdict)
        yield sites[1].event(HOUR, name, range(80, 160), verdict=verdict)
    yield sites[0].event(HOUR, 'f05-one-site.example', range(0, 160))


def slow(sites, begin):
    """F06: forty people a day at each of two sites, on six days of the epoch; beside it the same people each day."""
    for day in range(6):
        at = begin + day * DAY
        for number, site in enumerate(sites[:2]):
            first = 100 * (2 * day + number)
            yield site.event(at, 'f06.example', range(first, first + 40), 2, verdict='over_quota')
            yield site.event(at, 'f06-same.example', range(number * 40, number * 40 + 40), 2, verdict='over_quota')


EXPECTED = {'F01': {'f01.example'}, 'F02': {'f02.example'}, 'F03': {'20 recipients of global.email out of ward'},
            'F04': {'NO to CN'}}


def check(found, engine, checks):
    """`found`: detector -> collector -> (people, low, high)."""
    for detector, names in EXPECTED.items():
        told = set(found.get(detector, {}))
        checks.that(told == names, f'{engine}, {detector}: {sorted(told)}, wanted {sorted(names)}')
    f05 = {c for c in found.get('F05', {}) if c.startswith('f05')}
    checks.that(f05 == {'f05.example'}, f'{engine}, F05: {sorted(f05)}')
    for detector, name, truth in (('F01', 'f01.example', 1200), ('F02', 'f02.example', 252),
                                  ('F03', '20 recipients of global.email out of ward', 600), ('F05', 'f05.example', 160)):
        people, low, high = found.get(detector, {}).get(name, (0, 0, 0))
        checks.that(low <= truth <= high, f'{engine}, {detector}: {people} ({low} to {high}), in truth {truth}')


def check_slow(sites, stage, database, checks):
    """In the last epoch, which is over: PostgreSQL is told that it is then; a ClickHouse that knows nothing newer thinks so."""
    begin = (epoch_of(time.time()) - 1) * EPOCH_DAYS * DAY
    clickhouse = stage.add(ClickHouse(stage.folder, 'slow'))
    clickhouse.create()
    made = list(slow(sites, begin))
    Files(clickhouse, stage.folder).take(made)
    results = [database.ask("select (m).collector, (fleet.people((m).people)).estimate, (m).days from fleet.low_and_slow("
                            f"array['f06.example', 'f06-same.example'], to_timestamp({begin + 5 * DAY + 3600}))"),
               clickhouse.ask("select collector, people, toString(6) from fleet.alerts_now where detector = 'F06'")]
    for engine, rows in zip(('PostgreSQL', 'ClickHouse'), results):
        checks.that([r[0] for r in rows] == ['f06.example'], f'{engine}, F06: {rows}')
        checks.that(rows and abs(int(rows[0][1]) - 480) < 480 * 0.07, f'{engine}, F06: {rows}, in truth 480 people')
    return made


def main():
    engines.in_namespace()
    checks = Checks()
    with engines.Stage() as stage:
        broker, database = stage.engines()
        clickhouse = stage.add(ClickHouse(stage.folder))
        clickhouse.create()
        stage.load(broker, database)
        sites = [Sender(f'site-{i}') for i in range(3)]
        made = [e for part in (mass, places, fan, borders, unregistered) for e in part(sites)]
        # A border is one for all that crosses it: the others stay at home.
        for e in made:
            if not e['sketch']['collector']['id'].startswith('f04'):
                e['sketch']['collector']['country'] = 'NO'
        Files(clickhouse, stage.folder).take(made)
        past = list(slow([Sender(f'past-{i}') for i in range(2)], (epoch_of(time.time()) - 1) * EPOCH_DAYS * DAY))
        broker.send(''.join(map(line, made + past)))
        engines.wait_until(lambda: database.number('select sum(taken) from fleet.sensor') == len(made + past), f'{len(made)} rows')
        engines.wait_until(lambda: database.number('select count(*) from fleet.touched') == 0, 'judged')
        time.sleep(5)
        results = []
        for engine, rows in (('PostgreSQL', database.ask('select detector, collector, people, people_low, people_high from fleet.alert')),
                             ('ClickHouse', clickhouse.ask('select detector, collector, people, people_low, people_high from '
                                                           'fleet.alerts_now'))):
            found = {}
            for detector, collector, *figures in rows:
                found.setdefault(detector, {})[collector] = tuple(map(int, figures))
            check(found, engine, checks)
            results.append(found)
        checks.that(results[0] == results[1], f'both engines say the same: {results}')
        print({d: sorted(c) for d, c in results[0].items()})
        check_slow([Sender(f'past-{i}') for i in range(2)], stage, database, checks)
    checks.exit()


if __name__ == '__main__':
    main()
