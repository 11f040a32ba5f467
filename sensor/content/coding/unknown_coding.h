// SPDX-License-Identifier: Apache-2.0
// A content coding nobody here decodes: a body that is plain all the same is read, the rest is undecodable.
#ifndef GANDER_CONTENT_UNKNOWN_CODING_H_
#define GANDER_CONTENT_UNKNOWN_CODING_H_

#include "content/coding/coding.h"

namespace gander::content {

class UnknownCoding final : public CodingLayer {
 public:
  void GiveBack() noexcept override;

 protected:
  Guess Recognise(Bytes, bool) noexcept override { return Guess::kPlain; }
  bool StopsAtDamage() const noexcept override { return true; }
  bool Supported() const noexcept override { return false; }
  Step Decode(Bytes& in, std::span<std::byte> out, std::size_t* produced) noexcept override;
  bool Complete() const noexcept override { return true; }
  void CountBody(Counters&) const noexcept override {}
  void Close() noexcept override {}
};

}  // namespace gander::content

#endif  // GANDER_CONTENT_UNKNOWN_CODING_H_
