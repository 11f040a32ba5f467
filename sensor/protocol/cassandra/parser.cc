// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <memory>
#include <string>

#include "base/byte_reader.h"
#include "base/renew.h"
#include "protocol/cassandra/cassandra.h"
#include "protocol/cassandra/result.h"
#include "protocol/framing/frame_reader.h"
#include "protocol/framing/printable.h"

namespace gander::protocol {
namespace {

using framing::FrameReader;

enum Opcode : std::uint8_t {
  kError = 0x00,
  kStartup = 0x01,
  kQuery = 0x07,
  kResult = 0x08,
  kPrepare = 0x09,
  kAuthResponse = 0x0f
};
constexpr std::size_t kHead = 9;          // version, flags, stream, opcode, length
constexpr std::uint8_t kResponse = 0x80;  // of the version
constexpr std::uint8_t kCompressed = 1, kTracing = 2, kPayload = 4, kWarning = 8;
constexpr std::uint8_t kLastOpcode = 0x10;

thread_local Record event;

const char* OpcodeName(std::uint8_t opcode) noexcept {
  static constexpr const char* kNames[] = {"error",         "startup",     "ready", "authenticate", "credentials",
                                           "options",       "supported",   "query", "result",       "prepare",
                                           "execute",       "register",    "event", "batch",        "auth_challenge",
                                           "auth_response", "auth_success"};
  return kNames[opcode];
}

std::uint64_t Measure(Bytes front) noexcept {
  const std::uint8_t* const p = Octets(front);
  const int version = p[0] & 0x7f;
  if (version < 3 || version > 4) return FrameReader::kBad;
  if (front.size() < kHead) return FrameReader::kUnknown;
  ByteReader in(front);
  in.Skip(5);
  const std::uint32_t length = in.U32();
  return p[1] > 0x1f || p[4] > kLastOpcode || length > cassandra::kMaxLength ? FrameReader::kBad
                                                                             : std::uint64_t{length} + kHead;
}

class CassandraParser final : public Parser {
 public:
  ParseStatus OnChunk(const stream::StreamChunk& chunk, MessageSink& sink) noexcept override {
    Side& side = sides_[Index(chunk.direction)];
    Bytes in = chunk.bytes;
    if (chunk.gap_before > 0) side.lost = !side.frames.Gap(chunk.gap_before);
    if (side.lost && !in.empty()) {
      const std::uint64_t length = Measure(in);
      if (length == FrameReader::kBad || length == FrameReader::kUnknown) {
        sink.OnFate(ByteFate::kOpaqueBinary, in.size());
        return ParseStatus::kContinue;
      }
      side.lost = false;
    }
    for (;;) {
      switch (side.frames.Next(in, Measure)) {
        case FrameReader::Step::kNeedMore: return ParseStatus::kContinue;
        case FrameReader::Step::kFrame:
          OnFrame(side.frames.frame(), side.frames.frame_is_whole(), chunk.direction, sink);
          break;
        case FrameReader::Step::kPart:
          sink.OnFate(side.frames.broken() ? ByteFate::kOpaqueBinary : ByteFate::kLostParserCap,
                      side.frames.part().size());
          break;
        case FrameReader::Step::kBad:
          sink.OnAnomaly("malformed_data");
          if (frames_ == 0) return ParseStatus::kNotThis;
          sink.OnFate(ByteFate::kOpaqueBinary, in.size());
          side.frames.Reset();
          side.lost = true;
          return ParseStatus::kContinue;
      }
    }
  }

  void OnEnd(Direction direction, MessageSink&) noexcept override { sides_[Index(direction)].frames.Reset(); }

  void Reset() noexcept override { Renew(*this, {}, &CassandraParser::sides_); }

 private:
  struct Side {
    FrameReader frames{cassandra::kMaxFrame};
    bool lost = false;  // a gap hid where frames begin

    void Reset() noexcept { Renew(*this, {}, &Side::frames); }
  };

