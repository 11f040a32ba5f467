// SPDX-License-Identifier: Apache-2.0
// The values of one page of a Parquet file as they come (parquet-format, Encodings.md, "Plain"), each a row: strings,
// and whole numbers that may identify somebody. Levels, which say where values are missing or repeated, may stand
// before them, each a length and so many bytes: before strings they are another string that is no text, before numbers
// what is too much.
#ifndef GANDER_CONTENT_PARQUET_VALUES_H_
#define GANDER_CONTENT_PARQUET_VALUES_H_

#include <array>

#include "content/database/parquet_format.h"
#include "content/database/row_writer.h"
#include "content/layer.h"

namespace gander::content {

class ParquetValues final : public Layer {
 public:
  // For a whole file.
  void Open(Body& body, RowWriter& rows, std::string_view name) noexcept;
  // `bytes`: of the page, decompressed, in which `values` are told; `type` kUnknown: told by what they look like.
  void Begin(ParquetType type, std::uint64_t bytes, std::uint64_t values) noexcept;
  Uninspected Feed(Bytes in) noexcept override;
  void End(protocol::BodyEnd end) noexcept override;
  void GiveBack() noexcept override {}  // a part of its ParquetLayer

 private:
  enum class State : std::uint8_t {
    kFront,   // a string's length, or a number
    kLevels,  // their length
    kSkip,    // levels
    kNumber,
    kLength,  // of a string
    kString,  // its first bytes
    kText,
    kMember,
    kOpaque,
    kRest,  // of the page: it is none of these
  };
  static constexpr std::size_t kLengthBytes = 4;
  static constexpr std::size_t kLookBytes = 64;

  bool Gather(Bytes& in, std::size_t wanted) noexcept;
  std::uint64_t Held() const noexcept;
  void JudgeFront() noexcept;
  void OnLevels() noexcept;
  void EndLevels() noexcept;
  void OnNumber() noexcept;
  void OnLength() noexcept;
  void JudgeString() noexcept;
  void TakeString(Bytes& in) noexcept;
  void EndString() noexcept;
  void Leaf(Bytes bytes) noexcept;

  Body* body_ = nullptr;
  RowWriter* rows_ = nullptr;
  std::string_view name_;

  State state_ = State::kRest;
  ParquetType type_ = ParquetType::kUnknown;
  std::uint64_t page_left_ = 0;  // bytes that were not fed
  std::uint64_t values_ = 0;
  std::uint64_t left_ = 0;  // of the string or the levels at hand
  std::size_t held_ = 0;
  std::array<std::byte, kLookBytes> hold_;
  LayerPtr member_, leaf_;
  Uninspected uninspected_;
};

}  // namespace gander::content

#endif  // GANDER_CONTENT_PARQUET_VALUES_H_
