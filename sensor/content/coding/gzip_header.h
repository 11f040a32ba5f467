// SPDX-License-Identifier: Apache-2.0
// Passes over the header of a gzip member (RFC 1952 §2.3), byte by byte across pieces. More tolerant than zlib, as
// browsers are: reserved flags mean nothing, and the header's own checksum is not verified.
#ifndef GANDER_CONTENT_GZIP_HEADER_H_
#define GANDER_CONTENT_GZIP_HEADER_H_

#include <cstdint>

#include "base/bytes.h"

namespace gander::content {

class GzipHeader {
 public:
  static constexpr std::uint8_t kMagic0 = 0x1f, kMagic1 = 0x8b;

  // `magic_seen`: the two magic bytes are not among what is fed.
  void Begin(bool magic_seen) noexcept;
  // Takes bytes of the header off `in`. True when it is over.
  bool Feed(Bytes& in) noexcept;

 private:
  enum class Part : std::uint8_t { kFixed, kExtraLength, kExtra, kName, kComment, kChecksum, kDone };

  void EnterFirstOf(Part part) noexcept;
  bool Has(Part part) const noexcept;

  Part part_ = Part::kDone;
  std::uint8_t flags_ = 0;
  std::uint16_t at_ = 0;     // bytes of the part so far
  std::uint16_t extra_ = 0;  // length of the extra field
};

}  // namespace gander::content

#endif  // GANDER_CONTENT_GZIP_HEADER_H_
