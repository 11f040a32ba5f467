// SPDX-License-Identifier: Apache-2.0
// Text of any character set to UTF-8, by ICU's converters, which are kept: opening one allocates and takes a lock.
#ifndef GANDER_CONTENT_TRANSCODER_H_
#define GANDER_CONTENT_TRANSCODER_H_

#include <array>
#include <cstddef>
#include <span>
#include <vector>

#include "base/bytes.h"
#include "content/charset/charset.h"

struct UConverter;

namespace gander::content {

// One per worker.
class ConverterPool {
 public:
  // Under 1 KiB each; what they read their tables from is shared by all.
  static constexpr std::size_t kMaxOut = 4096;

  ConverterPool() = default;
  ~ConverterPool();
  ConverterPool(const ConverterPool&) = delete;
  ConverterPool& operator=(const ConverterPool&) = delete;

  // Null when kMaxOut are out, or ICU has no memory.
  UConverter* Take(const Charset& charset) noexcept;
  void Give(const Charset& charset, UConverter* converter) noexcept;
  std::size_t out() const noexcept { return out_; }

 private:
  static constexpr std::size_t kKeep = 256;  // of one charset

  std::array<std::vector<UConverter*>, kCharsets> idle_;
  std::size_t out_ = 0;
};

// One text on its way. What is malformed becomes U+FFFD; ASCII bytes in it stand for themselves, as a reader that goes
// on behind the broken byte would take them. A byte order mark at the start is no text.
class Transcoder {
 public:
  // The most that one byte becomes, and that is handed on at the end.
  static constexpr std::size_t kMaxExpansion = 32;

  ~Transcoder() { End(); }
  // False when there is no converter to be had.
  bool Begin(ConverterPool& pool, const Charset& charset) noexcept;
  bool open() const noexcept { return converter_ != nullptr; }
  // Converts from the front of `in`, removing what was read, until `in` is used up or fewer than kMaxExpansion bytes
  // are free in `out`. Returns the bytes written.
  std::size_t Convert(Bytes& in, std::span<std::byte> out) noexcept;
  // What was held back of a character that is cut; at most kMaxExpansion bytes.
  std::size_t Finish(std::span<std::byte> out) noexcept;
  void End() noexcept;

  // Malformed sequences so far.
  std::size_t malformed() const noexcept { return malformed_; }

 private:
  friend struct MalformedInput;
  std::size_t Step(Bytes& in, bool flush, std::span<std::byte> out) noexcept;

  ConverterPool* pool_ = nullptr;
  const Charset* charset_ = nullptr;
  UConverter* converter_ = nullptr;
  std::size_t malformed_ = 0;
  char16_t high_ = 0;  // surrogate whose other half did not fit any more
  bool at_start_ = true;
};

}  // namespace gander::content

#endif  // GANDER_CONTENT_TRANSCODER_H_
