// SPDX-License-Identifier: Apache-2.0
#include "detect/d16_critical_infrastructure/control_meter.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <string_view>
#include <tuple>

#include "detect/d16_critical_infrastructure/engineering_files.h"

namespace gander::detect {
namespace {

constexpr std::array<std::string_view, 7> kControlProtocols{"modbus", "dnp3", "s7",  "iec104",
                                                            "bacnet", "opcua", "enip"};

std::uint32_t Little16(Bytes b, std::size_t at) noexcept { return Octets(b)[at] | Octets(b)[at + 1] << 8; }
std::uint32_t Little32(Bytes b, std::size_t at) noexcept { return Little16(b, at) | Little16(b, at + 2) << 16; }

// Message type, 'F', and a size that holds at least the header.
bool IsOpcUa(Bytes b) noexcept {
  if (b.size() < 8 || b[3] != std::byte{'F'}) return false;
  const std::string_view head = AsText(b.first(4));
  const std::uint32_t size = Little32(b, 4);
  return (head == "HELF" || head == "ACKF" || head == "OPNF") && size >= 8 && size <= 65'536;
}

// RegisterSession, ListIdentity and ListServices open a session; each has its length and a status of zero.
bool IsEtherNetIp(Bytes b) noexcept {
  constexpr std::size_t kHeader = 24;
  if (b.size() < kHeader) return false;
  const std::uint32_t command = Little16(b, 0), length = Little16(b, 2);
  const bool opens = (command == 0x65 && length == 4) || ((command == 0x63 || command == 0x04) && length == 0);
  return opens && b.size() == kHeader + length && Little32(b, 8) == 0;
}

auto RankOf(const ControlMeter::Asked& a) noexcept {
  return std::tuple(a.client, a.server, a.server_port, std::string_view(a.protocol),
                    std::string_view(a.function), a.file);
}

}  // namespace

bool IsControlProtocol(std::string_view app_proto) noexcept {
  return std::find(kControlProtocols.begin(), kControlProtocols.end(), app_proto) != kControlProtocols.end();
}

const char* ControlProtocolOf(Bytes opening) noexcept {
  if (IsOpcUa(opening)) return "opcua";
  return IsEtherNetIp(opening) ? "enip" : "";
}

void ControlMeter::OnFunction(const FlowFacts& flow, const FunctionSeen& seen) noexcept {
  if (flow.client.zone == flow.server.zone) return;
  Asked asked;
  asked.protocol = flow.app_proto;
  asked.function = seen.name != nullptr ? seen.name : "";
  const std::string_view category = seen.category != nullptr ? seen.category : "";
  asked.acts = category == "write" || category == "control";
  Add(flow, asked);
}

void ControlMeter::OnOpening(const FlowFacts& flow, const OpeningSeen& seen) noexcept {
  Asked asked;
  asked.protocol = ControlProtocolOf(seen.bytes);
  if (asked.protocol[0] != '\0') Add(flow, asked);
}

void ControlMeter::OnFile(const FlowFacts& flow, const FileSeen& file) noexcept {
  if (flow.client.zone == flow.server.zone) return;
  Asked asked;
  asked.function = EngineeringFileOf(file.name, file.magic);
  if (asked.function[0] == '\0') return;
  asked.protocol = flow.app_proto;
  asked.file = file.direction == Direction::kToServer ? Asked::File::kByClient : Asked::File::kByServer;
  Add(flow, asked);
}

std::uint64_t ControlMeter::HashOf(const Asked& a) const noexcept {
  std::array<std::byte, 56> packed{};
  std::memcpy(packed.data(), a.client.octets.data(), 16);
  std::memcpy(packed.data() + 16, a.server.octets.data(), 16);
  const std::uint64_t words[] = {SipHash13(key_, AsBytes(a.protocol)), SipHash13(key_, AsBytes(a.function)),
                                 a.server_port | std::uint64_t{static_cast<std::uint8_t>(a.file)} << 16};
  std::memcpy(packed.data() + 32, words, sizeof words);
  return SipHash13(key_, packed);
}

void ControlMeter::Join(Asked& to, const Asked& from) noexcept {
  to.times += from.times;
  to.acts = to.acts || from.acts;  // one function may read or write, as its arguments say
  to.first_seen = std::min(to.first_seen, from.first_seen);
  to.last_seen = std::max(to.last_seen, from.last_seen);
  to.sample.KeepEarlier(from.sample);
}

void ControlMeter::Add(const FlowFacts& flow, Asked asked) noexcept {
  asked.client = flow.tuple.source;
  asked.server = flow.tuple.destination;
  asked.server_port = flow.tuple.destination_port;
  asked.times = 1;
  asked.first_seen = asked.last_seen = flow.time;
  asked.sample = {flow.time, flow.tuple, flow.flow_id};
  const std::uint64_t hash = HashOf(asked);
  const auto at = asked_.Find(hash, [&](const Asked& a) { return RankOf(a) == RankOf(asked); });
  if (at != EpochTable<Asked>::kNone) return Join(asked_.entries()[at], asked);
  if (asked_.full()) {
    ++overflow_;
    return;
  }
  asked_.Add(hash, asked);
}

void ControlMeter::Merge(const Meter& other) {
  const auto& o = static_cast<const ControlMeter&>(other);
  for (const Asked& asked : o.asked_.entries()) {
    const std::uint64_t hash = HashOf(asked);
    const auto at = asked_.Find(hash, [&](const Asked& a) { return RankOf(a) == RankOf(asked); });
    if (at != EpochTable<Asked>::kNone) {
      Join(asked_.entries()[at], asked);
      continue;
    }
    if (asked_.full()) asked_.Grow([this](const Asked& a) { return HashOf(a); });
    asked_.Add(hash, asked);
  }
  overflow_ += o.overflow_;
}

void ControlMeter::Clear() noexcept {
  asked_.Clear();
  overflow_ = 0;
}

std::vector<const ControlMeter::Asked*> ControlMeter::Sorted() const {
  std::vector<const Asked*> out;
  for (const Asked& a : asked_.entries()) out.push_back(&a);
  std::sort(out.begin(), out.end(), [](const Asked* a, const Asked* b) { return RankOf(*a) < RankOf(*b); });
  return out;
}

}  // namespace gander::detect
