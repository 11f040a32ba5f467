#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every query of every dashboard, asked of a real Prometheus that scrapes a real sensor under real traffic: each
answers, and has a value or a reason to have none; figures that can be counted otherwise are the same. Then promtool on
the scrape, the list of metrics both ways, and one alert that the rules are to raise on this traffic.

  query_test.py            needs root; prints dashboard, panel, query, series
  query_test.py --write    also writes dashboards/METRICS.md anew
"""
import json
import re
import subprocess
import sys

import boards
import expected
import metrics_list
from stage import SENSOR, Stage, enter_namespace, expanded
from scanning import Checks, read_events, skip_if_sanitized

TRAFFIC_S = 2
WINDOW_S = 30
TRIES = 10  # to find the sensor between two changes

# (dashboard, panel, refId) or expression -> why it has no series in this traffic. Each must be empty indeed.
EXPECT_EMPTY = {
}


def series_with_values(result):
    return sum(any(v != 'NaN' for _, v in row['values']) for row in result)


def ask_everything(stage, checks):
    print(f'{"dashboard":18} {"panel":42} {"":2} {"series":>6}  query')
    for uid, panel, ref, expression in boards.targets():
        place = (uid, panel, ref)
        try:
            series = series_with_values(stage.query_range(expanded(expression), WINDOW_S))
        except ValueError as error:
            checks.that(False, f'{place}: {error}')
            continue
        print(f'{uid:18} {panel[:42]:42} {ref:2} {series:6}  {expression}')
        if place in EXPECT_EMPTY:
            checks.that(series == 0, f'{place} has series: take it off the list')
        else:
            checks.that(series > 0, f'{place} has no series: {expression}')
    known = {(uid, panel, ref) for uid, panel, ref, _ in boards.targets()}
    checks.that(set(EXPECT_EMPTY) <= known, f'listed, but not in a dashboard: {set(EXPECT_EMPTY) - known}')


def close(seen, value):
    return abs(seen - value) <= 1e-6 * max(1.0, abs(value))


def settled(stage):
    """A status that Prometheus shows, too: nothing changed for an epoch. Without traffic, matters that went quiet end."""
    counted = {}
    for _ in range(TRIES):
        before = counted
        status = json.loads(stage.sensor('/status'))
        counted = {key: status[key] for key in ('ledger', 'transfers', 'alert_counts', 'findings')}
        if counted == before:
            break
        stage.wait_epochs(1)
    return status


def same_figures(stage, checks):
    """Metrics, and what panels show of them, against /status and the events file."""
    status, events = settled(stage), read_events(stage.events)
    checks.that(status['confinement']['seccomp'] == 'enforce' and status['confinement']['refused'] == {},
                f'no system call was refused: {status["confinement"]}')
    sent = stage.packets_sent()
    figures = expected.values(status, events, sent)
    for expression, value in figures.items():
        seen = stage.value(f'({expression}) or vector(0)')
        checks.that(close(seen, value), f'{expression} is {seen}, counted {value}')
    by_place = {(uid, panel, ref): expression for uid, panel, ref, expression in boards.targets()}
    rows = 0
    for place, (labels, wanted) in expected.panels(status, events).items():
        limit = re.match(r'topk\((\d+)', by_place[place])
        shown = {tuple(row['metric'].get(name) for name in labels): float(row['value'][1])
                 for row in stage.api('query', query=expanded(by_place[place]))['result']}
        checks.that(len(shown) == min(len(wanted), int(limit[1]) if limit else len(wanted)),
                    f'{place} shows {sorted(shown)}, counted {sorted(wanted)}')
        for key, value in shown.items():
            rows += 1
            checks.that(close(value, wanted.get(key, -1)), f'{place} {key}: {value}, counted {wanted.get(key)}')
    print(f'counted otherwise and the same: {len(figures)} figures, {rows} rows of panels; {sent} packets sent')


def promtool(stage, checks):
    scrape = stage.sensor('/metrics')
    told = subprocess.run(['promtool', 'check', 'metrics'], input=scrape, text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, check=False)
    checks.that(told.returncode == 0 and not told.stdout, f'promtool check metrics: {told.stdout}')
    print(f'promtool check metrics: exit {told.returncode}, {len(scrape.splitlines())} lines, nothing to say'
          if not told.stdout else told.stdout)
    return scrape


def main():
    skip_if_sanitized()
    enter_namespace()
    checks = Checks()
    with Stage() as stage:
        stage.play_for(TRAFFIC_S, spare=20, packets_per_s=2000)
        stage.stop_traffic()
        ask_everything(stage, checks)
        same_figures(stage, checks)
        sensors = stage.api('label/instance/values', **{'match[]': 'gander_build_info'})
        checks.that(sensors == [SENSOR], f'the variable `instance` has {sensors}')
        firing = {a['labels']['alertname'] for a in stage.api('alerts')['alerts'] if a['state'] == 'firing'}
        print('alerts that fire on this traffic:', ', '.join(sorted(firing)))
        for name in ('GanderUnpermittedTransfer', 'GanderHighSeverityAlert', 'GanderMassCollection', 'GanderNewState'):
            checks.that(name in firing, f'{name} does not fire')
        checks.that('GanderDown' not in firing, 'GanderDown fires')
        for group in stage.api('rules')['groups']:
            for rule in group['rules']:
                checks.that(rule['health'] == 'ok', f'{rule["name"]}: {rule.get("lastError")}')
        scrape = promtool(stage, checks)
        if '--write' in sys.argv[1:]:
            metrics_list.write(scrape)
        for problem in metrics_list.problems(scrape):
            checks.that(False, problem)
        checks.that(stage.end('sensor') == 0, 'the sensor does not end well')
    checks.exit()


if __name__ == '__main__':
    main()
