// SPDX-License-Identifier: Apache-2.0
// What stands around a text's first value, for those who may open what is sealed to them (Options::excerpt_bytes). One
// a text: around the value that counts and begins first. It is the same wherever the text was cut: it is taken where
// all of it is in view, and told once everything in it is judged.
#ifndef GANDER_IDENTIFY_EXCERPT_H_
#define GANDER_IDENTIFY_EXCERPT_H_

#include <algorithm>
#include <cstdint>
#include <span>
#include <string_view>

#include "identify/judge.h"
#include "identify/scanner.h"
#include "identify/text_state.h"
#include "identify/window.h"

namespace gander::identify {

// Watches what a window's judge delivers, on its way to the sink.
class ExcerptTaker final : public FindingSink {
 public:
  ExcerptTaker(const RuleSet::Impl& rules, const Judge& judge, std::uint32_t bytes)
      : rules_(rules), judge_(judge), bytes_(std::min<std::size_t>(bytes, kMaxExcerptBytes)) {}

  bool on() const noexcept { return bytes_ != 0; }
  std::size_t bytes() const noexcept { return bytes_; }

  // Between the two the judge delivers to this, which hands on to `sink`. Finish() gives the text's excerpt when it is
  // complete and `sink` wants it: to be told and wiped.
  void Begin(const Window& window, TextState::Impl& state, FindingSink& sink) noexcept;
  OpenExcerpt* Finish() noexcept;

  void OnFinding(const Finding& finding) noexcept override { OnFindings({&finding, 1}); }
  void OnFindings(std::span<const Finding> findings) noexcept override;
  void OnPeople(std::span<const Finding> people) noexcept override { sink_->OnPeople(people); }

 private:
  bool Shows(const Finding& finding, std::span<const Finding> delivered) const noexcept;
  void Note(const Finding& finding) noexcept;
  void Copy(OpenExcerpt& open) const noexcept;

  const RuleSet::Impl& rules_;
  const Judge& judge_;
  const std::size_t bytes_;
  const Window* window_ = nullptr;
  TextState::Impl* state_ = nullptr;
  FindingSink* sink_ = nullptr;
  std::uint64_t reached_ = 0;  // what begins before is judged
};

// The part of an excerpt that may be shown masked: without what the edges may have cut in two, which no rule knows by
// its half. What is shown of the value itself stays.
struct ExcerptPart {
  std::size_t begin = 0, end = 0;
};
ExcerptPart WithoutCutEnds(const OpenExcerpt& excerpt) noexcept;

}  // namespace gander::identify

#endif  // GANDER_IDENTIFY_EXCERPT_H_
