// SPDX-License-Identifier: Apache-2.0
// RESP as a stream of tokens; values of any length pass through.
#ifndef GANDER_PROTOCOL_REDIS_RESP_READER_H_
#define GANDER_PROTOCOL_REDIS_RESP_READER_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "base/bytes.h"

namespace gander::protocol::redis {

enum class Token : std::uint8_t {
  kNeedMore,
  kSimple,     // text(): a simple string, number, boolean or null
  kError,      // text()
  kAggregate,  // count() elements follow (twice that for a map)
  kBulk,       // a string of count() bytes begins, as parts
  kPart,       // text(), in any cut
  kBulkEnd,
  kInline,  // text(): a line that begins with no type
  kBad,     // a line that is none
};

class RespReader {
 public:
  Token Next(Bytes& in) noexcept;
  std::string_view text() const noexcept { return text_; }
  std::uint64_t count() const noexcept { return count_; }
  bool is_map() const noexcept { return type_ == '%' || type_ == '|'; }
  bool is_push() const noexcept { return type_ == '>'; }
  std::uint64_t TakeDropped() noexcept { return std::exchange(dropped_, 0); }

  // `bytes` are missing. True when they were of a string whose end is known; its rest comes.
  bool Gap(std::uint64_t bytes) noexcept;
  void Reset() noexcept;

 private:
  Token OnLine(std::string_view line) noexcept;
  void Hold(std::string_view bytes) noexcept;

  enum class At : std::uint8_t { kLine, kValue, kLineEnd };
  At at_ = At::kLine;
  char type_ = 0;
  bool given_ = false;
  std::uint64_t count_ = 0;
  std::uint64_t left_ = 0;  // of a string
  std::uint64_t dropped_ = 0;
  std::string held_;  // of a line that spans chunks
  std::string_view text_;
};

}  // namespace gander::protocol::redis

#endif  // GANDER_PROTOCOL_REDIS_RESP_READER_H_
