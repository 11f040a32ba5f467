// SPDX-License-Identifier: Apache-2.0
// .xz (the .xz file format 1.1.0): any number of streams with padding between them. The container is walked here and
// not in liblzma so that a block may be read with a smaller dictionary than it declares; the index is passed over.
#ifndef GANDER_CONTENT_XZ_H_
#define GANDER_CONTENT_XZ_H_

#include <array>

#include "content/coding/coding.h"
#include "content/coding/lzma_stream.h"
#include "content/stream_start.h"

namespace gander::content {

class XzLayer final : public CodingLayer {
 public:
  void GiveBack() noexcept override;

 protected:
  Guess Recognise(Bytes prefix, bool all) noexcept override;
  Step Decode(Bytes& in, std::span<std::byte> out, std::size_t* produced) noexcept override;
  bool Complete() const noexcept override { return part_ == Part::kPadding; }
  Bytes Unread() const noexcept override { return next_.bytes(); }
  void CountBody(Counters& counters) const noexcept override { ++counters.xz; }
  std::uint32_t Cost() const noexcept override { return 4; }
  void Close() noexcept override;

 private:
  enum class Part : std::uint8_t {
    kStreamHeader,
    kBlockHeader,
    kBlock,
    kRecordCount,
    kRecords,
    kIndexEnd,  // its padding and its checksum
    kFooter,
    kPadding,  // zeros, or the magic of the next stream
  };
  // A decoder that holds more, for its dictionary, is not kept for the next body.
  static constexpr std::size_t kKeepBytes = 1u << 20;

  void Enter(Part part) noexcept;
  bool Gather(Bytes& in, std::size_t size) noexcept;
  Step StreamHeader(Bytes& in) noexcept;
  Step BlockHeader(Bytes& in) noexcept;
  Step OpenBlock() noexcept;
  Step Block(Bytes& in, std::span<std::byte> out, std::size_t* produced) noexcept;
  Step Index(Bytes& in) noexcept;
  Step Skip(Bytes& in, Part then, std::size_t then_skip) noexcept;
  Step Padding(Bytes& in) noexcept;

  Part part_ = Part::kStreamHeader;
  bool shrunk_ = false;  // the block's dictionary is smaller than declared
  LzmaStream stream_;
  lzma_block block_{};
  lzma_check check_ = LZMA_CHECK_NONE;
  StreamStart next_;
  std::size_t held_ = 0;            // bytes in `header_`
  std::uint64_t index_bytes_ = 0;   // of the index so far
  std::uint64_t numbers_left_ = 0;  // in the index
  lzma_vli number_ = 0;             // the one at hand
  std::size_t number_bytes_ = 0;    // of it so far
  std::size_t skip_ = 0;            // bytes of the part still to pass over
  std::array<std::uint8_t, LZMA_BLOCK_HEADER_SIZE_MAX> header_;
};

}  // namespace gander::content

#endif  // GANDER_CONTENT_XZ_H_
