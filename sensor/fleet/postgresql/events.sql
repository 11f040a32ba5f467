-- SPDX-License-Identifier: Apache-2.0
-- Events of the sensors: kept as they came, known by their id (the alert's own, or a digest of the event).

create or replace function fleet.take_events() returns bigint language plpgsql as $$
declare
  oldest timestamptz := ((now() at time zone 'UTC')::date - fleet.setting('event_days')::integer) || ' 00:00+00';
  newest timestamptz := now() + make_interval(secs => fleet.setting('future_s'));
  taken bigint;
begin
  insert into incoming_refused
    select topic, part, place, case when at > newest then 'future' else 'too_late' end, host, kind || ' of ' || at, null
    from incoming_event where at < oldest or at > newest;
  insert into fleet.event (at, id, kind, host, body)
    select at, id, kind, host, body from incoming_event where at >= oldest and at <= newest order by at, id
  on conflict do nothing;
  get diagnostics taken = row_count;
  return taken;
end $$;
