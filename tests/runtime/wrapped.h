// SPDX-License-Identifier: Apache-2.0
// Frames as a mirror sends them: inside a tunnel, in fragments where they grow beyond the link.
#ifndef GANDER_TESTS_RUNTIME_WRAPPED_H_
#define GANDER_TESTS_RUNTIME_WRAPPED_H_

#include <string>
#include <vector>

#include "runtime/replay.h"
#include "support/tunnel_builder.h"

namespace gander::runtime {

using test::Taps;
using test::Wrapping;

// From 10.0.0.0/8, as the clients of traffic.h are.
inline bool FromClient(const std::string& frame) { return frame.size() > 26 && frame[26] == 10; }

inline std::vector<TimedFrame> Wrapped(Wrapping w, const std::vector<TimedFrame>& frames,
                                       const Taps& taps = {}) {
  std::vector<TimedFrame> out;
  std::uint32_t id = 0;
  for (const TimedFrame& f : frames) {
    for (std::string& outer : test::Wrap(w, f.bytes, FromClient(f.bytes), ++id & 0xffff, taps)) {
      out.push_back({f.time, std::move(outer)});
    }
  }
  return out;
}

}  // namespace gander::runtime

#endif  // GANDER_TESTS_RUNTIME_WRAPPED_H_
