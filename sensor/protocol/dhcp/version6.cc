// SPDX-License-Identifier: Apache-2.0
#include <bitset>
#include <iterator>
#include <string>

#include "base/byte_reader.h"
#include "protocol/dhcp/dhcp.h"
#include "protocol/dhcp/told.h"

namespace gander::protocol::dhcp {
namespace {

constexpr std::uint16_t kClientPort = 546, kServerPort = 547;
constexpr std::size_t kAddress = 16;

// IANA "Message Types" of DHCPv6.
constexpr const char* kTypes[] = {nullptr,   "solicit", "advertise", "request",     "confirm",
                                  "renew",   "rebind",  "reply",     "release",     "decline",
                                  "reconfigure", "information-request", "relay-forw", "relay-repl"};
enum Type : std::uint8_t { kAdvertise = 2, kReplyType = 7, kReconfigure = 10, kRelayForward = 12, kRelayReply = 13 };

enum Option : std::uint16_t {
  kClientId = 1, kServerId = 2, kAddresses = 3, kTemporaryAddresses = 4, kAddressOption = 5, kRelayMessage = 9,
  kStatus = 13, kUserClass = 15, kVendorClass = 16, kInterfaceId = 18, kDnsServers = 23, kDomains = 24,
  kPrefixes = 25, kPrefix = 26, kRemoteId = 37, kSubscriberId = 38, kClientName = 39, kBootFile = 59, kLinkLayer = 79
};

bool FromServer(std::uint8_t type) noexcept {
  return type == kAdvertise || type == kReplyType || type == kReconfigure || type == kRelayReply;
}
bool IsRelayed(std::uint8_t type) noexcept { return type == kRelayForward || type == kRelayReply; }

// Octets before the options; 0 when none of a known type begins so.
std::size_t HeaderOf(Bytes message) noexcept {
  if (message.empty()) return 0;
  const std::uint8_t type = Octets(message)[0];
  const std::size_t header = IsRelayed(type) ? 2 + 2 * kAddress : 4;
  return type == 0 || type >= std::size(kTypes) || message.size() < header ? 0 : header;
}

// Whether options fill `bytes` without a rest; at least one.
bool OptionsFill(Bytes bytes) noexcept {
  ByteReader in(bytes);
  while (in.remaining() > 0) {
    in.U16();
    in.Skip(in.U16());
  }
  return !bytes.empty() && !in.failed();
}

class OptionReader {
 public:
  explicit OptionReader(Told& told) noexcept : told_(told) {}

  // The innermost message says what it is about.
  bool ReadMessage(Bytes message, int relays) noexcept {
    const std::size_t header = HeaderOf(message);
    if (header == 0 || relays > kMaxRelays) return false;
    const std::uint8_t type = Octets(message)[0];
    if (!IsRelayed(type)) {
      from_server_ = FromServer(type);
      told_.event.String("type", from_server_ ? "reply" : "request")
          .Integer("id", ByteReader(message.subspan(1)).U24())
          .String("dhcp_type", kTypes[type]);
      named_ = true;
    } else if (relays == 0) {
      told_.Address("relay_ip", message.subspan(2, kAddress), Privacy::kPublic);
    }
    return ReadOptions(message.subspan(header), relays, 0);
  }
  bool named() const noexcept { return named_; }

 private:
  bool ReadOptions(Bytes options, int relays, int depth) noexcept {
    ByteReader in(options);
    bool fine = true;
    for (int i = 0; i < kMaxOptions && in.remaining() > 0; ++i) {
      const auto code = static_cast<Option>(in.U16());
      const Bytes value = in.Take(in.U16());
      if (in.failed()) return false;
      fine = Tell(code, value, relays, depth) && fine;
    }
    return fine;
  }

  bool Tell(Option code, Bytes value, int relays, int depth) noexcept {
    ByteReader in(value);
    switch (code) {
      case kRelayMessage: return ReadMessage(value, relays + 1);
      case kAddresses:
      case kPrefixes:
      case kTemporaryAddresses: return ReadAssociation(code, value, relays, depth);
      case kAddressOption:
      case kPrefix: return ReadAddress(code, value);
      case kClientId: return ReadClientId(value);
      case kLinkLayer: return value.size() > 2 && ReadHardware(value.subspan(2));
      case kDnsServers:
        if (Once(code)) told_.Addresses("dns_servers", value, kAddress);
        return value.size() % kAddress == 0;
      case kClientName: return ReadClientName(value);
      case kDomains: {
        const std::string names = DomainNames(value);
        told_.Field("domain", AsBytes(names));
        return true;
      }
      case kVendorClass:
        in.U32();  // enterprise
        if (const Bytes name = in.Take(in.U16()); !in.failed() && Once(code)) {
          told_.Text("vendor_class_identifier", name, Privacy::kPublic);
          told_.Field("", name);
        }
        return !in.failed();
      case kStatus:
        in.U16();
        told_.Field("", in.rest());
        return !in.failed();
      case kRemoteId:
        in.U32();
        told_.Field("subscriber", in.rest());
        return !in.failed();
      case kSubscriberId:
      case kInterfaceId: told_.Field("subscriber", value); return true;
      case kUserClass:
      case kBootFile: told_.Field("", value); return true;
      default: return true;
    }
  }

