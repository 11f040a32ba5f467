// SPDX-License-Identifier: Apache-2.0
// What a path between two hosts, or a mirror, may do to packets without changing what was said.
#ifndef GANDER_TESTS_MANGLE_OPERATIONS_H_
#define GANDER_TESTS_MANGLE_OPERATIONS_H_

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "corpus/random.h"
#include "mangle/packets.h"

namespace gander::mangle {

using bench::Random;
using Arguments = std::vector<std::uint32_t>;

struct Operation {
  std::string_view name;
  std::string_view help;  // its arguments and what it does
  Arguments defaults;
  Packets (*run)(const Packets& packets, const Arguments& arguments, Random& random);
};

// Of segments (segments.cc), of order and copies (order.cc), of headers (headers.cc), of IP (fragments.cc) and of
// what is around a packet (envelopes.cc).
std::span<const Operation> SegmentOperations();
std::span<const Operation> OrderOperations();
std::span<const Operation> HeaderOperations();
std::span<const Operation> FragmentOperations();
std::span<const Operation> EnvelopeOperations();

// How many packets were left as they are, by why: done to them, the operation would change what is said.
std::map<std::string, std::uint64_t>& LeftAsTheyAre();

// Null where there is none of that name.
const Operation* FindOperation(std::string_view name);
std::vector<Operation> AllOperations();

}  // namespace gander::mangle

#endif  // GANDER_TESTS_MANGLE_OPERATIONS_H_
