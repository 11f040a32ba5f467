// SPDX-License-Identifier: Apache-2.0
#include "content/coding.h"

#include <algorithm>
#include <cstring>

#include "content/decoder_pool.h"

namespace gander::content {
namespace {

// A coded body of at least so many bytes holds some that are not printable.
constexpr std::size_t kSurelyPlainBytes = 16;

bool AllPrintable(Bytes bytes) noexcept {
  return std::all_of(bytes.begin(), bytes.end(), [](std::byte b) {
    const auto c = static_cast<unsigned char>(b);
    return (c >= 0x20 && c < 0x7f) || c == '\t' || c == '\n' || c == '\r';
  });
}

}  // namespace

void CodingLayer::Open(Body& body, LayerPtr inner, const char* name, bool declared) noexcept {
  body_ = &body;
  inner_ = std::move(inner);
  name_ = name;
  declared_ = declared;
  state_ = State::kUndecided;
  member_ = pushed_ = false;
  decoded_ = 0;
  held_ = 0;
  buffer_ = body.buffers++;
}

void CodingLayer::OpenMember(Body& body, LayerPtr inner) noexcept {
  Open(body, std::move(inner), "", false);
  member_ = true;
}

Uninspected CodingLayer::Feed(Bytes in) noexcept {
  Uninspected total = FeedMember(in);
  total += Take(in);
  return total;
}

Uninspected CodingLayer::FeedMember(Bytes& in) noexcept {
  Uninspected total;
  if (state_ == State::kUndecided && !in.empty()) total = Decide(in);
  if (state_ == State::kCoded && !in.empty()) total += Decompress(in);
  return total;
}

// Looks at the first bytes where they are, or gathers them.
Uninspected CodingLayer::Decide(Bytes& in) noexcept {
  if (held_ == 0) {
    const Guess guess = Recognise(in.first(std::min(in.size(), kPrefixBytes)), false);
    if (guess != Guess::kNeedMore) {
      Settle(guess);
      return {};
    }
  }
  Uninspected total;
  while (state_ == State::kUndecided && !in.empty()) {
    const Bytes more = TakeFront(in, kPrefixBytes - held_);
    std::memcpy(hold_.data() + held_, more.data(), more.size());
    held_ += more.size();
    const Bytes prefix(hold_.data(), held_);
    const Guess guess = Recognise(prefix, false);
    if (guess == Guess::kNeedMore) continue;
    Settle(guess);
    total += Take(prefix);
  }
  return total;
}

void CodingLayer::End(protocol::BodyEnd end) noexcept {
  if (state_ == State::kUndecided && held_ > 0) {
    const Bytes prefix(hold_.data(), held_);
    Settle(Recognise(prefix, true));
    Take(prefix);
  }
  const bool cut =
      state_ == State::kCorrupt || state_ == State::kCapped || (state_ == State::kCoded && !Complete());
  if (cut && end == protocol::BodyEnd::kComplete) end = protocol::BodyEnd::kTruncated;
  inner_->End(end);
  inner_.reset();
  if (pushed_) body_->path.Pop(path_before_);
  --body_->buffers;
  if (!member_) --body_->depth;
  Close();
}

CodingLayer::Guess CodingLayer::Try(Bytes prefix, bool all) noexcept {
  if (!all && prefix.size() < kPrefixBytes) return Guess::kNeedMore;
  if (prefix.size() >= kSurelyPlainBytes && AllPrintable(prefix)) return Guess::kPlain;
  const std::span<std::byte> out = body_->pool->Buffer(buffer_);
  std::size_t produced = 0;
  Step step = Step::kMore;
  while (step == Step::kMore && !prefix.empty()) {
    const std::size_t before = prefix.size();
    step = Decode(prefix, out, &produced);
    if (before == prefix.size() && produced == 0) break;
  }
  if (step == Step::kCorrupt) return Guess::kPlain;
  return all && !Complete() ? Guess::kPlain : Guess::kCoded;
}

void CodingLayer::Settle(Guess guess) noexcept {
  if (guess == Guess::kCoded) {
    state_ = State::kCoded;
    CountBody(*body_->counters);
    if (!member_) path_before_ = body_->path.Push(name_);
    pushed_ = !member_;
    return;
  }
  state_ = State::kPlain;
  if (declared_) body_->sink->OnAnomaly("content_encoding_mismatch");
}

Uninspected CodingLayer::Take(Bytes in) noexcept {
  switch (state_) {
    case State::kUndecided:
      return {};
    case State::kCoded: {
      if (in.empty()) return {};
      Uninspected total = Decompress(in);
      if (state_ != State::kCoded) total += Take(in);
      return total;
    }
    case State::kPlain:
      return inner_->Feed(in);
    case State::kEnded:
    case State::kCorrupt:
      return {.undecodable = in.size()};
    case State::kCapped:
      return {.lost = in.size()};
  }
  return {};
}

Uninspected CodingLayer::Decompress(Bytes& in) noexcept {
  const std::span<std::byte> out = body_->pool->Buffer(buffer_);
  const std::size_t size = in.size();
  Uninspected within;  // in decoded bytes
  std::uint64_t decoded = 0;
  while (state_ == State::kCoded) {
    if (body_->capped) {
      state_ = State::kCapped;
      break;
    }
    const std::size_t before = in.size();
    std::size_t produced = 0;
    const Step step = Decode(in, out, &produced);
    if (produced > 0) {
      decoded += produced;
      within += inner_->Feed(Bytes(out.data(), produced));
      if (!body_->MayOutput(produced, Cost())) state_ = State::kCapped;
    }
    if (step != Step::kMore) {
      Stop(step);
    } else if (before == in.size() && produced == 0) {
      if (in.empty()) break;
      Stop(Step::kCorrupt);  // a decoder that neither reads nor writes never will
    } else if (in.empty() && produced < out.size()) {
      break;
    }
  }
  decoded_ += decoded;
  return within.Scaled(decoded, size - in.size());
}

void CodingLayer::Stop(Step step) noexcept {
  if (state_ == State::kCapped) return;
  switch (step) {
    case Step::kMore:
      return;
    case Step::kEnd:
      state_ = State::kEnded;
      return;
    case Step::kCorrupt:
      state_ = State::kCorrupt;
      ++body_->counters->undecodable;
      body_->sink->OnAnomaly("decompression_failed");
      return;
    case Step::kNoMemory:
      state_ = State::kCapped;
      ++body_->counters->cap_memory;
      body_->sink->OnAnomaly("decompression_memory_cap");
  }
}

}  // namespace gander::content
