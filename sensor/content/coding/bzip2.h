// SPDX-License-Identifier: Apache-2.0
// bzip2, any number of streams behind each other.
#ifndef GANDER_CONTENT_BZIP2_H_
#define GANDER_CONTENT_BZIP2_H_

#include <bzlib.h>

#include "content/coding/coding.h"
#include "content/stream_start.h"

namespace gander::content {

// libbz2 cannot reset a decoder, so each stream makes one anew: 0.5 to 4 MiB, as the stream says.
class Bzip2Layer final : public CodingLayer {
 public:
  Bzip2Layer() = default;
  ~Bzip2Layer() override { Close(); }
  void GiveBack() noexcept override;

 protected:
  Guess Recognise(Bytes prefix, bool all) noexcept override;
  Step Decode(Bytes& in, std::span<std::byte> out, std::size_t* produced) noexcept override;
  bool Complete() const noexcept override { return between_; }
  bool StopsAtDamage() const noexcept override { return true; }
  Bytes Unread() const noexcept override { return next_.bytes(); }
  void CountBody(Counters& counters) const noexcept override { ++counters.bzip2; }
  std::uint32_t Cost() const noexcept override { return 6; }
  void Close() noexcept override;

 private:
  bool Start() noexcept;
  Step Read(Bytes& in, std::span<std::byte> out, std::size_t* produced) noexcept;

  bz_stream stream_{};
  bool made_ = false;
  StreamStart next_;
  bool between_ = false;  // a stream is over, its successor has not begun
};

}  // namespace gander::content

#endif  // GANDER_CONTENT_BZIP2_H_
