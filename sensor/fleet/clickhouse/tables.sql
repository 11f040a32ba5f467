-- SPDX-License-Identifier: Apache-2.0
-- What lies where. Partitions are days, retention is a TTL that drops whole parts. Rows may arrive twice: `sketch` and
-- `event` keep one of each key (the higher revision), `united` holds maxima, which a second time does not change.
create database if not exists fleet;

create table if not exists fleet.setting (name String, value Int64, help String) engine = ReplacingMergeTree order by name;
insert into fleet.setting
  select * from values('name String, value Int64, help String',
    ('future_s', 300, 'a window may end so many seconds ahead of this machine''s clock'),
    ('retention_days', 30, 'older windows are refused; as the TTL of the tables'),
    ('rows_a_window', 20000, 'a sensor that sends more of one window is not judged by it'),
    ('collectors_a_window', 5000, 'a sensor that names more in one window is not judged by it'),
    ('epoch_days', 7, 'as fleet.epoch_days of the sensors'))
  where name not in (select name from fleet.setting);

create table if not exists fleet.sketch (
  window_begin DateTime('UTC'), window_s UInt32, sensor LowCardinality(String), host LowCardinality(String), epoch UInt32,
  key_id LowCardinality(String), revision UInt32, sequence UInt64, collector String, collector_kind LowCardinality(String),
  address String, collector_country LowCardinality(String), collector_zone LowCardinality(String),
  from_zone LowCardinality(String), from_country LowCardinality(String), data_class LowCardinality(String),
  type LowCardinality(String), sensitivity LowCardinality(String), subject_country LowCardinality(String),
  verdict LowCardinality(String), entry_id LowCardinality(String),
  people String codec(ZSTD(1)), people_low UInt64, people_high UInt64,
  senders String codec(ZSTD(1)), senders_low UInt64, senders_high UInt64,
  findings UInt64, bytes UInt64, flows UInt64, received DateTime('UTC') default now(),
  version UInt64 default bitShiftLeft(toUInt64(revision), 44) + least(sequence, toUInt64(17592186044415)))
engine = ReplacingMergeTree(version) partition by toYYYYMMDD(window_begin)
order by (collector, window_begin, sensor, epoch, key_id, address, from_zone, from_country, data_class, type, subject_country,
          verdict, entry_id)
ttl window_begin + interval 30 day settings ttl_only_drop_parts = 1;

-- Unions by hour and by day (`span`, seconds).
create table if not exists fleet.united (
  span UInt32, begun DateTime('UTC'), collector String, epoch UInt32, key_id LowCardinality(String),
  sensor LowCardinality(String), type LowCardinality(String), collector_country LowCardinality(String),
  from_zone LowCardinality(String), from_country LowCardinality(String), subject_country LowCardinality(String),
  verdict LowCardinality(String), data_class SimpleAggregateFunction(any, LowCardinality(String)),
  sensitivity SimpleAggregateFunction(any, LowCardinality(String)),
  people AggregateFunction(maxForEach, Array(UInt8)) codec(ZSTD(1)), people_low SimpleAggregateFunction(max, UInt64),
  senders AggregateFunction(maxForEach, Array(UInt8)) codec(ZSTD(1)))
engine = AggregatingMergeTree partition by toYYYYMMDD(begun)
order by (span, collector, begun, epoch, key_id, sensor, type, collector_country, from_zone, from_country, subject_country, verdict)
ttl begun + interval 30 day settings ttl_only_drop_parts = 1;

-- What an operator decides of a sensor: 'excluded' is received and not judged.
create table if not exists fleet.sensor_state (sensor String, state LowCardinality(String), reason String, at DateTime default now())
engine = ReplacingMergeTree(at) order by sensor;

create table if not exists fleet.event (
  at DateTime64(6, 'UTC'), id String, kind LowCardinality(String), host LowCardinality(String), body String codec(ZSTD(3)))
engine = ReplacingMergeTree partition by toYYYYMMDD(at) order by (kind, host, at, id)
ttl toDateTime(at) + interval 90 day settings ttl_only_drop_parts = 1;

create table if not exists fleet.quarantine (
  received DateTime default now(), topic LowCardinality(String), part UInt32, place UInt64, reason LowCardinality(String),
  sensor String, message String codec(ZSTD(3)))
engine = ReplacingMergeTree(received) partition by toYYYYMMDD(received) order by (topic, part, place)
ttl received + interval 14 day;

create table if not exists fleet.threshold (detector LowCardinality(String), name LowCardinality(String), value UInt64)
engine = ReplacingMergeTree order by (detector, name);
insert into fleet.threshold
  select * from values('detector String, name String, value UInt64',
    ('F01', 'people_2h', 1000), ('F01', 'sources_2h', 20), ('F01', 'people_24h', 5000), ('F01', 'sources_24h', 50),
    ('F01', 'people_epoch', 10000), ('F01', 'sources_epoch', 50), ('F02', 'people', 200), ('F02', 'places', 10),
    ('F03', 'people', 200), ('F03', 'recipients', 10), ('F03', 'people_a_recipient', 3), ('F03', 'largest_percent', 30),
    ('F04', 'people', 1000), ('F04', 'sensitive_people', 100), ('F05', 'people', 100), ('F06', 'people', 200),
    ('F06', 'sensitive_people', 50), ('F06', 'days', 5), ('F06', 'day_share_percent', 50))
  where (detector, name) not in (select detector, name from fleet.threshold);

create table if not exists fleet.alert (
  detector LowCardinality(String), detector_name LowCardinality(String), severity LowCardinality(String), dedup_key String,
  day Date, raised DateTime64(3, 'UTC') default now64(3), collector String, epoch UInt32, key_id LowCardinality(String),
  window_words String, people UInt64, people_low UInt64, people_high UInt64, sources_low UInt64, sites UInt32, places UInt32,
  countries Array(String), classes Array(String), largest_site String, largest_people UInt64, without_largest_low UInt64,
  signature String, explanation String)
engine = MergeTree partition by toYYYYMM(day) order by (dedup_key, day, raised) ttl day + interval 90 day;
