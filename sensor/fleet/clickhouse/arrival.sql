-- SPDX-License-Identifier: Apache-2.0
-- One message becomes a row of `sketch` or `event`, or lies in `quarantine` with its reason. `arrived` keeps nothing itself:
-- insert into it from wherever messages come (kafka.sql; a file, in tests).
create table if not exists fleet.arrived (topic String, part UInt32, place UInt64, message String) engine = Null;

create or replace function fleetTime as t -> parseDateTime64BestEffortOrZero(t, 6, 'UTC');
create or replace function fleetCode as (t, size, pattern) -> length(t) = size and match(t, pattern);
create or replace function fleetNumber as (json, name) ->
  JSONType(json, name) in ('Int64', 'UInt64') and JSONExtractFloat(json, name) between 0 and 9007199254740992;
create or replace function fleetText as (json, name, least_size) -> JSONType(json, name) = 'String'
  and lengthUTF8(JSONExtractString(json, name)) between least_size and 255
  and not match(JSONExtractString(json, name), '[\\x00-\\x1f\\x7f]');
-- The figures of `people` or `senders` against their registers.
create or replace function fleetCounted as c ->
  fleetNumber(c, 'estimate') and fleetNumber(c, 'low') and fleetNumber(c, 'high')
  and JSONExtractUInt(c, 'low') <= JSONExtractUInt(c, 'estimate') and JSONExtractUInt(c, 'estimate') <= JSONExtractUInt(c, 'high');
create or replace function fleetHllOf as c -> if(length(JSONExtractString(c, 'hll')) % 2 = 0
  and length(JSONExtractString(c, 'hll')) <= 2566 and match(JSONExtractString(c, 'hll'), '^[0-9a-f]+$'),
                                                 unhex(JSONExtractString(c, 'hll')), '');
create or replace function fleetAgrees as (c, ranks) ->
  abs(JSONExtractUInt(c, 'estimate') - fleetEstimate(ranks)) <= 6 * 0.02296 * fleetEstimate(ranks) + 3;

create table if not exists fleet.judged (
  reason LowCardinality(String), topic String, part UInt32, place UInt64, message String, s String, p String, f String, w String,
  c String, o String, people_hll String, senders_hll String, people_ranks Array(UInt8), senders_ranks Array(UInt8), begun DateTime64(6, 'UTC')) engine = Null;

create materialized view if not exists fleet.judge_arrived to fleet.judged as
  with JSONExtractRaw(message, 'sketch') as s, JSONExtractRaw(s, 'people') as p, JSONExtractRaw(s, 'senders') as f,
       JSONExtractRaw(s, 'window') as w, JSONExtractRaw(s, 'collector') as c, JSONExtractRaw(s, 'from') as o,
       fleetHllOf(p) as people_hll, fleetHllOf(f) as senders_hll,
       if(fleetHllIsGood(people_hll), fleetRanks(people_hll), emptyArrayUInt8()) as people_ranks,
       if(fleetHllIsGood(senders_hll), fleetRanks(senders_hll), emptyArrayUInt8()) as senders_ranks,
       fleetTime(JSONExtractString(w, 'begin')) as begun, fleetTime(JSONExtractString(w, 'end')) as ended
  select multiIf(
    length(message) > 65536, 'too_long',
    not isValidJSON(message), 'bad_json',
    JSONType(message, 'event_type') <> 'String', 'no_event',
    JSONExtractString(message, 'event_type') <> 'sketch', '',
    JSONType(s, 'version') not in ('Int64', 'UInt64') or JSONExtractInt(s, 'version') <> 1, 'unknown_version',
    not (fleetText(s, 'sensor', 1) and fleetText(c, 'id', 1) and fleetText(c, 'kind', 0) and fleetText(c, 'zone', 0)
         and fleetText(o, 'zone', 0) and fleetText(s, 'data_class', 0) and fleetText(s, 'type', 1) and fleetText(s, 'sensitivity', 0)
         and fleetText(s, 'verdict', 1) and fleetText(s, 'entry_id', 0) and fleetText(message, 'host', 0)
         and fleetCode(JSONExtractString(c, 'country'), 2, '^[A-Z]+$') and fleetCode(JSONExtractString(o, 'country'), 2, '^[A-Z]+$')
         and fleetCode(JSONExtractString(s, 'subject_country'), 2, '^[A-Z]+$')
         and fleetCode(JSONExtractString(s, 'key_id'), 8, '^[0-9a-f]+$')
         and fleetNumber(s, 'epoch') and fleetNumber(s, 'revision') and fleetNumber(s, 'sequence') and fleetNumber(s, 'findings')
         and fleetNumber(s, 'bytes') and fleetNumber(s, 'flows') and fleetNumber(w, 'seconds')
         and JSONExtractUInt(w, 'seconds') between 1 and 86400 and toUnixTimestamp(begun) > 0
         and (JSONExtractString(c, 'address') = '' or isIPv4String(JSONExtractString(c, 'address')) or isIPv6String(JSONExtractString(c, 'address')))
         and toUnixTimestamp(begun) % JSONExtractUInt(w, 'seconds') = 0
         and toUnixTimestamp(ended) - toUnixTimestamp(begun) = JSONExtractUInt(w, 'seconds')
         and fleetNumber(p, 'estimate') and fleetNumber(p, 'low') and fleetNumber(p, 'high')), 'bad_field',
    not fleetHllIsGood(people_hll) or not fleetHllIsGood(senders_hll), 'bad_hll',
    not fleetCounted(p) or not fleetCounted(f) or not fleetAgrees(p, people_ranks) or not fleetAgrees(f, senders_ranks)
      or JSONExtractUInt(p, 'low') > JSONExtractUInt(s, 'findings'), 'contradiction',
    ended > now64(6) + toIntervalSecond((select max(value) from fleet.setting where name = 'future_s')), 'future',
    begun < now64(6) - toIntervalDay((select max(value) from fleet.setting where name = 'retention_days')), 'too_late',
    JSONExtractUInt(s, 'epoch') <> intDiv(toUnixTimestamp(begun),
                                          86400 * greatest(1, (select max(value) from fleet.setting where name = 'epoch_days'))), 'epoch_mismatch',
    '') as reason, topic, part, place, message, s, p, f, w, c, o, people_hll, senders_hll, people_ranks,
    senders_ranks, begun
  from fleet.arrived;

