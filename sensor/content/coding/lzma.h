// SPDX-License-Identifier: Apache-2.0
// LZMA with the header of the old .lzma files, which is what HTTP calls "lzma", lzip members (.lz), and members of ZIP
// archives. Formats as in the documents of XZ Utils (lzma-file-format.txt) and of lzip, and in APPNOTE.TXT 5.8.
#ifndef GANDER_CONTENT_LZMA_H_
#define GANDER_CONTENT_LZMA_H_

#include <array>

#include "content/coding/coding.h"
#include "content/coding/lzma_stream.h"
#include "content/stream_start.h"

namespace gander::content {

class LzmaLayer final : public CodingLayer {
 public:
  static constexpr std::uint64_t kUnknownLength = ~std::uint64_t{0};

  void GiveBack() noexcept override;
  // To be called before it is opened: a member of a ZIP archive and nothing else. `length`: of what comes out, or
  // kUnknownLength where the stream says itself where it ends.
  void ExpectZip(std::uint64_t length) noexcept {
    zip_only_ = true;
    zip_length_ = length;
  }

  // The header as the usual encoders write it: 5D, a dictionary of 2^n or 2^n + 2^(n-1) bytes, a plausible length, and
  // the zero that each range coder begins with.
  static bool HasUsualHeader(Bytes prefix) noexcept;

 protected:
  Guess Recognise(Bytes prefix, bool all) noexcept override;
  Step Decode(Bytes& in, std::span<std::byte> out, std::size_t* produced) noexcept override;
  bool Complete() const noexcept override { return between_; }
  Bytes Unread() const noexcept override { return next_.bytes(); }
  void CountBody(Counters& counters) const noexcept override { ++counters.lzma; }
  std::uint32_t Cost() const noexcept override { return 4; }
  void Close() noexcept override;

 private:
  // .lzma: properties, dictionary (4), length (8). lzip: "LZIP", version, dictionary. ZIP: version (2), size of what is
  // .lzma's without the length (2), this.
  static constexpr std::size_t kAloneHeader = 13, kLzipHeader = 6, kZipHeader = 9;
  // A decoder that holds more, for its dictionary, is not kept for the next body.
  static constexpr std::size_t kKeepBytes = 1u << 20;

  bool Start(bool lzip) noexcept;
  std::size_t HeaderBytes() const noexcept { return lzip_ ? kLzipHeader : zip_only_ ? kZipHeader : kAloneHeader; }
  bool FromZip() noexcept;
  bool ShrinkDictionary() noexcept;
  Step Header(Bytes& in) noexcept;
  Step Verdict(lzma_ret result) noexcept;

  LzmaStream stream_;
  StreamStart next_;
  std::array<std::byte, kAloneHeader> header_;
  std::size_t header_size_ = 0;  // bytes of it so far
  bool made_ = false;
  bool lzip_ = false;
  bool zip_only_ = false;
  bool shrunk_ = false;   // the dictionary is smaller than declared
  bool between_ = false;  // a stream is over
  std::uint64_t zip_length_ = kUnknownLength;
};

}  // namespace gander::content

#endif  // GANDER_CONTENT_LZMA_H_
