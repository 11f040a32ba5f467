-- SPDX-License-Identifier: Apache-2.0
-- A batch of messages in one transaction. The loader copies it into temporary tables of its session (open_batch) and calls
-- take_batch(); what cannot be merged goes to the quarantine by its reason. Taking a batch again changes nothing: rows are
-- upserted by their key, unions are idempotent, and refused messages are known by where they lay.

create or replace function fleet.open_batch() returns void language sql set client_min_messages = warning as $$
  create temporary table if not exists incoming (
    topic text not null, part integer not null, place bigint not null, host text not null,
    window_begin timestamptz not null, key uuid not null, sensor text not null, epoch integer not null, key_id text not null,
    window_s integer not null, revision integer not null, sequence bigint not null,
    collector text not null, collector_kind text not null, address inet, collector_country text not null,
    collector_zone text not null, from_zone text not null, from_country text not null, data_class text not null,
    type text not null, sensitivity text not null, subject_country text not null, verdict text not null,
    entry_id text not null, people hll(11, 5, 0, 1) not null, people_low bigint not null, people_high bigint not null,
    senders hll(11, 5, 0, 1) not null, senders_low bigint not null, senders_high bigint not null,
    findings bigint not null, bytes bigint not null, flows bigint not null, reason text) on commit delete rows;
  create temporary table if not exists incoming_event (
    topic text not null, part integer not null, place bigint not null,
    at timestamptz not null, id uuid not null, kind text not null, host text not null, body jsonb not null) on commit delete rows;
  create temporary table if not exists incoming_refused (
    topic text not null, part integer not null, place bigint not null, reason text not null, sensor text not null,
    detail text not null, message text) on commit delete rows;
  create temporary table if not exists batch_taken (sensor text, window_begin timestamptz, collector text, fresh boolean)
    on commit delete rows;
$$;

-- Sets `reason` of rows that contradict what the fleet knows: who may send, the clock, the epoch's key.
create or replace function fleet.refuse_strangers() returns void language plpgsql as $$
declare
  today date := (now() at time zone 'UTC')::date;
  oldest timestamptz := (today - fleet.setting('retention_days')::integer) || ' 00:00+00';
  newest timestamptz := now() + make_interval(secs => fleet.setting('future_s'));
  epoch_s bigint := fleet.setting('epoch_days') * 86400;
begin
  update incoming i set reason = case
      when i.window_begin + make_interval(secs => i.window_s) > newest then 'future'
      when i.window_begin < oldest then 'too_late'
      when i.epoch <> floor(extract(epoch from i.window_begin) / epoch_s) then 'epoch_mismatch' end
    where i.window_begin + make_interval(secs => i.window_s) > newest or i.window_begin < oldest
      or i.epoch <> floor(extract(epoch from i.window_begin) / epoch_s);
  if (select count(*) from fleet.sensor) + (select count(distinct sensor) from incoming) > fleet.setting('sensors') then
    update incoming i set reason = 'too_many_sensors'
      where reason is null and not exists (select from fleet.sensor s where s.sensor = i.sensor);
  end if;
  insert into fleet.epoch_key (epoch, key_id, first_sensor)
    select distinct on (epoch) epoch, key_id, sensor from incoming where reason is null order by epoch, place
    on conflict do nothing;
  update incoming i set reason = 'key_mismatch' from fleet.epoch_key k
    where i.reason is null and k.epoch = i.epoch and k.key_id <> i.key_id;
end $$;

-- Sets `reason` of rows beyond a sensor's quota of one window. Rows that are known already cost none.
create or replace function fleet.refuse_floods() returns void language plpgsql set enable_hashagg = off as $$
declare
  use record; most_rows bigint := fleet.setting('rows_a_window'); most bigint := fleet.setting('collectors_a_window');
