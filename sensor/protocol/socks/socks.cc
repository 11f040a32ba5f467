// SPDX-License-Identifier: Apache-2.0
#include "protocol/socks/socks.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include "base/byte_reader.h"
#include "base/renew.h"

namespace gander::protocol {
namespace {

constexpr std::uint8_t kVersion4 = 4, kVersion5 = 5, kAuthVersion = 1;
constexpr std::uint8_t kNoMethod = 0xff, kUserPassword = 2, kGranted4 = 90;
constexpr std::uint8_t kV4 = 1, kName = 3, kV6 = 4;  // address types

constexpr const char* kCommands[] = {"", "connect", "bind", "udp_associate"};
constexpr const char* kReplies5[] = {"succeeded",          "general_failure",     "not_allowed",
                                     "network_unreachable", "host_unreachable",    "connection_refused",
                                     "ttl_expired",         "command_unsupported", "address_unsupported"};
constexpr const char* kReplies4[] = {"granted", "rejected", "no_identd", "wrong_user"};

template <std::size_t n>
std::string_view NameAt(const char* const (&names)[n], std::size_t at) noexcept {
  return at < n ? names[at] : "unknown";
}

// A text with a zero octet behind it; nothing when that has not come.
std::optional<std::string_view> TakeText(ByteReader& r) noexcept {
  const std::string_view rest = AsText(r.rest());
  const std::size_t end = rest.find('\0');
  if (end == rest.npos) return std::nullopt;
  r.Skip(end + 1);
  return rest.substr(0, end);
}

IpAddress TakeV4(ByteReader& r) noexcept { return IpAddress::FromV4(r.U32()); }
// 0.0.0.x with x other than zero: the name of the host follows (4a).
bool IsPlaceholder(const IpAddress& a) noexcept { return a.v4_host_order() != 0 && a.v4_host_order() < 256; }

class SocksParser final : public Parser {
 public:
  ParseStatus OnChunk(const stream::StreamChunk& chunk, MessageSink& sink) noexcept override {
    consumed_ = 0;
    if (chunk.gap_before > 0) return ParseStatus::kNotThis;
    if (!begun_) {
      begun_ = true;
      client_ = chunk.direction;
    }
    const bool from_client = chunk.direction == client_;
    Side& side = sides_[from_client ? 0 : 1];
    side.seen = true;
    side.pending += AsText(chunk.bytes);
    if (side.pending.size() > socks::kMaxMessage + chunk.bytes.size()) return ParseStatus::kNotThis;
    while (!side.over && !side.pending.empty()) {
      ByteReader r(AsBytes(side.pending));
      const Outcome outcome = from_client ? ReadClient(r, sink) : ReadServer(r, sink);
      if (outcome == Outcome::kBad) return ParseStatus::kNotThis;
      if (outcome == Outcome::kMore) break;
      side.pending.erase(0, r.position());
    }
    if (side.pending.size() > socks::kMaxMessage && !side.over) return ParseStatus::kNotThis;
    if (!sides_[0].over || (!sides_[1].over && (sides_[1].seen || sides_[0].pending.empty()))) {
      return ParseStatus::kContinue;
    }
    return Switch(chunk, side, from_client, sink);
  }

  void OnEnd(Direction, MessageSink& sink) noexcept override { Tell(sink); }

  void Reset() noexcept override { Renew(*this, {}, &SocksParser::request_); }
  std::size_t consumed() const noexcept override { return consumed_; }

 private:
  enum class Outcome : std::uint8_t { kMore, kDone, kBad };
  enum class Stage : std::uint8_t { kFirst, kSecond, kLast };  // greeting or method, authentication, request or reply
  struct Side {
    std::string pending;  // a message that has not come whole; behind the last one what is not SOCKS any more
    Stage stage = Stage::kFirst;
    bool seen = false, over = false;
  };

