// SPDX-License-Identifier: Apache-2.0
#include "protocol/framing/frame_reader.h"

#include <algorithm>

namespace gander::protocol::framing {
namespace {

// A buffer no larger than this is kept between messages.
constexpr std::size_t kKeptBuffer = 256;

}  // namespace

void FrameReader::Drop() noexcept {
  given_ = false;
  held_.clear();
  if (held_.capacity() > kKeptBuffer) std::string().swap(held_);
}

FrameReader::Step FrameReader::TakeFrame(Bytes& in, std::uint64_t length) noexcept {
  const std::size_t want = static_cast<std::size_t>(std::min<std::uint64_t>(length, kept_));
  if (held_.empty() && in.size() >= want) {
    frame_ = TakeFront(in, want);
  } else {
    if (held_.size() < want) held_ += AsText(TakeFront(in, want - held_.size()));
    if (held_.size() < want) return Step::kNeedMore;
    frame_ = AsBytes(held_);
    given_ = true;
  }
  broken_ = false;
  left_ = length - want;
  return Step::kFrame;
}

FrameReader::Step FrameReader::TakePart(Bytes& in) noexcept {
  if (in.empty()) return Step::kNeedMore;
  part_ = TakeFront(in, static_cast<std::size_t>(std::min<std::uint64_t>(left_, in.size())));
  left_ -= part_.size();
  return Step::kPart;
}

bool FrameReader::Gap(std::uint64_t bytes) noexcept {
  const std::uint64_t rest = left_ > 0 ? left_ : given_ || held_.empty() || total_ == 0 ? 0 : total_ - held_.size();
  const bool known = rest > 0 && bytes <= rest;
  broken_ = known && (broken_ || left_ == 0);
  left_ = known ? rest - bytes : 0;
  total_ = 0;
  Drop();
  return known;
}

void FrameReader::Reset() noexcept {
  Drop();
  broken_ = false;
  left_ = total_ = 0;
  frame_ = part_ = {};
}

}  // namespace gander::protocol::framing
