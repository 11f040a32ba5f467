// SPDX-License-Identifier: Apache-2.0
#include "content/coding/unknown_coding.h"

#include "content/decoder_pool.h"

namespace gander::content {

void UnknownCoding::GiveBack() noexcept { body().pool->Give(this); }

CodingLayer::Step UnknownCoding::Decode(Bytes&, std::span<std::byte>, std::size_t* produced) noexcept {
  *produced = 0;
  return Step::kCorrupt;
}

}  // namespace gander::content
