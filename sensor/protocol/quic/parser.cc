// SPDX-License-Identifier: Apache-2.0
// One QUIC flow: datagrams until both hellos are known, or will not come.
#include <algorithm>
#include <array>
#include <memory>
#include <utility>

#include "protocol/quic/crypto_stream.h"
#include "protocol/quic/event.h"
#include "protocol/quic/frames.h"
#include "protocol/quic/initial_keys.h"
#include "protocol/quic/packet.h"
#include "protocol/quic/quic.h"

namespace gander::protocol {
namespace {

using quic::Family;
using quic::Packet;
using quic::PacketType;
using quic::Sender;

constexpr std::uint8_t kClientHello = 1, kServerHello = 2;  // RFC 8446 §4
constexpr std::size_t kMessageHead = 4;

class QuicParser final : public Parser {
 public:
  ParseStatus OnChunk(const stream::StreamChunk& chunk, MessageSink& sink) noexcept override {
    Bytes rest = chunk.bytes;
    Packet packet;
    while (!rest.empty()) {
      const std::size_t before = rest.size();
      if (!quic::TakePacket(rest, packet)) {
        if (!recognised_) return ParseStatus::kNotThis;
        sink.OnFate(ByteFate::kEncrypted, before);
        break;
      }
      recognised_ = recognised_ || packet.type != PacketType::kShort;
      const bool read = packet.type == PacketType::kInitial && OnInitial(packet, chunk.direction, sink);
      const bool clear = packet.type == PacketType::kNegotiation || packet.type == PacketType::kRetry;
      if (clear) OnRestart(packet.type);
      if (!read && !clear) sink.OnFate(ByteFate::kEncrypted, packet.bytes.size());
    }
    ++datagrams_;
    const bool hopeless = datagrams_ >= quic::kMaxDatagrams || unopened_ >= quic::kMaxUnopened;
    return finished_ || (sides_[0].told && sides_[1].told) || hopeless ? ParseStatus::kEncrypted
                                                                       : ParseStatus::kContinue;
  }

  void OnEnd(Direction, MessageSink&) noexcept override {}

  void Reset() noexcept override {
    for (Side& side : sides_) {
      side.crypto.Clear();
      side.told = false;
    }
    keys_version_ = 0;
    next_tx_ = 0;
    datagrams_ = unopened_ = 0;
    id_ = earlier_id_ = {};
    oriented_ = recognised_ = restarted_ = finished_ = false;
  }

 private:
  struct Side {
    quic::CryptoStream crypto;
    bool told = false;  // its hello
  };

  class ConnectionId {
   public:
    void Assign(Bytes id) noexcept {
      length_ = static_cast<std::uint8_t>(id.size());
      std::copy(id.begin(), id.end(), octets_.begin());
    }
    Bytes bytes() const noexcept { return Bytes(octets_).first(length_); }

   private:
    std::array<std::byte, quic::kMaxConnectionId> octets_{};
    std::uint8_t length_ = 0;
  };

  // True when the packet could be read.
  bool OnInitial(const Packet& packet, Direction direction, MessageSink& sink) noexcept {
    if (packet.version.family == Family::kGoogleLong || packet.version.family == Family::kGoogleShort) {
      return OnClearInitial(packet, direction, sink);
    }
    if (packet.version.salt == nullptr) return false;
    const bool told = sides_[Index(direction)].told;
    if (told && !(restarted_ && direction == client_)) return false;  // what else it says does not matter
    std::byte plain[quic::kMaxPacket];
    const Bytes frames = Open(packet, direction, plain);
    if (frames.empty()) {
      if (++unopened_ == quic::kMaxUnopened) sink.OnAnomaly("failed_decrypt");
      return false;
    }
    restarted_ = restarted_ && direction != client_;
    if (told) return true;
    OnFrames(frames, packet, direction, sink);
    return true;
  }

  // Who sent it is known once a client's packet was opened. A packet that the keys at hand do not open may begin a
  // connection: the first, one behind a Retry (RFC 9001 §5.2), one on the same ports. A server may answer with another
  // version under the first connection id (RFC 9369 §4.1). The client's first packet may come once more behind the one
  // that answers a Retry: the server's are under the id before it then.
  Bytes Open(const Packet& packet, Direction direction, std::byte* plain) noexcept {
    if (oriented_) {
      UseKeys(packet, id_.bytes());
      const bool from_server = direction != client_;
      const Bytes frames = keys_.Open(from_server ? Sender::kServer : Sender::kClient, packet, plain);
      if (!frames.empty()) return frames;
      if (from_server) return OpenUnderEarlier(packet, plain);
    }
    UseKeys(packet, packet.destination_id);
    const Bytes frames = keys_.Open(Sender::kClient, packet, plain);
    if (frames.empty()) return {};
    earlier_id_ = id_;
    id_.Assign(packet.destination_id);
    client_ = direction;
    oriented_ = true;
    return frames;
  }

