// SPDX-License-Identifier: Apache-2.0
// How the database of a rule set's literals came to be: for `gander rules bench` and whoever wonders about a
// slow start.
#ifndef GANDER_IDENTIFY_LITERAL_BUILD_H_
#define GANDER_IDENTIFY_LITERAL_BUILD_H_

#include <cstdint>
#include <string>

namespace gander::identify {

struct LiteralBuild {
  std::uint32_t patterns = 0;     // literals and expressions
  std::uint32_t expressions = 0;  // of these
  std::string variant;            // "generic" or "native": Hyperscan's in use, because it was faster
  bool filter = false;            // literals are found by LiteralFilter, because it was faster still
  // Bytes a second of thread CPU time on sample text, when it was compiled; native 0 = this processor has
  // none, filter 0 = it cannot serve this set.
  double generic_rate = 0, native_rate = 0, filter_rate = 0;
  bool from_cache = false;
  std::string cache_file;  // "" = no cache
  std::string cache_note;  // why the cache did not serve; "" when it did, was empty, or is off
};

}  // namespace gander::identify

#endif  // GANDER_IDENTIFY_LITERAL_BUILD_H_
