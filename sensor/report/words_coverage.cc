// SPDX-License-Identifier: Apache-2.0
// The byte ledger in words: what became of every byte, and what was not seen.
#include <cstring>

#include "report/words.h"

namespace gander::report {
namespace {

std::uint64_t CategorySum(const ByteLedger& ledger, std::string_view category) noexcept {
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < kByteFates; ++i) {
    if (NameOf(static_cast<ByteFate>(i)).category == category) sum += ledger.bytes[i];
  }
  return sum;
}

}  // namespace

std::vector<LedgerRow> LedgerRows(const ByteLedger& ledger) {
  std::vector<LedgerRow> rows;
  for (std::size_t i = 0; i < kByteFates; ++i) {
    if (ledger.bytes[i] == 0) continue;
    const ByteFateName& name = NameOf(static_cast<ByteFate>(i));
    std::string reason = std::strcmp(name.category, name.reason) == 0 ? "" : name.reason;
    for (char& c : reason) c = c == '_' ? ' ' : c;
    rows.push_back({name.category, std::move(reason), name.help, ledger.bytes[i]});
  }
  return rows;
}

std::string Balance(const RunState& state) {
  const std::uint64_t received = state.ledger.received, sum = state.ledger.Sum();
  if (sum == received) return "The sum equals what arrived.";
  if (sum > received)
    return "The sum is " + Grouped(sum - received) +
           " bytes more than what arrived: this is a fault in Gander.";
  const std::string less = Grouped(received - sum) + " bytes less than what arrived";
  if (state.finished) return "The sum is " + less + ": this is a fault in Gander.";
  return "The sum is " + less + ": held for reassembly, their fate is open.";
}

std::vector<std::string> NotSeen(const RunState& state) {
  const ByteLedger& ledger = state.ledger;
  std::vector<std::string> out;
  const auto share = [&](std::uint64_t n) { return ByteText(n) + " (" + Percent(n, ledger.received) + ")"; };
  if (const auto n = CategorySum(ledger, "encrypted"); n > 0) {
    out.push_back(share(n) + " was encrypted: who spoke to whom and how much is known, not what was said.");
  }
  if (const auto n = CategorySum(ledger, "opaque"); n > 0) {
    out.push_back(share(n) + " was in a form Gander does not read: binary, a damaged coding, or not IP.");
  }
  if (const auto n = CategorySum(ledger, "skipped"); n > 0) {
    out.push_back(share(n) + " was left out because the configuration says so.");
  }
  if (const auto n = ledger.Lost(); n > 0) {
    out.push_back(share(n) + " was lost on the way to inspection; the table above says where.");
  }
  if (ledger.gap_bytes > 0) {
    out.push_back(ByteText(ledger.gap_bytes) + " in " + Plural(ledger.gaps, "hole", "holes") +
                  " of TCP streams never reached this port.");
  }
  const std::uint64_t drops = state.kernel_drops + state.interface_drops;
  if (drops > 0) {
    out.push_back(Plural(drops, "packet was", "packets were") + " dropped before Gander saw them (kernel " +
                  Grouped(state.kernel_drops) + ", interface " + Grouped(state.interface_drops) + ", " +
                  Percent(drops, drops + ledger.packets) + " of all).");
  }
  if (state.events_dropped > 0) {
    out.push_back(Plural(state.events_dropped, "event was", "events were") +
                  " lost because a sink was full or failed.");
  }
  if (state.transfers_not_shown > 0) {
    out.push_back(Plural(state.transfers_not_shown, "smaller transfer is", "smaller transfers are") +
                  " neither listed nor summed here; the events hold them.");
  }
  return out;
}

}  // namespace gander::report
