-- SPDX-License-Identifier: Apache-2.0
-- A partition a day (UTC). The loader calls keep_partitions() each hour; retention is a dropped partition.

create or replace function fleet.setting(wanted text) returns bigint language sql stable as
$$ select value from fleet.setting where name = wanted $$;

-- Makes the partitions from the oldest day that is kept to the day after tomorrow and drops older ones. Returns how many
-- it made and dropped.
create or replace function fleet.keep_partitions(out made integer, out dropped integer)
language plpgsql security definer set search_path = fleet, public, pg_temp as $$
declare
  kind record; day date; today date := (now() at time zone 'UTC')::date; part text; oldest date; old record;
begin
  made := 0; dropped := 0;
  perform pg_advisory_xact_lock(hashtext('fleet.keep_partitions'));
  for kind in select parent, fleet.setting(days_setting)::integer as days from fleet.partition_kind loop
    oldest := today - kind.days;
    for day in select d::date from generate_series(oldest, today + 2, interval '1 day') d loop
      part := format('%s_%s', kind.parent, to_char(day, 'YYYYMMDD'));
      continue when to_regclass('fleet.' || part) is not null;
      execute format('create table fleet.%I partition of fleet.%I for values from (%L) to (%L)', part, kind.parent,
                     day || ' 00:00+00', day + 1 || ' 00:00+00');
      made := made + 1;
    end loop;
    for old in select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid
               where i.inhparent = ('fleet.' || kind.parent)::regclass
                 and c.relname < format('%s_%s', kind.parent, to_char(oldest, 'YYYYMMDD')) loop
      execute format('drop table fleet.%I', old.relname);
      dropped := dropped + 1;
    end loop;
  end loop;
  delete from fleet.quarantine where received < now() - make_interval(days => fleet.setting('quarantine_days')::integer);
  delete from fleet.refused where hour < now() - make_interval(days => fleet.setting('event_days')::integer);
  delete from fleet.alert where last_raised < now() - make_interval(days => fleet.setting('event_days')::integer);
end $$;
