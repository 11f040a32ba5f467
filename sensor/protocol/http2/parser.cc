// SPDX-License-Identifier: Apache-2.0
// The walk through a direction, frame by frame. DATA passes through; control frames are read whole, without a copy when
// they lie in one chunk.
#include "protocol/http2/parser.h"

#include <algorithm>
#include <utility>

#include "base/renew.h"
#include "protocol/http2/http2.h"

namespace gander::protocol {
namespace http2 {
namespace {

constexpr auto kUnknownFrame = static_cast<FrameType>(0xff);  // is skipped

}  // namespace

ParseStatus Http2Parser::OnChunk(const stream::StreamChunk& chunk, MessageSink& sink) noexcept {
  Side& side = sides_[Index(chunk.direction)];
  side.direction = chunk.direction;
  if (!oriented_ && !chunk.bytes.empty()) {
    // Who opens with the preface is the client; behind an Upgrade the server may be first.
    oriented_ = true;
    const bool preface = AsText(chunk.bytes).front() == kPreface.front();
    client_ = preface ? chunk.direction : Opposite(chunk.direction);
    streams_.set_client(client_);
    sides_[Index(Opposite(client_))].preface_done = true;
  }
  if (chunk.gap_before > 0) OnGap(side, chunk.gap_before, sink);
  Bytes rest = chunk.bytes;
  if (!side.preface_done && !ReadPreface(side, rest)) return ParseStatus::kNotThis;
  while (!rest.empty()) {
    if (side.lost && !Resynchronise(side, rest)) {
      sink.OnFate(ByteFate::kOpaqueBinary, rest.size());
      break;
    }
    if (!side.in_frame) {
      if (ReadHeader(side, rest)) BeginFrame(side, sink);
      continue;
    }
    if (side.frame.type == FrameType::kData) {
      ReadData(side, rest, sink);
    } else {
      ReadControl(side, rest, sink);
    }
  }
  return ParseStatus::kContinue;
}

// False when it is none. A client picked up in the middle is not bound to it.
bool Http2Parser::ReadPreface(Side& side, Bytes& rest) noexcept {
  while (!rest.empty() && side.preface < kPreface.size()) {
    if (AsText(rest).front() != kPreface[side.preface]) {
      side.preface_done = side.preface == 0;
      return side.preface_done;
    }
    ++side.preface;
    rest = rest.subspan(1);
  }
  side.preface_done = side.preface == kPreface.size();
  return true;
}

bool Http2Parser::ReadHeader(Side& side, Bytes& rest) noexcept {
  while (!rest.empty() && side.have < kFrameHeader) {
    side.octets[side.have++] = Octets(rest)[0];
    rest = rest.subspan(1);
  }
  if (side.have < kFrameHeader) return false;
  side.have = 0;
  side.frame = ReadFrameHeader(side.octets.data());
  return true;
}

void Http2Parser::BeginFrame(Side& side, MessageSink& sink) {
  side.in_frame = true;
  side.left = side.frame.length;
  if (side.frame.type == FrameType::kData && side.frame.stream == 0) {
    sink.OnAnomaly("data_without_stream");
    side.frame.type = kUnknownFrame;
  }
  side.padding = 0;
  side.padding_known = side.frame.type != FrameType::kData || !side.frame.Has(flag::kPadded);
  if (side.block_open && side.frame.type != FrameType::kContinuation) {
    sink.OnAnomaly("header_block_broken_off");
    side.decoder.GiveUp();
    side.block_open = false;
    side.block.clear();
  }
  if (side.left > 0) return;
  if (side.frame.type == FrameType::kData) {
    Bytes nothing;
    ReadData(side, nothing, sink);
  } else {
    side.in_frame = false;
    OnControl(side, {}, sink);
  }
}

void Http2Parser::ReadData(Side& side, Bytes& rest, MessageSink& sink) {
  if (!side.padding_known && side.left > 0) {
    side.padding = Octets(rest)[0];
    side.padding_known = true;
    rest = rest.subspan(1);
    --side.left;
    if (side.padding > side.left) {
      sink.OnAnomaly("invalid_padding");
      side.padding = side.left;
    }
  }
  Stream& stream = streams_.Open(side.frame.stream, sink);
  const std::uint32_t content = side.left - std::min(side.left, side.padding);
  const Bytes part = TakeFront(rest, content);
  side.left -= static_cast<std::uint32_t>(part.size());
  streams_.OnData(stream, side.direction, part, sink);
  if (part.size() == content) side.left -= static_cast<std::uint32_t>(TakeFront(rest, side.left).size());
  if (side.left > 0) return;
  side.in_frame = false;
  if (side.frame.Has(flag::kEndStream)) streams_.EndMessage(stream, side.direction, BodyEnd::kComplete, sink);
}

void Http2Parser::ReadControl(Side& side, Bytes& rest, MessageSink& sink) {
  const bool whole = side.payload.empty() && rest.size() >= side.left;
  const Bytes part = TakeFront(rest, side.left);
  side.left -= static_cast<std::uint32_t>(part.size());
  const bool wanted = side.frame.type != FrameType::kPing && side.frame.type != FrameType::kWindowUpdate &&
                      side.frame.type <= FrameType::kContinuation;
  const bool headers = side.frame.type == FrameType::kHeaders || side.frame.type == FrameType::kPushPromise ||
                       side.frame.type == FrameType::kContinuation;
  const bool fits = side.frame.length <= (headers ? kMaxHeaderBlock : kMaxControl);
  if (whole && fits) {
    side.in_frame = false;
    return OnControl(side, part, sink);
  }
  if (wanted && fits) {
    side.payload += AsText(part);
  } else if (wanted) {
    sink.OnFate(ByteFate::kLostParserCap, part.size());
  }
  if (side.left > 0) return;
  side.in_frame = false;
  const std::string payload = std::exchange(side.payload, {});
  if (fits) return OnControl(side, AsBytes(payload), sink);
  if (headers) side.decoder.GiveUp();
}

void Http2Parser::OnControl(Side& side, Bytes payload, MessageSink& sink) {
  switch (side.frame.type) {
    case FrameType::kHeaders:
      return OnHeaders(side, payload, sink);
    case FrameType::kPushPromise:
      return OnPushPromise(side, payload, sink);
    case FrameType::kContinuation:
      return OnContinuation(side, payload, sink);
    case FrameType::kSettings:
      return OnSettings(side, payload, sink);
    case FrameType::kResetStream:
      return OnResetStream(side, payload, sink);
    case FrameType::kGoAway:
      return OnGoAway(side, payload, sink);
    default:
      return;
  }
}

void Http2Parser::OnGap(Side& side, std::uint64_t gap, MessageSink& sink) {
  if (side.in_frame && side.frame.type == FrameType::kData && gap <= side.left && side.padding_known) {
    Stream& stream = streams_.Open(side.frame.stream, sink);
    streams_.OnHole(stream, side.direction, sink);
    side.left -= static_cast<std::uint32_t>(gap);
    if (side.left > 0) return;
    side.in_frame = false;
    if (side.frame.Has(flag::kEndStream)) streams_.EndMessage(stream, side.direction, BodyEnd::kGap, sink);
    return;
  }
  if (gap > 0) Lose(side, sink);
}

// Frames and header blocks may have passed unseen.
void Http2Parser::Lose(Side& side, MessageSink& sink) {
  side.lost = true;
  side.in_frame = side.block_open = false;
  side.have = 0;
  side.payload.clear();
  side.block.clear();
  side.decoder.GiveUp();
  side.preface_done = true;
  streams_.EndSide(side.direction, sink);
}

// Frames are looked for where segments begin: that is where most senders begin one.
bool Http2Parser::Resynchronise(Side& side, Bytes rest) noexcept {
  if (rest.size() < kFrameHeader || !IsPlausible(ReadFrameHeader(Octets(rest)))) return false;
  side.lost = false;
  return true;
}

void Http2Parser::OnEnd(Direction direction, MessageSink& sink) noexcept {
  Side& side = sides_[Index(direction)];
  if (std::exchange(side.ended, true)) return;
  streams_.EndSide(direction, sink);
  if (sides_[0].ended && sides_[1].ended) streams_.EndAll(sink);
}

void Http2Parser::Reset() noexcept { Renew(*this, {}, &Http2Parser::list_, &Http2Parser::scratch_); }

}  // namespace http2

namespace {

using http2::FrameHeader;
using http2::FrameType;

// The client's preface; a server's is a SETTINGS frame (RFC 9113 §3.4), which is seen first behind an Upgrade.
Probe ProbeHttp2(const ProbeInput& input) noexcept {
  const std::string_view text = AsText(input.bytes);
  const std::string_view front = text.substr(0, http2::kPreface.size());
  if (http2::kPreface.starts_with(front)) {
    return front.size() == http2::kPreface.size() ? Probe::kYes : Probe::kNeedMore;
  }
  if (text.front() != '\0') return Probe::kNo;
  if (text.size() < http2::kFrameHeader) return text.size() < 2 || text[1] == '\0' ? Probe::kNeedMore : Probe::kNo;
  const FrameHeader header = http2::ReadFrameHeader(Octets(input.bytes));
  const bool first = header.type == FrameType::kSettings && !header.Has(http2::flag::kAck);
  if (!first || !http2::IsPlausible(header) || header.length > http2::kMaxSettings * http2::kSetting) return Probe::kNo;
  if (header.length == 0) return Probe::kYes;
  if (text.size() < http2::kFrameHeader + http2::kSetting) return Probe::kNeedMore;
  const std::uint8_t* id = Octets(input.bytes) + http2::kFrameHeader;
  return http2::SettingName(static_cast<std::uint16_t>(id[0] << 8 | id[1])) != nullptr ? Probe::kYes : Probe::kNo;
}

std::unique_ptr<Parser> Create() { return std::make_unique<http2::Http2Parser>(); }

}  // namespace

const ProtocolInfo kHttp2 = {"http2", true, false, ProbeHttp2, Create, FirstOctets::AnyOf(std::string_view("P\0", 2))};

}  // namespace gander::protocol
