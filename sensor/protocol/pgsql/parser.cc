// SPDX-License-Identifier: Apache-2.0
// Where each direction stands; what is in the messages is read in frontend.cc and backend.cc.
#include "protocol/pgsql/parser.h"

#include <memory>
#include <utility>

#include "base/renew.h"

namespace gander::protocol::pgsql {
namespace {

using framing::FrameReader;

constexpr std::uint8_t kTlsHandshake = 0x16;
constexpr std::string_view kFrontendTypes = "BCDEFHPQSXcdfp";
constexpr std::string_view kBackendTypes = "123ACDEGHIKNRSTVWZcdnstv";
// Those of one side alone.
constexpr std::string_view kFrontendOnly = "BFPQXfp", kBackendOnly = "123AGIKNRTVWZnstv";

bool Has(std::string_view set, char c) noexcept { return set.find(c) != std::string_view::npos; }

}  // namespace

std::uint64_t MeasureStartup(Bytes front) noexcept {
  if (front.size() < 8) return FrameReader::kUnknown;
  ByteReader in(front);
  const std::uint32_t length = in.U32(), code = in.U32();
  const bool request = code >= kCancelRequest && code <= kGssRequest;
  const bool startup = code >> 16 == 3 && (code & 0xffff) < 100;
  if (!request && !startup) return FrameReader::kBad;
  const bool sized = code == kCancelRequest ? length == 16
                     : request              ? length == 8
                                            : length > 8 && length <= kMaxStartup;
  return sized ? length : FrameReader::kBad;
}

std::uint64_t MeasureTyped(Bytes front, bool server) noexcept {
  if (!Has(server ? kBackendTypes : kFrontendTypes, AsText(front)[0])) return FrameReader::kBad;
  if (front.size() < 5) return FrameReader::kUnknown;
  ByteReader in(front);
  in.Skip(1);
  const std::uint32_t length = in.U32();
  return length < 4 || length > kMaxLength ? FrameReader::kBad : std::uint64_t{length} + 1;
}

void PgsqlParser::LearnSides(const stream::StreamChunk& chunk) noexcept {
  const char first = AsText(chunk.bytes)[0];
  if (first == '\0' || Has(kFrontendOnly, first)) {
    client_ = chunk.direction;
  } else if (Has(kBackendOnly, first)) {
    client_ = Opposite(chunk.direction);
  }
  sides_known_ = true;
}

std::uint64_t PgsqlParser::Measure(Bytes front, bool server) const noexcept {
  const char first = AsText(front)[0];
  if (!server) return first == '\0' ? MeasureStartup(front) : MeasureTyped(front, false);
  // Without the client's request a lone first octet can only be its answer: no session begins with these messages.
  const bool opening = !client_seen_ && !server_seen_ && (first == 'S' || first == 'N');
  if (opening || (answer_awaited_ && (first == 'S' || first == 'N' || first == 'G'))) return 1;
  return MeasureTyped(front, true);
}

ParseStatus PgsqlParser::OnChunk(const stream::StreamChunk& chunk, MessageSink& sink) noexcept {
  consumed_ = 0;
  Bytes in = chunk.bytes;
  if (!sides_known_ && !in.empty()) LearnSides(chunk);
  Side& side = SideOf(chunk.direction);
  const bool server = chunk.direction != client_;
  if (chunk.gap_before > 0) OnGap(side, chunk, sink);
  if (side.lost && !in.empty()) {
    if (!LooksLikeMessages(in, server)) {
      sink.OnFate(ByteFate::kOpaqueBinary, in.size());
      return ParseStatus::kContinue;
    }
    side.lost = false;
  }
  const auto measure = [&](Bytes front) { return Measure(front, server); };
  for (;;) {
    const bool tls =
        answer_awaited_ && !server && side.frames.between_messages() && !in.empty() && Octets(in)[0] == kTlsHandshake;
    if (tls) {
      consumed_ = chunk.bytes.size() - in.size();
      return ParseStatus::kSwitch;  // the server's consent was not seen
    }
    switch (side.frames.Next(in, measure)) {
      case FrameReader::Step::kNeedMore: result_.Flush(sink); return ParseStatus::kContinue;
      case FrameReader::Step::kPart: OnPart(side, chunk.direction, sink); break;
      case FrameReader::Step::kFrame:
        ++messages_;
        if (OnFrame(side, server, sink) == ParseStatus::kSwitch) {
          consumed_ = chunk.bytes.size() - in.size();
          return ParseStatus::kSwitch;
        }
        break;
      case FrameReader::Step::kBad:
        result_.Flush(sink);
        sink.OnAnomaly(server ? "malformed_response" : "malformed_request");
        if (messages_ == 0) return ParseStatus::kNotThis;
        sink.OnFate(ByteFate::kOpaqueBinary, in.size());
        EndBody(side, chunk.direction, BodyEnd::kTruncated, sink);
        if (server) EndResult(BodyEnd::kTruncated, sink);
        side.frames.Reset();
        side.lost = true;
        return ParseStatus::kContinue;
    }
  }
}

void PgsqlParser::OnGap(Side& side, const stream::StreamChunk& chunk, MessageSink& sink) noexcept {
  side.lost = !side.frames.Gap(chunk.gap_before);
  side.rest = Long::kSkip;
  EndBody(side, chunk.direction, BodyEnd::kGap, sink);
  if (chunk.direction != client_) {
    EndResult(BodyEnd::kGap, sink);
    answer_awaited_ = false;
  }
  result_.ForgetAwaited();
}

ParseStatus PgsqlParser::OnFrame(Side& side, bool server, MessageSink& sink) noexcept {
  const Bytes frame = side.frames.frame();
  side.rest = Long::kSkip;
  const char type = AsText(frame)[0];
  if (!server) {
    client_seen_ = true;
    if (type == '\0') {
      OnStartup(frame, sink);
    } else {
      OnRequest(side, type, frame.subspan(5), sink);
    }
    return ParseStatus::kContinue;
  }
  server_seen_ = true;
  if (frame.size() == 1) {
    answer_awaited_ = false;
    exchange_.EnsureOpen(client_, sink);
    const bool accepted = type != 'N';
    exchange_.Boolean("ssl_accepted", accepted);
    exchange_.Write(sink);
    return accepted ? ParseStatus::kSwitch : ParseStatus::kContinue;
  }
  answer_awaited_ = false;
  return OnResponse(side, type, frame.subspan(5), sink);
}

void PgsqlParser::OnPart(Side& side, Direction direction, MessageSink& sink) noexcept {
  const Bytes part = side.frames.part();
  switch (side.rest) {
    case Long::kRow: exchange_.row_bytes += result_.RowPart(part, side.frames.part_ends(), sink); break;
    case Long::kBody:
      sink.OnBodyPart(direction, part);
      if (side.frames.part_ends() && side.query_open) EndBody(side, direction, BodyEnd::kComplete, sink);
      break;
    case Long::kSkip:
      sink.OnFate(side.frames.broken() ? ByteFate::kOpaqueBinary : ByteFate::kLostParserCap, part.size());
      return;
  }
  if (side.frames.part_ends()) side.rest = Long::kSkip;
}

void PgsqlParser::OnCopyData(Side& side, Direction direction, Bytes data, MessageSink& sink) noexcept {
  if (!side.copy_open) {
    BodyMeta meta;
    meta.where = "pgsql.copy";
    meta.direction = direction;
    meta.content_type = copy_binary_ ? "" : "text/tab-separated-values";
    meta.tx_id = exchange_.tx_id();
    meta.is_file = false;
    sink.OnBodyBegin(meta);
    side.copy_open = true;
    if (!copy_binary_ && !copy_header_.empty()) sink.OnBodyPart(direction, AsBytes(copy_header_));
  }
  sink.OnBodyPart(direction, data);
  side.rest = Long::kBody;
}

void PgsqlParser::EndBody(Side& side, Direction direction, BodyEnd end, MessageSink& sink) noexcept {
  if (side.copy_open || side.query_open) sink.OnBodyEnd(direction, end);
  side.copy_open = side.query_open = false;
  side.rest = Long::kSkip;
}

void PgsqlParser::OnEnd(Direction direction, MessageSink& sink) noexcept {
  Side& side = SideOf(direction);
  EndBody(side, direction, BodyEnd::kTruncated, sink);
  side.frames.Reset();
  if (direction == client_) return;
  EndResult(BodyEnd::kTruncated, sink);
  exchange_.Write(sink);
}

void PgsqlParser::Reset() noexcept {
  Renew(*this, {}, &PgsqlParser::sides_, &PgsqlParser::exchange_, &PgsqlParser::result_,
        &PgsqlParser::copy_header_, &PgsqlParser::scratch_);
}

bool LooksLikeMessages(Bytes bytes, bool server) noexcept {
  // A session under way: a message of a known type, and the next begins where it says, or it goes on beyond.
  constexpr std::size_t kPlausible = 1 << 20;
  for (int n = 0; n < 3; ++n) {
    const std::uint64_t length = MeasureTyped(bytes, server);
    if (length == FrameReader::kBad || length == FrameReader::kUnknown) return n > 0 && length != FrameReader::kBad;
    if (length >= bytes.size()) return length == bytes.size() || length < kPlausible;
    bytes = bytes.subspan(static_cast<std::size_t>(length));
  }
  return true;
}

Probe ProbePgsql(const ProbeInput& input) noexcept {
  constexpr std::uint16_t kPort = 5432;
  const Bytes bytes = input.bytes;
  if (bytes.empty()) return Probe::kNo;
  const bool here = input.server_port == kPort || input.client_port == kPort;
  const char first = AsText(bytes)[0];
  if (first == '\0') {
    // A startup packet stands alone: the server has to answer it first.
    const std::uint64_t length = MeasureStartup(bytes);
    if (length == FrameReader::kUnknown) return here ? Probe::kNeedMore : Probe::kNo;
    if (length == FrameReader::kBad || length < bytes.size()) return Probe::kNo;
    return Probe::kYes;
  }
  // AuthenticationRequest: where only the server is heard.
  if (first == 'R' && bytes.size() >= 9) {
    ByteReader in(bytes);
    in.Skip(1);
    const std::uint32_t length = in.U32(), code = in.U32();
    if (length >= 8 && length < 2048 && code <= 12 && (code != 0 || length == 8)) return Probe::kYes;
  }
  if (!here) return Probe::kNo;
  const bool server =
      Has(kBackendOnly, first) || (input.direction == Direction::kToClient && !Has(kFrontendOnly, first));
  if (bytes.size() == 1 && (first == 'S' || first == 'N')) return Probe::kYes;
  return LooksLikeMessages(bytes, server) ? Probe::kYes : Probe::kNo;
}

}  // namespace gander::protocol::pgsql

namespace gander::protocol {

const ProtocolInfo kPgsql = {"pgsql",
                             true,
                             false,
                             pgsql::ProbePgsql,
                             []() -> std::unique_ptr<Parser> { return std::make_unique<pgsql::PgsqlParser>(); },
                             FirstOctets::AnyOf("BCDEFHPQSXcdfp123AGIKNRTVWZnstv").Range(0, 0)};

}  // namespace gander::protocol
