// SPDX-License-Identifier: Apache-2.0
// What somebody sends who wants the sensor to be slow, or full.
#ifndef GANDER_BENCH_ATTACKS_ATTACK_H_
#define GANDER_BENCH_ATTACKS_ATTACK_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "corpus/frame.h"
#include "corpus/random.h"

namespace gander::bench {

// Writes the next few packets; called until enough were sent.
using Sender = std::function<void(FrameWriter&)>;

struct Attack {
  std::string name, what;
  std::function<Sender(Random)> begin;
};

// Flows, fragments and names made up by the million, and some that collide under published keys (floods.cc); segments
// cut and left out (segments.cc); messages without end or content (messages.cc); every protocol's beginning at one byte
// a segment (drips.cc); texts made to be slow (texts.cc).
std::vector<Attack> FloodAttacks();
std::vector<Attack> SegmentAttacks();
std::vector<Attack> MessageAttacks();
std::vector<Attack> DripAttacks(const std::string& seeds);  // the folder tests/fuzz/corpus
std::vector<Attack> TextAttacks();

// Of 10.0.0.0/8, another for each `n` below 16 million.
Endpoint ClientOf(std::uint32_t n);
inline constexpr Endpoint kVictim{0xc0a8fe01, 80};  // 192.168.254.1, no server of the corpora

}  // namespace gander::bench

#endif  // GANDER_BENCH_ATTACKS_ATTACK_H_
