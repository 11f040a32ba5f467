-- SPDX-License-Identifier: Apache-2.0
-- How many people a union of sketches stands for, and how sure that is. hll_cardinality() is up to 3 % too high between
-- 4,000 and 7,000 people, where the classic estimator changes its method; the estimator of O. Ertl, "New cardinality
-- estimation algorithms for HyperLogLog sketches" (2017), has no such seam and is the one that the sensors use.

-- Of a FULL or SPARSE state of log2m 11 and regwidth 5 (postgresql-hll's storage specification, schema version 1): how many
-- registers are in use, and the sum of 2^-rank over them.
create or replace function fleet.registers(state hll, out used integer, out harmonic float8)
language sql immutable parallel safe as $$
  with b as materialized (select v, get_byte(v, 0) & 15 as kind, length(v) as size from hll_send(state) v)
  select count(*), coalesce(sum(1.0::float8 / (1::bigint << rank)), 0) from (
    select get_byte(v, 4 + 2 * i) & 31 as rank from b, generate_series(0, (size - 3) / 2 - 1) i where kind = 3
    union all
    select ((get_byte(v, 3 + i * 5 / 8) << 8 | case when i < 2047 then get_byte(v, 4 + i * 5 / 8) else 0 end) >> (11 - i * 5 % 8)) & 31
    from b, generate_series(0, 2047) i where kind = 4) r where rank > 0
$$;

-- Estimate with its bounds. `at_least`: what is known otherwise, as a sensor's own exact count (0: nothing). The standard
-- error is 2.3 % of large counts; of small ones it is what linear counting has, sqrt(m (e^t - t - 1)) with t = n / m. The
-- bounds lie three of them away, outward to whole people from 3 on, and never under the number of registers in use: each was
-- set by somebody.
create or replace function fleet.people(state hll, at_least bigint default 0, out estimate bigint, out low bigint, out high bigint)
language sql immutable parallel safe as $$
  with parts as materialized (select r.used, 1 - r.used / 2048.0::float8 as x, r.harmonic from fleet.registers(state) r),
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
