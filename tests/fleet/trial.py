#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A fleet on this machine, to look at: three sites with a sensor each, Kafka, PostgreSQL, ClickHouse, the loader; a collector that
takes 900 people's data at each site; then what the sites say, what the fleet says, and how to ask it. Ends with Enter, or at
once where nobody is there to press it."""
import sys
import time

import engines
import sites
from attack_test import PEOPLE, TRUTH
from clickhouse import ClickHouse


def say(text=''):
    print(text, flush=True)


def wait_for_windows(fleet, database):
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and database.number(f"select max(sites) from fleet.alert where collector = '{sites.DOMAIN}'") < 3:
        time.sleep(1)
        for site in fleet:
            site.tick()


def tell(fleet, database, clickhouse):
    say('\nWHAT EACH SITE SAW')
    for name, people in database.ask("select sensor, max((fleet.people(people, people_low)).estimate) from fleet.united where span = 86400 "
                                     f"and collector = '{sites.DOMAIN}' group by 1 order by 1"):
        site = next(s for s in fleet if s.name == name)
        told = [a for a in site.events('alert') if 'suppressed' not in a['alert']['context']]
        say(f'  {name}: {people} people to {sites.DOMAIN}, {len(told)} alerts')
    say('\nWHAT THE FLEET SAYS  (PostgreSQL)')
    for severity, signature, explanation in database.ask('select severity, signature, explanation from fleet.alert order by people desc'):
        say(f'  {severity:8} {signature}\n           {explanation}')
    clickhouse.pump()
    say('\nWHAT THE FLEET SAYS  (ClickHouse)')
    for severity, signature in clickhouse.ask('select severity, signature from fleet.alerts_now order by people desc'):
        say(f'  {severity:8} {signature}')
    say(f'\n  in truth {TRUTH} people')


def main():
    engines.in_namespace()
    with engines.Stage() as stage:
        sites.hub()
        say('starting Kafka, PostgreSQL, ClickHouse, the loader and three sensors ...')
        broker, database = stage.engines(sites.HUB)
        clickhouse = stage.add(ClickHouse(stage.folder))
        clickhouse.create(broker.address)
        stage.load(broker, database)
        fleet = sites.running(stage, 3, broker.address)
        say('a collector takes the data of 900 people at each site, 600 of them new at each ...')
        for site, people in zip(fleet, PEOPLE):
            site.send(people)
        say('waiting for a window of thirty seconds to end ...')
        wait_for_windows(fleet, database)
        tell(fleet, database, clickhouse)
        say(f"\nask it:  psql '{database.connection}' -c 'select * from fleet.sensor_health'")
        say(f'         less {fleet[0].folder}/eve.json')
        if sys.stdin.isatty():
            input('Enter ends it all. ')


if __name__ == '__main__':
    main()
