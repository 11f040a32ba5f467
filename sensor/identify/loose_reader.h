// SPDX-License-Identifier: Apache-2.0
// Values that people spaced as they liked: "4 4 3 4 8 9 2 7 3", "860002503 - 2", "25 30 41 40 71". Only where a key
// names the value or the text is nothing else, and only by rules whose check seldom passes by chance: without the usual
// spacing the check characters alone must prove it.
#ifndef GANDER_IDENTIFY_LOOSE_READER_H_
#define GANDER_IDENTIFY_LOOSE_READER_H_

#include <array>
#include <cstdint>

#include "identify/chain.h"
#include "identify/context_reader.h"
#include "identify/judge.h"
#include "identify/window.h"

namespace gander::identify {

class LooseReader {
 public:
  LooseReader(const RuleSet::Impl& rules, Judge& judge, ContextReader& context)
      : rules_(rules), judge_(judge), context_(context) {}

  void Begin(const Window& window) noexcept { window_ = &window; }
  // Whether more may stand behind a chain of words with digits that ends at `end` than one separator away ("... - 2").
  static bool GoesOn(const Window& window, std::size_t end) noexcept {
    return window.At(end) == ' ' && IsSeparator(window.At(end + 1)) && window.At(end + 1) != '/';
  }
  // Whether "key: " or "key=" stands right before `begin`: it alone says where a value begins.
  static bool IsNamed(const Window& window, std::size_t begin) noexcept {
    std::size_t i = begin;
    while (i > 0 && begin - i < 2 && window.text[i - 1] == ' ') --i;
    return i > 1 && (window.text[i - 1] == ':' || window.text[i - 1] == '=');
  }
  // Reads what begins at `begin`; true when it was reported.
  bool Read(std::size_t begin) noexcept;

 private:
  static constexpr std::size_t kMaxGroups = 32;
  static constexpr std::size_t kMaxGap = 3;       // bytes between two groups
  static constexpr std::size_t kMaxReach = 64;    // bytes of a value with its gaps
  static constexpr std::size_t kMinCompact = 7, kMaxCompact = 32;
  static constexpr float kMaxChance = 0.2f;

  struct Reading {
    IdType rule = 0xFFFF;
    int rank = -1;
    float chance = 1;
  };
  void FindGroups(std::size_t begin) noexcept;
  bool IsWhole(std::size_t begin, std::size_t end) const noexcept;
  Reading Best(std::string_view compact, const ContextWords& words, bool alone) const noexcept;

  const RuleSet::Impl& rules_;
  Judge& judge_;
  ContextReader& context_;
  const Window* window_ = nullptr;
  std::array<Group, kMaxGroups> groups_{};
  std::size_t count_ = 0;
  std::array<std::uint64_t, kMaxCompact / 8 + 2> compact_{};  // whole words of eight bytes are read where it ends
};

}  // namespace gander::identify

#endif  // GANDER_IDENTIFY_LOOSE_READER_H_