  // An identity association: times, then options with its addresses.
  bool ReadAssociation(Option code, Bytes value, int relays, int depth) noexcept {
    ByteReader in(value);
    in.U32();  // its identity
    if (code != kTemporaryAddresses) {
      const std::uint32_t renew = in.U32(), rebind = in.U32();
      if (!in.failed() && from_server_ && Once(kAddresses)) {
        told_.Number("renewal_time", renew);
        told_.Number("rebinding_time", rebind);
      }
    }
    constexpr int kMaxDepth = 2;
    return !in.failed() && (depth == kMaxDepth || ReadOptions(in.rest(), relays, depth + 1));
  }

  bool ReadAddress(Option code, Bytes value) noexcept {
    ByteReader in(value);
    Bytes address;
    if (code == kAddressOption) address = in.Take(kAddress);
    in.U32();  // preferred lifetime
    const std::uint32_t valid = in.U32();
    if (code == kPrefix) {
      in.U8();
      address = in.Take(kAddress);
    }
    if (in.failed()) return false;
    if (!Once(kAddressOption)) return true;
    told_.Address(from_server_ ? "assigned_ip" : "requested_ip", address, Privacy::kPersonal);
    if (from_server_) told_.Number("lease_time", valid);
    return true;
  }

  // RFC 8415 §11: a type, and a hardware address where it has one.
  bool ReadClientId(Bytes value) noexcept {
    if (value.size() < 3) return false;
    if (Once(kClientId)) told_.Hex("client_id", value, Privacy::kPersonal);
    constexpr std::uint16_t kWithTime = 1, kWithName = 2, kLinkLayerOnly = 3;
    const std::uint16_t type = ByteReader(value).U16();
    if (type == kWithName && value.size() > 6) told_.Field("client id", value.subspan(6));
    const std::size_t before = type == kWithTime ? 8 : 4;
    if ((type == kWithTime || type == kLinkLayerOnly) && value.size() > before)
      return ReadHardware(value.subspan(before));
    return true;
  }

  bool ReadHardware(Bytes octets) noexcept {
    if (!Once(kLinkLayer)) return true;
    told_.Hex("client_mac", octets, Privacy::kPersonal);
    const std::string mac = HexOf(octets);
    told_.sink.OnField("dhcp.client_mac", "mac", told_.direction, AsBytes(mac));
    return true;
  }

  bool ReadClientName(Bytes value) noexcept {
    if (value.empty()) return false;
    // A name that is not qualified has no end (RFC 4704 §4.2).
    std::string labels(AsText(value.subspan(1)));
    if (labels.empty() || labels.back() != '\0') labels += '\0';
    const std::string name = DomainNames(AsBytes(labels));
    if (name.empty()) return labels.size() == 1;
    if (Once(kClientName)) told_.Text("hostname", AsBytes(name), Privacy::kPersonal);
    told_.Field("host", AsBytes(name));
    return true;
  }

  // Whether it is the first of its kind.
  bool Once(Option code) noexcept {
    const bool first = !seen_[code];
    seen_[code] = true;
    return first;
  }

  Told& told_;
  std::bitset<128> seen_;
  bool from_server_ = false, named_ = false;
};

}  // namespace

bool ReadVersion6(Bytes message, Told& told) noexcept {
  if (HeaderOf(message) == 0) return false;
  OptionReader options(told);
  const bool fine = options.ReadMessage(message, 0);
  if (!options.named()) told.event.String("dhcp_type", kTypes[Octets(message)[0]]);
  if (!fine) told.sink.OnAnomaly("malformed_options");
  return true;
}

// Options that fill the message; on other ports than its own, one of them must say who the client is, as the first
// does.
Probe ProbeVersion6(const ProbeInput& input) noexcept {
  const std::size_t header = HeaderOf(input.bytes);
  if (header == 0 || !OptionsFill(input.bytes.subspan(header))) return Probe::kNo;
  const auto is_port = [](std::uint16_t port) { return port == kServerPort || port == kClientPort; };
  if (is_port(input.server_port) && (is_port(input.client_port) || input.client_port == 0)) return Probe::kYes;
  ByteReader first(input.bytes.subspan(header));
  const std::uint16_t code = first.U16(), length = first.U16();
  const bool relayed = IsRelayed(Octets(input.bytes)[0]);
  return !relayed && code == kClientId && length >= 10 && length <= 130 ? Probe::kYes : Probe::kNo;
}

}  // namespace gander::protocol::dhcp
