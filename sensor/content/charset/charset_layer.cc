// SPDX-License-Identifier: Apache-2.0
#include "content/charset/charset_layer.h"

#include <algorithm>

#include "content/charset/ascii.h"
#include "content/charset/charset_converter.h"
#include "content/charset/charset_declaration.h"
#include "content/charset/charset_guess.h"
#include "content/charset/unicode_form.h"
#include "content/decoder_pool.h"

namespace gander::content {
namespace {

constexpr std::string_view kUtf8Mark = "\xef\xbb\xbf";

}  // namespace

void CharsetLayer::Open(Body& body, const Charset* declared, bool markup, LayerPtr inner) noexcept {
  body_ = &body;
  inner_ = std::move(inner);
  declared_ = declared;
  state_ = State::kAscii;
  markup_ = markup;
  handed_on_ = 0;
  held_.Begin(body.pool->memory, kDeclarationBytes + kWindow);
}

void CharsetLayer::SkipMark() noexcept {
  state_ = State::kMark;
  mark_left_ = kUtf8Mark.size();
}

void CharsetLayer::GiveBack() noexcept {
  held_.Release();
  body_->pool->Give(this);
}

Uninspected CharsetLayer::Feed(Bytes in) noexcept {
  if (state_ == State::kMark) {
    mark_left_ = static_cast<std::uint8_t>(mark_left_ - TakeFront(in, mark_left_).size());
    if (mark_left_ == 0) state_ = State::kDecided;
  }
  if (in.empty()) return {};
  Uninspected total;
  while (!in.empty() && (state_ == State::kAscii || state_ == State::kSequence)) {
    total += state_ == State::kAscii ? FeedAscii(in) : FeedEscape(in);
  }
  if (in.empty()) return total;
  return total += state_ == State::kDecided ? inner_->Feed(in) : FeedWindow(in);
}

// Up to what is no ASCII, or begins an escape sequence.
Uninspected CharsetLayer::FeedAscii(Bytes& in) noexcept {
  const std::size_t ascii = UnescapedAsciiPrefix(in);
  if (ascii < in.size() && in[ascii] != kEscape) return FeedForeign(TakeFront(in, in.size()));
  if (ascii < in.size()) {
    state_ = State::kSequence;
    escape_size_ = 0;
  }
  const Bytes front = TakeFront(in, ascii);
  KeepHead(front);
  return front.empty() ? Uninspected{} : inner_->Feed(front);
}

Uninspected CharsetLayer::FeedEscape(Bytes& in) noexcept {
  while (!in.empty()) {
    escape_[escape_size_] = in[0];
    const Designation is = DesignationOf(Bytes(escape_.data(), escape_size_ + 1u));
    const bool none = is.charset == nullptr && !is.cut;
    if (!none) {
      ++escape_size_;
      TakeFront(in, 1);
    }
    if (is.cut) continue;
    state_ = none ? State::kAscii : State::kDecided;
    if (!none) inner_ = OpenConverter(*body_, *is.charset, std::move(inner_));
    const Bytes sequence(escape_.data(), escape_size_);
    KeepHead(sequence);
    return inner_->Feed(sequence);
  }
  return {};
}

// At least one byte of `in` is no ASCII.
Uninspected CharsetLayer::FeedForeign(Bytes in) noexcept {
  const std::size_t ascii = AsciiPrefix(in);
  const Bytes rest = in.subspan(ascii);
  const Utf8Look look = LookForUtf8(rest.first(std::min(rest.size(), kWindow)));
  if (look == Utf8Look::kYes || (look == Utf8Look::kSoFar && rest.size() >= kWindow)) {
    state_ = State::kDecided;
    held_.Release();
    return inner_->Feed(in);
  }
  Uninspected total;
  KeepHead(in.first(ascii));
  if (ascii > 0) total = inner_->Feed(in.first(ascii));
  handed_on_ = held_.size();
  state_ = State::kWindow;
  total += FeedWindow(rest);
  return total;
}

void CharsetLayer::KeepHead(Bytes ascii) noexcept {
  if (!markup_ || held_.size() >= kDeclarationBytes) return;
  if (!held_.Append(ascii.first(std::min(ascii.size(), kDeclarationBytes - held_.size())))) markup_ = false;
}

std::size_t CharsetLayer::WindowEnd() const noexcept {
  return markup_ ? std::max(kDeclarationBytes, handed_on_ + kWindow) : handed_on_ + kWindow;
}

Uninspected CharsetLayer::FeedWindow(Bytes in) noexcept {
  Bytes rest = in;
  const bool held = held_.Append(TakeFront(rest, WindowEnd() - held_.size()));
  if (!held) rest = in;
  // Without memory to gather more, what is there decides.
  const Bytes window = Window().empty() ? in.first(std::min(in.size(), kWindow)) : Window();
  if (!Decide(window, !held || held_.size() >= WindowEnd())) return {};
  Uninspected total = HandOnHeld();
  if (!rest.empty()) total += inner_->Feed(rest);
  return total;
}

Uninspected CharsetLayer::HandOnHeld() noexcept {
  Uninspected total;
  if (!Window().empty()) total = inner_->Feed(Window());
  held_.Release();
  handed_on_ = 0;
  return total;
}

// `all`: more will not be held. True when it is decided how to read on.
bool CharsetLayer::Decide(Bytes window, bool all) noexcept {
  const Utf8Look look = LookForUtf8(window.first(std::min(window.size(), kWindow)));
  const bool utf8 = look == Utf8Look::kYes || (look == Utf8Look::kSoFar && (all || window.size() >= kWindow));
  if (!utf8 && !all) return false;
  state_ = State::kDecided;
  if (utf8) return true;
  if (const Charset* const charset = Choose(window)) inner_ = OpenConverter(*body_, *charset, std::move(inner_));
  return true;
}

// For a window that is not UTF-8. Null: nobody knows.
const Charset* CharsetLayer::Choose(Bytes window) noexcept {
  if (declared_ == nullptr && markup_) declared_ = FindDeclaration(held_.bytes());
  if (declared_ == nullptr) return GuessCharset(window);
  if (MakesSense(*declared_, window)) return declared_;
  // Latin-1 is what is said by those who do not know better, and in it all bytes make sense.
  const bool latin = declared_->kind == CharsetKind::kLatin;
  const Charset* guess = GuessCharset(window, latin ? declared_ : nullptr);
  if (guess == nullptr && latin) guess = declared_;
  if (guess != declared_) ++body_->counters->charset_label;
  return guess;
}

bool CharsetLayer::MakesSense(const Charset& charset, Bytes window) const noexcept {
  if (charset.kind != CharsetKind::kBytes && charset.kind != CharsetKind::kPairs) return false;
  Transcoder trial;
  if (!trial.Begin(body_->pool->converters, charset)) return true;
  const std::size_t size = window.size();
  std::byte scratch[1024];
  while (!window.empty()) trial.Convert(window, scratch);
  return trial.malformed() * 16 <= size;
}

void CharsetLayer::End(protocol::BodyEnd end) noexcept {
  if (state_ == State::kWindow) {
    Decide(Window(), true);
    HandOnHeld();
  }
  if (state_ == State::kSequence) inner_->Feed(Bytes(escape_.data(), escape_size_));
  inner_->End(end);
  inner_.reset();
  held_.Release();
}

namespace {

// A text whose markup may declare its set.
bool IsMarkup(std::string_view content_type, Bytes prefix) noexcept {
  const std::string_view s = AsText(prefix);
  const std::size_t first = s.find_first_not_of(" \t\r\n");
  return (first != std::string_view::npos && s[first] == '<') || content_type.find("html") != std::string_view::npos;
}

bool ReadsAsDeclared(const Charset& charset, Bytes prefix) noexcept {
  return charset.kind == CharsetKind::kEscaped && AsciiPrefix(prefix) == prefix.size();
}

}  // namespace

LayerPtr OpenCharset(Body& body, std::string_view content_type, Bytes prefix, LayerPtr inner) noexcept {
  const Charset* const declared = CharsetParameter(content_type);
  const bool units = declared != nullptr && declared->kind == CharsetKind::kUnits;
  if (const Charset* const form = units ? CheckUnicode(prefix, *declared) : GuessUnicode(prefix)) {
    return OpenConverter(body, *form, std::move(inner));
  }
  if (declared != nullptr && ReadsAsDeclared(*declared, prefix))
    return OpenConverter(body, *declared, std::move(inner));
  if (const Charset* const escaped = declared == nullptr ? GuessEscaped(prefix) : nullptr) {
    return OpenConverter(body, *escaped, std::move(inner));
  }
  CharsetLayer* const layer = body.pool->Take<CharsetLayer>();
  layer->Open(body, declared, declared == nullptr && IsMarkup(content_type, prefix), std::move(inner));
  if (AsText(prefix).starts_with(kUtf8Mark)) layer->SkipMark();
  return LayerPtr(layer);
}

}  // namespace gander::content
