-- SPDX-License-Identifier: Apache-2.0
-- The fleet's database, made or brought up to date; may be run again at any time, also under load:
--   createdb gander_fleet && psql -v ON_ERROR_STOP=1 -d gander_fleet -f install.sql
-- Needs PostgreSQL 15 with the extension hll (Debian: postgresql-15-hll), and a superuser for the extension and roles.
\set ON_ERROR_STOP on
set client_min_messages = warning;
set check_function_bodies = off;  -- some speak of temporary tables
create extension if not exists hll with schema public;
create schema if not exists fleet;
begin;
\ir tables.sql
\ir partitions.sql
\ir sketches.sql
\ir take.sql
\ir events.sql
\ir findings.sql
\ir judge.sql
\ir views.sql
\ir roles.sql
commit;
select fleet.keep_partitions();
