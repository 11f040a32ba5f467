// SPDX-License-Identifier: Apache-2.0
// The byte ledger in words: what became of every byte, and what was not seen.
#include <algorithm>
#include <cstring>

#include "report/packet_loss.h"
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

// "nic missed 12, ring full 3": those that happened.
std::string Named(const std::vector<PacketLoss>& losses) {
  std::string out;
  for (const PacketLoss& loss : losses) {
    if (loss.packets == 0) continue;
    out += (out.empty() ? "" : ", ") + std::string(loss.words) + " " + Grouped(loss.packets);
  }
  return out;
}

void AppendPacketLosses(const RunState& state, std::vector<std::string>& out) {
  const std::vector<PacketLoss> losses = PacketLosses(state);
  const std::uint64_t lost = Total(losses);
  if (lost == 0) return;
  out.push_back(Plural(lost, "packet was", "packets were") + " lost before Gander saw them (" +
                Named(losses) + "), " + Percent(lost, lost + state.ledger.packets) +
                " of all; their bytes are not known.");
  for (const QueueState& q : state.queues) {
    const std::vector<PacketLoss> own = PacketLosses(q);
    if (Total(own) == 0 || state.queues.size() == 1) continue;
    out.push_back("Port " + Clean(q.port) + ", queue " + std::to_string(q.queue) + ", worker " +
                  std::to_string(q.worker) + ": " + Named(own) + ".");
  }
}

// Worth a word from one packet in a hundred on: the mirror then costs twice what it shows.
void AppendMirroredTwice(const RunState& state, std::vector<std::string>& out) {
  for (const NamedCounter& c : state.counters) {
    if (c.name != "mirror_duplicates" || c.value * 100 < state.ledger.packets || c.value == 0) continue;
    out.push_back(Plural(c.value, "packet", "packets") + " (" + Percent(c.value, state.ledger.packets) +
                  ") came twice: nobody is counted twice, but the mirror copies ports on their way in and on their way "
                  "out. Mirror one of the two.");
  }
}

void AppendShedding(const RunState& state, std::vector<std::string>& out) {
  constexpr std::size_t kShown = 12;
  const std::size_t spans = state.shedding.size();
  if (spans == 0) return;
  out.push_back("Under overload something was left out for " +
                Plural(state.shedding_seconds, "second", "seconds") + " of packet time, workers added up:");
  for (std::size_t i = spans > kShown ? spans - kShown : 0; i < spans; ++i) {
    const Shedding& s = state.shedding[i];
    std::string level = s.highest;
    for (char& c : level) c = c == '_' ? ' ' : c;
    out.push_back("Worker " + std::to_string(s.worker) + ", " + ShortTime(s.begin) + " to " +
                  (s.over ? ShortTime(s.end) : "now") + " (" + Length(s.end - s.begin) + "), up to " + level +
                  ": " + ByteText(s.bytes) + " left out, " + Plural(s.packets, "packet", "packets") +
                  " read, " + Plural(s.lost_packets, "packet", "packets") + " lost before it.");
  }
  if (spans > kShown) out.push_back("And " + Grouped(spans - kShown) + " earlier times, in the events.");
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
  if (state.past && state.past->stretch) {
    return "The sum differs from what arrived by " + Grouped(std::max(sum, received) - std::min(sum, received)) +
           " bytes, held for reassembly where this stretch begins or ends.";
  }
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
    out.push_back(share(n) + " was lost on the way to inspection; the byte ledger says where.");
  }
  if (ledger.gap_bytes > 0) {
    out.push_back(ByteText(ledger.gap_bytes) + " in " + Plural(ledger.gaps, "hole", "holes") +
                  " of TCP streams never reached this port.");
  }
  AppendMirroredTwice(state, out);
  AppendPacketLosses(state, out);
  AppendShedding(state, out);
  for (const auto& [port, problem] : state.broken_ports) {
    out.push_back("Port " + Clean(port) + " does not work: " + Clean(problem) + ".");
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
