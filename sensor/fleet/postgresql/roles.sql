-- SPDX-License-Identifier: Apache-2.0
-- Three roles to grant to users: the loader writes what comes, readers see results, an officer decides about sensors and
-- alerts. Nobody but the owner changes detectors.
do $$ declare name text; begin
  foreach name in array array['fleet_loader', 'fleet_reader', 'fleet_officer'] loop
    if not exists (select from pg_roles where rolname = name) then execute format('create role %I nologin', name); end if;
  end loop;
  execute format('grant temporary on database %I to fleet_loader', current_database());
end $$;
revoke all on schema fleet from public;
revoke execute on all functions in schema fleet from public;
grant usage on schema fleet to fleet_loader, fleet_reader, fleet_officer;
grant execute on all functions in schema fleet to fleet_loader;
grant select, insert, update, delete on fleet.sensor, fleet.epoch_key, fleet.sketch, fleet.united, fleet.sensor_window,
  fleet.touched, fleet.event, fleet.quarantine, fleet.refused, fleet.alert to fleet_loader;
grant select on fleet.setting, fleet.threshold to fleet_loader;
grant select on all tables in schema fleet to fleet_reader, fleet_officer;
revoke select on fleet.quarantine from fleet_reader;
grant execute on function fleet.setting(text), fleet.threshold(text, text), fleet.unpermitted(), fleet.clock(), fleet.rank(text),
  fleet.registers(hll), fleet.people(hll, bigint), fleet.low(hll), fleet.may_reach(hll, bigint),
  fleet.reaches(fleet.measured, bigint), fleet.words(bigint, bigint, bigint),
  fleet.measure(text[], integer, timestamptz, timestamptz, text[], boolean),
  fleet.past(timestamptz, timestamptz), fleet.collectors(timestamptz, timestamptz, integer) to fleet_reader, fleet_officer;
grant update (state, state_reason) on fleet.sensor to fleet_officer;
grant update (acknowledged, acknowledged_by, acknowledged_reason) on fleet.alert to fleet_officer;
grant update (value) on fleet.setting, fleet.threshold to fleet_officer;
grant update, insert on fleet.epoch_key to fleet_officer;
