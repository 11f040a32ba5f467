// SPDX-License-Identifier: Apache-2.0
// Datagrams are messages; a TCP stream is cut by the two-byte lengths before them (RFC 1035 §4.2.2).
#include <array>
#include <string>

#include "protocol/dns/dns.h"
#include "protocol/dns_message/event.h"
#include "protocol/dns_message/message.h"

namespace gander::protocol {
namespace {

using dns::Flavour;

constexpr std::size_t kLengthBytes = 2;
// A buffer smaller than this is kept between messages.
constexpr std::size_t kKeptBuffer = 512;

std::size_t LengthAt(Bytes b) noexcept { return static_cast<std::size_t>(Octets(b)[0]) << 8 | Octets(b)[1]; }

// Whether `b` holds a length and all of the message behind it.
bool IsWhole(Bytes b) noexcept { return b.size() >= kLengthBytes && b.size() - kLengthBytes >= LengthAt(b); }

// Whether `b` begins with a length and the message it announces, as far as can be seen.
bool LooksFramed(Bytes b) noexcept {
  if (b.size() < kLengthBytes + dns::kHeaderLength) return false;
  const std::size_t length = LengthAt(b);
  const Bytes behind = b.subspan(kLengthBytes);
  const bool whole = behind.size() >= length;
  return length >= dns::kHeaderLength && dns::LooksLikeMessage(whole ? behind.first(length) : behind, whole);
}

class DnsParser final : public Parser {
 public:
  explicit DnsParser(Flavour flavour) noexcept : flavour_(flavour) {}

  ParseStatus OnChunk(const stream::StreamChunk& chunk, MessageSink& sink) noexcept override {
    if (framing_ == Framing::kUnknown && !chunk.bytes.empty()) {
      framing_ = chunk.datagram || flavour_ == Flavour::kMdns ? Framing::kDatagram : Framing::kStream;
    }
    if (framing_ == Framing::kStream) return OnStream(chunk, sink);
    return OnMessage(chunk.bytes, chunk.direction, sink);
  }

  void OnEnd(Direction direction, MessageSink& sink) noexcept override {
    std::string& buffer = sides_[Index(direction)].buffer;
    if (buffer.size() > kLengthBytes) OnMessage(AsBytes(buffer).subspan(kLengthBytes), direction, sink);
    buffer.clear();
  }

  bool at_rest() const noexcept override { return framing_ == Framing::kDatagram; }
  void Resume(std::uint32_t datagrams) noexcept override {
    framing_ = Framing::kDatagram;
    messages_ = datagrams;
  }

  void Reset() noexcept override {
    for (Side& side : sides_) {
      side.lost = false;
      Empty(side.buffer);
    }
    framing_ = Framing::kUnknown;
    messages_ = 0;
  }

 private:
  enum class Framing : std::uint8_t { kUnknown, kDatagram, kStream };
  struct Side {
    std::string buffer;  // length and message so far, when it spans chunks; at most 64 KiB
    bool lost = false;   // a gap hid where messages begin
  };

  static void Empty(std::string& buffer) noexcept {
    buffer.clear();
    if (buffer.capacity() > kKeptBuffer) std::string().swap(buffer);
  }

  ParseStatus OnMessage(Bytes message, Direction direction, MessageSink& sink) noexcept {
    if (message.empty()) return ParseStatus::kContinue;
    if (dns::ReadMessage(message, flavour_, messages_, direction, sink)) {
      ++messages_;
      return ParseStatus::kContinue;
    }
    if (messages_ == 0 && framing_ == Framing::kDatagram) return ParseStatus::kNotThis;
    sink.OnAnomaly("malformed_data");
    sink.OnFate(ByteFate::kOpaqueBinary, message.size());
    return ParseStatus::kContinue;
  }

  ParseStatus OnStream(const stream::StreamChunk& chunk, MessageSink& sink) noexcept {
    Side& side = sides_[Index(chunk.direction)];
    Bytes rest = chunk.bytes;
    if (chunk.gap_before > 0) {
      Empty(side.buffer);
      side.lost = true;
    }
    if (side.lost && !LooksFramed(rest)) {
      sink.OnFate(ByteFate::kOpaqueBinary, rest.size());
      return ParseStatus::kContinue;
    }
    side.lost = false;
    while (!rest.empty()) {
      if (side.buffer.empty() && IsWhole(rest)) {
        const std::size_t length = LengthAt(rest);
        (void)TakeFront(rest, kLengthBytes);
        OnMessage(TakeFront(rest, length), chunk.direction, sink);
        continue;
      }
      const std::size_t have = side.buffer.size();
      const std::size_t want =
          have < kLengthBytes ? kLengthBytes : kLengthBytes + LengthAt(AsBytes(side.buffer));
      side.buffer += AsText(TakeFront(rest, want - have));
      if (!IsWhole(AsBytes(side.buffer))) continue;
      OnMessage(AsBytes(side.buffer).subspan(kLengthBytes), chunk.direction, sink);
      Empty(side.buffer);
    }
    return ParseStatus::kContinue;
  }

  const Flavour flavour_;
  Framing framing_ = Framing::kUnknown;
  std::uint32_t messages_ = 0;
  std::array<Side, 2> sides_;
};

constexpr std::uint16_t kDnsPort = 53, kMdnsPort = 5353, kLlmnrPort = 5355;

bool IsPort(const ProbeInput& input, std::uint16_t port) noexcept {
  return input.server_port == port || input.client_port == port;
}

// On the port of a protocol a damaged message is still one of it.
Probe ProbeAt(std::uint16_t port, const ProbeInput& input) noexcept {
  if (input.transport == ip_proto::kUdp) {
    const bool looks = dns::LooksLikeMessage(input.bytes, true) ||
                       (IsPort(input, port) && dns::MayBeDamagedMessage(input.bytes));
    return looks ? Probe::kYes : Probe::kNo;
  }
  if (LooksFramed(input.bytes)) return Probe::kYes;
  // Too short to judge, and only on its own port worth waiting for: most streams begin with two odd bytes.
  const bool short_start = input.bytes.size() < kLengthBytes + dns::kHeaderLength;
  return short_start && input.server_port == port ? Probe::kNeedMore : Probe::kNo;
}

Probe ProbeDns(const ProbeInput& input) noexcept { return ProbeAt(kDnsPort, input); }

template <std::uint16_t kPort>
Probe ProbePort(const ProbeInput& input) noexcept {
  return IsPort(input, kPort) ? ProbeAt(kPort, input) : Probe::kNo;
}

template <Flavour kFlavour>
std::unique_ptr<Parser> Create() {
  return std::make_unique<DnsParser>(kFlavour);
}

}  // namespace

const ProtocolInfo kDns = {"dns", true, true, ProbeDns, Create<Flavour::kDns>};
const ProtocolInfo kMdns = {"mdns", false, true, ProbePort<kMdnsPort>, Create<Flavour::kMdns>};
const ProtocolInfo kLlmnr = {"llmnr", true, true, ProbePort<kLlmnrPort>, Create<Flavour::kLlmnr>};

}  // namespace gander::protocol
