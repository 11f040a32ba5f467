-- SPDX-License-Identifier: Apache-2.0
-- What lies where. Times are the sensors' packet times but for `received`. No table holds a value or a hash of a person:
-- `people` and `senders` are HyperLogLog registers.

create table if not exists fleet.setting (
  name text primary key, value bigint not null, help text not null);
insert into fleet.setting values
  ('retention_days', 30, 'sketches and hourly unions are kept for so many days, partitions older are dropped'),
  ('event_days', 90, 'alerts, transfers and the sensors'' own events are kept for so many days'),
  ('quarantine_days', 14, 'messages that were refused are kept for so many days'),
  ('future_s', 300, 'a window may end so many seconds ahead of this machine''s clock; later ones are refused'),
  ('rows_a_window', 20000, 'rows that one sensor may send of one window; more are refused'),
  ('collectors_a_window', 5000, 'collectors that one sensor may name in one window; rows of more are refused'),
  ('sensors', 20000, 'names of sensors that are taken; more are refused'),
  ('quarantine_rows_an_hour', 1000, 'refused messages of one sensor and reason kept whole in an hour; more are counted'),
  ('epoch_days', 7, 'as fleet.epoch_days of the sensors')
on conflict (name) do nothing;

-- One a sensor. `watermark`: all windows up to there have begun to arrive. An excluded sensor is received and not judged.
create table if not exists fleet.sensor (
  sensor text primary key,
  host text not null default '',
  state text not null default 'trusted' check (state in ('trusted', 'excluded')),
  state_reason text not null default '',
  first_received timestamptz not null default now(),
  last_received timestamptz not null default now(),
  watermark timestamptz,
  first_sequence bigint, last_sequence bigint,
  taken bigint not null default 0,       -- sequence numbers that became a row or replaced one
  duplicates bigint not null default 0,  -- came again: broker, loader or sensor were not sure of them
  refused bigint not null default 0) with (fillfactor = 50);

-- The blinding key of an epoch: the first that was seen, unless an operator pins another (`pinned`).
create table if not exists fleet.epoch_key (
  epoch integer primary key, key_id text not null, first_sensor text, pinned boolean not null default false);

-- One key of one window of one sensor. `key`: the first half of SHA-256 over all that makes it this row.
create table if not exists fleet.sketch (
  window_begin timestamptz not null, key uuid not null,
  sensor text not null, epoch integer not null, key_id text not null, window_s integer not null,
  revision integer not null, sequence bigint not null,
  collector text not null, collector_kind text not null, address inet, collector_country text not null,
  collector_zone text not null, from_zone text not null, from_country text not null,
  data_class text not null, type text not null, sensitivity text not null, subject_country text not null,
  verdict text not null, entry_id text not null,
  people hll(11, 5, 0, 1) not null, people_low bigint not null, people_high bigint not null,
  senders hll(11, 5, 0, 1) not null, senders_low bigint not null, senders_high bigint not null,
  findings bigint not null, bytes bigint not null, flows bigint not null,
  received timestamptz not null default now(),
  primary key (window_begin, key)
) partition by range (window_begin);

-- Unions by hour and by day (`span`, seconds), by which detectors count. A union taken twice is the same union, so a
-- message that comes again changes nothing here.
create table if not exists fleet.united (
  span integer not null, begun timestamptz not null, collector text not null, epoch integer not null, key_id text not null,
  sensor text not null, type text not null, collector_country text not null, from_zone text not null,
  from_country text not null, subject_country text not null, verdict text not null,
  collector_kind text not null, data_class text not null, sensitivity text not null,
  people hll(11, 5, 0, 1) not null, people_low bigint not null, senders hll(11, 5, 0, 1) not null,
  primary key (begun, span, collector, epoch, key_id, sensor, type, collector_country, from_zone, from_country,
               subject_country, verdict)
) partition by range (begun);
create index if not exists united_collector on fleet.united (collector, span, begun);

-- What a sensor has sent of one window, for its quota and its health.
create table if not exists fleet.sensor_window (
  sensor text not null, window_begin timestamptz not null,
  rows integer not null default 0, refused integer not null default 0,
  collectors hll not null default hll_empty(),
  first_received timestamptz not null default now(), last_received timestamptz not null default now(),
  primary key (window_begin, sensor)
) partition by range (window_begin);

-- Collectors that have something new since they were judged last, appended only: who adds must not wait for who judges.
create table if not exists fleet.touched (id bigint generated always as identity primary key, collector text not null);

-- Alerts, transfers, reloads, blind spots and statistics of the sensors, as they came.
create table if not exists fleet.event (
  at timestamptz not null, id uuid not null, kind text not null, host text not null, body jsonb not null,
  primary key (at, id)
) partition by range (at);
create index if not exists event_kind on fleet.event (kind, host, at);

-- Messages that were refused, by where they lay: one that comes again is the same one.
create table if not exists fleet.quarantine (
  received timestamptz not null default now(), topic text not null, part integer not null, place bigint not null,
  reason text not null, sensor text not null default '', detail text not null default '', message text,
  primary key (topic, part, place));
create index if not exists quarantine_received on fleet.quarantine (received);
-- Beyond quarantine_rows_an_hour only counted here (and counted again where a message comes again).
create table if not exists fleet.refused (
  hour timestamptz not null, sensor text not null, reason text not null, kept bigint not null default 0,
  counted bigint not null default 0, primary key (hour, sensor, reason)) with (fillfactor = 50);

-- What the detectors need to speak.
create table if not exists fleet.threshold (
  detector text not null, name text not null, value bigint not null, help text not null, primary key (detector, name));

-- What they said. One row a trouble (`dedup_key`) and day; `revision` rises when it is told again, since it has grown to
-- twice what was told last (`told_low`) or become more severe.
create table if not exists fleet.alert (
  id bigint generated always as identity primary key,
  detector text not null, detector_name text not null, severity text not null, dedup_key text not null,
  day date not null, revision integer not null default 0, told_low bigint not null,
  raised timestamptz not null default now(), last_raised timestamptz not null default now(), last_seen timestamptz not null,
  collector text not null, epoch integer not null, key_id text not null, window_words text not null,
  people bigint not null, people_low bigint not null, people_high bigint not null, sources_low bigint not null,
  sites integer not null, places integer not null, countries text[] not null, classes text[] not null,
  largest_site text not null, largest_people bigint not null, without_largest_low bigint not null,
  raw float8 not null, signature text not null, explanation text not null,
  acknowledged timestamptz, acknowledged_by text, acknowledged_reason text,
  unique (dedup_key, day));
create index if not exists alert_raised on fleet.alert (last_raised);

create table if not exists fleet.partition_kind (
  parent text primary key, days_setting text not null);
insert into fleet.partition_kind values
  ('sketch', 'retention_days'), ('united', 'retention_days'), ('sensor_window', 'retention_days'), ('event', 'event_days')
on conflict (parent) do nothing;
