# SPDX-License-Identifier: Apache-2.0
"""Boards over the fleet's engines: title, description, panels; each is made for PostgreSQL and for ClickHouse."""
from fleet_panels import CLICKHOUSE as CH, POSTGRESQL as PG, lines, stat, table
from panels import BAD, GOOD, WARN, row, steps

FROM = 'now-24h'
HEALTH = 'gander-fleet-health'


def overview():
    return [
        row('Now'),
        stat('Alerts', 'Raised in this time, by collectors at several sites.', {
            PG: 'select count(*) as alerts from fleet.alert where $__timeFilter(last_raised)',
            CH: 'select count() as alerts from fleet.alert where $__timeFilter(raised)'}, steps(GOOD, 1, WARN)),
        stat('... critical', 'Ten times what an alert needs.', {
            PG: "select count(*) as critical from fleet.alert where severity = 'critical' and $__timeFilter(last_raised)",
            CH: "select count() as critical from fleet.alert where severity = 'critical' and $__timeFilter(raised)"}, steps(GOOD, 1, BAD)),
        stat('Sensors heard', 'Within the last half hour, of all that were ever heard.', {
            PG: "select count(*) filter (where last_received > now() - interval '30 minutes') as heard, count(*) as known from fleet.sensor",
            CH: 'select countIf(silent_s < 1800) as heard, count() as known from fleet.sensor_health'}),
        stat('Messages refused', 'Kept in the quarantine, by reason on the health board.', {
            PG: 'select coalesce(sum(kept + counted), 0) as refused from fleet.refused where $__timeFilter(hour)',
            CH: 'select count() as refused from fleet.quarantine where $__timeFilter(received)'}, steps(GOOD, 1, WARN)),
        table('Alerts', 'Newest first. people_low is what is certain at three standard errors; without_largest_low is what remains '
              'when the site that said most is left out.', {
                  PG: 'select last_raised as time, severity, detector_name, collector, people, people_low, people_high, sites, places, '
                      'largest_site, without_largest_low, explanation from fleet.alert where $__timeFilter(last_raised) '
                      'order by last_raised desc limit 100',
                  CH: 'select raised as time, severity, detector_name, collector, people, people_low, people_high, sites, places, '
                      'largest_site, without_largest_low, explanation from fleet.alert where $__timeFilter(raised) '
                      'order by raised desc limit 100'}),
        row('What moved'),
        lines('People by identifier', 'Distinct over all sites and receivers, by clock hour. One person may be in several lines.', {
            PG: 'select begun as time, type as metric, hll_cardinality(hll_union_agg(people)) as people from fleet.united '
                'where span = 3600 and $__timeFilter(begun) group by 1, 2 order by 1',
            CH: 'select begun as time, type, fleetEstimate(maxForEachMerge(people)) as people from fleet.united '
                'where span = 3600 and $__timeFilter(begun) group by begun, type order by begun'}),
        lines('People without permission, by identifier', 'As beside, of what no register permits.', {
            PG: 'select begun as time, type as metric, hll_cardinality(hll_union_agg(people)) as people from fleet.united where span = 3600 '
                'and $__timeFilter(begun) and verdict = any (fleet.unpermitted()) group by 1, 2 order by 1',
            CH: 'select begun as time, type, fleetEstimate(maxForEachMerge(people)) as people from fleet.united where span = 3600 and '
                "$__timeFilter(begun) and verdict not in ('registered', 'internal') group by begun, type order by begun"}),
    ]


def collectors():
    return [
        row('Who collects'),
        table('Receivers by people', 'Distinct people over all sites, under the identifier that shows most. The same person at two sites '
              'is one.', {
                  PG: 'select * from fleet.collectors($__timeFrom()::timestamptz, $__timeTo()::timestamptz, 50)',
                  CH: 'select u.collector as collector, u.type as type, fleetEstimate(maxForEachMerge(u.people)) as people, '
                      'uniqExact(u.sensor) as sites, uniqExact((u.sensor, u.from_zone)) as places, groupUniqArray(u.verdict) as verdicts '
                      'from fleet.united as u where u.span = 3600 and $__timeFilter(u.begun) group by collector, type '
                      'order by people desc limit 1 by collector limit 50'}),
        table('Over borders', 'All that goes from one State to another, whoever receives it.', {
            PG: 'select from_country, collector_country, type, round(hll_cardinality(hll_union_agg(people))) as people, '
                'count(distinct sensor) as sites from fleet.united where span = 3600 and from_country <> collector_country and '
                '$__timeFilter(begun) group by 1, 2, 3 order by 4 desc limit 50',
            CH: 'select from_country, collector_country, type, round(fleetEstimate(maxForEachMerge(u.people))) as people, '
                'uniqExact(sensor) as sites from fleet.united as u where span = 3600 and from_country <> collector_country and '
                '$__timeFilter(begun) group by from_country, collector_country, type order by people desc limit 50'}),
        row('One receiver: $collector'),
        lines('People by site', 'By clock hour, of the receiver that is named above.', {
            PG: 'select begun as time, sensor as metric, max(n) as people from (select begun, sensor, type, '
                'hll_cardinality(hll_union_agg(people)) as n from fleet.united where span = 3600 and collector = ${collector:sqlstring} '
                'and $__timeFilter(begun) group by 1, 2, 3) c group by 1, 2 order by 1',
            CH: 'select begun as time, sensor, max(n) as people from (select begun, sensor, type, fleetEstimate(maxForEachMerge(people)) '
                'as n from fleet.united where span = 3600 and collector = ${collector:sqlstring} and $__timeFilter(begun) group by begun, '
                'sensor, type) group by begun, sensor order by begun'}),
        table('Where it comes from', 'Zones of sites, kinds of data, verdicts.', {
            PG: 'select sensor, from_zone, from_country, type, verdict, round(hll_cardinality(hll_union_agg(people))) as people from '
                'fleet.united where span = 3600 and collector = ${collector:sqlstring} and $__timeFilter(begun) group by 1, 2, 3, 4, 5 '
                'order by 6 desc limit 100',
            CH: 'select sensor, from_zone, from_country, type, verdict, round(fleetEstimate(maxForEachMerge(u.people))) as people from '
                'fleet.united as u where span = 3600 and collector = ${collector:sqlstring} and $__timeFilter(begun) group by sensor, '
                'from_zone, from_country, type, verdict order by people desc limit 100'}, (12, 8)),
    ]


