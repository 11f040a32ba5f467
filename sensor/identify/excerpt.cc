// SPDX-License-Identifier: Apache-2.0
#include "identify/excerpt.h"

#include <algorithm>
#include <memory>

namespace gander::identify {
namespace {

bool IsDigit(char c) noexcept { return c >= '0' && c <= '9'; }

// No value goes on behind one of these, but for groups of digits behind a space.
bool Parts(char c) noexcept { return std::string_view(" \t\r\n\"'`,;<>|&=(){}[]").find(c) != std::string_view::npos; }

// Where the word that begins at `at` ends.
std::size_t WordEnd(std::string_view text, std::size_t at) noexcept {
  while (at < text.size() && !Parts(text[at])) ++at;
  return at;
}

// Where the word that ends at `at` begins.
std::size_t WordBegin(std::string_view text, std::size_t at) noexcept {
  while (at > 0 && !Parts(text[at - 1])) --at;
  return at;
}

bool HasDigit(std::string_view word) noexcept { return std::any_of(word.begin(), word.end(), IsDigit); }

// Behind the word that the cut may have halved, and the groups of digits that go on from it.
std::size_t FrontOf(std::string_view text) noexcept {
  std::size_t at = WordEnd(text, 0);
  while (at < text.size() && text[at] == ' ') {
    const std::size_t end = WordEnd(text, at + 1);
    if (!HasDigit(text.substr(at + 1, end - at - 1))) break;
    at = end;
  }
  return at;
}

std::size_t BackOf(std::string_view text) noexcept {
  std::size_t at = WordBegin(text, text.size());
  while (at > 0 && text[at - 1] == ' ') {
    const std::size_t begin = WordBegin(text, at - 1);
    if (!HasDigit(text.substr(begin, at - 1 - begin))) break;
    at = begin;
  }
  return at;
}

}  // namespace

ExcerptPart WithoutCutEnds(const OpenExcerpt& excerpt) noexcept {
  const std::string_view text = excerpt.text();
  const auto begin = static_cast<std::size_t>(excerpt.first.offset - excerpt.begin);
  const std::size_t end = std::min(text.size(), begin + excerpt.first.length);
  ExcerptPart part{0, text.size()};
  if (excerpt.cut_front) part.begin = FrontOf(text.substr(0, begin));
  if (excerpt.cut_back) part.end = end + BackOf(text.substr(end));
  return part;
}

void ExcerptTaker::Begin(const Window& window, TextState::Impl& state, FindingSink& sink) noexcept {
  window_ = &window;
  state_ = &state;
  sink_ = &sink;
  reached_ = window.Offset(window.limit);
}

void ExcerptTaker::OnFindings(std::span<const Finding> findings) noexcept {
  sink_->OnFindings(findings);
  for (const Finding& f : findings) {
    const OpenExcerpt* open = state_->excerpt.get();
    if (open != nullptr && open->stage == OpenExcerpt::Stage::kOver) return;
    const bool is_behind = open != nullptr && open->stage != OpenExcerpt::Stage::kNone && f.offset >= open->end();
    if (!is_behind && Shows(f, findings)) Note(f);
  }
}

// Not what is a whole record, nor what waited for evidence or for its neighbours: when it is told depends on where the
// text was cut, and it may stand in an earlier text. One that was not held may stand at the same offset.
bool ExcerptTaker::Shows(const Finding& f, std::span<const Finding> delivered) const noexcept {
  if (f.evidence == Evidence::kUnproven || f.is_test_value || rules_.rules[f.type].waits()) return false;
  const ShapeKind kind = rules_.rules[f.type].kind;
  if (kind == ShapeKind::kPeopleTable || kind == ShapeKind::kContactList || kind == ShapeKind::kKeys) return false;
  const auto same = [&f](const Finding& g) {
    return g.offset == f.offset && g.length == f.length && g.type == f.type;
  };
  const std::span<const Finding> released = judge_.released();
  const auto held = std::count_if(released.begin(), released.end(), same);
  return held == 0 || held < std::count_if(delivered.begin(), delivered.end(), same);
}

void ExcerptTaker::Note(const Finding& f) noexcept {
  if (state_->excerpt == nullptr) state_->excerpt = std::make_unique<OpenExcerpt>();
  OpenExcerpt& open = *state_->excerpt;
  const Finding& first = open.first;
  const bool is_first = open.stage == OpenExcerpt::Stage::kNone || f.offset < first.offset ||
                        (f.offset == first.offset && f.type < first.type);
  if (is_first) {
    open.Wipe();
    open.first = f;
    open.stage = OpenExcerpt::Stage::kNoted;
  }
  if (open.places_size == OpenExcerpt::kMaxPlaces) return open.GiveUp();  // more values than have room in so few bytes
  open.places[open.places_size++] = {f.offset, f.length, f.type};
}

void ExcerptTaker::Copy(OpenExcerpt& open) const noexcept {
  const Window& w = *window_;
  const std::uint64_t offset = open.first.offset, text_end = w.base + w.raw.size();
  if (offset < w.base) return open.GiveUp();  // a stage gave way without a look at it
  const std::uint64_t end = std::min({offset + open.first.length + bytes_, open.end(), text_end});
  open.begin = std::max(w.base, offset - std::min<std::uint64_t>(offset, bytes_));
  open.size = static_cast<std::uint16_t>(end - open.begin);
  open.cut_front = open.begin > 0;
  open.cut_back = !(w.last && end == text_end);
  std::copy_n(w.raw.data() + (open.begin - w.base), open.size, open.raw.data());
  open.stage = OpenExcerpt::Stage::kCopied;
}

OpenExcerpt* ExcerptTaker::Finish() noexcept {
  OpenExcerpt* const open = state_->excerpt.get();
  if (open == nullptr) return nullptr;
  if (open->stage == OpenExcerpt::Stage::kNoted && open->first.offset < reached_) Copy(*open);
  // A field of a table is told when it ends, and may be so long.
  const bool complete = window_->last || reached_ >= open->end() + kLookBehind;
  if (open->stage != OpenExcerpt::Stage::kCopied || !complete) return nullptr;
  open->stage = OpenExcerpt::Stage::kOver;
  if (sink_->WantsExcerpt(open->first)) return open;
  open->Wipe();
  return nullptr;
}

}  // namespace gander::identify
