// SPDX-License-Identifier: Apache-2.0
// gzip (RFC 1952, any number of members), zlib (RFC 1950) and bare deflate (RFC 1951), told apart by their
// first bytes whatever the header calls them.
#ifndef GANDER_CONTENT_INFLATE_H_
#define GANDER_CONTENT_INFLATE_H_

#include <zlib.h>

#include "content/coding/coding.h"
#include "content/coding/gzip_header.h"
#include "content/stream_start.h"

namespace gander::content {

class InflateLayer final : public CodingLayer {
 public:
  InflateLayer() = default;
  ~InflateLayer() override;
  void GiveBack() noexcept override;
  // To be called before it is opened: bare deflate and nothing else, as archives hold it.
  void ExpectRaw() noexcept { raw_only_ = true; }

  static bool HasZlibHeader(Bytes prefix) noexcept;

 protected:
  Guess Recognise(Bytes prefix, bool all) noexcept override;
  Step Decode(Bytes& in, std::span<std::byte> out, std::size_t* produced) noexcept override;
  bool Complete() const noexcept override { return member_ >= Member::kTrailer; }
  bool MayEndHere() const noexcept override { return Complete() || Flushed(); }
  bool StopsAtDamage() const noexcept override { return true; }
  Bytes Unread() const noexcept override { return next_.bytes(); }
  void CountBody(Counters& counters) const noexcept override;
  void Close() noexcept override { raw_only_ = false; }  // the window is kept for the next body

 private:
  // Where in a file of gzip members the input stands.
  enum class Member : std::uint8_t { kHeader, kInside, kTrailer, kBetween };

  bool Flushed() const noexcept;
  bool Start(int window_bits) noexcept;
  bool Make(int window_bits) noexcept;
  bool StartGzip(bool magic_seen) noexcept;
  Step Between(Bytes& in) noexcept;

  z_stream stream_{};
  bool made_ = false;
  bool gzip_ = false;
  bool raw_only_ = false;
  std::uint8_t trailer_left_ = 0;
  GzipHeader header_;
  StreamStart next_;
  Member member_ = Member::kInside;
};

}  // namespace gander::content

#endif  // GANDER_CONTENT_INFLATE_H_
