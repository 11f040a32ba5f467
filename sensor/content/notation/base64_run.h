// SPDX-License-Identifier: Apache-2.0
// base64 (RFC 4648 §4, §5) inside a text: where runs of its characters are, how far a value reaches, and whether it is
// base64 at all or only looks like it, as words, identifiers, paths and hexadecimal numbers do.
#ifndef GANDER_CONTENT_BASE64_RUN_H_
#define GANDER_CONTENT_BASE64_RUN_H_

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>

#include "base/bytes.h"
#include "protocol/mime/base64.h"

namespace gander::content {

// Shorter values are not looked at: nothing that names a person fits in, and short words decode to letters too often.
inline constexpr std::size_t kMinBase64 = 16;
// So many characters of the alphabet stand in each of them; two may be padding.
inline constexpr std::size_t kMinBase64Run = kMinBase64 - 2;

// A bit where kMinBase64Run ones in a row begin.
constexpr std::uint64_t RunsIn(std::uint64_t ones) noexcept {
  static_assert(kMinBase64Run == 14);
  ones &= ones >> 1;
  ones &= ones >> 2;
  ones &= ones >> 4;
  ones &= ones >> 6;
  return ones;
}
// Whether so many ones stand in a row, `open` of which are before the first bit.
constexpr bool HasRun(std::uint64_t ones, std::size_t open) noexcept {
  return RunsIn(ones) != 0 || open + static_cast<std::size_t>(std::countr_one(ones)) >= kMinBase64Run;
}

// A run of characters that are of either alphabet.
struct Base64Run {
  std::size_t begin = 0, end = 0;
};

// The runs of `in`, one after the other: those of at least kMinBase64Run characters, and the one it ends with, however
// short, for that may go on.
class Base64Runs {
 public:
  // `from`: where to begin, not within a run.
  explicit Base64Runs(Bytes in, std::size_t from = 0) noexcept : in_(in), at_(from) {}
  // False when there are no more.
  bool Next(Base64Run& run) noexcept;

 private:
  bool InBlock(Base64Run& run) noexcept;

  Bytes in_;
  std::size_t at_;          // of the block at hand, or to be read
  std::size_t open_ = 0;    // characters before it that a run at its begin has
  std::size_t size_ = 0;    // of the block at hand; 0 = none
  std::uint64_t ones_ = 0;  // of it, without the runs already told: a bit for each character of the alphabets
};

inline bool IsBase64(std::byte c) noexcept {
  return protocol::mime::kBase64Values[static_cast<std::uint8_t>(c)] != protocol::mime::kNotBase64;
}

// Where the run begins that ends before in[end]; `end` if there is none.
inline std::size_t Base64RunBegin(Bytes in, std::size_t end) noexcept {
  while (end > 0 && IsBase64(in[end - 1])) --end;
  return end;
}

// Whether in[begin, end) has letters of both cases, as the base64 of text has but for texts too short to be looked at.
// Numbers, most words and hexadecimal digits have not: most of what only looks like base64 is told so.
bool HasBothCases(Bytes in, Base64Run run) noexcept;

// Follows a value over any cuts: characters, line ends where encoders put them, at most two '=' at the end.
class Base64Extent {
 public:
  // Encoders break lines behind so many characters, all of one length (RFC 1421, RFC 2045).
  static constexpr std::size_t kMinLine = 60, kMaxLine = 76;

  // `lines`: whether a value may be broken into lines at all.
  explicit Base64Extent(bool lines) noexcept : lines_(lines) {}
  // How many bytes at the front of `in` belong to the value; sets `over` when what follows does not.
  std::size_t Take(Bytes in, bool& over) noexcept;
  // Whether it can be a whole value as it stands.
  bool IsWhole() const noexcept;

 private:
  bool EndsLine() const noexcept {
    if (line_ == 0 || full_line_ > 0) return line_ == 0 || line_ == full_line_;
    return lines_ && line_ >= kMinLine && line_ <= kMaxLine;
  }

  bool lines_;
  std::size_t characters_ = 0;
  std::size_t line_ = 0;  // of them on this line
  std::size_t full_line_ = 0;  // of the first line, once there is a second
  std::size_t padding_ = 0;
};

enum class Base64Verdict : std::uint8_t {
  kNone,  // no base64, or nothing that can be read
  kText,   // in UTF-8
  kOther,  // text in UTF-16 or an older character set
  kFile,   // begins with a known magic number
};

// What `value` holds, a whole one or the first 1 KiB of a longer one. `decoded`: room for three quarters of it and 3
// bytes more; its first `size` bytes are what was decoded, when the verdict is not kNone.
Base64Verdict JudgeBase64(Bytes value, std::span<std::byte> decoded, std::size_t& size) noexcept;

}  // namespace gander::content

#endif  // GANDER_CONTENT_BASE64_RUN_H_
