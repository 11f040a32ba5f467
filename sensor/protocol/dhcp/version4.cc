// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <bitset>
#include <iterator>
#include <string>

#include "base/byte_reader.h"
#include "protocol/dhcp/dhcp.h"
#include "protocol/dhcp/told.h"

namespace gander::protocol::dhcp {
namespace {

constexpr std::uint32_t kCookie = 0x63825363;
constexpr std::uint16_t kServerPort = 67, kClientPort = 68;
constexpr std::uint8_t kRequest = 1, kReply = 2;
constexpr std::size_t kMaxHardware = 16, kNameLength = 64, kFileLength = 128;

enum Option : std::uint8_t {
  kPad = 0, kSubnetMask = 1, kRouters = 3, kDnsServers = 6, kHostName = 12, kDomain = 15, kRequestedAddress = 50,
  kLeaseTime = 51, kOverload = 52, kMessageType = 53, kParameters = 55, kMessage = 56, kRenewalTime = 58,
  kRebindingTime = 59, kVendorClass = 60, kClientId = 61, kTftpServer = 66, kBootFile = 67, kUserClass = 77,
  kClientName = 81, kRelayAgent = 82, kUserName = 98, kSearch = 119, kEnd = 255
};

// The header of a message with or without options.
struct Header {
  std::uint8_t op = 0, hardware_length = 0;
  std::uint32_t id = 0;
  Bytes client, yours, server, relay, hardware, name, file, options;
  bool has_options = false;
};

bool ReadHeader(Bytes message, Header& out) noexcept {
  if (message.size() < kHeader) return false;
  ByteReader in(message);
  out.op = in.U8();
  const std::uint8_t hardware = in.U8();
  out.hardware_length = in.U8();
  const std::uint8_t hops = in.U8();
  out.id = in.U32();
  in.Skip(4);  // seconds, flags
  out.client = in.Take(4);
  out.yours = in.Take(4);
  out.server = in.Take(4);
  out.relay = in.Take(4);
  out.hardware = in.Take(kMaxHardware);
  out.name = in.Take(kNameLength);
  out.file = in.Take(kFileLength);
  out.has_options = in.U32() == kCookie;
  out.options = in.rest();
  // RFC 951 allows three hops, RFC 1542 §4.1.1 sixteen.
  return (out.op == kRequest || out.op == kReply) && hardware != 0 && out.hardware_length <= kMaxHardware && hops <= 16;
}

const char* TypeName(std::uint8_t type) noexcept {
  static constexpr const char* kNames[] = {
      "unknown", "discover", "offer",      "request",    "decline",         "ack",          "nak",
      "release", "inform",   "forcerenew", "leasequery", "leaseunassigned", "leaseunknown", "leaseactive"};
  return kNames[type < std::size(kNames) ? type : 0];
}

const char* ParameterName(std::uint8_t option) noexcept {
  switch (option) {
    case kSubnetMask: return "subnet_mask";
    case kRouters: return "router";
    case kDnsServers: return "dns_server";
    case kDomain: return "domain";
    case 35: return "arp_timeout";
    case 42: return "ntp_server";
    case kTftpServer: return "tftp_server_name";
    case 150: return "tftp_server_ip";
    default: return nullptr;
  }
}

class OptionReader {
 public:
  explicit OptionReader(Told& told) noexcept : told_(told) {}

  // False when they end in the middle of one, or nowhere (`ends`: there must be an end option).
  bool Read(Bytes options, bool ends) noexcept {
    ByteReader in(options);
    for (int i = 0; i < kMaxOptions && in.remaining() > 0; ++i) {
      const std::uint8_t code = in.U8();
      if (code == kEnd) return true;
      if (code == kPad) {
        --i;
        continue;
      }
      const Bytes value = in.Take(in.U8());
      if (in.failed()) return false;
      Tell(static_cast<Option>(code), value, !seen_[code]);
      seen_[code] = true;
    }
    return !ends;
  }
  std::uint8_t overload() const noexcept { return overload_; }
  bool malformed() const noexcept { return malformed_; }

 private:
  // `first`: what is split over several options (RFC 3396) is told by its front.
  void Tell(Option code, Bytes value, bool first) noexcept {
    Scan(code, value);
    if (!first || value.empty()) return;
    switch (code) {
      case kSubnetMask: told_.Address("subnet_mask", value, Privacy::kPublic); break;
      case kRouters: told_.Addresses("routers", value, 4); break;
      case kDnsServers: told_.Addresses("dns_servers", value, 4); break;
      case kHostName: told_.Text("hostname", value, Privacy::kPersonal); break;
      case kRequestedAddress: told_.Address("requested_ip", value, Privacy::kPersonal); break;
      case kLeaseTime: Seconds("lease_time", value); break;
      case kRenewalTime: Seconds("renewal_time", value); break;
      case kRebindingTime: Seconds("rebinding_time", value); break;
      case kOverload: overload_ = Octets(value)[0]; break;
      case kMessageType: told_.event.String("dhcp_type", TypeName(Octets(value)[0])); break;
      case kParameters: Parameters(value); break;
      case kVendorClass: told_.Text("vendor_class_identifier", value, Privacy::kPublic); break;
      case kClientId:
        malformed_ |= value.size() < 2;
        told_.Hex("client_id", value.subspan(1), Privacy::kPersonal);
        break;
      default: break;
    }
  }