create materialized view if not exists fleet.keep_sketch to fleet.sketch as
  select toDateTime(begun, 'UTC') as window_begin, JSONExtractUInt(w, 'seconds') as window_s, JSONExtractString(s, 'sensor') as sensor,
    JSONExtractString(message, 'host') as host, JSONExtractUInt(s, 'epoch') as epoch, JSONExtractString(s, 'key_id') as key_id,
    JSONExtractUInt(s, 'revision') as revision, JSONExtractUInt(s, 'sequence') as sequence, JSONExtractString(c, 'id') as collector,
    JSONExtractString(c, 'kind') as collector_kind, JSONExtractString(c, 'address') as address,
    JSONExtractString(c, 'country') as collector_country, JSONExtractString(c, 'zone') as collector_zone,
    JSONExtractString(o, 'zone') as from_zone, JSONExtractString(o, 'country') as from_country,
    JSONExtractString(s, 'data_class') as data_class, JSONExtractString(s, 'type') as type,
    JSONExtractString(s, 'sensitivity') as sensitivity, JSONExtractString(s, 'subject_country') as subject_country,
    JSONExtractString(s, 'verdict') as verdict, JSONExtractString(s, 'entry_id') as entry_id,
    people_hll as people, JSONExtractUInt(p, 'low') as people_low, JSONExtractUInt(p, 'high') as people_high,
    senders_hll as senders, JSONExtractUInt(f, 'low') as senders_low, JSONExtractUInt(f, 'high') as senders_high,
    JSONExtractUInt(s, 'findings') as findings, JSONExtractUInt(s, 'bytes') as bytes, JSONExtractUInt(s, 'flows') as flows
  from fleet.judged where reason = '' and s <> '';

create materialized view if not exists fleet.unite to fleet.united as
  select span, toDateTime(intDiv(toUnixTimestamp(begun), span) * span, 'UTC') as begun, JSONExtractString(c, 'id') as collector,
    JSONExtractUInt(s, 'epoch') as epoch, JSONExtractString(s, 'key_id') as key_id, JSONExtractString(s, 'sensor') as sensor,
    JSONExtractString(s, 'type') as type, JSONExtractString(c, 'country') as collector_country,
    JSONExtractString(o, 'zone') as from_zone, JSONExtractString(o, 'country') as from_country,
    JSONExtractString(s, 'subject_country') as subject_country, JSONExtractString(s, 'verdict') as verdict,
    any(JSONExtractString(s, 'data_class')) as data_class, any(JSONExtractString(s, 'sensitivity')) as sensitivity,
    maxForEachState(people_ranks) as people, max(JSONExtractUInt(p, 'low')) as people_low, maxForEachState(senders_ranks) as senders
  from fleet.judged array join [toUInt32(3600), toUInt32(86400)] as span
  where reason = '' and s <> ''
  group by span, begun, collector, epoch, key_id, sensor, type, collector_country, from_zone, from_country, subject_country, verdict;

create materialized view if not exists fleet.keep_event to fleet.event as
  select fleetTime(JSONExtractString(message, 'timestamp')) as at, JSONExtractString(message, 'event_type') as kind,
    if(JSONExtractString(message, kind, 'context', 'id') = '', lower(hex(sipHash128(message))),
       JSONExtractString(message, kind, 'context', 'id')) as id, JSONExtractString(message, 'host') as host, message as body
  from fleet.judged where reason = '' and s = ''
    and kind in ('alert', 'transfer', 'blind_spot', 'stats', 'rules_reload', 'policy_reload', 'evidence', 'audit');

create materialized view if not exists fleet.keep_refused to fleet.quarantine as
  select topic, part, place, reason, JSONExtractString(s, 'sensor') as sensor, substring(message, 1, 2048) as message
  from fleet.judged where reason <> '';
