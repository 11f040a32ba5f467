// SPDX-License-Identifier: Apache-2.0
// yEnc 1.3 (yenc.org/yenc-draft.1.3.txt): each octet plus 42, four of them escaped, between lines that begin with "=y".
// A file may come in parts, each in a message of its own.
#ifndef GANDER_CONTENT_YENC_H_
#define GANDER_CONTENT_YENC_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "base/bytes.h"

namespace gander::content {

inline constexpr std::string_view kYencBegin = "=ybegin ";

// What an "=ybegin" line says.
struct YencHead {
  std::string_view name;   // the rest of the line, blanks and all; view into it
  std::uint64_t size = 0;  // bytes of the whole file
  bool part = false;       // one of several
};
// Nothing when `line` (without its end) is none: line length, size and name are needed.
std::optional<YencHead> ReadYencHead(std::string_view line) noexcept;

// The lines behind "=ybegin", over any cuts.
class YencDecoder {
 public:
  static constexpr std::size_t kMaxLine = 256;  // of a line of keywords that is kept

  void Begin(const YencHead& head) noexcept;
  // As UuDecoder's.
  std::size_t Decode(Bytes& in, std::span<std::byte> out) noexcept;
  std::size_t Finish(std::span<std::byte> out) noexcept;

  bool over() const noexcept { return over_; }
  bool complete() const noexcept { return complete_; }  // "=yend" was there
  // Another size or checksum than was told, or no end.
  bool damaged() const noexcept { return damaged_; }
  Bytes rest() const noexcept { return {line_.data(), rest_size_}; }

 private:
  enum class At : std::uint8_t {
    kLineStart,
    kLine,
    kEscaping,    // behind '='
    kLineEscape,  // behind '=' at the start of a line: an escape, or 'y'
    kKeywords,    // in a line of them
    kBehind,      // at the start of a line behind the last byte there should be: data, or text
  };

  std::size_t Data(Bytes& in, std::span<std::byte> out) noexcept;
  std::size_t Step(std::uint8_t c, std::span<std::byte> out) noexcept;
  std::size_t JudgeBehind(std::span<std::byte> out) noexcept;
  void Hold(std::uint8_t c) noexcept;
  void KeywordsRead() noexcept;
  void End(std::string_view line) noexcept;
  void Stop(bool complete) noexcept;

  At at_ = At::kLineStart;
  bool over_ = false, complete_ = false, damaged_ = false, part_ = false;
  std::uint32_t crc_ = 0;
  std::uint64_t told_ = 0;   // bytes there should be
  std::uint64_t size_ = 0;   // bytes so far
  std::size_t held_ = 0;     // bytes in `line_`
  std::size_t rest_size_ = 0;
  std::array<std::byte, kMaxLine> line_;
};

}  // namespace gander::content

#endif  // GANDER_CONTENT_YENC_H_