begin
  for use in
    select i.sensor, i.window_begin, count(*) as arrived, count(distinct i.collector) as named,
           coalesce(max(w.rows), 0) as rows, coalesce(hll_union_agg(w.collectors), hll_empty()) as collectors
    from incoming i left join fleet.sensor_window w using (window_begin, sensor)
    where i.reason is null group by i.sensor, i.window_begin
  loop
    if use.rows + use.arrived > most_rows then
      update incoming i set reason = 'quota_rows' from (
        select n.ctid as at, row_number() over (order by n.sequence) as number from incoming n
        where n.sensor = use.sensor and n.window_begin = use.window_begin and n.reason is null
          and not exists (select from fleet.sketch s where s.window_begin = n.window_begin and s.key = n.key)) fresh
        where i.ctid = fresh.at and fresh.number > most_rows - use.rows;
    end if;
    if hll_cardinality(use.collectors) + use.named > most then
      update incoming i set reason = 'quota_collectors' from (
        select c.collector, row_number() over (order by c.first) as number from (
          select collector, min(sequence) as first from incoming n
          where n.sensor = use.sensor and n.window_begin = use.window_begin and n.reason is null
            and hll_cardinality(hll_add(use.collectors, hll_hash_text(n.collector))) <> hll_cardinality(use.collectors)
          group by collector) c) fresh
        where i.sensor = use.sensor and i.window_begin = use.window_begin and i.reason is null
          and i.collector = fresh.collector and fresh.number > most - hll_cardinality(use.collectors);
    end if;
  end loop;
end $$;

-- Upserts what has no reason against it. A higher revision replaces a lower one, whichever comes first.
create or replace function fleet.merge_sketches(out taken bigint, out duplicates bigint) language plpgsql as $$
begin
  with newest as materialized (
    select distinct on (window_begin, key) *,
           not exists (select from fleet.sketch s where s.window_begin = i.window_begin and s.key = i.key) as fresh
    from incoming i where reason is null order by window_begin, key, revision desc, sequence desc),
  done as (
    insert into fleet.sketch as s (window_begin, key, sensor, epoch, key_id, window_s, revision, sequence, collector,
        collector_kind, address, collector_country, collector_zone, from_zone, from_country, data_class, type, sensitivity,
        subject_country, verdict, entry_id, people, people_low, people_high, senders, senders_low, senders_high, findings,
        bytes, flows)
      select window_begin, key, sensor, epoch, key_id, window_s, revision, sequence, collector,
        collector_kind, address, collector_country, collector_zone, from_zone, from_country, data_class, type, sensitivity,
        subject_country, verdict, entry_id, people, people_low, people_high, senders, senders_low, senders_high, findings,
        bytes, flows from newest order by window_begin, key
    on conflict (window_begin, key) do update set revision = excluded.revision, sequence = excluded.sequence,
        people = excluded.people, people_low = excluded.people_low, people_high = excluded.people_high,
        senders = excluded.senders, senders_low = excluded.senders_low, senders_high = excluded.senders_high,
        findings = excluded.findings, bytes = excluded.bytes, flows = excluded.flows, address = excluded.address,
        collector_zone = excluded.collector_zone, sensitivity = excluded.sensitivity, received = now()
      where (excluded.revision, excluded.sequence) > (s.revision, s.sequence)
    returning s.window_begin, s.key)
  insert into batch_taken select sensor, window_begin, collector, fresh from done join newest using (window_begin, key);
  select count(*) into taken from batch_taken;
  select count(*) - taken into duplicates from incoming where reason is null;
end $$;

-- Unions by hour and day, of all that arrived: what came again is in them already.
create or replace function fleet.merge_unions() returns void language sql set enable_hashagg = off as $$
  insert into fleet.united as u (span, begun, collector, epoch, key_id, sensor, type, collector_country, from_zone,
      from_country, subject_country, verdict, collector_kind, data_class, sensitivity, people, people_low, senders)
    select span, to_timestamp(floor(extract(epoch from window_begin) / span) * span), collector, epoch, key_id, sensor, type,
           collector_country, from_zone, from_country, subject_country, verdict, max(collector_kind), max(data_class),
           max(sensitivity), hll_union_agg(people), max(people_low), hll_union_agg(senders)
    from incoming, unnest(array[3600, 86400]) span where reason is null
    group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 order by 2, 1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12
  on conflict (begun, span, collector, epoch, key_id, sensor, type, collector_country, from_zone, from_country,
               subject_country, verdict)
    do update set people = hll_union(u.people, excluded.people), senders = hll_union(u.senders, excluded.senders),
                  people_low = greatest(u.people_low, excluded.people_low)
    where hll_union(u.people, excluded.people) <> u.people or hll_union(u.senders, excluded.senders) <> u.senders
       or excluded.people_low > u.people_low;
$$;

