// SPDX-License-Identifier: Apache-2.0
#include "protocol/smb/netbios.h"

#include <array>
#include <string>

#include "protocol/smb/header.h"
#include "protocol/smb/rpc.h"

namespace gander::protocol::smb {
namespace {

constexpr std::uint8_t kDirectUnique = 0x10, kBroadcast = 0x12;  // types of datagrams with a message
constexpr std::size_t kDatagramHeader = 14;
constexpr std::size_t kEncoded = 32, kName = 15;  // a name's letters; its characters, of which a type follows

// Half an octet a letter (RFC 1001 §14.1), behind their number; scopes until a zero. False when there is no name.
bool TakeName(Bytes& in, std::array<char, kName>& name) noexcept {
  if (in.size() < 1 + kEncoded + 1 || Octets(in)[0] != kEncoded) return false;
  const Bytes letters = in.subspan(1, kEncoded);
  for (std::size_t i = 0; i < kEncoded; ++i) {
    const std::uint8_t half = static_cast<std::uint8_t>(Octets(letters)[i] - 'A');
    if (half > 15) return false;
    if (i / 2 < kName) name[i / 2] = static_cast<char>(i % 2 == 0 ? half << 4 : name[i / 2] | half);
  }
  in = in.subspan(1 + kEncoded);
  while (!in.empty()) {
    const std::size_t label = Octets(in)[0];
    if (label >= in.size()) return false;
    in = in.subspan(1 + label);
    if (label == 0) return true;
  }
  return false;
}

// The message behind both names; empty when the datagram is not of the form.
Bytes TakeNames(Bytes in, std::array<char, kName>& source, std::array<char, kName>& destination) noexcept {
  return TakeName(in, source) && TakeName(in, destination) ? in : Bytes();
}

void OnHost(const std::array<char, kName>& name, Direction direction, MessageSink& sink) {
  std::string_view text(name.data(), name.size());
  while (!text.empty() && (text.back() == ' ' || text.back() == '\0')) text.remove_suffix(1);
  if (!text.empty()) sink.OnField("smb.host", "host", direction, AsBytes(text));
}

}  // namespace

void ReadSessionNames(Bytes data, Direction direction, MessageSink& sink) {
  std::array<char, kName> name{};
  while (TakeName(data, name)) OnHost(name, direction, sink);
}

bool IsDatagram(Bytes datagram) noexcept {
  if (datagram.size() < kDatagramHeader) return false;
  if (Octets(datagram)[0] < kDirectUnique || Octets(datagram)[0] > kBroadcast) return false;
  std::array<char, kName> source{}, destination{};
  const Bytes message = TakeNames(datagram.subspan(kDatagramHeader), source, destination);
  return message.size() >= kSmb1Header && VersionOf(message) == Version::kSmb1;
}

void ReadDatagram(Bytes datagram, Direction direction, MessageSink& sink) {
  std::array<char, kName> source{}, destination{};
  const Bytes message = TakeNames(datagram.subspan(kDatagramHeader), source, destination);
  OnHost(source, direction, sink);
  if (message.size() <= kSmb1Header) return;
  thread_local std::string text;
  text.clear();
  AppendStrings(message.subspan(kSmb1Header), text);
  if (!text.empty()) sink.OnField("smb.mailslot", {}, direction, AsBytes(text));
}

}  // namespace gander::protocol::smb
