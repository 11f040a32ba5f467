// SPDX-License-Identifier: Apache-2.0
// The keyed table of sketch/ under the floods of DETECTION.md §4: 65,536 slots, thirty days, forty slow keys with
// twenty subjects a day each.
//
//   gander-table-flood [MILLIONS OF FRESH KEYS]
//
// Prints how many slow keys were kept to the end with at least nine tenths of their subjects, how many fresh keys show
// more than is theirs, and bytes against the ceiling.
#include <chrono>
#include <cstdio>
#include <cstdlib>

#include "sketch/distinct_set.h"
#include "sketch/keyed_table.h"

namespace {

using namespace gander;  // NOLINT
using Table = sketch::KeyedTable<std::uint64_t, sketch::DistinctSet>;

constexpr std::uint64_t kSlow = 40, kADay = 20, kDays = 30, kFirstFresh = 1'000'000;
constexpr auto kNobody = [](const Table::Entry&) {};

void See(Table& table, std::uint64_t key, std::uint64_t subject) {
  Table::Entry* const e = table.FindOrAdd(SipHash13({1, 2}, key), key, 0, kNobody);
  if (e == nullptr) return;
  e->value.Insert(SipHash13({3, 4}, subject));
  table.Update(*e, e->value.bytes(), e->value.Count().low, kNobody);
}

// `findings` of fresh keys, `hits` for each key; the slow ones begin on `first_day`.
void Run(const char* name, std::uint64_t findings, std::uint64_t hits, std::uint64_t first_day) {
  const auto start = std::chrono::steady_clock::now();
  Table table({.keys = 65536, .bytes = std::size_t{16} << 20}, {5, 6});
  const std::uint64_t between = findings / (kDays * kADay);
  std::uint64_t fresh = 0;
  std::size_t most_bytes = 0;
  for (std::uint64_t day = 0; day < kDays; ++day) {
    for (std::uint64_t n = 0; n < kADay; ++n) {
      for (std::uint64_t i = 0; i < between; ++i, ++fresh) {
        // A key's hits come spread over as many keys as there are slots.
        const std::uint64_t window = fresh / 65536 / hits * 65536 + fresh % 65536;
        See(table, kFirstFresh + (hits == 1 ? fresh : window), fresh);
      }
      most_bytes = table.bytes() > most_bytes ? table.bytes() : most_bytes;
      if (day < first_day) continue;
      for (std::uint64_t key = 0; key < kSlow; ++key) See(table, key, (day * kADay + n) * kSlow + key);
    }
  }
  std::uint64_t kept = 0, inflated = 0;
  table.ForEach([&](const Table::Entry& e) {
    const sketch::Estimate count = e.value.Count();
    if (e.key < kSlow) {
      kept += count.high >= 9 * kADay * (kDays - first_day) / 10;  // beyond 256 they are estimates
    } else {
      inflated += count.low > hits;
    }
  });
  std::printf("%-40s %6.0f M  kept %2llu/%llu  false %llu  proven lost %llu  at most %.2f of %.0f MB  %.0f s\n", name,
              static_cast<double>(fresh) / 1e6, static_cast<unsigned long long>(kept),
              static_cast<unsigned long long>(kSlow), static_cast<unsigned long long>(inflated),
              static_cast<unsigned long long>(table.counters().evicted_proven),
              static_cast<double>(most_bytes) / 1048576.0, static_cast<double>(table.ceiling()) / 1048576.0,
              std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
  const double millions = argc > 1 ? std::strtod(argv[1], nullptr) : 50.0;
  const auto findings = static_cast<std::uint64_t>(millions * 1e6);
  Run("fresh keys", findings, 1, 0);
  Run("keys of five hits, slow ones from day 8", findings * 4 / 5, 5, 8);
}
