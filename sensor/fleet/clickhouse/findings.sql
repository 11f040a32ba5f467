-- SPDX-License-Identifier: Apache-2.0
-- The detectors of ../postgresql/findings.sql (which says what each asks, and why) as views. `fleet.alerts_now` is what holds at
-- this moment; `fleet.judge` keeps what is new of it every minute, once a trouble and day, again when it has doubled.

-- How far the sensors are, and the windows that detectors count in. Rows of an hour are in the first two, of a day in the others.
create or replace view fleet.clock as
  select least(now(), max(window_begin + toIntervalSecond(window_s))) as at from fleet.sketch
  where sensor not in (select sensor from fleet.sensor_state final where state = 'excluded');

create or replace view fleet.windows as
  with (select at from fleet.clock) as clock, greatest(1, (select max(value) from fleet.setting where name = 'epoch_days')) * 86400 as epoch_s
  select tupleElement(w, 1) as window, tupleElement(w, 2) as words, tupleElement(w, 3) as span, tupleElement(w, 4) as since
  from (select arrayJoin([
    ('2h', 'two clock hours', toUInt32(3600), toStartOfHour(clock) - interval 1 hour),
    ('24h', '24 clock hours', toUInt32(3600), toStartOfHour(clock) - interval 23 hour),
    ('day', 'a UTC day', toUInt32(86400), toDateTime(toStartOfDay(clock), 'UTC')),
    ('epoch', 'an epoch of the fleet''s key', toUInt32(86400), toDateTime(intDiv(toUnixTimestamp(clock), epoch_s) * epoch_s, 'UTC'))])
    as w);

-- Sensors that sent more of one window than they may: not judged by that hour and day.
create or replace view fleet.floods as
  select sensor, window_begin, count() as rows, uniqExact(collector) as collectors from fleet.sketch
  where window_begin >= now() - interval 8 day group by sensor, window_begin
  having rows > (select max(value) from fleet.setting where name = 'rows_a_window')
      or collectors > (select max(value) from fleet.setting where name = 'collectors_a_window');

create or replace view fleet.heard as
  select u.*, w.window, w.words from fleet.united as u join fleet.windows as w on u.span = w.span
  where u.begun >= w.since
    and u.verdict in ('unregistered', 'unknown_party', 'denied', 'expired', 'wrong_basis', 'third_state', 'over_quota')
    and u.sensor not in (select sensor from fleet.sensor_state final where state = 'excluded')
    and (u.sensor, u.begun) not in (
      select sensor, toDateTime(intDiv(toUnixTimestamp(window_begin), s) * s, 'UTC') from fleet.floods array join [3600, 86400] as s);

-- By identifier; the one with most people stands for the collector. F06 counts sensitive ones by themselves, too.
create or replace view fleet.totals as
  select window, any(words) as words, collector, epoch, key_id, only_sensitive, type, maxForEachMerge(people) as people,
         max(people_low) as at_least, maxForEachMerge(senders) as senders, uniqExact(sensor) as sites,
         uniqExact((sensor, from_zone)) as places, groupUniqArray(from_country) as countries,
         groupUniqArray(collector_country) as collector_countries, groupUniqArray(data_class) as classes,
         max(sensitivity in ('sensitive', 'critical')) as sensitive, groupUniqArray(verdict) as verdicts,
         uniqExact(toDate(begun)) as days, max(begun) as last
  from fleet.heard array join [0, 1] as only_sensitive
  where only_sensitive = 0 or (window = 'epoch' and sensitivity in ('sensitive', 'critical'))
  group by window, collector, epoch, key_id, only_sensitive, type;

create or replace view fleet.measured as
  select *, fleetLow(people, at_least) as low, fleetPeople(people, at_least) as estimate, fleetHigh(people, at_least) as high,
         fleetLow(senders, toUInt64(0)) as sources_low
  from fleet.totals where sites >= 2
  order by estimate desc limit 1 by window, collector, epoch, key_id, only_sensitive;

-- The thresholds as one row: t['F01.people_2h'].
create or replace view fleet.needed as
  select mapFromArrays(groupArray(detector || '.' || name), groupArray(value)) as t from fleet.threshold final;