  void OnFrame(Bytes frame, bool whole, Direction direction, MessageSink& sink) noexcept {
    const std::uint8_t* const p = Octets(frame);
    const std::uint8_t flags = p[1], opcode = p[4];
    const bool response = (p[0] & kResponse) != 0;
    const std::uint32_t tx_id = frames_++;
    std::string scratch;
    event.Clear();
    event.BeginObject("cassandra")
        .String("opcode", OpcodeName(opcode))
        .Integer("stream", static_cast<std::int16_t>(p[2] << 8 | p[3]));
    if ((flags & kCompressed) != 0) {
      sink.OnFate(ByteFate::kOpaqueBinary, frame.size() - kHead);
    } else {
      ByteReader in(frame.subspan(kHead));
      if (response && (flags & kTracing) != 0) in.Skip(16);
      if (response && (flags & kWarning) != 0) {
        const int count = in.U16();
        for (int i = 0; i < count && !in.failed(); ++i) in.Skip(in.U16());
      }
      if ((flags & kPayload) != 0) {
        const int count = in.U16();
        for (int i = 0; i < count && !in.failed(); ++i) {
          in.Skip(in.U16());
          in.Skip(in.U32());
        }
      }
      if (!ReadBody(opcode, in.rest(), direction, tx_id, scratch, sink) && whole) sink.OnAnomaly("malformed_data");
    }
    event.EndObject();
    if (sink.WantsEvent("cassandra")) sink.OnEvent("cassandra", tx_id, direction, event);
  }

  static bool ReadBody(std::uint8_t opcode, Bytes body, Direction direction, std::uint32_t tx_id, std::string& scratch,
                       MessageSink& sink) noexcept {
    ByteReader in(body);
    switch (opcode) {
      case kQuery:
      case kPrepare: {
        const std::uint32_t length = in.U32();
        const std::string_view query = AsText(in.Take(length < in.remaining() ? length : in.remaining()));
        event.String("query", framing::Printable(query.substr(0, cassandra::kMaxShown), scratch), Privacy::kIdentifier);
        if (!query.empty()) sink.OnField("cassandra.query", {}, direction, AsBytes(query));
        if (!query.empty()) sink.OnRequest({.method = "query", .target = query});
        return length == query.size();
      }
      case kResult: {
        const std::int64_t rows = cassandra::ReadResult(body, direction, tx_id, sink);
        if (rows > 0) event.Integer("rows", rows);
        return rows >= 0;
      }
      case kError: {
        in.Skip(4);
        const std::string_view message = AsText(in.Take(in.U16()));
        event.String("error", framing::Printable(message, scratch), Privacy::kIdentifier);
        if (!message.empty()) sink.OnField("cassandra.error", {}, direction, AsBytes(message));
        return !in.failed();
      }
      case kAuthResponse: {
        // PLAIN (RFC 4616): zero, user, zero, password.
        const std::string_view token = AsText(in.Take(in.U32()));
        const std::size_t zero = token.find('\0', 1);
        if (zero == std::string_view::npos || token[0] != '\0') return !in.failed();
        const std::string_view user = token.substr(1, zero - 1), password = token.substr(zero + 1);
        event.String("user", framing::Printable(user, scratch), Privacy::kPersonal);
        if (!user.empty()) sink.OnField("cassandra.auth", "user", direction, AsBytes(user));
        if (!password.empty()) sink.OnField("cassandra.auth", "password", direction, AsBytes(password));
        return true;
      }
      default: return true;
    }
  }

  std::array<Side, 2> sides_;
  std::uint32_t frames_ = 0;
};

// STARTUP names the version of CQL; OPTIONS is a head alone. Others only on the server's port.
Probe ProbeCassandra(const ProbeInput& input) noexcept {
  constexpr std::uint16_t kPort = 9042;
  const Bytes bytes = input.bytes;
  if (bytes.empty()) return Probe::kNo;
  const bool here = input.server_port == kPort || input.client_port == kPort;
  const std::uint64_t length = Measure(bytes);
  if (length == FrameReader::kBad) return Probe::kNo;
  if (length == FrameReader::kUnknown) return here ? Probe::kNeedMore : Probe::kNo;
  if (Octets(bytes)[4] == kStartup &&
      AsText(bytes).substr(0, kProbeBytes).find("CQL_VERSION") != std::string_view::npos)
    return Probe::kYes;
  return here ? Probe::kYes : Probe::kNo;
}

}  // namespace

const ProtocolInfo kCassandra = {"cassandra",
                                 true,
                                 false,
                                 ProbeCassandra,
                                 []() -> std::unique_ptr<Parser> { return std::make_unique<CassandraParser>(); },
                                 FirstOctets::AnyOf("\x03\x04\x83\x84")};

}  // namespace gander::protocol
