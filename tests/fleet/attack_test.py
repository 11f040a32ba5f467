#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Three sensors, a real broker, PostgreSQL with hll and ClickHouse: a collector takes 900 people's data at each of three
sites, 600 of them new at each. No site alerts; the fleet does, in both engines, and counts 2,100 people within its bounds."""
import os
import subprocess
import tempfile
import time

import engines
import sites
from clickhouse import ClickHouse
from scanning import GANDER, Checks, valid
from sketches import ERROR

PEOPLE = [range(600 * site, 600 * site + 900) for site in range(3)]
TRUTH = len(set().union(*PEOPLE))


def within(checks, engine, people, low, high):
    checks.that(low <= TRUTH <= high and abs(people - TRUTH) <= 3 * ERROR * TRUTH,
                f'{engine}: {people} people ({low} to {high}), in truth {TRUTH}')
    print(f'{engine}: {people} people ({low} to {high}); truth {TRUTH}, error {100 * (people / TRUTH - 1):+.1f} %, '
          f'stated {100 * ERROR:.1f} % standard')


def in_postgres(database, checks):
    def alerts():
        return database.ask("select detector, severity, people, people_low, people_high, sites, largest_site, largest_people, "
                            f"without_largest_low, sources_low, explanation from fleet.alert where collector = '{sites.DOMAIN}' "
                            "order by detector")
    engines.wait_until(lambda: 'F01' in {a[0] for a in alerts()} and alerts()[0][5] == '3', 'PostgreSQL alerts', 60)
    time.sleep(4)  # judged every two seconds: what came last
    found = {a[0]: a for a in alerts()}
    checks.that(set(found) == {'F01', 'F05'}, f'PostgreSQL says {sorted(found)}')
    f01 = found['F01']
    within(checks, 'PostgreSQL', *map(int, f01[2:5]))
    checks.that(int(f01[5]) == 3 and 800 <= int(f01[7]) <= 1000, f'three sites, none of which has a thousand: {f01[5:8]}')
    checks.that(int(f01[8]) > 1000 and int(f01[9]) >= 75, f'without the largest {f01[8]}, from {f01[9]} senders')
    print(f01[10])
    return [tuple(map(int, f01[2:5]))]


def in_clickhouse(engine, checks):
    deadline = time.monotonic() + 60
    found = {}
    while time.monotonic() < deadline:
        engine.pump()
        found = {a[0]: a for a in engine.ask("select detector, people, people_low, people_high, sites, explanation from "
                                             f"fleet.alerts_now where collector = '{sites.DOMAIN}'")}
        if 'F01' in found and int(found['F01'][4]) == 3:
            break
        time.sleep(1)
    checks.that(set(found) == {'F01', 'F05'}, f'ClickHouse says {sorted(found)}')
    within(checks, f'ClickHouse {engine.one("select version()")}', *map(int, found['F01'][1:4]))
    return [tuple(map(int, found['F01'][1:4]))]


def at_sites(fleet, checks):
    for site in fleet:
        told = {a['alert']['metadata']['gander_detector'][0] for a in site.events('alert') if 'suppressed' not in a['alert']['context']}
        checks.that(not told, f'{site.name} alone says nothing: {sorted(told)}')
        most = max(s['sketch']['people']['estimate'] for s in site.events('sketch'))
        checks.that(most < 1000, f'{site.name} saw {most} people at once')
        checks.that('refused' not in site.said(), f'{site.name}: {site.said()[-300:]}')


def report(database, checks):
    """FLEET.md's command: the page of the past, made of what lies in the database; each alert is as the schema of events says."""
    alerts = database.ask('select event from fleet.siem')
    lines = ''.join(row[0] + '\n' for row in database.ask("select event from fleet.past(now() - interval '7 days', now())"))
    page = subprocess.run([GANDER, 'report', '--events', '-', '-o', '-'], input=lines.encode(), capture_output=True, timeout=60,
                          check=False).stdout.decode()
    checks.that(f'to {sites.DOMAIN}' in page and 'F01' in page and len(alerts) == 2, f'the page names what the fleet says: {page[:200]}')
    with tempfile.NamedTemporaryFile('w', suffix='.json') as out:
        out.writelines(row[0] + '\n' for row in alerts)
        out.flush()
        checks.that(valid(out.name), 'alerts are as the schema says')


def main():
    engines.in_namespace()
    checks = Checks()
    with engines.Stage() as stage:
        sites.hub()
        broker, database = stage.engines(sites.HUB)
        clickhouse = stage.add(ClickHouse(stage.folder))
        clickhouse.create(broker.address)
        stage.load(broker, database)
        fleet = sites.running(stage, 3, broker.address)
        for site, people in zip(fleet, PEOPLE):
            site.send(people)
        for _ in range(45):  # a window of thirty seconds ends, is saved, and told
            time.sleep(1)
            for site in fleet:
                site.tick()
        checks.that(all(site.events('sketch') for site in fleet), 'each site has told its sketches')
        same = in_postgres(database, checks) == in_clickhouse(clickhouse, checks)
        checks.that(same, 'both engines say the same, to the person')
        at_sites(fleet, checks)
        checks.that(database.number("select count(*) from fleet.quarantine") == 0,
                    f"nothing refused: {database.ask('select reason, detail from fleet.quarantine limit 3')}")
        for site in fleet:
            checks.that(site.stop() == 0, f'{site.name} ends well: {site.said()[-500:]}')
        engines.wait_until(lambda: database.number("select count(distinct host) from fleet.event where kind = 'transfer'") == 3,
                           'transfers of three sites have come, too', 30)
        report(database, checks)
    checks.exit()


if __name__ == '__main__':
    main()
