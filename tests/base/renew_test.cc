// SPDX-License-Identifier: Apache-2.0
#include "base/renew.h"

#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <string>
#include <vector>

namespace gander {
namespace {

struct Reader {
  std::string held;
  int limit = 0;
  void Reset() noexcept { held.clear(); }
};

struct Served {
  std::string name;
  std::vector<int> numbers;
  std::array<Reader, 2> readers;
  std::unique_ptr<Reader> spare;
  int count = 7;
  bool told = false;
};

Served Used() {
  Served s;
  s.name.assign(100, 'n');
  s.numbers = {1, 2, 3};
  s.readers[1] = {std::string(100, 'r'), 9};
  s.spare = std::make_unique<Reader>(Reader{"spare", 4});
  s.count = 1;
  s.told = true;
  return s;
}

TEST(RenewTest, WhatIsNotNamedBeginsAsItWasMade) {
  Served s = Used();
  Renew(s);
  EXPECT_EQ(s.name, "");
  EXPECT_LT(s.name.capacity(), 100u);
  EXPECT_TRUE(s.numbers.empty());
  EXPECT_EQ(s.readers[1].held, "");
  EXPECT_EQ(s.readers[1].limit, 0);
  EXPECT_EQ(s.spare, nullptr);
  EXPECT_EQ(s.count, 7);
  EXPECT_FALSE(s.told);
}

TEST(RenewTest, WhatIsNamedIsEmptiedAndKeepsItsMemory) {
  Served s = Used();
  const char* const name = s.name.data();
  const int* const numbers = s.numbers.data();
  const Reader* const spare = s.spare.get();
  Renew(s, {}, &Served::name, &Served::numbers, &Served::readers, &Served::spare);
  EXPECT_EQ(s.name, "");
  EXPECT_EQ(s.name.data(), name);
  EXPECT_TRUE(s.numbers.empty());
  EXPECT_EQ(s.numbers.data(), numbers);
  EXPECT_EQ(s.readers[1].held, "");
  EXPECT_GE(s.readers[1].held.capacity(), 100u);
  EXPECT_EQ(s.readers[1].limit, 9) << "a part decides itself what of it goes on";
  EXPECT_EQ(s.spare.get(), spare);
  EXPECT_EQ(s.spare->held, "");
  EXPECT_EQ(s.count, 7);
}

TEST(RenewTest, AFreshOneMayBeMadeWithArguments) {
  Served s = Used(), fresh;
  fresh.count = 3;
  Renew(s, std::move(fresh), &Served::numbers);
  EXPECT_EQ(s.count, 3);
  EXPECT_EQ(s.name, "");
  EXPECT_GE(s.numbers.capacity(), 3u);
}

}  // namespace
}  // namespace gander
