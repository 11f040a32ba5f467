#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The sizing table of sensor/fleet/FLEET.md, measured: octets of an event, rows a second, octets of a row in PostgreSQL and
ClickHouse, seconds of a judgement; then storage a day by arithmetic, for as many rows a window as are assumed. Also with many
sensors of few rows each, to see what grows with sensors. Not a test: it prints.

    sizing.py [--rows 2000] [--scale 1.0]"""
import argparse
import json
import os
import time

import engines
from clickhouse import ClickHouse
from generate import line, load

SHAPES = {'10 sensors, 1,000 rows a window': dict(sensors=10, windows=6, collectors=200, keys=5),
          '1,000 sensors, 30 rows a window': dict(sensors=1000, windows=2, collectors=10, keys=3)}
DAY_WINDOWS = 144


def made(shape, end, scale):
    options = argparse.Namespace(people=3000, end=end, name='s', seed=1, **shape)
    options.collectors = max(1, round(options.collectors * scale))
    # Each its own: what is the same twice a store would pack away.
    options.pool = options.sensors * options.windows * options.collectors * options.keys
    return [line(e) for e in load(options)]


def octets(database, parent):
    return database.number('select coalesce(sum(pg_total_relation_size(inhrelid)), 0) from pg_inherits '
                           f"where inhparent = 'fleet.{parent}'::regclass")


def in_postgres(stage, broker, lines):
    database = stage.add(engines.Postgres(stage.folder, 'shared_buffers = 1GB\nmax_wal_size = 4GB\nwork_mem = 64MB'))
    database.create()
    empty = {t: octets(database, t) for t in ('sketch', 'united')}
    begun = time.monotonic()
    broker.send(''.join(lines))
    sent = time.monotonic() - begun
    loader = stage.add(engines.Loader(stage.folder, broker.address, database.connection))
    loader.command[loader.command.index('--judge-every') + 1] = '0'
    before = cpu(database.process.pid)
    begun = time.monotonic()
    loader.start()
    engines.wait_until(lambda: database.number('select coalesce(sum(taken), 0) from fleet.sensor') >= len(lines), 'all taken', 900)
    took = time.monotonic() - begun
    busy = cpu(database.process.pid) - before
    loading = cpu(loader.process.pid)
    loader.stop()
    database.ask('vacuum analyze fleet.sketch, fleet.united')
    rows = {t: database.number(f'select count(*) from fleet.{t}') for t in ('sketch', 'united')}
    spans = dict((int(s), int(n)) for s, n in database.ask('select span, count(*) from fleet.united group by 1'))
    size = {t: octets(database, t) - empty[t] for t in rows}
    begun, judged = time.monotonic(), 1
    while judged:
        judged = database.number('select fleet.judge(5000)')
    judging = time.monotonic() - begun
    alerts = database.number('select count(*) from fleet.alert')
    database.stop()
    return dict(rows_s=len(lines) / took, send_s=len(lines) / sent, row=size['sketch'] / rows['sketch'],
                united=size['united'] / rows['united'], spans=spans, judge_s=judging, alerts=alerts, cpu_row=busy / len(lines), loader_row=loading / len(lines))


def cpu(parent):
    """Seconds of all its processes so far; those that have ended count with their parent."""
    total = 0
    for pid in os.listdir('/proc'):
        if pid.isdigit():
            try:
                with open(f'/proc/{pid}/stat', encoding='ascii') as f:
                    text = f.read()
            except OSError:
                continue
            fields = text.rsplit(')', 1)[1].split()
            if int(pid) == parent or fields[1] == str(parent):
                total += sum(map(int, fields[11:15 if int(pid) == parent else 13]))
    return total / os.sysconf('SC_CLK_TCK')


def in_clickhouse(stage, lines, name):
    engine = stage.add(ClickHouse(stage.folder, name))
    engine.create()
    path = os.path.join(stage.folder, 'lines')
    with open(path, 'w', encoding='utf-8') as out:
        out.writelines(l.split('\t', 1)[1] for l in lines)
    begun = time.monotonic()
    before = cpu(engine.process.pid)
    engine.take(path)
    took, busy = time.monotonic() - begun, cpu(engine.process.pid) - before
    for table in ('sketch', 'united'):
        engine.ask(f'optimize table fleet.{table} final')
    sizes = {t: (int(n), int(b)) for t, n, b in engine.ask("select table, sum(rows), sum(bytes_on_disk) from system.parts where active "
                                                          "and database = 'fleet' and table in ('sketch', 'united') group by table")}
    begun = time.monotonic()
    alerts = engine.number('select count() from fleet.alerts_now')
    judging = time.monotonic() - begun
    engine.kill()
    return dict(rows_s=len(lines) / took, cpu_row=busy / len(lines), row=sizes['sketch'][1] / sizes['sketch'][0],
                united=sizes['united'][1] / sizes['united'][0], judge_s=judging, alerts=alerts)


def table(rows, event, postgres, clickhouse):
    print(f'\nOf {rows} rows a window and sensor, the same keys in each window of a day:')
    print('sensors | rows a second | Kafka a day | PostgreSQL a day | ClickHouse a day | PostgreSQL cores | ClickHouse cores')
    for sensors in (10, 100, 1000, 3000, 10000):
        a_day = sensors * rows * DAY_WINDOWS
        united = sensors * rows * (24 + 1)
        second = a_day / 86400
        print(f'{sensors} | {second:.0f} | {a_day * event / 1e9:.1f} GB | {(a_day * postgres["row"] + united * postgres["united"]) / 1e9:.1f} GB'
              f' | {(a_day * clickhouse["row"] + united * clickhouse["united"]) / 1e9:.1f} GB | {second * (postgres["cpu_row"] + postgres["loader_row"]):.2f} | '
              f'{second * clickhouse["cpu_row"]:.2f}')


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--rows', type=int, default=2000)
    parser.add_argument('--scale', type=float, default=1.0)
    options = parser.parse_args()
    engines.in_namespace()
    end = (time.time() // 3600) * 3600  # whole windows of the last hour
    results = {}
    for number, (name, shape) in enumerate(SHAPES.items()):
        with engines.Stage() as stage:
            broker = stage.add(engines.Broker(engines.classpath(), stage.folder))
            broker.start()
            lines = made(shape, end, options.scale)
            event = sum(len(l.split('\t', 1)[1]) for l in lines) / len(lines)
            postgres = in_postgres(stage, broker, lines)
            clickhouse = in_clickhouse(stage, lines, f'clickhouse-{number}')
            kafka_log = sum(os.path.getsize(os.path.join(d, f)) for d, _, fs in os.walk(stage.folder + '/log') for f in fs
                            if f.endswith('.log') and 'gander.sketch' in d)
            print(f'{name}: {len(lines)} rows of {event:.0f} octets ({kafka_log / len(lines):.0f} in Kafka)')
            print('  PostgreSQL', json.dumps(postgres))
            print('  ClickHouse', json.dumps(clickhouse), flush=True)
            results[name] = (event, postgres, clickhouse)
    table(options.rows, *next(iter(results.values())))


if __name__ == '__main__':
    main()