  Outcome ReadClient(ByteReader& r, MessageSink& sink) noexcept {
    Side& side = sides_[0];
    if (side.stage == Stage::kFirst) {
      version_ = r.U8();
      if (version_ == kVersion4) return Request4(r, sink);
      if (version_ != kVersion5) return Outcome::kBad;
      r.Take(r.U8());
      if (r.failed()) return Outcome::kMore;
      side.stage = Stage::kSecond;
      return Outcome::kDone;
    }
    const std::uint8_t first = r.U8();
    if (side.stage == Stage::kSecond && first == kAuthVersion) return Credentials(r, sink);
    if (first != kVersion5) return Outcome::kBad;
    return Request5(r, sink);
  }

  Outcome Credentials(ByteReader& r, MessageSink& sink) noexcept {
    const Bytes user = r.Take(r.U8()), password = r.Take(r.U8());
    if (r.failed()) return Outcome::kMore;
    Open();
    request_.String("user", AsText(user), Privacy::kPersonal).String("password", AsText(password), Privacy::kSecret);
    sink.OnField("socks.auth", "user", client_, user);
    sink.OnField("socks.auth", "password", client_, password);
    sides_[0].stage = Stage::kLast;
    return Outcome::kDone;
  }

  Outcome Request5(ByteReader& r, MessageSink& sink) noexcept {
    const std::uint8_t command = r.U8();
    r.Skip(1);
    std::string name;
    IpAddress address;
    const Outcome outcome = TakeAddress(r, address, name);
    const std::uint16_t port = r.U16();
    if (outcome != Outcome::kDone || r.failed()) return outcome == Outcome::kBad ? outcome : Outcome::kMore;
    return Asked(command, address, name, port, sink);
  }

  Outcome Request4(ByteReader& r, MessageSink& sink) noexcept {
    const std::uint8_t command = r.U8();
    const std::uint16_t port = r.U16();
    const IpAddress address = TakeV4(r);
    const auto user = TakeText(r);
    if (r.failed() || !user) return Outcome::kMore;
    std::optional<std::string_view> name;
    if (IsPlaceholder(address) && !(name = TakeText(r))) return Outcome::kMore;
    if (!user->empty()) {
      Open();
      request_.String("user", *user, Privacy::kPersonal);
      sink.OnField("socks.auth", "user", client_, AsBytes(*user));
    }
    return Asked(command, address, std::string(name.value_or("")), port, sink);
  }

  // `name` is set instead of `address` where the client leaves looking it up to the proxy.
  Outcome TakeAddress(ByteReader& r, IpAddress& address, std::string& name) noexcept {
    switch (r.U8()) {
      case kV4:
        address = TakeV4(r);
        break;
      case kName:
        name = AsText(r.Take(r.U8()));
        break;
      case kV6:
        if (const Bytes octets = r.Take(16); octets.size() == 16) address = IpAddress::FromV6Octets(Octets(octets));
        break;
      default:
        return r.failed() ? Outcome::kMore : Outcome::kBad;
    }
    return Outcome::kDone;
  }

  Outcome Asked(std::uint8_t command, const IpAddress& address, const std::string& name, std::uint16_t port,
                MessageSink& sink) noexcept {
    Open();
    request_.String("command", NameAt(kCommands, command));
    if (name.empty()) {
      request_.String("ip", address.ToString());
    } else {
      request_.String("hostname", name);
      sink.OnServerName(name);
      sink.OnField("socks.request", "hostname", client_, AsBytes(name));
    }
    request_.Integer("port", port);
    sides_[0].over = true;
    return Outcome::kDone;
  }

