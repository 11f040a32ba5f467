// SPDX-License-Identifier: Apache-2.0
// An excerpt in the making: a piece of text that outlives its window. Wiped when it is told, when it is not wanted, and
// when its text is over.
#ifndef GANDER_IDENTIFY_OPEN_EXCERPT_H_
#define GANDER_IDENTIFY_OPEN_EXCERPT_H_

#include <string.h>

#include <array>
#include <cstdint>
#include <string_view>

#include "identify/finding.h"
#include "identify/scanner.h"
#include "identify/window.h"

namespace gander::identify {

struct OpenExcerpt {
  enum class Stage : std::uint8_t { kNone, kNoted, kCopied, kOver };
  // A found value that the excerpt may hold a part of.
  struct Place {
    std::uint64_t begin;
    std::uint32_t length;
    IdType type;
  };
  static constexpr std::size_t kMaxRaw = kMaxExcerptBytes + kLookAhead, kMaxPlaces = 96;

  Stage stage = Stage::kNone;
  bool cut_front = false, cut_back = false;  // the text goes on there
  std::uint16_t size = 0, places_size = 0;
  Finding first;
  std::uint64_t begin = 0;  // offset of raw[0] within the text
  std::array<Place, kMaxPlaces> places;
  std::array<char, kMaxRaw> raw;

  OpenExcerpt() = default;
  ~OpenExcerpt() { Wipe(); }
  OpenExcerpt(const OpenExcerpt&) = delete;
  OpenExcerpt& operator=(const OpenExcerpt&) = delete;

  std::string_view text() const noexcept { return {raw.data(), size}; }
  // A value that begins there may still be in it.
  std::uint64_t end() const noexcept { return first.offset + kLookAhead; }
  void Wipe() noexcept {
    explicit_bzero(raw.data(), size);
    size = 0;
  }
  void GiveUp() noexcept {
    Wipe();
    stage = Stage::kOver;
  }
  void Clear() noexcept {
    Wipe();
    stage = Stage::kNone;
    places_size = 0;
  }
};

}  // namespace gander::identify

#endif  // GANDER_IDENTIFY_OPEN_EXCERPT_H_
