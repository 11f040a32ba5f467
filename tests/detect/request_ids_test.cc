// SPDX-License-Identifier: Apache-2.0
#include "detect/d06_scraping/request_ids.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace gander::detect {
namespace {

struct Seen {
  std::uint64_t shape;
  std::set<std::uint64_t> tags, blocks;
  std::size_t size;
};

Seen Read(const std::string& target) {
  RequestIds ids({1, 2});
  ids.Read(target);
  Seen out{ids.shape(), {}, {}, ids.size()};
  for (const RecordId& id : ids) {
    out.tags.insert(id.tag);
    if (id.block != 0) out.blocks.insert(id.block);
  }
  return out;
}

TEST(RequestIdsTest, RequestsForOtherRecordsHaveTheSameShape) {
  const char* pairs[][2] = {
      {"/patient/4711", "/patient/4712"},
      {"/patient/4711.json", "/patient/4712.json"},
      {"/patient/4711?view=full", "/patient/12"},
      {"/clinic/12/patient/4711/labs", "/clinic/7/patient/1/labs"},
      {"/p?id=4711", "/p?id=4712"},
      {"/p?session=1&id=4711&x=made-up1", "/p?id=9&y77=z"},
      {"/user/9f1c2a3b4d5e6f70", "/user/0011223344556677"},
      {"/user/123e4567-e89b-12d3-a456-426614174000", "/user/00000000-e89b-12d3-a456-426614174999"},
      {"http://api.example.net/patient/4711", "/patient/4712"},
      {"SELECT * FROM p WHERE id = 4711", "SELECT * FROM p WHERE id=12"},
      {"SELECT a FROM p WHERE k = 'KD-1'", "SELECT a FROM p WHERE k = 'KD-2'"},
      {"(uid=ab4711)", "(uid=cd9912)"},
      {"{ patient(id: 4711) { name } }", "{ patient(id: 12) { name } }"},
      {"/graphql?query=%7Bpatient(id:4711)%7Bname%7D%7D", "/graphql?query=%7Bpatient(id:12)%7Bname%7D%7D"},
  };
  for (const auto& [a, b] : pairs) {
    EXPECT_EQ(Read(a).shape, Read(b).shape) << a;
    EXPECT_EQ(Read(a).size, 1u) << a;
    EXPECT_EQ(Read(b).size, 1u) << b;
    EXPECT_NE(Read(a).tags, Read(b).tags) << a;
  }
}

TEST(RequestIdsTest, OtherThingsHaveOtherShapes) {
  EXPECT_NE(Read("/patient/4711").shape, Read("/invoice/4711").shape);
  EXPECT_NE(Read("/patient/4711").shape, Read("/patient/4711/labs").shape);
  EXPECT_NE(Read("/p?id=1").shape, Read("/p?nr=1").shape);
  EXPECT_NE(Read("SELECT * FROM p WHERE id = 1").shape, Read("SELECT * FROM q WHERE id = 1").shape);
}

TEST(RequestIdsTest, WhatNamesNoRecordIsNoId) {
  for (const char* target : {"/", "/status", "/api/v2/health", "/style.css?v=20261124", "/poll?_=1764000000123",
                             "/series?from=1764000000&to=1764000300", "/search?q=flu", "/oauth2/authorize", "", "?",
                             "SELECT 'a' FROM b LIMIT 0"}) {
    const Seen seen = Read(target);
    EXPECT_EQ(seen.size, std::string(target).find("'a'") == std::string::npos ? 0u : 1u) << target;
  }
}

TEST(RequestIdsTest, LimitsSayHowManyNotWhich) {
  EXPECT_EQ(Read("SELECT * FROM p WHERE id = 5 LIMIT 100 OFFSET 300").size, 1u);
  EXPECT_EQ(Read("{ patients(first: 50) { name } }").size, 0u);
  EXPECT_EQ(Read("select top 10 * from p").size, 0u);
}

TEST(RequestIdsTest, ListsAreManyIds) {
  EXPECT_EQ(Read("SELECT * FROM p WHERE id IN (1,2, 3,4)").size, 4u);
  EXPECT_EQ(Read("/p?ids=1,2,3").size, 3u);
  EXPECT_EQ(Read("/p?ids=1%2C2%2C3").size, 3u);
  std::string many = "SELECT * FROM p WHERE id IN (0";
  for (int i = 1; i < 500; ++i) many += "," + std::to_string(i);
  RequestIds ids({1, 2});
  ids.Read(many + ")");
  EXPECT_EQ(ids.size(), RequestIds::kMost);
  EXPECT_TRUE(ids.cut());
}

TEST(RequestIdsTest, BlocksAreSixtyFourNeighbours) {
  const auto block = [](int n) { return *Read("/p/" + std::to_string(n)).blocks.begin(); };
  EXPECT_EQ(block(128), block(191));
  EXPECT_NE(block(127), block(128));
  EXPECT_EQ(Read("/p/0128").tags, Read("/p/128").tags);  // the same number
  EXPECT_TRUE(Read("/user/9f1c2a3b4d5e6f70").blocks.empty());
}

TEST(RequestIdsTest, HostileTargetsStayWithinBounds) {
  RequestIds ids({1, 2});
  for (const std::string& target :
       {std::string(100'000, '/'), std::string(100'000, '\''), std::string(100'000, '9'), std::string("/%"),
        std::string("'"),
        std::string("/a?b="), std::string("/a?=&&=&"), std::string("://"), std::string("/x?query="),
            std::string(20'000, '%'),
        std::string("\0\xff/1", 4), std::string("SELECT '") + std::string(9000, 'x')}) {
    ids.Read(target);
    EXPECT_LE(ids.size(), RequestIds::kMost);
  }
}

TEST(RequestIdsTest, TagsDependOnTheKey) {
  RequestIds one({1, 2}), two({3, 4});
  one.Read("/p/7");
  two.Read("/p/7");
  EXPECT_NE(one.begin()->tag, two.begin()->tag);
}

}  // namespace
}  // namespace gander::detect
