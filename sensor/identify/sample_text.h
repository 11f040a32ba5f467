// SPDX-License-Identifier: Apache-2.0
// Text like what passes on a wire, made by code: on it databases are timed and benchmarks run.
#ifndef GANDER_IDENTIFY_SAMPLE_TEXT_H_
#define GANDER_IDENTIFY_SAMPLE_TEXT_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace gander::identify {

struct SampleOptions {
  std::size_t bytes = 256 * 1024;
  // Put in one after another, one in about every `spacing` bytes.
  std::span<const std::string> sprinkled;
  std::size_t spacing = 2048;
  std::uint64_t seed = 20260101;
};

// Paragraphs, JSON records, HTML and CSV in turns: words of English letter frequency, identifiers of
// machines, prices, times. Holds nobody's data but what is sprinkled in. The same options give the same text.
std::string SampleText(const SampleOptions& options);

}  // namespace gander::identify

#endif  // GANDER_IDENTIFY_SAMPLE_TEXT_H_
