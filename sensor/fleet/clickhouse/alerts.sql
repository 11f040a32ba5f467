-- SPDX-License-Identifier: Apache-2.0
-- Findings in words. For collectors, how much hangs on the site that saw most: its own count, and what remains without it.

create or replace view fleet.shares as
  select f.detector as detector, f.collector as collector, f.epoch as epoch, f.key_id as key_id, f.type as type,
         arrayReverseSort(x -> (fleetEstimate(x.2), x.1), groupArray((f.sensor, f.people))) as by_site,
         by_site[1].1 as largest_site, toUInt64(round(fleetEstimate(by_site[1].2))) as largest_people,
         fleetLow(arrayReduce('maxForEach', arrayMap(x -> x.2, arraySlice(by_site, 2))), toUInt64(0)) as without_largest_low
  from (
    select o.detector as detector, h.collector as collector, h.epoch as epoch, h.key_id as key_id, h.type as type, h.sensor as sensor,
           maxForEachMerge(h.people) as people
    from fleet.heard as h join fleet.of_collectors as o
      on h.collector = o.collector and h.epoch = o.epoch and h.key_id = o.key_id and h.type = o.type and h.window = o.window
    group by detector, collector, epoch, key_id, type, sensor) as f
  group by detector, collector, epoch, key_id, type;

create or replace function fleetWords as (n, low, high) -> if(low = high, toString(n) || ' people',
  toString(n) || ' people (' || toString(low) || ' to ' || toString(high) || ')');

create or replace view fleet.alerts_now as
  select detector, detector_name, severity, dedup_key, day, collector, epoch, key_id, words as window_words, estimate as people,
         low as people_low, high as people_high, sources_low, sites, places, countries, classes, largest_site, largest_people,
         without_largest_low,
         'GANDER FLEET ' || initcap(replaceAll(detector_name, '_', ' ')) || ': ' || fleetWords(estimate, low, high) || ', '
           || arrayStringConcat(classes, ', ') || ', from ' || toString(places) || ' places at ' || toString(sites) || ' sites to '
           || collector as signature,
         'In ' || words || ' ' || fleetWords(estimate, low, high) || ' by ' || type || ' at ' || toString(sites) || ' sites, ' || why
           || '; needed are ' || toString(needed) || ' at two sites.' || if(largest_site = '', '', ' The site that saw most, '
           || largest_site || ', saw ' || toString(largest_people) || ' alone; without it at least ' || toString(without_largest_low)
           || ' remain.') || ' Verdicts of the sites: ' || arrayStringConcat(verdicts, ', ') || '. Counted over epoch '
           || toString(epoch) || ' (key ' || key_id || ') by union of sketches, so that who was seen twice is one; bounds are three '
           || 'standard errors. What to do: ask the sites which system sends this and on whose behalf; where it is meant, register '
           || 'the receiver at each site.' as explanation
  from (
    select o.*, o.detector || '|' || o.collector || '|' || toString(o.epoch) || '|' || o.key_id as dedup_key, toDate(o.last) as day,
           s.largest_site as largest_site, s.largest_people as largest_people, s.without_largest_low as without_largest_low
    from fleet.of_collectors as o left join fleet.shares as s
      on o.detector = s.detector and o.collector = s.collector and o.epoch = s.epoch and o.key_id = s.key_id
    union all
    select m.* except (topic), m.topic || '|' || toString(m.epoch) || '|' || m.key_id, toDate(m.last), '', toUInt64(0), toUInt64(0)
    from fleet.of_many as m);

create or replace function fleetRank as severity -> indexOf(['info', 'low', 'medium', 'high', 'critical'], severity);

-- What of it was not told today, has doubled since, or become worse.
create or replace view fleet.alerts_new as
  select n.* from fleet.alerts_now as n
  left join (select dedup_key, day, max(people_low) as told, max(fleetRank(severity)) as rank from fleet.alert group by dedup_key, day) as a
    on n.dedup_key = a.dedup_key and n.day = a.day
  where a.told = 0 or n.people_low >= 2 * a.told or fleetRank(n.severity) > a.rank;

create materialized view if not exists fleet.judge refresh every 1 minute append to fleet.alert as select * from fleet.alerts_new;

create or replace view fleet.sensor_health as
  select sensor, any(host) as host, max(window_begin + toIntervalSecond(window_s)) as watermark, max(received) as last_received,
         max(sequence) - min(sequence) + 1 - uniqExact(sequence) as missing, count() as rows,
         dateDiff('second', watermark, (select at from fleet.clock)) as behind_s, dateDiff('second', last_received, now()) as silent_s
  from fleet.sketch final where window_begin >= now() - interval 1 day group by sensor;

create or replace view fleet.rule_packs as
  select host, what, max(told_at) as at, argMax(result, told_at) as result, argMax(digest, told_at) as digest,
         argMax(problem, told_at) as problem
  from (
    select host, kind as what, e.at as told_at, JSONExtractString(body, kind, 'result') as result,
           JSONExtractString(body, kind, 'new_digest') as digest, JSONExtractString(body, kind, 'problem') as problem
    from fleet.event as e where kind in ('rules_reload', 'policy_reload')
    union all
    select host, 'bundle', e.at, 'success', JSONExtractString(body, 'stats', 'bundle', 'name') || ' '
           || toString(JSONExtractUInt(body, 'stats', 'bundle', 'serial')) || ' '
           || substring(JSONExtractString(body, 'stats', 'bundle', 'content'), 1, 12), ''
    from fleet.event as e where kind = 'stats' and JSONHas(body, 'stats', 'bundle')
    union all
    select host, JSONExtractString(body, 'audit', 'action'), e.at,
           if(JSONExtractString(body, 'audit', 'action') = 'bundle_apply', 'success', 'failure'),
           JSONExtractString(body, 'audit', 'object'), JSONExtractString(body, 'audit', 'reason')
    from fleet.event as e where kind = 'audit' and JSONExtractString(body, 'audit', 'action') like 'bundle%')
  group by host, what;
