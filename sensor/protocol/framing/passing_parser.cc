// SPDX-License-Identifier: Apache-2.0
#include "protocol/framing/passing_parser.h"

#include <algorithm>
#include <utility>

#include "base/renew.h"

namespace gander::protocol::framing {
namespace {

// A buffer no larger than this is kept between messages.
constexpr std::size_t kKeptBuffer = 256;

void Clear(std::string& buffer) noexcept {
  buffer.clear();
  if (buffer.capacity() > kKeptBuffer) std::string().swap(buffer);
}

template <class A, class B>
std::size_t Least(A a, B b) noexcept {
  return static_cast<std::size_t>(std::min<std::uint64_t>(a, b));
}

}  // namespace

ParseStatus PassingParser::OnChunk(const stream::StreamChunk& chunk, MessageSink& sink) noexcept {
  if (chunk.datagram) return OnDatagram(chunk, sink);
  Side& side = sides_[Index(chunk.direction)];
  Bytes in = chunk.bytes;
  consumed_ = 0;
  if (chunk.gap_before > 0) OnGap(side, chunk.gap_before, chunk.direction, sink);
  if (side.lost && !in.empty()) {
    side.lost = !LooksLikeMessage(in);
    if (side.lost) {
      sink.OnFate(ByteFate::kOpaqueBinary, in.size());
      return ParseStatus::kContinue;
    }
  }
  const Go go = Read(side, in, chunk.direction, sink);
  if (go == Go::kSwitch) {
    consumed_ = chunk.bytes.size() - in.size();
    return ParseStatus::kSwitch;
  }
  if (go != Go::kBad) return ParseStatus::kContinue;
  if (!seen_) return ParseStatus::kNotThis;
  sink.OnAnomaly("malformed_data");
  sink.OnFate(ByteFate::kOpaqueBinary, in.size());
  EndMessage(side, chunk.direction, sink);
  side.lost = true;
  return ParseStatus::kContinue;
}

ParseStatus PassingParser::OnDatagram(const stream::StreamChunk& chunk, MessageSink& sink) noexcept {
  if (chunk.bytes.empty()) return ParseStatus::kContinue;
  Side& side = sides_[Index(chunk.direction)];
  Bytes in = chunk.bytes;
  consumed_ = 0;
  side.in_message = side.last = true;
  side.fragment_left = in.size();
  const Go go = Read(side, in, chunk.direction, sink);
  EndMessage(side, chunk.direction, sink);
  if (go != Go::kBad) return ParseStatus::kContinue;
  if (!seen_) return ParseStatus::kNotThis;
  sink.OnAnomaly("malformed_data");
  sink.OnFate(ByteFate::kOpaqueBinary, in.size());
  return ParseStatus::kContinue;
}

// A gap within a fragment costs that message; one beyond it hides where messages begin.
void PassingParser::OnGap(Side& side, std::uint64_t bytes, Direction direction, MessageSink& sink) noexcept {
  if (side.lost) return;
  side.broken = true;
  if (bytes > side.fragment_left || !side.in_message) {
    EndMessage(side, direction, sink);
    side.lost = true;
    return;
  }
  if (side.phase == Phase::kFront) RescueData(side, direction, sink);
  side.fragment_left -= bytes;
  if (side.phase == Phase::kData && bytes < side.data_left) {
    side.data_left -= bytes;
    OnDataGap(bytes, direction, sink);
  } else if (side.phase != Phase::kRest) {
    if (side.phase == Phase::kData) {
      OnDataGap(side.data_left, direction, sink);
      EndData(side, direction, sink);
    }
    side.phase = Phase::kRest;
    Clear(side.held);
  }
  if (side.AtMessageEnd()) EndMessage(side, direction, sink);
}

// A gap cuts a front short: when data begin in what is there, they are read, and the gap is one in them.
void PassingParser::RescueData(Side& side, Direction direction, MessageSink& sink) noexcept {
  const Front front{AsBytes(side.held), side.begins, false, false};
  const Next next = OnFront(front, direction, sink);
  if (next.kind != Next::Kind::kData || next.at > front.bytes.size()) return;
  seen_ = true;
  side.held.erase(0, next.at);
  BeginData(side, next, direction, sink);
  Bytes nothing;
  if (side.phase == Phase::kData && !side.held.empty()) TakeData(side, nothing, direction, sink);
}

// False while a part of it is missing. What is in a mark is checked by the caller.
bool PassingParser::TakeMark(Side& side, Bytes& in) noexcept {
  while (side.mark_octets < kMarkOctets && !in.empty()) {
    side.mark[side.mark_octets++] = gander::TakeFront(in, 1)[0];
  }
  return side.mark_octets == kMarkOctets;
}

PassingParser::Go PassingParser::Read(Side& side, Bytes& in, Direction direction, MessageSink& sink) noexcept {
  for (;;) {
    if (side.AtMessageEnd()) {
      EndMessage(side, direction, sink);
      if (in.empty()) return Go::kNeedMore;
    }
    const bool held_is_enough = side.phase == Phase::kFront ? side.held.size() >= side.want : !side.held.empty();
    if (side.fragment_left == 0 && !side.last && !held_is_enough) {
      if (!TakeMark(side, in)) return Go::kNeedMore;
      side.mark_octets = 0;
      const Mark mark = ReadMark(side.mark, !side.in_message);
      if (!mark.is_valid) return Go::kBad;
      side.in_message = true;
      side.last = mark.last;
      side.fragment_left = mark.length;
      continue;
    }
    const Go go = Step(side, in, direction, sink);
    if (go != Go::kOn) return go;
  }
}

PassingParser::Go PassingParser::Step(Side& side, Bytes& in, Direction direction, MessageSink& sink) noexcept {
  if (side.phase == Phase::kFront) return TakeFront(side, in, direction, sink);
  if (in.empty() && side.held.empty() && side.fragment_left > 0) return Go::kNeedMore;
  switch (side.phase) {
    case Phase::kFront: break;
    case Phase::kData: TakeData(side, in, direction, sink); break;
    case Phase::kPadding: {
      const std::size_t held = Least(side.padding, side.held.size());
      side.held.erase(0, held);
      side.padding -= static_cast<std::uint32_t>(held);
      const std::size_t fresh = Least(side.padding, Least(side.fragment_left, in.size()));
      gander::TakeFront(in, fresh);
      side.fragment_left -= fresh;
      side.padding -= static_cast<std::uint32_t>(fresh);
      if (side.padding == 0) side.phase = Phase::kFront;
      break;
    }
    case Phase::kRest: {
      Clear(side.held);
      const std::size_t n = Least(side.fragment_left, in.size());
      gander::TakeFront(in, n);
      side.fragment_left -= n;
      sink.OnFate(side.broken ? ByteFate::kOpaqueBinary : ByteFate::kLostParserCap, n);
      break;
    }
  }
  return Go::kOn;
}

// The front is a view where it lies in one chunk and one fragment; else it is gathered.
PassingParser::Go PassingParser::TakeFront(Side& side, Bytes& in, Direction direction, MessageSink& sink) noexcept {
  Front front;
  const std::size_t here = Least(side.want, side.fragment_left);
  const bool view = side.held.empty() && in.size() >= here && (here == side.want || side.last);
  if (view) {
    front.bytes = in.first(here);
    front.whole = side.last && here == side.fragment_left;
  } else {
    if (side.held.size() < side.want) {
      const Bytes part = gander::TakeFront(in, Least(side.want - side.held.size(), side.fragment_left));
      side.held += AsText(part);
      side.fragment_left -= part.size();
    }
    const bool ended = side.last && side.fragment_left == 0;
    if (side.held.size() < side.want && !ended) return side.fragment_left == 0 ? Go::kOn : Go::kNeedMore;
    front.bytes = AsBytes(side.held).first(std::min(side.want, side.held.size()));
    front.whole = ended && side.held.size() <= side.want;
  }
  front.begins = side.begins;
  front.final = front.whole || side.want == kMaxFront;
  const Next next = OnFront(front, direction, sink);
  if (next.kind == Next::Kind::kBad) return Go::kBad;
  seen_ = true;
  if (next.kind == Next::Kind::kMore && !front.final) {
    side.want = kMaxFront;
    return Go::kOn;
  }
  const std::size_t used = next.kind == Next::Kind::kData ? std::min(next.at, front.bytes.size()) : front.bytes.size();
  if (view) {
    gander::TakeFront(in, used);
    side.fragment_left -= used;
  } else {
    side.held.erase(0, used);
  }
  side.begins = false;
  if (next.kind == Next::Kind::kSwitch && front.whole) {
    EndMessage(side, direction, sink);
    return Go::kSwitch;
  }
  if (next.kind == Next::Kind::kData) {
    BeginData(side, next, direction, sink);
  } else {
    side.phase = Phase::kRest;
  }
  return Go::kOn;
}

void PassingParser::BeginData(Side& side, const Next& next, Direction direction, MessageSink& sink) noexcept {
  side.begins = false;
  side.want = kGlance;
  side.phase = Phase::kData;
  side.data_left = next.length;
  side.padding = static_cast<std::uint32_t>(-next.length & (alignment_ - 1));
  if (side.data_left == 0) EndData(side, direction, sink);
}

void PassingParser::TakeData(Side& side, Bytes& in, Direction direction, MessageSink& sink) noexcept {
  std::size_t taken = Least(side.data_left, side.held.size());
  if (taken > 0) {
    OnData(AsBytes(side.held).first(taken), direction, sink);
    side.held.erase(0, taken);
  } else {
    taken = Least(side.data_left, Least(side.fragment_left, in.size()));
    const Bytes part = gander::TakeFront(in, taken);
    side.fragment_left -= taken;
    if (taken > 0) OnData(part, direction, sink);
  }
  side.data_left -= taken;
  if (side.data_left == 0) EndData(side, direction, sink);
}

void PassingParser::EndData(Side& side, Direction direction, MessageSink& sink) noexcept {
  side.phase = side.padding > 0 ? Phase::kPadding : Phase::kFront;
  side.data_left = 0;
  OnDataEnd(direction, sink);
}

void PassingParser::EndMessage(Side& side, Direction direction, MessageSink& sink) noexcept {
  if (side.phase == Phase::kData) {
    // It promised more than its message has.
    if (!side.broken) sink.OnAnomaly("malformed_data");
    OnDataGap(side.data_left, direction, sink);
    EndData(side, direction, sink);
  }
  if (side.in_message && !side.begins) OnMessageEnd(direction, sink);
  const bool lost = side.lost;
  Clear(side.held);
  Renew(side, {}, &Side::held);
  side.lost = lost;
}

void PassingParser::OnEnd(Direction direction, MessageSink& sink) noexcept {
  Side& side = sides_[Index(direction)];
  side.broken = true;  // what is missing was not sent, or not seen
  EndMessage(side, direction, sink);
}

void PassingParser::Reset() noexcept {
  for (Side& side : sides_) {
    Clear(side.held);
    Renew(side, {}, &Side::held);
  }
  consumed_ = 0;
  seen_ = false;
}

}  // namespace gander::protocol::framing
