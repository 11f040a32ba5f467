// SPDX-License-Identifier: Apache-2.0
// Finds the end of a ZIP member whose size was not told and that no decoder ends: stored, locked, or packed by a method
// nobody here reads. The data descriptor behind it repeats how many bytes there were, and hardly anything else does.
#ifndef GANDER_CONTENT_ZIP_SEARCH_H_
#define GANDER_CONTENT_ZIP_SEARCH_H_

#include <array>
#include <cstdint>
#include <span>

#include "content/archive/zip_descriptor.h"

namespace gander::content {

class ZipSearch {
 public:
  // `stored`: both sizes of the descriptor are the count. `wide`: as in CountedSizes.
  void Begin(bool stored, bool wide) noexcept;

  // What one look found.
  struct Found {
    Bytes data;              // of the member, in `scratch`; to be used before the next look
    bool ended = false;      // it is the last of it
    bool described = false;  // a descriptor agreed
    std::uint64_t size = 0;  // of the file, as the descriptor told
  };
  // Looks at the front of `in`, removing what was taken. `scratch` is larger than kMaxHeld.
  Found Look(Bytes& in, std::span<std::byte> scratch) noexcept;
  // What was taken and not handed on: of the member, or, once it ended, of what stands behind it.
  Bytes held() const noexcept { return {hold_.data(), held_}; }

  static constexpr std::size_t kMaxHeld = 48;

 private:
  // A place in the window: the member ends there, `skip` bytes of descriptor follow.
  struct Place {
    enum class Is : std::uint8_t { kNothing, kUnknown, kEnd } is = Is::kNothing;
    std::size_t end = 0;
    Descriptor descriptor;
  };
  Place At(Bytes window, std::size_t p) noexcept;
  Place BeforeRecord(Bytes window, std::size_t p) const noexcept;
  CountedSizes Counted(std::size_t in_window) const noexcept;
  Found HandOn(Bytes window, std::size_t end) noexcept;
  Found Stop(Bytes window, const Place& place, std::size_t taken, Bytes& in) noexcept;

  bool stored_ = false;
  bool wide_ = false;
  bool archive_ = false;    // the member is a ZIP archive itself: headers within are its own
  std::uint64_t done_ = 0;  // bytes handed on
  std::size_t looked_ = 0;  // of those held, so many need no second look
  std::size_t held_ = 0;
  std::array<std::byte, kMaxHeld> hold_;
};

}  // namespace gander::content

#endif  // GANDER_CONTENT_ZIP_SEARCH_H_
