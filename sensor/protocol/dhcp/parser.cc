// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <memory>
#include <string>

#include "protocol/dhcp/dhcp.h"
#include "protocol/dhcp/told.h"
#include "protocol/framing/printable.h"

namespace gander::protocol {
namespace dhcp {

std::string HexOf(Bytes octets) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string out;
  for (const std::byte b : octets) {
    if (!out.empty()) out += ':';
    out += kDigits[static_cast<std::uint8_t>(b) >> 4];
    out += kDigits[static_cast<std::uint8_t>(b) & 15];
  }
  return out;
}

std::string DomainNames(Bytes labels) {
  std::string out;
  bool within = false;  // a name that has begun
  while (!labels.empty()) {
    const std::size_t length = static_cast<std::uint8_t>(labels[0]);
    if (length > 63 || length >= labels.size()) return length == 0 ? out : std::string();
    labels = labels.subspan(1);
    if (length == 0) {
      within = false;
      continue;
    }
    if (!out.empty()) out += within ? '.' : ' ';
    within = true;
    out += AsText(TakeFront(labels, length));
  }
  return out;
}

void Told::Text(const char* key, Bytes value, Privacy privacy) {
  std::string scratch;
  event.String(key, framing::Printable(AsText(value), scratch), privacy);
}

void Told::Address(const char* key, Bytes octets, Privacy privacy) {
  if (octets.size() == 4) event.String(key, IpAddress::FromV4Octets(Octets(octets)).ToString(), privacy);
  if (octets.size() == 16) event.String(key, IpAddress::FromV6Octets(Octets(octets)).ToString(), privacy);
}

void Told::Addresses(const char* key, Bytes octets, std::size_t size) {
  if (octets.size() < size) return;
  event.BeginArray(key);
  for (std::size_t i = 0; i < kMaxAddresses && octets.size() >= size; ++i) {
    Address(nullptr, TakeFront(octets, size), Privacy::kPublic);
  }
  event.EndArray();
}

void Told::Hex(const char* key, Bytes octets, Privacy privacy) {
  if (!octets.empty()) event.String(key, HexOf(octets), privacy);
}

void Told::Field(std::string_view name, Bytes value) {
  while (!value.empty() && value.back() == std::byte{0}) value = value.first(value.size() - 1);
  if (!value.empty()) sink.OnField("dhcp.option", name, direction, value);
}

namespace {

using Reader = bool (*)(Bytes message, Told& told) noexcept;

class DhcpParser final : public Parser {
 public:
  explicit DhcpParser(Reader read) noexcept : read_(read) {}

  ParseStatus OnChunk(const stream::StreamChunk& chunk, MessageSink& sink) noexcept override {
    if (chunk.bytes.empty()) return ParseStatus::kContinue;
    event_.Clear();
    event_.BeginObject("dhcp");
    Told told{event_, chunk.direction, sink};
    if (!read_(chunk.bytes, told)) {
      if (messages_ == 0) return ParseStatus::kNotThis;
      sink.OnAnomaly("malformed_data");
      sink.OnFate(ByteFate::kOpaqueBinary, chunk.bytes.size());
      return ParseStatus::kContinue;
    }
    event_.EndObject();
    sink.OnEvent("dhcp", messages_++, chunk.direction, event_);
    return ParseStatus::kContinue;
  }
  void OnEnd(Direction, MessageSink&) noexcept override {}
  void Reset() noexcept override { messages_ = 0; }
  bool at_rest() const noexcept override { return true; }
  void Resume(std::uint32_t datagrams) noexcept override { messages_ = datagrams; }

 private:
  const Reader read_;
  std::uint32_t messages_ = 0;
  Record event_;
};

}  // namespace
}  // namespace dhcp

const ProtocolInfo kDhcp = {
    "dhcp",
    false,
    true,
    dhcp::ProbeVersion4,
    []() -> std::unique_ptr<Parser> { return std::make_unique<dhcp::DhcpParser>(dhcp::ReadVersion4); },
    FirstOctets{}.Range(1, 2)};
const ProtocolInfo kDhcpv6 = {
    "dhcpv6",
    false,
    true,
    dhcp::ProbeVersion6,
    []() -> std::unique_ptr<Parser> { return std::make_unique<dhcp::DhcpParser>(dhcp::ReadVersion6); },
    FirstOctets{}.Range(1, 13)};

}  // namespace gander::protocol
