// SPDX-License-Identifier: Apache-2.0
#include "mangle/operations.h"

namespace gander::mangle {
namespace {

constexpr std::span<const Operation> (*kKinds[])() = {SegmentOperations, OrderOperations, HeaderOperations,
                                                      FragmentOperations, EnvelopeOperations};

}  // namespace

std::map<std::string, std::uint64_t>& LeftAsTheyAre() {
  static std::map<std::string, std::uint64_t> left;
  return left;
}

const Operation* FindOperation(std::string_view name) {
  for (const auto kind : kKinds) {
    for (const Operation& operation : kind()) {
      if (operation.name == name) return &operation;
    }
  }
  return nullptr;
}

std::vector<Operation> AllOperations() {
  std::vector<Operation> all;
  for (const auto kind : kKinds) {
    const auto some = kind();
    all.insert(all.end(), some.begin(), some.end());
  }
  return all;
}

}  // namespace gander::mangle
