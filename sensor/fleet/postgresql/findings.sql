-- SPDX-License-Identifier: Apache-2.0
-- The detectors: the sensor's questions over the union of all sites. Each counts people under one identifier at a time
-- and takes the identifier with most: who is known by two is one person. Epochs are never merged. All fire on the lower
-- bound, three standard errors under the estimate, and at two sites at least: what one site sees, its sensor tells.
insert into fleet.threshold values
  ('F01', 'people_2h', 1000, 'people in two clock hours'), ('F01', 'sources_2h', 20, 'with so many senders'),
  ('F01', 'people_24h', 5000, 'people in 24 clock hours'), ('F01', 'sources_24h', 50, 'with so many senders'),
  ('F01', 'people_epoch', 10000, 'people in an epoch'), ('F01', 'sources_epoch', 50, 'with so many senders'),
  ('F02', 'people', 200, 'people in 24 clock hours'), ('F02', 'places', 10, 'from so many zones of sites'),
  ('F03', 'people', 200, 'people in two clock hours'), ('F03', 'recipients', 10, 'at so many recipients'),
  ('F03', 'people_a_recipient', 3, 'on average; below it is each one''s own data'),
  ('F03', 'largest_percent', 30, 'no recipient has more of them'),
  ('F04', 'people', 1000, 'people in a day'), ('F04', 'sensitive_people', 100, 'the same of sensitive classes'),
  ('F05', 'people', 100, 'people in 24 clock hours'),
  ('F06', 'people', 200, 'people in an epoch'), ('F06', 'sensitive_people', 50, 'the same of sensitive classes'),
  ('F06', 'days', 5, 'on so many of its days'), ('F06', 'day_share_percent', 50, 'no day has more of them')
on conflict (detector, name) do nothing;

create or replace function fleet.threshold(of text, wanted text) returns bigint language sql stable as
$$ select value from fleet.threshold where detector = of and name = wanted $$;

-- "1,227 people (1,142 to 1,312)"
create or replace function fleet.words(estimate bigint, low bigint, high bigint) returns text language sql immutable as $$
  select to_char(estimate, 'FM999,999,999,999') || ' people' || case when low = high then '' else
         format(' (%s to %s)', to_char(low, 'FM999,999,999,999'), to_char(high, 'FM999,999,999,999')) end $$;

-- What nobody has permitted.
create or replace function fleet.unpermitted() returns text[] language sql immutable as
$$ select array['unregistered', 'unknown_party', 'denied', 'expired', 'wrong_basis', 'third_state', 'over_quota'] $$;

-- How far the sensors are: of those that are trusted the latest window's end, and never later than now.
create or replace function fleet.clock() returns timestamptz language sql stable as
$$ select least(now(), max(watermark)) from fleet.sensor where state = 'trusted' $$;

do $$ begin
  create type fleet.measured as (
    collector text, epoch integer, key_id text, type text, people hll, at_least bigint, senders hll, sites integer,
    places integer, countries text[], classes text[], sensitive boolean, verdicts text[], collector_countries text[],
    kind text, days integer, last_seen timestamptz, largest_site text, largest hll, without_largest hll, largest_day hll);
exception when duplicate_object then null; end $$;

-- A state that is being united takes 128 KiB: groups are sorted, not hashed, so that one is held at a time (enable_hashagg; of
-- 200 collectors at 20 sites minutes become a quarter of a second).
-- Unions over all trusted sensors by collector and epoch, all of the identifier with most people, from rows of that grain (3600 or 86400 s). `wanted` null: all.
create or replace function fleet.measure(wanted text[], grain integer, since timestamptz, until timestamptz,
                                         judged text[] default fleet.unpermitted(), only_sensitive boolean default false)