-- What is known of each sensor and its windows.
create or replace function fleet.note_sensors() returns void language sql set enable_hashagg = off as $$
  insert into fleet.sensor as s (sensor, host, watermark, first_sequence, last_sequence, taken, duplicates, refused)
    select i.sensor, max(i.host), max(i.window_begin + make_interval(secs => i.window_s)) filter (where reason is null),
           min(sequence) filter (where reason is null), max(sequence) filter (where reason is null),
           coalesce(max(t.taken), 0), count(*) filter (where reason is null) - coalesce(max(t.taken), 0),
           count(*) filter (where reason is not null)
    from incoming i left join (select sensor, count(*) as taken from batch_taken group by sensor) t using (sensor)
    where reason is distinct from 'too_many_sensors' group by i.sensor order by i.sensor
  on conflict (sensor) do update set host = excluded.host, last_received = now(),
    watermark = greatest(s.watermark, excluded.watermark),
    first_sequence = least(s.first_sequence, excluded.first_sequence),
    last_sequence = greatest(s.last_sequence, excluded.last_sequence), taken = s.taken + excluded.taken,
    duplicates = s.duplicates + excluded.duplicates, refused = s.refused + excluded.refused;
  insert into fleet.sensor_window as w (sensor, window_begin, rows, refused, collectors)
    select i.sensor, i.window_begin, coalesce(max(t.fresh), 0), count(*) filter (where reason is not null),
           coalesce(hll_add_agg(hll_hash_text(i.collector)) filter (where reason is null), hll_empty())
    from incoming i left join (select sensor, window_begin, count(*) filter (where fresh) as fresh from batch_taken
                               group by sensor, window_begin) t using (sensor, window_begin)
    where reason is null or reason like 'quota%' group by i.sensor, i.window_begin order by i.sensor, i.window_begin
  on conflict (window_begin, sensor) do update set rows = w.rows + excluded.rows, refused = w.refused + excluded.refused,
    collectors = hll_union(w.collectors, excluded.collectors), last_received = now();
  insert into fleet.touched (collector) select distinct collector from batch_taken;
$$;

-- The refused ones of `incoming` and `incoming_refused`.
create or replace function fleet.keep_refused() returns bigint language plpgsql as $$
declare
  most bigint := fleet.setting('quarantine_rows_an_hour'); total bigint;
begin
  insert into incoming_refused
    select topic, part, place, reason, sensor, format('window %s, sequence %s, collector %s, %s people', window_begin, sequence,
           collector, people_low), null
    from incoming where reason is not null;
  -- Of which sensor is what the message claims; where it claims none, the quarantine has one quota for all of those.
  with ranked as (
    select r.*, row_number() over (partition by sensor, reason order by part, place) as number,
           coalesce((select kept from fleet.refused f where f.hour = date_trunc('hour', now()) and f.sensor = r.sensor
                     and f.reason = r.reason), 0) as before
    from incoming_refused r),
  kept as (
    insert into fleet.quarantine (topic, part, place, reason, sensor, detail, message)
      select topic, part, place, reason, sensor, detail, message from ranked where number + before <= most
    on conflict do nothing returning sensor, reason)
  insert into fleet.refused as f (hour, sensor, reason, kept, counted)
    select date_trunc('hour', now()), sensor, reason, sum(kept), sum(beyond) from (
      select sensor, reason, 1 as kept, 0 as beyond from kept
      union all select sensor, reason, 0, 1 from ranked where number + before > most) n group by sensor, reason
  on conflict (hour, sensor, reason) do update set kept = f.kept + excluded.kept, counted = f.counted + excluded.counted;
  select count(*) into total from incoming_refused;
  return total;
end $$;

-- The whole of a batch. Returns what became of it.
create or replace function fleet.take_batch(out taken bigint, out duplicates bigint, out refused bigint, out events bigint)
language plpgsql as $$
begin
  -- One batch at a time: two loaders would wait for each other's rows, in different order.
  perform pg_advisory_xact_lock(hashtext('fleet.take_batch'));
  perform fleet.refuse_strangers();
  perform fleet.refuse_floods();
  select * into taken, duplicates from fleet.merge_sketches();
  perform fleet.merge_unions();
  perform fleet.note_sensors();
  events := fleet.take_events();
  refused := fleet.keep_refused();
end $$;