create or replace view fleet.of_collectors as
  with (select t from fleet.needed) as t
  select 'F01' as detector, 'mass_collection' as detector_name, t['F01.people_' || window] as needed,
         if(low >= 10 * needed, 'critical', 'high') as severity, 'many senders at several sites, one receiver' as why, *
  from fleet.measured where only_sensitive = 0 and window in ('2h', '24h', 'epoch') and low >= needed
    and sources_low >= t['F01.sources_' || window]
  order by window = '2h' desc, window = '24h' desc limit 1 by collector, epoch, key_id
  union all
  select 'F02', 'many_places', t['F02.people'] as needed, if(sensitive, 'high', 'medium'), 'data from ' || toString(places) || ' places', *
  from fleet.measured where only_sensitive = 0 and window = '24h' and low >= needed and places >= t['F02.places']
  union all
  select 'F05', 'unregistered', t['F05.people'] as needed, if(sensitive, 'high', 'medium'),
         'no register of these sites names the receiver for what it got', *
  from fleet.measured where only_sensitive = 0 and window = '24h' and low >= needed
    and hasAny(verdicts, ['unregistered', 'unknown_party'])
  union all
  select 'F06', 'low_and_slow', t[if(only_sensitive, 'F06.sensitive_people', 'F06.people')] as needed,
         if(only_sensitive, 'high', 'medium'), 'some people on each of ' || toString(days) || ' days', *
  from fleet.measured where window = 'epoch' and low >= needed and days >= t['F06.days']
    and (collector, epoch, key_id, type) not in (
      select collector, epoch, key_id, type from (
        select collector, epoch, key_id, type, toDate(begun) as day, maxForEachMerge(people) as of_day
        from fleet.heard where window = 'epoch' group by collector, epoch, key_id, type, day) as d
      join (select collector, epoch, key_id, type, estimate from fleet.measured where window = 'epoch' and only_sensitive = 0) as m
        using (collector, epoch, key_id, type)
      where fleetEstimate(of_day) * 100 > t['F06.day_share_percent'] * estimate)
  order by only_sensitive desc limit 1 by collector, epoch, key_id;

-- F03 and F04 speak of many receivers: `collector` is a zone's kind of data, or a pair of States.
create or replace view fleet.of_many as
  with (select t from fleet.needed) as t
  select 'F03' as detector, 'fan_out' as detector_name, t['F03.people'] as needed, if(sensitive, 'high', 'medium') as severity,
         'no receiver has more than a small part' as why, '2h' as window, 'two clock hours' as words,
         toString(receivers) || ' recipients of ' || type || ' out of ' || from_zone as collector, epoch, key_id,
         toUInt8(0) as only_sensitive, type, people, at_least, senders, sites, sites as places, countries, collector_countries, classes,
         sensitive, verdicts, toUInt64(1) as days, last, low, estimate, high, sources_low,
         'F03|' || from_zone || '|' || type as topic
  from (
    select from_zone, type, epoch, key_id, count() as receivers, maxForEach(one) as people, max(least_one) as at_least,
           max(fleetEstimate(one)) as largest, sum(fleetEstimate(one)) as deliveries, maxForEach(s) as senders,
           length(groupUniqArrayArray(at)) as sites, groupUniqArrayArray(c) as countries, groupUniqArrayArray(cc) as collector_countries,
           groupUniqArrayArray(classes_of) as classes, max(sens) as sensitive, groupUniqArrayArray(v) as verdicts, max(l) as last,
           fleetLow(people, at_least) as low, fleetPeople(people, at_least) as estimate, fleetHigh(people, at_least) as high,
           fleetLow(senders, toUInt64(0)) as sources_low
    from (select from_zone, type, epoch, key_id, collector, maxForEachMerge(people) as one, max(people_low) as least_one,
                 maxForEachMerge(senders) as s, groupUniqArray(sensor) as at, groupUniqArray(from_country) as c,
                 groupUniqArray(collector_country) as cc, groupUniqArray(data_class) as classes_of,
                 max(sensitivity in ('sensitive', 'critical')) as sens, groupUniqArray(verdict) as v, max(begun) as l
          from fleet.heard where window = '2h' group by from_zone, type, epoch, key_id, collector)
    group by from_zone, type, epoch, key_id)
  where sites >= 2 and receivers >= t['F03.recipients'] and low >= needed and deliveries >= t['F03.people_a_recipient'] * receivers
    and largest * 100 <= t['F03.largest_percent'] * estimate
  union all
  select 'F04', 'cross_border', t[if(only_sensitive, 'F04.sensitive_people', 'F04.people')] as needed,
         if(only_sensitive, 'high', 'medium'), 'over the border from ' || a || ' to ' || b, 'day', 'a UTC day', a || ' to ' || b, epoch,
         key_id, only_sensitive, type, people, at_least, senders, sites, places, [a], [b], classes, only_sensitive, verdicts, toUInt64(1),
         last, low, estimate, high, sources_low, 'F04|' || a || '|' || b
  from (
    select from_country as a, collector_country as b, epoch, key_id, only_sensitive, type, maxForEachMerge(people) as people,
           max(people_low) as at_least, maxForEachMerge(senders) as senders, uniqExact(sensor) as sites,
           uniqExact((sensor, from_zone)) as places, groupUniqArray(data_class) as classes, groupUniqArray(verdict) as verdicts,
           max(begun) as last, fleetLow(people, at_least) as low, fleetPeople(people, at_least) as estimate,
           fleetHigh(people, at_least) as high, fleetLow(senders, toUInt64(0)) as sources_low
    from fleet.heard array join [toUInt8(0), toUInt8(1)] as only_sensitive
    where window = 'day' and a <> b and a not in ('', 'ZZ') and b not in ('', 'ZZ')
      and (only_sensitive = 0 or sensitivity in ('sensitive', 'critical'))
    group by a, b, epoch, key_id, only_sensitive, type)
  where sites >= 2 and low >= needed
  order by only_sensitive desc, estimate desc limit 1 by a, b, epoch, key_id;