returns setof fleet.measured language sql stable set enable_hashagg = off set enable_nestloop = off as $$
  with chosen as materialized (
    select u.* from fleet.united u join fleet.sensor s using (sensor)
    where u.span = grain and u.begun >= since and u.begun < until and (wanted is null or u.collector = any (wanted))
      and s.state = 'trusted' and u.verdict = any (judged)
      and (not only_sensitive or u.sensitivity in ('sensitive', 'critical'))),
  by_site as materialized (
    select collector, epoch, key_id, type, sensor, hll_union_agg(people) as people, max(people_low) as at_least
    from chosen group by 1, 2, 3, 4, 5),
  by_type as (
    select collector, epoch, key_id, type, hll_union_agg(people) as people, max(at_least) as at_least
    from by_site group by 1, 2, 3, 4),
  best as materialized (
    select distinct on (collector, epoch, key_id) * from by_type
    order by collector, epoch, key_id, hll_cardinality(people) desc, type),
  about as (
    select collector, epoch, key_id, type, hll_union_agg(senders) as senders, count(distinct sensor)::integer as sites,
           count(distinct (sensor, from_zone))::integer as places, array_agg(distinct from_country) as countries,
           array_agg(distinct data_class) as classes, bool_or(sensitivity in ('sensitive', 'critical')) as sensitive,
           array_agg(distinct verdict) as verdicts, array_agg(distinct collector_country) as collector_countries,
           max(collector_kind) as kind, count(distinct (begun at time zone 'UTC')::date)::integer as days,
           max(begun) + make_interval(secs => grain) as last_seen
    from chosen join best using (collector, epoch, key_id, type) group by 1, 2, 3, 4),
  largest as (
    select distinct on (s.collector, s.epoch, s.key_id) s.collector, s.epoch, s.key_id, s.sensor, s.people
    from by_site s join best b using (collector, epoch, key_id, type)
    order by s.collector, s.epoch, s.key_id, hll_cardinality(s.people) desc, s.sensor),
  others as (
    select s.collector, s.epoch, s.key_id, hll_union_agg(s.people) as people
    from by_site s join best b using (collector, epoch, key_id, type)
    join largest l on (l.collector, l.epoch, l.key_id) = (s.collector, s.epoch, s.key_id) and l.sensor <> s.sensor
    group by 1, 2, 3),
  by_day as (
    select distinct on (collector, epoch, key_id) collector, epoch, key_id, people from (
      select c.collector, c.epoch, c.key_id, hll_union_agg(c.people) as people
      from chosen c join best b using (collector, epoch, key_id, type)
      group by 1, 2, 3, (c.begun at time zone 'UTC')::date) d
    order by collector, epoch, key_id, hll_cardinality(people) desc)
  select b.collector, b.epoch, b.key_id, b.type, b.people, b.at_least, a.senders, a.sites, a.places, a.countries, a.classes,
         a.sensitive, a.verdicts, a.collector_countries, a.kind, a.days, a.last_seen, l.sensor, l.people,
         coalesce(o.people, hll_empty(11, 5, 0, 1)), d.people
  from best b join about a using (collector, epoch, key_id, type) join largest l using (collector, epoch, key_id)
  join by_day d using (collector, epoch, key_id) left join others o using (collector, epoch, key_id)
$$;

do $$ begin
  create type fleet.finding as (
    detector text, detector_name text, severity text, dedup_key text, window_words text, why text, needed bigint,
    m fleet.measured);
exception when duplicate_object then null; end $$;

-- hll_cardinality() is cheap and at most 3 % off: what it says is far too few need not be counted well.
create or replace function fleet.may_reach(state hll, needed bigint) returns boolean language sql immutable as
$$ select hll_cardinality(state) >= needed * 0.9 $$;
-- ... and of what is far more than enough, three standard errors and its 3 % are not asked for.
create or replace function fleet.reaches(m fleet.measured, needed bigint) returns boolean language sql immutable as
$$ select case when hll_cardinality(m.people) * 0.88 >= needed then true else (fleet.people(m.people, m.at_least)).low >= needed end $$;
create or replace function fleet.low(state hll) returns bigint language sql immutable as
$$ select (fleet.people(state)).low $$;

