// SPDX-License-Identifier: Apache-2.0
#include "content/mail/rtf_stream.h"

#include <cstring>

#include "content/decoder_pool.h"

namespace gander::content {
namespace {

// [MS-OXRTFCP] §2.1.2.1.
constexpr std::string_view kFirstWindow =
    "{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor MS "
    "Sans "
    "SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par "
    "\\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx";
static_assert(kFirstWindow.size() == 207);

constexpr std::size_t kTypeAt = 8;
constexpr std::size_t kMinCopy = 2, kMaxCopy = kMinCopy + 15;

}  // namespace

void RtfStream::Open(Body& body, LayerPtr inner) noexcept {
  body_ = &body;
  inner_ = std::move(inner);
  state_ = State::kHeader;
  flags_left_ = 0;
  half_ = false;
  held_ = out_ = 0;
  std::memcpy(window_.data(), kFirstWindow.data(), kFirstWindow.size());
  std::memset(window_.data() + kFirstWindow.size(), 0, kWindow - kFirstWindow.size());
  at_ = kFirstWindow.size();
}

void RtfStream::GiveBack() noexcept { body_->pool->Give(this); }

Uninspected RtfStream::Feed(Bytes in) noexcept {
  if (state_ == State::kHeader) {
    const Bytes more = TakeFront(in, kHeaderBytes - held_);
    std::memcpy(header_.data() + held_, more.data(), more.size());
    held_ += more.size();
    if (held_ == kHeaderBytes) HeaderRead();
  }
  Uninspected total;
  if (state_ == State::kCompressed) total = Decompress(in);
  if (in.empty()) return total;
  switch (state_) {
    case State::kHeader:
    case State::kCompressed:
      break;
    case State::kStored:
      return inner_->Feed(in);
    case State::kEnded:
      total.opaque += in.size();
      break;
    case State::kUndecodable:
      total.undecodable += in.size();
      break;
    case State::kCapped:
      total.lost += in.size();
      break;
  }
  return total;
}

void RtfStream::HeaderRead() noexcept {
  const std::string_view type = AsText(header_).substr(kTypeAt, 4);
  state_ = type == "LZFu" ? State::kCompressed : type == "MELA" ? State::kStored : State::kUndecodable;
  if (state_ != State::kUndecodable) return;
  ++body_->counters->undecodable;
  body_->sink->OnAnomaly("decompression_failed");
}

Uninspected RtfStream::Decompress(Bytes& in) noexcept {
  const std::uint64_t size = in.size();
  std::uint64_t decoded = 0;
  Uninspected within;
  while (!in.empty() && state_ == State::kCompressed) {
    const auto c = static_cast<std::uint8_t>(TakeFront(in, 1)[0]);
    if (flags_left_ == 0) {
      flags_ = c;
      flags_left_ = 8;
      continue;
    }
    if (half_) {
      half_ = false;
      Copy(static_cast<std::uint16_t>(first_ << 8 | c));
    } else if ((flags_ & 1) != 0) {
      half_ = true;
      first_ = c;
      continue;
    } else {
      Put(static_cast<std::byte>(c));
    }
    flags_ = static_cast<std::uint8_t>(flags_ >> 1);
    --flags_left_;
    if (out_ + kMaxCopy <= kStep) continue;
    decoded += out_;
    within += HandOn();
  }
  decoded += out_;
  within += HandOn();
  return within.Scaled(decoded, size - in.size());
}

Uninspected RtfStream::HandOn() noexcept {
  if (out_ == 0) return {};
  if (!body_->MayOutput(out_)) state_ = State::kCapped;
  const Uninspected within = inner_->Feed(Bytes(step_.data(), out_));
  out_ = 0;
  return within;
}

// A reference into the window; to where the next byte goes: the end.
void RtfStream::Copy(std::uint16_t token) noexcept {
  std::size_t from = token >> 4;
  if (from == at_) {
    state_ = State::kEnded;
    return;
  }
  for (std::size_t n = (token & 15u) + kMinCopy; n > 0; --n) {
    Put(window_[from]);
    from = (from + 1) % kWindow;
  }
}

void RtfStream::Put(std::byte b) noexcept {
  window_[at_] = b;
  at_ = (at_ + 1) % kWindow;
  step_[out_++] = b;
}

void RtfStream::End(protocol::BodyEnd end) noexcept {
  inner_->End(end);
  inner_.reset();
}

LayerPtr OpenRtfStream(Body& body, LayerPtr inner) noexcept {
  RtfStream* const layer = body.pool->Take<RtfStream>();
  layer->Open(body, std::move(inner));
  return LayerPtr(layer);
}

}  // namespace gander::content
