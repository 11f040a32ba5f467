// SPDX-License-Identifier: Apache-2.0
#include "base/ledger.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace gander {
namespace {

TEST(LedgerTest, EveryFateHasItsOwnName) {
  std::set<std::string> names;
  for (std::size_t i = 0; i < kByteFates; ++i) {
    const ByteFateName& n = NameOf(static_cast<ByteFate>(i));
    EXPECT_TRUE(names.insert(std::string(n.category) + "." + n.reason).second) << n.reason;
  }
}

TEST(LedgerTest, SumsAndMerges) {
  ByteLedger a, b;
  a.received = 100;
  a.Add(ByteFate::kHeaders, 40);
  a.Add(ByteFate::kInspected, 60);
  b.received = 50;
  b.Add(ByteFate::kLostTruncated, 30);
  b.Add(ByteFate::kEncrypted, 20);
  b.gap_bytes = 50;
  EXPECT_DOUBLE_EQ(a.Coverage(), 1.0);
  a.Merge(b);
  EXPECT_EQ(a.received, a.Sum());
  EXPECT_EQ(a.Lost(), 30u);
  EXPECT_DOUBLE_EQ(a.Coverage(), 0.5);
}

TEST(LedgerTest, NothingReceivedIsFullyCovered) { EXPECT_DOUBLE_EQ(ByteLedger{}.Coverage(), 1.0); }

}  // namespace
}  // namespace gander