-- F01 Mass collection across sites. The shortest window that fires speaks.
create or replace function fleet.mass_collection(wanted text[], clock timestamptz) returns setof fleet.finding
language sql stable as $$
  with windows as (
    select * from (values
      (1, 'two clock hours', 3600, date_trunc('hour', clock, 'UTC') - interval '1 hour', '2h'),
      (2, '24 clock hours', 3600, date_trunc('hour', clock, 'UTC') - interval '23 hours', '24h'),
      (3, 'an epoch of the fleet''s key', 86400, to_timestamp(floor(extract(epoch from clock) / (fleet.setting('epoch_days') * 86400))
                                     * fleet.setting('epoch_days') * 86400), 'epoch')) w (rank, words, grain, since, name))
  select distinct on (m.collector, m.epoch, m.key_id)
         'F01', 'mass_collection', case when fleet.reaches(m, 10 * t.needed) then 'critical' else 'high' end,
         'F01|' || m.collector, w.words, 'many senders at several sites, one receiver', t.needed, m::fleet.measured
  from windows w, lateral (select fleet.threshold('F01', 'people_' || w.name) as needed,
                                  fleet.threshold('F01', 'sources_' || w.name) as senders) t,
       lateral fleet.measure(wanted, w.grain, w.since, clock + interval '1 day') m
  where m.sites >= 2 and fleet.may_reach(m.people, t.needed) and fleet.may_reach(m.senders, t.senders)
    and fleet.reaches(m, t.needed)
    and case when hll_cardinality(m.senders) * 0.88 >= t.senders then true else fleet.low(m.senders) >= t.senders end
  order by m.collector, m.epoch, m.key_id, w.rank
$$;

-- F02 One receiver of data from many places, F05 one that no register names: both from 24 clock hours.
create or replace function fleet.places_and_strangers(wanted text[], clock timestamptz) returns setof fleet.finding
language sql stable as $$
  with m as materialized (
    select * from fleet.measure(wanted, 3600, date_trunc('hour', clock, 'UTC') - interval '23 hours', clock + interval '1 day')
    where sites >= 2 and fleet.may_reach(people, least(fleet.threshold('F02', 'people'), fleet.threshold('F05', 'people'))))
  select 'F02', 'many_places', case when m.sensitive then 'high' else 'medium' end, 'F02|' || m.collector, '24 clock hours',
         'data from ' || m.places || ' places', fleet.threshold('F02', 'people'), m::fleet.measured
  from m where m.places >= fleet.threshold('F02', 'places') and fleet.reaches(m::fleet.measured, fleet.threshold('F02', 'people'))
  union all
  select 'F05', 'unregistered', case when m.sensitive then 'high' else 'medium' end, 'F05|' || m.collector, '24 clock hours',
         'no register of these sites names the receiver for what it got', fleet.threshold('F05', 'people'), m::fleet.measured
  from m where m.verdicts && array['unregistered', 'unknown_party']
    and fleet.reaches(m::fleet.measured, fleet.threshold('F05', 'people'))
$$;

-- F06 Low and slow: many people in an epoch, some on most of its days, few on each.
create or replace function fleet.low_and_slow(wanted text[], clock timestamptz) returns setof fleet.finding
language sql stable as $$
  with e as (select fleet.setting('epoch_days') * 86400 as s),
  since as (select to_timestamp(floor(extract(epoch from clock) / s) * s) as at from e),
  asked as (select * from (values (true, 'sensitive_people'), (false, 'people')) a (sensitive, name))
  select distinct on (m.collector, m.epoch, m.key_id)
         'F06', 'low_and_slow', case when a.sensitive then 'high' else 'medium' end, 'F06|' || m.collector,
         'an epoch of the fleet''s key', 'some people on each of ' || m.days || ' days', t.needed, m::fleet.measured
  from since, asked a, lateral (select fleet.threshold('F06', a.name) as needed) t,
       lateral fleet.measure(wanted, 86400, since.at, clock + interval '1 day', fleet.unpermitted(), a.sensitive) m
  where m.sites >= 2 and m.days >= fleet.threshold('F06', 'days') and fleet.may_reach(m.people, t.needed)
    and hll_cardinality(m.largest_day) * 100 <= fleet.threshold('F06', 'day_share_percent') * hll_cardinality(m.people)
    and fleet.reaches(m, t.needed)
  order by m.collector, m.epoch, m.key_id, a.sensitive desc
