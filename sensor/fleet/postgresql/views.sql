-- SPDX-License-Identifier: Apache-2.0
-- For people, dashboards and the SIEM.

-- Alerts as the sensors' own `alert` events (EVE). A SIEM asks for those after the last `last_raised` it has.
create or replace view fleet.siem as
  select a.id, a.revision, a.last_raised, a.severity, jsonb_build_object(
    'timestamp', to_char(a.last_raised at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"+0000"'),
    'event_type', 'alert', 'host', 'fleet',
    'alert', jsonb_build_object('action', 'allowed', 'gid', 1, 'signature_id', 2091000 + substr(a.detector, 2)::integer,
      'rev', 1, 'signature', a.signature, 'category', 'Fleet: personal data at several sites',
      'severity', case a.severity when 'critical' then 1 when 'high' then 1 when 'medium' then 2 when 'low' then 3 else 4 end,
      'metadata', jsonb_build_object('gander_detector', jsonb_build_array(a.detector), 'gander_detector_name',
        jsonb_build_array(a.detector_name), 'gander_severity', jsonb_build_array(a.severity)),
      'context', jsonb_build_object('id', 'fleet-' || a.id, 'key', a.dedup_key, 'revision', a.revision, 'why', a.explanation,
        'first_seen', to_char(a.raised at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"+0000"'),
        'last_seen', to_char(a.last_seen at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"+0000"'),
        'pii', jsonb_build_object('subjects', jsonb_build_object('estimate', a.people, 'low', a.people_low, 'high', a.people_high)),
        'fleet', jsonb_build_object('people', a.people, 'people_low', a.people_low, 'people_high', a.people_high,
          'sites', a.sites, 'places', a.places, 'sources_low', a.sources_low, 'countries', a.countries, 'classes', a.classes,
          'largest_site', a.largest_site, 'without_largest_low', a.without_largest_low, 'collector', a.collector,
          'epoch', a.epoch, 'key_id', a.key_id)))) as event
  from fleet.alert a;

-- How each sensor does. `missing`: sequence numbers between its first and its last that never came; some may be on their
-- way. `behind_s`: behind the sensor that is furthest.
create or replace view fleet.sensor_health as
  select s.sensor, s.host, s.state, s.state_reason, s.watermark, s.last_received,
         extract(epoch from fleet.clock() - s.watermark)::bigint as behind_s,
         extract(epoch from now() - s.last_received)::bigint as silent_s, s.taken, s.duplicates, s.refused,
         greatest(0, s.last_sequence - s.first_sequence + 1 - s.taken) as missing,
         (select count(*) from fleet.alert a where a.largest_site = s.sensor and a.last_raised > now() - interval '1 day')
           as alerts_led
  from fleet.sensor s;

-- Distinct people by collector and day, over all sites that are trusted.
create or replace function fleet.collectors(since timestamptz, until timestamptz, most integer default 50)
returns table (collector text, kind text, countries text[], epoch integer, people bigint, people_low bigint, people_high bigint,
               sites integer, places integer, senders bigint, verdicts text[], classes text[], largest_site text, largest_people bigint)
language sql stable as $$
  select m.collector, m.kind, m.collector_countries, m.epoch, n.estimate, n.low, n.high, m.sites, m.places,
         (fleet.people(m.senders)).estimate, m.verdicts, m.classes, m.largest_site, (fleet.people(m.largest)).estimate
  from (select * from fleet.measure(null, 3600, since, until, fleet.unpermitted() || array['registered', 'internal'])
        order by hll_cardinality(people) desc, collector limit most) m, lateral fleet.people(m.people, m.at_least) n
  order by n.estimate desc, m.collector
$$;

-- What judges at each sensor, as it told last: the signed bundle in force (in its statistics), digests of rules and policy after
-- a reload, and bundles that were applied or refused (where a sensor's audit file is sent, too).
create or replace view fleet.rule_packs as
  select distinct on (host, what) host, what, at, result, digest, problem from (
    select host, kind as what, at, body #>> array[kind, 'result'] as result, body #>> array[kind, 'new_digest'] as digest,
           body #>> array[kind, 'problem'] as problem
    from fleet.event where kind in ('rules_reload', 'policy_reload')
    union all
    select host, 'bundle', at, 'success', concat_ws(' ', body #>> '{stats,bundle,name}', body #>> '{stats,bundle,serial}',
           left(body #>> '{stats,bundle,content}', 12)), null
    from fleet.event where kind = 'stats' and body #> '{stats,bundle}' is not null
    union all
    select host, body #>> '{audit,action}', at, case body #>> '{audit,action}' when 'bundle_apply' then 'success' else 'failure' end,
           body #>> '{audit,object}', body #>> '{audit,reason}'
    from fleet.event where kind = 'audit' and body #>> '{audit,action}' like 'bundle%') told
  order by host, what, at desc;

-- What a page about the past is made of (`gander report --events -`), oldest first: what the sites said, and the fleet's alerts.
create or replace function fleet.past(since timestamptz, until timestamptz) returns table (event jsonb) language sql stable as $$
  select e.event from (
    select at, id::text as id, body as event from fleet.event
    where kind in ('alert', 'transfer', 'blind_spot', 'stats') and at between since and until
    union all select last_raised, id::text, event from fleet.siem where last_raised between since and until) e order by at, id
$$;