  Bytes OpenUnderEarlier(const Packet& packet, std::byte* plain) noexcept {
    if (earlier_id_.bytes().empty()) return {};
    UseKeys(packet, earlier_id_.bytes());
    const Bytes frames = keys_.Open(Sender::kServer, packet, plain);
    if (!frames.empty()) std::swap(id_, earlier_id_);
    return frames;
  }

  void UseKeys(const Packet& packet, Bytes id) noexcept {
    if (keys_version_ == packet.number && AsText(keys_id_.bytes()) == AsText(id)) return;
    keys_.Derive(packet.version, id);
    keys_version_ = packet.number;
    keys_id_.Assign(id);
  }

  // Behind a Retry the client says the same under other keys; behind a version negotiation it says it anew.
  void OnRestart(PacketType type) noexcept {
    restarted_ = true;
    if (type == PacketType::kRetry) return;
    for (Side& side : sides_) {
      side.crypto.Clear();
      side.told = false;
    }
  }

  void OnFrames(Bytes frames, const Packet& packet, Direction direction, MessageSink& sink) noexcept {
    Side& side = sides_[Index(direction)];
    std::uint64_t offset = 0;
    Bytes data;
    while (quic::TakeCrypto(frames, packet.version.family, offset, data)) {
      if (side.crypto.Put(offset, data)) continue;
      sink.OnAnomaly("crypto_overflow");
      sink.OnFate(ByteFate::kLostParserCap, data.size());
    }
    const Bytes front = side.crypto.Front();
    if (front.size() < kMessageHead) return;
    const bool google = quic::IsGoogleHello(front);
    const std::uint8_t* head = Octets(front);
    const std::size_t length =
        google ? quic::GoogleHelloLength(front) : kMessageHead + (std::size_t{head[1]} << 16 | head[2] << 8 | head[3]);
    if (length == 0 || front.size() < length) {
      if (length > quic::kMaxHello) GiveUp(side, sink);
      return;
    }
    OnHello(front.first(length), google, packet, direction, sink);
    side.told = true;
    side.crypto.Clear();
  }

  void GiveUp(Side& side, MessageSink& sink) noexcept {
    sink.OnAnomaly("crypto_overflow");
    side.told = true;
    side.crypto.Clear();
  }

  void OnHello(Bytes message, bool google, const Packet& packet, Direction direction, MessageSink& sink) noexcept {
    if (google) return OnGoogleHello(message, packet, direction, sink);
    const std::uint8_t type = Octets(message)[0];
    const Bytes body = message.subspan(kMessageHead);
    tls::ClientHello client;
    tls::ServerHello server;
    if (type == kClientHello && tls::ParseClientHello(body, false, client)) {
      quic::TellClientHello(packet.number, client, next_tx_++, direction, sink);
    } else if (type == kServerHello && tls::ParseServerHello(body, server)) {
      quic::TellServerHello(packet.number, server, next_tx_++, direction, sink);
    } else {
      sink.OnAnomaly("error_on_data");
    }
  }

  // Everything behind Google's client hello is encrypted, but for a rejection that says nothing of people.
  void OnGoogleHello(Bytes message, const Packet& packet, Direction direction, MessageSink& sink) noexcept {
    quic::GoogleHello hello;
    finished_ = true;
    if (!quic::ParseGoogleHello(message, hello)) return sink.OnAnomaly("error_on_data");
    quic::TellGoogleHello(packet.number, hello, next_tx_++, direction, sink);
  }

  bool OnClearInitial(const Packet& packet, Direction direction, MessageSink& sink) noexcept {
    const Bytes hello = quic::FindGoogleHello(packet.clear, packet.number);
    if (!quic::IsGoogleHello(hello)) return false;
    OnGoogleHello(hello, packet, direction, sink);
    return true;
  }

  std::array<Side, 2> sides_;
  quic::InitialKeys keys_;
  std::uint32_t keys_version_ = 0;  // that keys_ were derived for; 0 = none
  ConnectionId keys_id_;
  ConnectionId id_;  // the client's first of the connection, once one of its packets was opened
  ConnectionId earlier_id_;  // the one before; empty = none
  std::uint32_t next_tx_ = 0;
  int datagrams_ = 0, unopened_ = 0;
  Direction client_ = Direction::kToServer;
  bool oriented_ = false;
  bool recognised_ = false;
  bool restarted_ = false;  // by Retry or version negotiation, and the client has not spoken since
  bool finished_ = false;
};

// A long header of a known version, whole; a version negotiation; Google's header with a version.
Probe ProbeQuic(const ProbeInput& input) noexcept {
  Bytes datagram = input.bytes;
  Packet packet;
  if (!quic::TakePacket(datagram, packet) || packet.type == PacketType::kShort) return Probe::kNo;
  return Probe::kYes;
}

std::unique_ptr<Parser> Create() { return std::make_unique<QuicParser>(); }

}  // namespace

// Long headers; Google's public flags with a version and a connection id.
const ProtocolInfo kQuic = {"quic", false, true, ProbeQuic, Create,
                            FirstOctets::AnyOf("\x09\x0d\x19\x1d\x29\x2d\x39\x3d").Range(0x80, 0xff)};

}  // namespace gander::protocol