$$;

-- F03 Fan-out: one kind of data out of zones of one name, to many receivers that each have a little of it.
create or replace function fleet.fan_out(clock timestamptz) returns setof fleet.finding language sql stable set enable_hashagg = off as $$
  with chosen as materialized (
    select u.* from fleet.united u join fleet.sensor s using (sensor)
    where u.span = 3600 and u.begun >= date_trunc('hour', clock, 'UTC') - interval '1 hour' and s.state = 'trusted'
      and u.verdict = any (fleet.unpermitted())),
  by_receiver as materialized (
    select from_zone, type, epoch, key_id, collector, hll_union_agg(people) as people from chosen group by 1, 2, 3, 4, 5),
  by_site as materialized (
    select from_zone, type, epoch, key_id, sensor, hll_union_agg(people) as people, max(people_low) as at_least
    from chosen group by 1, 2, 3, 4, 5),
  wide as (
    select from_zone, type, epoch, key_id, count(*) as receivers, max(hll_cardinality(people)) as largest,
           sum(hll_cardinality(people)) as deliveries, hll_union_agg(people) as people
    from by_receiver group by 1, 2, 3, 4),
  about as (
    select from_zone, type, epoch, key_id, hll_union_agg(senders) as senders, count(distinct sensor)::integer as sites,
           array_agg(distinct from_country) as countries, array_agg(distinct data_class) as classes,
           bool_or(sensitivity in ('sensitive', 'critical')) as sensitive, array_agg(distinct verdict) as verdicts,
           array_agg(distinct collector_country) as collector_countries,
           max(begun) + interval '1 hour' as last_seen from chosen group by 1, 2, 3, 4),
  top as (
    select distinct on (from_zone, type, epoch, key_id) from_zone, type, epoch, key_id, sensor, people, at_least from by_site
    order by from_zone, type, epoch, key_id, hll_cardinality(people) desc, sensor),
  measured as (
    select w.receivers, w.largest, w.deliveries,
           row(w.receivers || ' recipients of ' || w.type || ' out of ' || w.from_zone, w.epoch, w.key_id, w.type, w.people,
               t.at_least, a.senders, a.sites, a.sites, a.countries, a.classes, a.sensitive, a.verdicts, a.collector_countries,
               'zone', 1, a.last_seen, t.sensor, t.people,
               (select coalesce(hll_union_agg(s.people), hll_empty(11, 5, 0, 1)) from by_site s
                where (s.from_zone, s.type, s.epoch, s.key_id) = (w.from_zone, w.type, w.epoch, w.key_id)
                  and s.sensor <> t.sensor), w.people)::fleet.measured as m, w.from_zone
    from wide w join about a using (from_zone, type, epoch, key_id) join top t using (from_zone, type, epoch, key_id)
    where w.receivers >= fleet.threshold('F03', 'recipients') and a.sites >= 2
      and fleet.may_reach(w.people, fleet.threshold('F03', 'people')))
  select 'F03', 'fan_out', case when (m).sensitive then 'high' else 'medium' end, 'F03|' || from_zone || '|' || (m).type,
         'two clock hours', 'no receiver has more than a small part', fleet.threshold('F03', 'people'), m
  from measured where deliveries >= fleet.threshold('F03', 'people_a_recipient') * receivers
    and largest * 100 <= fleet.threshold('F03', 'largest_percent') * hll_cardinality((m).people)
    and fleet.reaches(m, fleet.threshold('F03', 'people'))