  void Seconds(const char* key, Bytes value) {
    if (value.size() == 4) {
      told_.Number(key, ByteReader(value).U32());
    } else {
      malformed_ = true;
    }
  }

  void Parameters(Bytes wanted) {
    told_.event.BeginArray("params");
    for (const std::byte code : wanted) {
      if (const char* name = ParameterName(static_cast<std::uint8_t>(code))) told_.event.String(nullptr, name);
    }
    told_.event.EndArray();
  }

  void Scan(Option code, Bytes value) {
    constexpr std::uint8_t kText = 0;
    switch (code) {
      case kHostName: told_.Field("host", value); break;
      case kDomain: told_.Field("domain", value); break;
      case kUserName: told_.Field("username", value); break;
      case kMessage:
      case kVendorClass:
      case kTftpServer:
      case kBootFile:
      case kUserClass: told_.Field("", value); break;
      case kClientId:
        if (!value.empty() && Octets(value)[0] == kText) told_.Field("client id", value.subspan(1));
        break;
      case kClientName: ClientName(value); break;
      case kSearch: {
        const std::string names = DomainNames(value);
        told_.Field("domain", AsBytes(names));
        break;
      }
      case kRelayAgent: RelayAgent(value); break;
      default: break;
    }
  }

  // RFC 4702: flags, two results, and a name in labels or in plain text.
  void ClientName(Bytes value) {
    constexpr std::uint8_t kInLabels = 4;
    if (value.size() < 3) return;
    const bool labels = (Octets(value)[0] & kInLabels) != 0;
    const std::string names = labels ? DomainNames(value.subspan(3)) : std::string();
    told_.Field("host", labels ? AsBytes(names) : value.subspan(3));
  }

  // RFC 3046: what line, what modem, who is subscribed.
  void RelayAgent(Bytes value) {
    ByteReader in(value);
    while (in.remaining() >= 2) {
      in.U8();
      told_.Field("subscriber", in.Take(in.U8()));
    }
    malformed_ |= in.failed();
  }

  Told& told_;
  std::bitset<256> seen_;
  std::uint8_t overload_ = 0;
  bool malformed_ = false;
};

void ReadOptions(const Header& header, Told& told) {
  OptionReader options(told);
  const bool whole = options.Read(header.options, true);
  // RFC 2132 §9.3: more of them in place of the boot file's and the server's name.
  constexpr std::uint8_t kInFile = 1, kInName = 2;
  const std::uint8_t overload = options.overload();
  bool fine = (overload & kInFile) == 0 || options.Read(header.file, false);
  if ((overload & kInName) != 0) fine = options.Read(header.name, false) && fine;
  if (!whole) told.sink.OnAnomaly("truncated_options");
  if (!fine || options.malformed()) told.sink.OnAnomaly("malformed_options");
  if ((overload & kInFile) == 0)
    told.Field("file", header.file.first(std::min(AsText(header.file).find('\0'), kFileLength)));
}

}  // namespace

bool ReadVersion4(Bytes message, Told& told) noexcept {
  Header header;
  if (!ReadHeader(message, header)) return false;
  const Bytes hardware = header.hardware.first(header.hardware_length);
  told.event.String("type", header.op == kRequest ? "request" : "reply").Integer("id", header.id);
  told.Hex("client_mac", hardware, Privacy::kPersonal);
  if (!hardware.empty()) {
    const std::string mac = HexOf(hardware);
    told.sink.OnField("dhcp.client_mac", "mac", told.direction, AsBytes(mac));
  }
  told.Address("assigned_ip", header.yours, Privacy::kPersonal);
  told.Address("client_ip", header.client, Privacy::kPersonal);
  if (header.op == kReply) {
    told.Address("relay_ip", header.relay, Privacy::kPublic);
    told.Address("next_server_ip", header.server, Privacy::kPublic);
  }
  if (header.has_options) ReadOptions(header, told);
  return true;
}

// The cookie makes it sure; without one only between the two ports, filled up as BOOTP is.
Probe ProbeVersion4(const ProbeInput& input) noexcept {
  Header header;
  if (!ReadHeader(input.bytes, header)) return Probe::kNo;
  const auto is_port = [](std::uint16_t port) { return port == kServerPort || port == kClientPort; };
  const bool ports = is_port(input.server_port) && is_port(input.client_port);
  return header.has_options || (ports && input.bytes.size() >= kBootp) ? Probe::kYes : Probe::kNo;
}

}  // namespace gander::protocol::dhcp
