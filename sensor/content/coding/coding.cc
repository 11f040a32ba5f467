// SPDX-License-Identifier: Apache-2.0
#include "content/coding/coding.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "content/coding/codings.h"
#include "content/decoder_pool.h"
#include "content/open.h"
#include "content/sniff.h"
#include "protocol/plain_text/plain_text.h"

namespace gander::content {
namespace {

// A coded body of at least so many bytes holds some that are not printable.
constexpr std::size_t kSurelyPlainBytes = 16;
// Decoding on trial stops behind so much output: a few bytes may stand for megabytes of zeros.
constexpr std::size_t kMaxTrialOutput = 64 * 1024;
// So much of it is looked at.
constexpr std::size_t kLookAtOutput = 512;

bool AllPrintable(Bytes bytes) noexcept {
  return std::all_of(bytes.begin(), bytes.end(), [](std::byte b) {
    const auto c = static_cast<unsigned char>(b);
    return (c >= 0x20 && c < 0x7f) || c == '\t' || c == '\n' || c == '\r';
  });
}

// Whether bytes are what they seem to be and no coding: text, or a file of a known format.
bool Meaningful(Bytes bytes) noexcept { return protocol::ReadsAsText(bytes) || !MagicOf(bytes).empty(); }

}  // namespace

void CodingLayer::Begin(Body& body, const char* name, bool declared) noexcept {
  body_ = &body;
  name_ = name;
  declared_ = declared;
  state_ = State::kUndecided;
  member_ = pushed_ = refused_ = false;
  coded_ = decoded_ = awaited_ = 0;
  damage_skip_ = held_ = 0;
  buffer_ = body.buffers++;
  memory_.Enter(body);
}

void CodingLayer::Leave() noexcept {
  --body_->buffers;
  Close();
  memory_.Leave();
}

void CodingLayer::Open(Body& body, LayerPtr inner, const char* name, bool declared) noexcept {
  Begin(body, name, declared);
  inner_ = std::move(inner);
}

bool CodingLayer::OpenIfFits(Body& body, LayerPtr& inner, const char* name, Bytes prefix, bool all,
                             bool surely) noexcept {
  Begin(body, name, surely);
  const Bytes look = prefix.first(std::min(prefix.size(), kTrialBytes));
  if (!body.MayOutput(0) || Recognise(look, all && look.size() == prefix.size()) != Guess::kCoded) {
    Leave();
    return false;
  }
  inner_ = std::move(inner);
  Settle(Guess::kCoded, prefix, all);
  return true;
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
  if (state_ == State::kCorrupt) total += SkipDamage(in);
  return total;
}

// Looks at the first bytes where they are, or gathers them.
Uninspected CodingLayer::Decide(Bytes& in) noexcept {
  if (!body_->MayOutput(0)) {
    state_ = State::kCapped;
    return {.lost = std::exchange(held_, 0)};
  }
  if (held_ == 0) {
    const Bytes prefix = in.first(std::min(in.size(), kTrialBytes));
    const Guess guess = Look(prefix, false);
    if (guess != Guess::kNeedMore) {
      Settle(guess, prefix, false);
      return {};
    }
  }
  Uninspected total;
  while (state_ == State::kUndecided && !in.empty()) {
    const Bytes more = TakeFront(in, (held_ < kPrefixBytes ? kPrefixBytes : kTrialBytes) - held_);
    std::memcpy(hold_.data() + held_, more.data(), more.size());
    held_ += more.size();
    const Bytes prefix(hold_.data(), held_);
    const Guess guess = Look(prefix, false);
    if (guess == Guess::kNeedMore) continue;
    Settle(guess, prefix, false);
    total += Take(prefix);
  }
  return total;
}

void CodingLayer::End(protocol::BodyEnd end) noexcept {
  if (state_ == State::kUndecided && held_ > 0) {
    const Bytes prefix(hold_.data(), held_);
    Settle(Look(prefix, true), prefix, true);
    Take(prefix);
  }
  const bool cut =
      state_ == State::kCorrupt || state_ == State::kCapped || (state_ == State::kCoded && !MayEndHere());
  if (cut && end == protocol::BodyEnd::kComplete) end = protocol::BodyEnd::kTruncated;
  inner_->End(end);
  inner_.reset();
  if (pushed_) body_->path.Pop(path_before_);
  if (!member_) --body_->depth;
  Leave();
}

// A label that does not fit is reconsidered with the bytes at hand: what reads as text or has a magic number is told by
// kPrefixBytes, another coding without one takes more.
CodingLayer::Guess CodingLayer::Look(Bytes prefix, bool all) noexcept {
  const Bytes front = prefix.first(std::min(prefix.size(), kPrefixBytes));
  all = all && front.size() == prefix.size();
  if (!refused_) {
    const Guess guess = Recognise(front, all);
    if (guess != Guess::kPlain || !declared_) return guess;
    refused_ = true;
  }
  if (all || prefix.size() >= kTrialBytes) return Guess::kPlain;
  if (prefix.size() < kPrefixBytes) return Guess::kNeedMore;
  return Meaningful(front) ? Guess::kPlain : Guess::kNeedMore;
}

CodingLayer::Guess CodingLayer::Try(Bytes prefix, bool all, bool surely) noexcept {
  if (!all && prefix.size() < kPrefixBytes) return Guess::kNeedMore;
  if (prefix.size() >= kSurelyPlainBytes && AllPrintable(prefix)) return Guess::kPlain;
  if (!MagicOf(prefix).empty()) return Guess::kPlain;
  const std::span<std::byte> out = body_->pool->Buffer(buffer_);
  const bool printable = AllPrintable(prefix);
  std::size_t total = 0;
  bool meaningful = false;
  Step step = Step::kMore;
  while (step == Step::kMore && !prefix.empty() && total < kMaxTrialOutput) {
    const std::size_t before = prefix.size();
    std::size_t produced = 0;
    step = Decode(prefix, out, &produced);
    if (total == 0 && produced > 0) meaningful = Meaningful(Bytes(out).first(std::min(produced, kLookAtOutput)));
    total += produced;
    body_->Spend(produced * Cost());
    if (before == prefix.size() && produced == 0) break;
  }
  if (step == Step::kNoMemory) return surely ? Guess::kCoded : Guess::kPlain;
  if (step == Step::kCorrupt || (total == 0 && printable)) return Guess::kPlain;
  const bool cut = all && total < kMaxTrialOutput && !MayEndHere(), surplus = step == Step::kEnd && !prefix.empty();
  return meaningful || (surely && !cut && !surplus) ? Guess::kCoded : Guess::kPlain;
}

CodingLayer::Guess CodingLayer::StartsWith(Bytes prefix, bool all, std::string_view magic) noexcept {
  const std::string_view front = AsText(prefix).substr(0, magic.size());
  if (front == magic) return Guess::kCoded;
  return !all && front.size() < magic.size() && magic.starts_with(front) ? Guess::kNeedMore : Guess::kPlain;
}

void CodingLayer::Settle(Guess guess, Bytes prefix, bool all) noexcept {
  if (guess == Guess::kPlain && declared_) {
    const bool plain =
        Supported() || Meaningful(prefix.first(std::min(prefix.size(), kPrefixBytes))) || Meaningful(prefix);
    if (!OpenFitting(*body_, inner_, prefix, all) && !plain) {
      guess = Guess::kCoded;
    } else {
      body_->sink->OnAnomaly("content_encoding_mismatch");
    }
  }
  if (guess != Guess::kCoded) {
    state_ = State::kPlain;
    if (!declared_ && !member_) {  // its magic number would be found again, and again
      inner_->End(protocol::BodyEnd::kTruncated);
      inner_ = OpenLeaf(*body_, {});
    }
    return;
  }
  state_ = State::kCoded;
  body_->Spend(BurstBudget::kCoding);
  CountBody(*body_->counters);
  if (!member_) path_before_ = body_->path.Push(name_);
  pushed_ = !member_;
}

Uninspected CodingLayer::Take(Bytes in) noexcept {
  if (in.empty()) return {};
  switch (state_) {
    case State::kUndecided:
      return {};
    case State::kCoded: {
      Uninspected total = Decompress(in);
      if (state_ != State::kCoded) total += Take(in);
      return total;
    }
    case State::kPlain:
      return inner_->Feed(in);
    case State::kCorrupt: {
      Uninspected total = SkipDamage(in);
      if (in.empty()) return total;
      OpenRest();
      total += TakeRest(in);
      return total;
    }
    case State::kEnded:
      OpenRest();
      return TakeRest(in);
    case State::kBehindEnd:
    case State::kBehindDamage:
      return TakeRest(in);
    case State::kCapped:
      return {.lost = in.size()};
  }
  return {};
}

Uninspected CodingLayer::SkipDamage(Bytes& in) noexcept {
  const std::size_t bytes = TakeFront(in, damage_skip_).size();
  damage_skip_ -= bytes;
  return {.undecodable = bytes};
}

// Behind the stream there may be another file. Behind damage there is at most text: the stream's own magic number may
// stand there again.
void CodingLayer::OpenRest() noexcept {
  const bool ended = state_ == State::kEnded;
  inner_->End(ended ? protocol::BodyEnd::kComplete : protocol::BodyEnd::kTruncated);
  if (pushed_) body_->path.Pop(path_before_);
  pushed_ = false;
  inner_ = ended ? OpenEntity(*body_, {}) : OpenLeaf(*body_, {});
  state_ = ended ? State::kBehindEnd : State::kBehindDamage;
  if (ended) inner_->Feed(Unread());
}

// Undecodable, but for the text in it.
Uninspected CodingLayer::TakeRest(Bytes in) noexcept {
  Uninspected rest = inner_->Feed(in);
  rest.undecodable += rest.opaque;
  rest.opaque = 0;
  return rest;
}

// Hands the decoder slices that end at fixed places of the stream, each when it is done with the one before: where it
// finds damage does not depend on how the body was cut.
Uninspected CodingLayer::Decompress(Bytes& in) noexcept {
  const std::uint64_t size = in.size();
  Uninspected within;  // in decoded bytes
  std::uint64_t decoded = 0;
  do {
    Bytes slice = in.first(std::min(in.size(), kSliceBytes - coded_ % kSliceBytes));
    const std::size_t offered = slice.size();
    damage_skip_ = kSliceBytes - coded_ % kSliceBytes;
    within += DecompressSlice(slice, &decoded);
    const std::size_t read = offered - slice.size();
    coded_ += read;
    awaited_ += read;
    damage_skip_ -= read;
    in = in.subspan(read);
  } while (state_ == State::kCoded && !in.empty());
  if (StopsAtDamage()) damage_skip_ = 0;
  decoded_ += decoded;
  return within.Scaled(decoded, size - in.size());
}

Uninspected CodingLayer::DecompressSlice(Bytes& in, std::uint64_t* decoded) noexcept {
  const std::span<std::byte> out = body_->pool->Buffer(buffer_);
  Uninspected within;
  while (state_ == State::kCoded) {
    if (!body_->MayOutput(0)) {
      state_ = State::kCapped;
      break;
    }
    const std::size_t before = in.size();
    std::size_t produced = 0;
    const Step step = Decode(in, out, &produced);
    if (produced > 0) {
      *decoded += produced;
      body_->GrantAwaited(std::exchange(awaited_, 0));
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
  return within;
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
