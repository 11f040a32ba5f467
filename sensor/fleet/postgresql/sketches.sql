-- SPDX-License-Identifier: Apache-2.0
-- How many people a union of sketches stands for, and how sure that is. hll_cardinality() is up to 3 % too high between
-- 4,000 and 7,000 people, where the classic estimator changes its method; the estimator of O. Ertl, "New cardinality
-- estimation algorithms for HyperLogLog sketches" (2017), has no such seam and is the one that the sensors use.

-- The ranks that are not zero: of FULL and SPARSE states of log2m 11 and regwidth 5 (postgresql-hll's storage
-- specification, schema version 1).
create or replace function fleet.ranks(state hll) returns smallint[] language sql immutable strict parallel safe as $$
  with b as materialized (select hll_send(state) as v)
  select case get_byte(v, 0) & 15
    when 3 then (select array_agg((get_byte(v, 4 + 2 * i) & 31)::smallint) from generate_series(0, (length(v) - 3) / 2 - 1) i)
    when 4 then (select array_agg(rank) from (
      select ((((get_byte(v, 3 + i * 5 / 8) << 8) | case when 4 + i * 5 / 8 < length(v) then get_byte(v, 4 + i * 5 / 8) else 0 end)
              >> (11 - i * 5 % 8)) & 31)::smallint as rank from generate_series(0, 2047) i) r where rank > 0)
    end from b
$$;

-- Estimate with its bounds. `at_least`: what is known otherwise, as a sensor's own exact count (0: nothing). The standard
-- error is 2.3 % of large counts; of small ones it is what linear counting has, sqrt(m (e^t - t - 1)) with t = n / m. The
-- bounds lie three of them away, outward to whole people from 3 on, and never under the number of registers in use: each was
-- set by somebody.
create or replace function fleet.people(state hll, at_least bigint default 0, out estimate bigint, out low bigint, out high bigint)
language sql immutable parallel safe as $$
  with r as materialized (select coalesce(fleet.ranks(state), '{}') as ranks),
  parts as materialized (
    select cardinality(ranks) as used, 1 - cardinality(ranks) / 2048.0::float8 as x,
           (select coalesce(sum(0.5::float8 ^ rank), 0) from unnest(ranks) rank) as harmonic from r),
  -- Of the registers at zero: x + sum of 2^(k-1) x^(2^k). Terms that a double cannot hold are none.
  weights as (
    select used, harmonic + 2048 * (x + (
             select coalesce(sum(2.0::float8 ^ (k - 1) * exp(2.0::float8 ^ k * ln(x))), 0) from generate_series(1, 17) k
             where x > 0 and 2.0::float8 ^ k * ln(case when x > 0 then x else 1 end) > -700)) as z
    from parts),
  counted as (select used, case when used = 0 then 0 else 0.5 / ln(2.0::float8) * 2048.0 * 2048.0 / z end as n from weights),
  erring as (
    select used, n, 3 * least(1.04 / sqrt(2048.0::float8) * n, sqrt(2048 * greatest(0, exp(least(n / 2048, 20)) - n / 2048 - 1)))
      as margin from counted)
  select greatest(round(n), used, at_least)::bigint,
         greatest(floor(n - margin), used, at_least)::bigint,
         greatest(ceil(n + margin - 0.1), used, at_least)::bigint from erring
$$;
