// SPDX-License-Identifier: Apache-2.0
// Where each direction stands; what is in the packets is read in client.cc and server.cc.
#include "protocol/mysql/parser.h"

#include <memory>

#include "base/renew.h"

namespace gander::protocol::mysql {
namespace {

using framing::FrameReader;

constexpr std::uint16_t kPort = 3306;

std::uint64_t PayloadLength(Bytes front) noexcept {
  const std::uint8_t* const p = Octets(front);
  return std::uint64_t{p[0]} | std::uint64_t{p[1]} << 8 | std::uint64_t{p[2]} << 16;
}

std::uint64_t Measure(Bytes front) noexcept {
  return front.size() < kHead ? FrameReader::kUnknown : PayloadLength(front) + kHead;
}

// Of a greeting: the server's version at most, then thread id and the first part of the salt.
constexpr std::size_t kMaxVersion = 64, kSaltAndThread = 12;

// A packet that may begin a command, or an answer: whole, or so far of one that goes on.
bool LooksLikePacket(Bytes bytes, bool server) noexcept {
  if (bytes.size() <= kHead) return false;
  const std::uint8_t sequence = Octets(bytes)[3];
  const std::uint64_t length = PayloadLength(bytes);
  if (length == 0 || sequence > 1) return false;
  if (server) return sequence == 1 && length <= bytes.size() - kHead;
  const std::uint8_t command = Octets(bytes)[kHead];
  return sequence == 0 && command != 0 && command <= kLastCommand &&
         (length == bytes.size() - kHead || (command == kQuery && length > bytes.size() - kHead));
}

}  // namespace

bool IsGreeting(Bytes packet) noexcept {
  if (packet.size() < kHead + 2 || PayloadLength(packet) > 512 || Octets(packet)[3] != 0 || Octets(packet)[kHead] != 10)
    return false;
  const std::string_view rest = AsText(packet.subspan(kHead + 1));
  const std::size_t end = rest.substr(0, kMaxVersion).find('\0');
  if (end == std::string_view::npos || end < 3 || rest[0] < '0' || rest[0] > '9') return false;
  for (const char c : rest.substr(0, end)) {
    if (c < ' ' || c > '~') return false;
  }
  // Behind thread id and the first part of the salt stands a zero.
  const std::size_t filler = end + 1 + kSaltAndThread;
  return filler < rest.size() && rest[filler] == '\0';
}

bool IsLogin(Bytes packet) noexcept {
  constexpr std::size_t kFirstZero = 9, kLastZero = 28;  // of the reserved octets that no server family uses
  if (packet.size() < kHead + kSslRequest || Octets(packet)[3] > 2) return false;
  const std::uint64_t length = PayloadLength(packet);
  const std::uint8_t* const p = Octets(packet) + kHead;
  const std::uint32_t capabilities = p[0] | static_cast<std::uint32_t>(p[1]) << 8;
  if (length < kSslRequest || length > 4096 || (capabilities & kProtocol41) == 0) return false;
  if (length == kSslRequest && (capabilities & kSsl) == 0) return false;
  for (std::size_t i = kFirstZero; i < kLastZero; ++i) {
    if (p[i] != 0) return false;
  }
  return true;
}

// The first packet tells who is who.
void MysqlParser::LearnSides(Bytes packet, Direction direction) noexcept {
  if (IsGreeting(packet)) {
    client_ = Opposite(direction);
    state_ = State::kLogin;
  } else if (IsLogin(packet)) {
    client_ = direction;
    state_ = State::kLogin;
  }
}

ParseStatus MysqlParser::OnChunk(const stream::StreamChunk& chunk, MessageSink& sink) noexcept {
  consumed_ = 0;
  Bytes in = chunk.bytes;
  Side& side = sides_[Index(chunk.direction)];
  if (chunk.gap_before > 0) OnGap(side, chunk, sink);
  if (side.lost && !in.empty() && state_ != State::kOpaque) {
    if (!LooksLikePacket(in, chunk.direction != client_)) {
      sink.OnFate(ByteFate::kOpaqueBinary, in.size());
      return ParseStatus::kContinue;
    }
    side.lost = false;
  }
  for (;;) {
    if (state_ == State::kOpaque) {
      sink.OnFate(ByteFate::kOpaqueBinary, in.size());
      return ParseStatus::kContinue;
    }
    switch (side.frames.Next(in, Measure)) {
      case FrameReader::Step::kBad:
      case FrameReader::Step::kNeedMore: result_.Flush(sink); return ParseStatus::kContinue;
      case FrameReader::Step::kPart: OnPart(side, chunk.direction, sink); break;
      case FrameReader::Step::kFrame: {
        const ParseStatus status = OnFrame(side, chunk.direction, sink);
        if (status == ParseStatus::kContinue) break;
        consumed_ = status == ParseStatus::kNotThis ? 0 : chunk.bytes.size() - in.size();
        return status;
      }
    }
  }
}

void MysqlParser::OnGap(Side& side, const stream::StreamChunk& chunk, MessageSink& sink) noexcept {
  if (side.rest == Long::kBody && !side.frames.between_messages()) sink.OnBodyEnd(chunk.direction, BodyEnd::kGap);
  side.rest = Long::kSkip;
  side.lost = !side.frames.Gap(chunk.gap_before);
  if (chunk.direction == client_) return;
  EndResult(BodyEnd::kGap, sink);
  CloseExchange(sink);
  if (state_ != State::kOpaque) state_ = State::kIdle;
}

ParseStatus MysqlParser::OnFrame(Side& side, Direction direction, MessageSink& sink) noexcept {
  const Bytes frame = side.frames.frame();
  if (packets_++ == 0) LearnSides(frame, direction);
  side.rest = Long::kSkip;
  const std::uint8_t sequence = Octets(frame)[3];
  const Bytes payload = frame.subspan(kHead);
  if (direction != client_) {
    OnServerPacket(side, sequence, payload, sink);
    return ParseStatus::kContinue;
  }
  if (state_ == State::kLogin && sequence > 0) {
    return sequence <= 2 && IsLogin(frame) ? OnLogin(payload, sink) : ParseStatus::kContinue;
  }
  if (state_ == State::kLogin && compress_asked_) {  // it is over; the server is not heard
    CloseExchange(sink);
    state_ = State::kOpaque;
    return ParseStatus::kContinue;
  }
  if (sequence == 0) {
    OnCommand(side, payload, sink);
  } else if (state_ == State::kInfile && !payload.empty()) {
    BeginBody("mysql.infile", "text/tab-separated-values", client_, sink);
    sink.OnBodyPart(client_, payload);
    if (side.frames.frame_is_whole()) sink.OnBodyEnd(client_, BodyEnd::kComplete);
    if (!side.frames.frame_is_whole()) side.rest = Long::kBody;
  }
  return ParseStatus::kContinue;
}

void MysqlParser::OnPart(Side& side, Direction direction, MessageSink& sink) noexcept {
  const Bytes part = side.frames.part();
  const bool last = side.frames.part_ends();
  switch (side.rest) {
    case Long::kRow: result_.RowPart(part, last, sink); break;
    case Long::kBody:
      sink.OnBodyPart(direction, part);
      if (last) sink.OnBodyEnd(direction, BodyEnd::kComplete);
      break;
    case Long::kSkip:
      sink.OnFate(side.frames.broken() ? ByteFate::kOpaqueBinary : ByteFate::kLostParserCap, part.size());
      break;
  }
  if (last) side.rest = Long::kSkip;
}

void MysqlParser::BeginBody(const char* where, const char* type, Direction direction, MessageSink& sink) noexcept {
  BodyMeta meta;
  meta.where = where;
  meta.direction = direction;
  meta.content_type = type;
  meta.tx_id = tx_id_;
  meta.is_file = false;
  sink.OnBodyBegin(meta);
}

void MysqlParser::OnEnd(Direction direction, MessageSink& sink) noexcept {
  Side& side = sides_[Index(direction)];
  if (side.rest == Long::kBody && !side.frames.between_messages()) sink.OnBodyEnd(direction, BodyEnd::kTruncated);
  side.rest = Long::kSkip;
  side.frames.Reset();
  if (direction == client_) return;
  EndResult(BodyEnd::kTruncated, sink);
  CloseExchange(sink);
}

void MysqlParser::Reset() noexcept {
  Renew(*this, {}, &MysqlParser::sides_, &MysqlParser::argument_, &MysqlParser::response_, &MysqlParser::user_,
        &MysqlParser::database_, &MysqlParser::version_, &MysqlParser::result_, &MysqlParser::scratch_);
}

Probe ProbeMysql(const ProbeInput& input) noexcept {
  const Bytes bytes = input.bytes;
  const bool here = input.server_port == kPort || input.client_port == kPort;
  if (bytes.size() <= kHead) return here && !bytes.empty() ? Probe::kNeedMore : Probe::kNo;
  if (IsGreeting(bytes)) return Probe::kYes;
  // A login stands alone: the server has to answer it first. TLS follows an SSLRequest at once.
  if (IsLogin(bytes)) {
    const std::uint64_t length = PayloadLength(bytes) + kHead;
    if (length >= bytes.size() || length == kHead + kSslRequest) return Probe::kYes;
  }
  if (!here) return Probe::kNo;
  constexpr std::size_t kShortGreeting = kHead + 1 + kMaxVersion + 1 + kSaltAndThread + 1;  // not longer than needed
  const std::uint8_t* const p = Octets(bytes);
  if (p[3] == 0 && p[kHead] == 10 && p[1] == 0 && p[2] == 0 && bytes.size() < kShortGreeting) return Probe::kNeedMore;
  if (p[3] == 0 && p[kHead] == 0xff && PayloadLength(bytes) + kHead == bytes.size())
    return Probe::kYes;  // too many connections
  return LooksLikePacket(bytes, input.direction == Direction::kToClient) ? Probe::kYes : Probe::kNo;
}

}  // namespace gander::protocol::mysql

namespace gander::protocol {

const ProtocolInfo kMysql = {"mysql", true, false, mysql::ProbeMysql,
                             []() -> std::unique_ptr<Parser> { return std::make_unique<mysql::MysqlParser>(); }};

}  // namespace gander::protocol
