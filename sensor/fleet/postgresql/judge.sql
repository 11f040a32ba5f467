-- SPDX-License-Identifier: Apache-2.0
-- Asks the detectors and keeps what they say, once a trouble and day; again only when it has grown or become worse.

create or replace function fleet.rank(severity text) returns integer language sql immutable as
$$ select array_position(array['info', 'low', 'medium', 'high', 'critical'], severity) $$;

create or replace function fleet.say(f fleet.finding) returns void language plpgsql as $$
declare
  m fleet.measured := f.m; n record; alone record; rest bigint; said text; why text;
begin
  -- Nothing new: most are asked again and again.
  perform from fleet.alert a where a.dedup_key = f.dedup_key || '|' || m.epoch || '|' || m.key_id
    and a.day = (m.last_seen at time zone 'UTC')::date and a.raw = hll_cardinality(m.people) and a.sites = m.sites
    and a.places = m.places and a.severity = f.severity;
  if found then return; end if;
  select * into n from fleet.people(m.people, m.at_least);
  select * into alone from fleet.people(m.largest);
  rest := fleet.low(m.without_largest);
  said := format('GANDER FLEET %s: %s, %s, from %s places at %s sites to %s', initcap(replace(f.detector_name, '_', ' ')),
                 fleet.words(n.estimate, n.low, n.high), array_to_string(m.classes, ', '), m.places, m.sites, m.collector);
  why := format('In %s %s by %s at %s sites, %s; needed are %s at two sites. The site that saw most, %s, saw %s alone; without '
                'it at least %s remain. Verdicts of the sites: %s. Counted over epoch %s (key %s) by union of sketches, so '
                'that who was seen twice is one; bounds are three standard errors. What to do: ask the sites which '
                'system sends this and on whose behalf; where it is meant, register the receiver at each site.',
                f.window_words, fleet.words(n.estimate, n.low, n.high), m.type, m.sites, f.why,
                to_char(f.needed, 'FM999,999,999'), m.largest_site, fleet.words(alone.estimate, alone.low, alone.high),
                to_char(rest, 'FM999,999,999,999'), array_to_string(m.verdicts, ', '), m.epoch, m.key_id);
  insert into fleet.alert as a (detector, detector_name, severity, dedup_key, day, told_low, last_seen, collector, epoch, key_id,
      window_words, people, people_low, people_high, sources_low, sites, places, countries, classes, largest_site,
      largest_people, without_largest_low, raw, signature, explanation)
    values (f.detector, f.detector_name, f.severity, f.dedup_key || '|' || m.epoch || '|' || m.key_id,
      (m.last_seen at time zone 'UTC')::date, n.low, m.last_seen, m.collector, m.epoch, m.key_id, f.window_words, n.estimate,
      n.low, n.high, fleet.low(m.senders), m.sites, m.places, m.countries, m.classes, m.largest_site, alone.estimate, rest,
      hll_cardinality(m.people), said, why)
  on conflict (dedup_key, day) do update set
    revision = a.revision + case when excluded.people_low >= 2 * a.told_low
                                   or fleet.rank(excluded.severity) > fleet.rank(a.severity) then 1 else 0 end,
    told_low = case when excluded.people_low >= 2 * a.told_low or fleet.rank(excluded.severity) > fleet.rank(a.severity)
                    then excluded.people_low else a.told_low end,
    last_raised = case when excluded.people_low >= 2 * a.told_low or fleet.rank(excluded.severity) > fleet.rank(a.severity)
                       then now() else a.last_raised end,
    severity = case when fleet.rank(excluded.severity) > fleet.rank(a.severity) then excluded.severity else a.severity end,
    last_seen = greatest(a.last_seen, excluded.last_seen), people = excluded.people, people_low = excluded.people_low,
    people_high = excluded.people_high, sources_low = excluded.sources_low, sites = excluded.sites, places = excluded.places,
    countries = excluded.countries, classes = excluded.classes, window_words = excluded.window_words,
    largest_site = excluded.largest_site, largest_people = excluded.largest_people,
    without_largest_low = excluded.without_largest_low, raw = excluded.raw, signature = excluded.signature, explanation = excluded.explanation
    where excluded.people_low >= a.people_low;
end $$;

-- Who listens (`listen fleet_alert`) is told of each alert and revision; the alert itself is in fleet.siem.
create or replace function fleet.tell() returns trigger language plpgsql as $$
begin
  perform pg_notify('fleet_alert', json_build_object('id', new.id, 'revision', new.revision, 'severity', new.severity,
                                                     'signature', left(new.signature, 2000))::text);
  return null;
end $$;
create or replace trigger alert_tells after insert on fleet.alert for each row execute function fleet.tell();
create or replace trigger alert_tells_again after update on fleet.alert for each row
  when (new.revision > old.revision) execute function fleet.tell();

-- Judges collectors that were touched since (of at most `most` batches' rows, oldest first), and what is no single
-- collector's. Returns how many such rows it took; fewer than `most`: none is left.
create or replace function fleet.judge(most integer default 5000) returns integer language plpgsql as $$
declare
  names text[]; rows_taken integer; now_is timestamptz := fleet.clock(); f fleet.finding;
begin
  if not pg_try_advisory_xact_lock(hashtext('fleet.judge')) then return 0; end if;
  if now_is is null then return 0; end if;
  with taken as (
    delete from fleet.touched where id in (select id from fleet.touched order by id limit most) returning collector)
  select array_agg(distinct collector), count(*) into names, rows_taken from taken;
  for f in
    select * from fleet.mass_collection(names, now_is) where names is not null
    union all select * from fleet.places_and_strangers(names, now_is) where names is not null
    union all select * from fleet.low_and_slow(names, now_is) where names is not null
    union all select * from fleet.fan_out(now_is)
    union all select * from fleet.cross_border(now_is)
  loop
    perform fleet.say(f);
  end loop;
  return rows_taken;
end $$;
