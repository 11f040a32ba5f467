// SPDX-License-Identifier: Apache-2.0
// Parquet files (parquet-format 2.10): strings, and whole numbers that may identify somebody, column by column. What
// the columns are called, of what type they are and how they are compressed the footer says, behind them all. So a file
// of up to kMaxHeld is held and read with it (more could expand to more than one part of a body may:
// Options::max_burst); a larger one is read page by page as it streams by, without names, each page as what it looks
// like. Values of a dictionary are told once, where it stands. Delta encodings of strings are judged as leaves are;
// other numbers, and references to dictionaries, count as read.
#ifndef GANDER_CONTENT_PARQUET_H_
#define GANDER_CONTENT_PARQUET_H_

#include <array>

#include "content/database/parquet_format.h"
#include "content/database/parquet_values.h"
#include "content/format_layer.h"

namespace gander::content {

class ParquetLayer final : public FormatLayer {
 public:
  static constexpr std::string_view kSegment = "parquet";
  static constexpr std::size_t kMaxHeld = 256u << 10;

  void GiveBack() noexcept override;

 protected:
  void Begin() noexcept override;
  Uninspected Read(Bytes in) noexcept override;
  void Finish(protocol::BodyEnd end) noexcept override;

 private:
  enum class State : std::uint8_t {
    kMagic,
    kHeader,  // of a page
    kLevels,  // of a page of the second version
    kLook,    // how a page is compressed
    kPage,
    kPassed,   // a page of numbers: nothing to be seen
    kBetween,  // up to where the next column begins
  };
  static constexpr std::size_t kMaxHeader = 4096;  // of a page: statistics may have long values
  static constexpr std::size_t kHeaderStep = 32;
  static constexpr std::uint64_t kForEver = ~std::uint64_t{0};

  Uninspected Walk(Bytes in) noexcept;
  void TakeHeader(Bytes& in) noexcept;
  void OnHeader() noexcept;
  void BeginPayload(Bytes look) noexcept;
  void TakePage(Bytes& in) noexcept;
  void EndPage(protocol::BodyEnd end) noexcept;
  void BeginHeader() noexcept;
  void SkipTo(std::uint64_t offset) noexcept;
  void Leaf(Bytes bytes) noexcept;
  void CloseLeaf() noexcept;

  bool holding_ = false;
  HeldBytes held_;
  ParquetFooter footer_;
  const ParquetChunk* chunk_ = nullptr;  // at hand; null where no footer was seen

  State state_ = State::kMagic;
  std::uint64_t offset_ = 0;  // of what is walked next
  std::uint64_t left_ = 0;    // of what is at hand
  ParquetPage page_;
  std::size_t gathered_ = 0;
  std::array<std::byte, kMaxHeader> gather_;  // a header, or the begin of a page
  RowWriter rows_;
  ParquetValues values_;
  LayerPtr chain_;
  LayerPtr leaf_;
  Uninspected total_;
};

}  // namespace gander::content

#endif  // GANDER_CONTENT_PARQUET_H_
