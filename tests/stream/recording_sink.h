// SPDX-License-Identifier: Apache-2.0
// A ChunkSink that keeps everything and checks that chunks of a direction join.
#ifndef GANDER_TESTS_STREAM_RECORDING_SINK_H_
#define GANDER_TESTS_STREAM_RECORDING_SINK_H_

#include <gtest/gtest.h>

#include <array>
#include <map>
#include <string>

#include "stream/stream_chunk.h"

namespace gander::stream {

class RecordingSink final : public ChunkSink {
 public:
  void OnChunk(const StreamChunk& chunk) noexcept override {
    const std::size_t d = Index(chunk.direction);
    EXPECT_EQ(chunk.offset, next[d] + chunk.gap_before);
    EXPECT_FALSE(chunk.bytes.empty());
    if (chunk.gap_before > 0) text[d].append("[").append(std::to_string(chunk.gap_before)).append("]");
    text[d] += AsText(chunk.bytes);
    for (std::size_t i = 0; i < chunk.bytes.size(); ++i) {
      if (keep_bytes) bytes[d][chunk.offset + i] = static_cast<char>(chunk.bytes[i]);
    }
    next[d] = chunk.offset + chunk.bytes.size();
    delivered += chunk.bytes.size();
    ++chunks;
  }
  void OnFate(ByteFate fate, std::uint64_t n) noexcept override {
    EXPECT_GT(n, 0u);
    fates[fate] += n;
  }
  void OnAlternate(Direction direction, Alternate why, Bytes copy) noexcept override {
    alternates[Index(direction)] += (why == Alternate::kDiffering ? "|" : "?") + std::string(AsText(copy));
  }
  std::uint64_t FateSum() const {
    std::uint64_t sum = 0;
    for (const auto& [fate, n] : fates) sum += n;
    return sum;
  }

  bool keep_bytes = false;
  std::array<std::string, 2> text;  // gaps as [length]
  std::array<std::string, 2> alternates;  // "|" before a differing copy, "?" before one of doubted bytes
  std::array<std::map<std::uint64_t, char>, 2> bytes;
  std::array<std::uint64_t, 2> next{};
  std::map<ByteFate, std::uint64_t> fates;
  std::uint64_t delivered = 0;
  int chunks = 0;
};

}  // namespace gander::stream

#endif  // GANDER_TESTS_STREAM_RECORDING_SINK_H_
