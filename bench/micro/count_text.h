// SPDX-License-Identifier: Apache-2.0
// Takes what content/ gives and does nothing with it, so that content/ alone is measured.
#ifndef GANDER_BENCH_MICRO_COUNT_TEXT_H_
#define GANDER_BENCH_MICRO_COUNT_TEXT_H_

#include <cstdint>

#include "content/text_piece.h"

namespace gander::bench {

struct CountText final : content::TextSink {
  std::uint64_t bytes = 0;
  void OnText(const content::TextPiece& piece) noexcept override { bytes += piece.text.size(); }
  void OnFile(const content::FileFacts&) noexcept override {}
  void OnFate(ByteFate, std::uint64_t) noexcept override {}
  void OnAnomaly(const char*) noexcept override {}
};

}  // namespace gander::bench

#endif  // GANDER_BENCH_MICRO_COUNT_TEXT_H_