def health():
    return [
        row('Sensors'),
        table('Sensors', 'behind_s: behind the sensor that is furthest. missing: numbers of sketches that never came, some may be on '
              'their way.', {
                  PG: 'select sensor, state, watermark, behind_s, silent_s, taken, duplicates, refused, missing, alerts_led from '
                      'fleet.sensor_health order by silent_s desc',
                  CH: 'select sensor, watermark, behind_s, silent_s, rows, missing from fleet.sensor_health order by silent_s desc'}),
        lines('Rows by sensor', 'Of each window. A line that jumps is a flood, or an attack.', {
            PG: 'select window_begin as time, sensor as metric, rows from fleet.sensor_window where $__timeFilter(window_begin) order by 1',
            CH: 'select window_begin as time, sensor, count() as rows from fleet.sketch where $__timeFilter(window_begin) '
                'group by window_begin, sensor order by window_begin'}),
        lines('Late', 'Seconds from the end of a window to its last row.', {
            PG: "select window_begin as time, sensor as metric, extract(epoch from last_received - window_begin) - 600 as late from "
                'fleet.sensor_window where $__timeFilter(window_begin) order by 1',
            CH: "select window_begin as time, sensor, max(dateDiff('second', window_begin + toIntervalSecond(window_s), received)) as late "
                'from fleet.sketch where $__timeFilter(window_begin) group by window_begin, sensor order by window_begin'}, 's'),
        row('What is wrong'),
        table('Refused', 'By sensor and reason.', {
            PG: 'select sensor, reason, sum(kept + counted) as messages, max(hour) as last from fleet.refused where $__timeFilter(hour) '
                'group by 1, 2 order by 3 desc',
            CH: 'select sensor, reason, count() as messages, max(received) as last from fleet.quarantine where $__timeFilter(received) '
                'group by sensor, reason order by messages desc'}, (12, 8)),
        table('Keys by epoch', 'More than one key in an epoch: sites that cannot be counted together. Compare `gander fleet show`.', {
            PG: 'select epoch, key_id, first_sensor, pinned, (select sum(kept + counted) from fleet.refused where reason = \'key_mismatch\') as '
                'refused_for_another from fleet.epoch_key order by epoch desc limit 8',
            CH: 'select epoch, key_id, uniqExact(sensor) as sensors, min(window_begin) as since from fleet.sketch where '
                '$__timeFilter(window_begin) group by epoch, key_id order by epoch desc, sensors desc'}, (12, 8)),
    ]


def packs():
    return [
        row('What judges'),
        stat('Last reload failed', 'Sensors whose newest rules, policy or bundle was not taken.', {
            PG: "select count(distinct host) as failed from fleet.rule_packs where result <> 'success'",
            CH: "select uniqExact(host) as failed from fleet.rule_packs where result <> 'success'"}, steps(GOOD, 1, BAD)),
        stat('Bundles in force', 'Signed bundles, as the statistics of each sensor name them. One when a roll-out is done.', {
            PG: "select count(distinct digest) as bundles from fleet.rule_packs where what = 'bundle'",
            CH: "select uniqExact(digest) as bundles from fleet.rule_packs where what = 'bundle'"}, steps(GOOD, 2, WARN)),
        table('Roll-out', 'Sensors by what they run.', {
            PG: 'select what, digest, count(*) as sensors, min(at) as first, max(at) as last from fleet.rule_packs '
                "where result = 'success' group by 1, 2 order by 1, 3 desc",
            CH: 'select what, digest, count() as sensors, min(p.at) as first, max(p.at) as last from fleet.rule_packs as p '
                "where result = 'success' group by what, digest order by what, sensors desc"}, (12, 8)),
        table('By sensor', 'As each told last.', {
            PG: 'select host, what, at, result, digest, problem from fleet.rule_packs order by result, host, what',
            CH: 'select host, what, at, result, digest, problem from fleet.rule_packs order by result, host, what'}),
    ]


BOARDS = [('gander-fleet-overview', 'Gander fleet: overview', 'All sites at a glance: alerts, sensors, what moved.', overview),
          ('gander-fleet-collectors', 'Gander fleet: collectors', 'Who receives whose data from several sites.', collectors),
          (HEALTH, 'Gander fleet: sensors', 'Are the sensors heard, on time, honest, under one key.', health),
          ('gander-fleet-packs', 'Gander fleet: rules', 'Which rules and policies judge where; how far a roll-out is.', packs)]