  Outcome ReadServer(ByteReader& r, MessageSink& sink) noexcept {
    Side& side = sides_[1];
    const std::uint8_t first = r.U8();
    if (version_ == kVersion4) {
      const std::uint8_t code = r.U8();
      r.Skip(6);
      if (r.failed()) return Outcome::kMore;
      return first == 0 ? Answered(code == kGranted4, NameAt(kReplies4, code - std::size_t{kGranted4}), sink)
                        : Outcome::kBad;
    }
    if (side.stage == Stage::kFirst) {
      const std::uint8_t method = r.U8();
      if (r.failed()) return Outcome::kMore;
      side.stage = method == kUserPassword ? Stage::kSecond : Stage::kLast;
      if (first != kVersion5 || method == kNoMethod) return Outcome::kBad;
      return Outcome::kDone;
    }
    if (side.stage == Stage::kSecond) {
      r.U8();
      if (r.failed()) return Outcome::kMore;
      side.stage = Stage::kLast;
      return first == kAuthVersion ? Outcome::kDone : Outcome::kBad;
    }
    const std::uint8_t code = r.U8();
    r.Skip(1);
    std::string name;
    IpAddress address;
    const Outcome outcome = TakeAddress(r, address, name);
    r.U16();
    if (first != kVersion5 || outcome == Outcome::kBad) return Outcome::kBad;
    if (r.failed()) return Outcome::kMore;
    return Answered(code == 0, NameAt(kReplies5, code), sink);
  }

  Outcome Answered(bool granted, std::string_view reply, MessageSink& sink) noexcept {
    Open();
    request_.String("reply", reply);
    Tell(sink);
    sides_[1].over = true;
    return granted ? Outcome::kDone : Outcome::kBad;
  }

  // The chunk's bytes behind SOCKS are another protocol's. What the client sent before the answer came is scanned here.
  ParseStatus Switch(const stream::StreamChunk& chunk, const Side& side, bool from_client, MessageSink& sink) noexcept {
    Tell(sink);
    consumed_ = chunk.bytes.size() - std::min(chunk.bytes.size(), side.pending.size());
    const std::string& early = sides_[0].pending;
    if (!from_client && !early.empty()) sink.OnField("socks.early_data", {}, client_, AsBytes(early));
    return ParseStatus::kSwitch;
  }

  void Open() noexcept {
    if (!request_.empty()) return;
    request_.BeginObject("socks").Integer("version", version_);
  }
  void Tell(MessageSink& sink) noexcept {
    if (told_ || request_.empty()) return;
    told_ = true;
    request_.EndObject();
    sink.OnEvent("socks", 0, client_, request_);
  }

  std::array<Side, 2> sides_;  // client, server
  Record request_;
  Direction client_ = Direction::kToServer;
  std::uint8_t version_ = 0;
  bool begun_ = false, told_ = false;
  std::size_t consumed_ = 0;
};

// A whole first message: its end is where its counts say.
Probe ProbeSocks(const ProbeInput& input) noexcept {
  ByteReader r(input.bytes);
  const std::uint8_t version = r.U8();
  if (version == kVersion5) {
    const Bytes methods = r.Take(r.U8());
    if (r.failed()) return input.bytes.size() < 2 ? Probe::kNeedMore : Probe::kNo;
    const bool known = std::all_of(methods.begin(), methods.end(), [](std::byte m) {
      return std::to_integer<unsigned>(m) < 10 || m == std::byte{0x80};
    });
    return !methods.empty() && known && (r.remaining() == 0 || r.U8() == kVersion5) ? Probe::kYes : Probe::kNo;
  }
  const std::uint8_t command = r.U8();
  const std::uint16_t port = r.U16();
  const IpAddress address = TakeV4(r);
  const auto user = TakeText(r);
  if (version != kVersion4 || (command != 1 && command != 2) || r.failed() || port == 0 || !user) return Probe::kNo;
  const auto printable = [](std::string_view s) {
    return std::all_of(s.begin(), s.end(), [](char c) { return c >= ' ' && c < 0x7f; });
  };
  if (!printable(*user)) return Probe::kNo;
  if (IsPlaceholder(address)) {
    const auto name = TakeText(r);
    if (!name || name->empty() || !printable(*name)) return Probe::kNo;
  } else if (address.v4_host_order() < 256) {
    return Probe::kNo;
  }
  return r.remaining() == 0 ? Probe::kYes : Probe::kNo;
}

std::unique_ptr<Parser> Create() { return std::make_unique<SocksParser>(); }

}  // namespace

const ProtocolInfo kSocks = {"socks", true, false, ProbeSocks, Create, FirstOctets::AnyOf("\4\5")};

}  // namespace gander::protocol