$$;

-- F04 Cross-border: all that goes from one State to another in a UTC day, whoever receives it.
create or replace function fleet.cross_border(clock timestamptz) returns setof fleet.finding language sql stable set enable_hashagg = off as $$
  with chosen as materialized (
    select u.* from fleet.united u join fleet.sensor s using (sensor)
    where u.span = 86400 and u.begun = date_trunc('day', clock, 'UTC') and s.state = 'trusted'
      and u.verdict = any (fleet.unpermitted()) and u.from_country <> u.collector_country
      and u.from_country not in ('', 'ZZ') and u.collector_country not in ('', 'ZZ')),
  asked as (select * from (values (true, 'sensitive_people'), (false, 'people')) a (only_sensitive, name)),
  by_site as materialized (
    select from_country, collector_country, only_sensitive, type, epoch, key_id, sensor, hll_union_agg(people) as people,
           max(people_low) as at_least
    from chosen, asked where not only_sensitive or sensitivity in ('sensitive', 'critical') group by 1, 2, 3, 4, 5, 6, 7),
  best as (
    select distinct on (from_country, collector_country, only_sensitive, epoch, key_id) * from (
      select from_country, collector_country, only_sensitive, type, epoch, key_id, hll_union_agg(people) as people,
             count(*)::integer as sites, max(at_least) as at_least from by_site group by 1, 2, 3, 4, 5, 6) b
    order by from_country, collector_country, only_sensitive, epoch, key_id, hll_cardinality(people) desc),
  top as (
    select distinct on (s.from_country, s.collector_country, s.only_sensitive, s.epoch, s.key_id)
           s.from_country, s.collector_country, s.only_sensitive, s.epoch, s.key_id, s.sensor, s.people as largest
    from by_site s join best using (from_country, collector_country, only_sensitive, epoch, key_id, type)
    order by s.from_country, s.collector_country, s.only_sensitive, s.epoch, s.key_id, hll_cardinality(s.people) desc),
  about as (
    select from_country, collector_country, epoch, key_id, hll_union_agg(senders) as senders,
           count(distinct (sensor, from_zone))::integer as places, array_agg(distinct data_class) as classes,
           array_agg(distinct verdict) as verdicts from chosen group by 1, 2, 3, 4)
  select distinct on (b.from_country, b.collector_country, b.epoch, b.key_id)
         'F04', 'cross_border', case when b.only_sensitive then 'high' else 'medium' end,
         'F04|' || b.from_country || '|' || b.collector_country, 'a UTC day',
         'over the border from ' || b.from_country || ' to ' || b.collector_country, fleet.threshold('F04', a.name),
         row(b.from_country || ' to ' || b.collector_country, b.epoch, b.key_id, b.type, b.people, b.at_least, i.senders, b.sites,
             i.places, array[b.from_country], i.classes, b.only_sensitive, i.verdicts, array[b.collector_country], 'border',
             1, clock, t.sensor, t.largest,
             (select coalesce(hll_union_agg(s.people), hll_empty(11, 5, 0, 1)) from by_site s
              where (s.from_country, s.collector_country, s.only_sensitive, s.type, s.epoch, s.key_id)
                    = (b.from_country, b.collector_country, b.only_sensitive, b.type, b.epoch, b.key_id)
                and s.sensor <> t.sensor), b.people)::fleet.measured
  from best b join asked a using (only_sensitive) join top t using (from_country, collector_country, only_sensitive, epoch, key_id)
  join about i using (from_country, collector_country, epoch, key_id)
  where b.sites >= 2 and fleet.may_reach(b.people, fleet.threshold('F04', a.name))
    and (fleet.people(b.people, b.at_least)).low >= fleet.threshold('F04', a.name)
  order by b.from_country, b.collector_country, b.epoch, b.key_id, b.only_sensitive desc
$$;
