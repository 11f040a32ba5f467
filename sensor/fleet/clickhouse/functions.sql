-- SPDX-License-Identifier: Apache-2.0
-- Reading and counting sketches. A state is the ranks of its registers, Array(UInt8) by number, shorter where the last ones
-- are zero: its union is the maximum of each (maxForEach), and no form of it holds a hash. (uniqCombined would: while it is
-- small it keeps the hashes themselves.)

-- Octets of postgresql-hll's storage format (schema version 1, log2m 11, regwidth 5) to ranks. Sparse: entries of 16 bits, 11
-- of number and 5 of rank, by number; full: eight ranks in five octets; empty: none.
create or replace function fleetRanks as b -> multiIf(
  bitAnd(reinterpretAsUInt8(substring(b, 1, 1)), 15) = 3,
    arrayFlatten(arrayMap(
      (entry, next) -> arrayPushBack(arrayResize(emptyArrayUInt8(), bitShiftRight(entry, 5) - next), toUInt8(bitAnd(entry, 31))),
      arrayMap(i -> reinterpretAsUInt16(reverse(substring(b, 4 + 2 * i, 2))), range(toUInt32(intDiv(length(b) - 3, 2)))),
      arrayMap(i -> if(i = 0, 0, bitShiftRight(reinterpretAsUInt16(reverse(substring(b, 2 + 2 * i, 2))), 5) + 1),
               range(toUInt32(intDiv(length(b) - 3, 2)))))),
  bitAnd(reinterpretAsUInt8(substring(b, 1, 1)), 15) = 4,
    arrayFlatten(arrayMap(
      g -> arrayMap(k -> toUInt8(bitAnd(bitShiftRight(reinterpretAsUInt64(reverse(substring(b, 4 + 5 * g, 5))), 35 - 5 * k), 31)),
                    range(8)), range(256))),
  emptyArrayUInt8());

-- Whether octets are of that format: header, length, and sparse registers in order, each with a rank.
create or replace function fleetHllIsGood as b -> multiIf(
  b = unhex('118b40'), 1,
  substring(b, 1, 3) = unhex('148b40'), length(b) = 1283,
  substring(b, 1, 3) = unhex('138b40') and length(b) > 3 and length(b) < 1283 and length(b) % 2 = 1,
    not has(arrayMap(i -> bitAnd(reinterpretAsUInt8(substring(b, 5 + 2 * i, 1)), 31), range(toUInt32(intDiv(length(b) - 3, 2)))), 0)
    and arrayAll(step -> step > 0, arrayPopFront(arrayDifference(arrayMap(
      i -> toInt32(bitShiftRight(reinterpretAsUInt16(reverse(substring(b, 4 + 2 * i, 2))), 5)),
      range(toUInt32(intDiv(length(b) - 3, 2))))))),
  0);

-- O. Ertl, "New cardinality estimation algorithms for HyperLogLog sketches" (2017), as the sensors and the PostgreSQL schema
-- have it: sigma weighs the registers at zero.
create or replace function fleetSigma as x -> x + arraySum(k -> exp2(k - 1) * pow(x, exp2(k)), range(1, 18));
create or replace function fleetUsed as ranks -> arrayCount(r -> r > 0, ranks);
create or replace function fleetEstimate as ranks -> if(fleetUsed(ranks) = 0, 0., 0.5 / log(2) * 2048 * 2048 / (
  arraySum(r -> if(r = 0, 0., exp2(-r)), ranks) + 2048 * fleetSigma(1 - fleetUsed(ranks) / 2048)));
-- Three standard errors: 2.3 % each of large counts, of small ones what linear counting has.
create or replace function fleetMargin as n ->
  3 * least(1.04 / sqrt(2048) * n, sqrt(2048 * greatest(0, exp(least(n / 2048, 20)) - n / 2048 - 1)));
-- Bounds, outward to whole people from 3 on. `at_least` is what is known otherwise, as a sensor's own exact count.
create or replace function fleetPeople as (ranks, at_least) -> greatest(toUInt64(round(fleetEstimate(ranks))), at_least);
create or replace function fleetLow as (ranks, at_least) -> greatest(
  toUInt64(greatest(0, floor(fleetEstimate(ranks) - fleetMargin(fleetEstimate(ranks))))), fleetUsed(ranks), at_least);
create or replace function fleetHigh as (ranks, at_least) -> greatest(
  toUInt64(ceil(greatest(0, fleetEstimate(ranks) + fleetMargin(fleetEstimate(ranks)) - 0.1))), fleetUsed(ranks), at_least);
