#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every query of every fleet dashboard, asked of the real engine by a reader: each answers, with rows. Macros are expanded as
Grafana's data sources do."""
import argparse
import glob
import json
import os
import re
import time

import engines
from clickhouse import ClickHouse
from clickhouse_test import Files
from generate import eve_time, load
from scanning import Checks

SITES = os.path.join(engines.TOP, 'dashboards', 'fleet')
PLACES = {'postgresql': {
    r'\$__timeFilter\(([^)]*)\)': r"\1 between '{begin}' and '{end}'", r'\$__timeFrom\(\)': "'{begin}'", r'\$__timeTo\(\)': "'{end}'"},
    'clickhouse': {r'\$__timeFilter\(([^)]*)\)': r"\1 >= toDateTime('{begin}') and \1 <= toDateTime('{end}')"}}
RECEIVER = 'collector-00000.example.net'


def expanded(sql, engine, end):
    form = '%Y-%m-%dT%H:%M:%SZ' if engine == 'postgresql' else '%Y-%m-%d %H:%M:%S'
    begin, end = (time.strftime(form, time.gmtime(at)) for at in (end - 86400, end + 3600))
    for macro, text in PLACES[engine].items():
        sql = re.sub(macro, text, sql)
    return sql.replace('{begin}', begin).replace('{end}', end).replace('${collector:sqlstring}', f"'{RECEIVER}'")


def queries():
    """(engine, dashboard, panel, SQL) of each."""
    for path in sorted(glob.glob(os.path.join(SITES, '*.json'))):
        with open(path, encoding='utf-8') as f:
            board = json.load(f)
        engine = board['uid'].rsplit('-', 1)[1]
        for panel in board['panels']:
            for target in panel.get('targets', []):
                yield engine, board['uid'], panel['title'], target['rawSql']


def messages(now):
    """Sketches of five sensors, reloads of two, and one message that is refused."""
    options = argparse.Namespace(sensors=5, windows=3, collectors=12, keys=5, people=3000, pool=200, end=now, name='site-', seed=1)
    sketches = [json.dumps(e) for e in load(options)] + ['{"event_type":"sketch","sketch":{"version":9,"sensor":"site-0001"}}']
    def told(host, kind, body):
        return json.dumps({'timestamp': eve_time(now), 'event_type': kind, 'host': host, kind: body})
    events = [told('site-0000', 'rules_reload', {'result': 'success', 'new_digest': 'aa'}),
              told('site-0001', 'rules_reload', {'result': 'failure', 'new_digest': 'ab', 'problem': 'x.yaml:3'}),
              told('site-0000', 'stats', {'uptime': 1, 'bundle': {'name': 'office', 'serial': 7, 'content': 64 * 'c'}}),
              told('site-0001', 'audit', {'action': 'bundle_refuse', 'object': 'office 7', 'reason': 'forged'})]
    return sketches, events


def main():
    engines.in_namespace()
    checks = Checks()
    now = time.time() // 600 * 600
    with engines.Stage() as stage:
        broker, database = stage.engines()
        clickhouse = stage.add(ClickHouse(stage.folder))
        clickhouse.create()
        stage.load(broker, database)
        sketches, events = messages(now)
        for topic, lines in (('gander.sketch', sketches), ('gander.events', events)):
            broker.send(''.join(f'k\t{l}\n' for l in lines), topic)
            Files(clickhouse, stage.folder).take(lines, topic)
        engines.wait_until(lambda: database.number('select count(*) from fleet.event') == 4 and
                           database.number('select sum(taken) from fleet.sensor') == len(sketches) - 1 and
                           database.number('select count(*) from fleet.alert') > 0, 'all is there')
        clickhouse.ask('system refresh view fleet.judge')
        clickhouse.ask('system wait view fleet.judge')
        seen = 0
        for engine, uid, panel, sql in queries():
            asked = expanded(sql, engine, now)
            try:
                rows = database.ask(f'set role fleet_reader; {asked}') if engine == 'postgresql' else clickhouse.ask(asked)
            except RuntimeError as problem:
                checks.that(False, f'{uid}, {panel}: {problem}')
                continue
            seen += 1
            print(f'{uid:38} {panel[:40]:40} {len(rows):4}')
            checks.that(len(rows) > 0, f'{uid}, {panel}: no rows: {asked}')
        checks.that(seen == 40, f'{seen} queries')
        for engine in (database, clickhouse):
            checks.that([tuple(r) for r in engine.ask("select host, digest from fleet.rule_packs where what = 'bundle'")]
                        == [('site-0000', 'office 7 cccccccccccc')], 'the bundle in force')
        for sql in ('select * from fleet.quarantine', "update fleet.sensor set state = 'excluded'", 'delete from fleet.alert',
                    'select fleet.judge()'):
            try:
                database.ask(f'set role fleet_reader; {sql}')
                checks.that(False, f'a reader may: {sql}')
            except RuntimeError as problem:
                checks.that('permission denied' in str(problem), str(problem))
        for sql in ("update fleet.sensor set state = 'excluded'", "update fleet.setting set value = value",
                    "update fleet.alert set acknowledged = now(), acknowledged_by = 'a'"):
            database.ask(f'set role fleet_officer; {sql}')
    checks.exit()


if __name__ == '__main__':
    main()
