// SPDX-License-Identifier: Apache-2.0
#include "evidence/tree.h"

#include <gtest/gtest.h>

namespace gander::evidence {
namespace {

std::string Bytes(std::string_view hex) {
  std::string out;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    out += static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16));
  }
  return out;
}

std::vector<Hash> Leaves(std::size_t n) {
  std::vector<Hash> leaves;
  for (std::size_t i = 0; i < n; ++i) leaves.push_back(LeafHash("record " + std::to_string(i)));
  return leaves;
}

// The recursive definition of RFC 9162 §2.1.1, word for word: the slow model.
Hash Model(std::span<const Hash> leaves) {
  if (leaves.empty()) return Sha256({});
  if (leaves.size() == 1) return leaves[0];
  std::size_t k = 1;
  while (2 * k < leaves.size()) k *= 2;
  return NodeHash(Model(leaves.first(k)), Model(leaves.subspan(k)));
}

// Inputs and roots that implementations of Certificate Transparency are tested with.
TEST(TreeTest, RootsArePublishedOnes) {
  const char* inputs[] = {"", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"};
  const char* roots[] = {"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
                         "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
                         "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
                         "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
                         "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
                         "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
                         "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
                         "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};
  Frontier frontier;
  EXPECT_EQ(ToHex(frontier.Root()), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  for (int i = 0; i < 8; ++i) {
    frontier.Append(LeafHash(Bytes(inputs[i])));
    EXPECT_EQ(ToHex(frontier.Root()), roots[i]) << i + 1 << " leaves";
  }
}

TEST(TreeTest, FrontierIsTheModel) {
  const auto leaves = Leaves(130);
  Frontier frontier;
  for (std::size_t n = 0; n <= leaves.size(); ++n) {
    EXPECT_EQ(frontier.Root(), Model(std::span(leaves).first(n))) << n;
    const auto again = Frontier::From(n, frontier.roots());
    ASSERT_TRUE(again.has_value()) << n;
    EXPECT_EQ(again->Root(), frontier.Root()) << n;
    if (n < leaves.size()) frontier.Append(leaves[n]);
  }
  EXPECT_FALSE(Frontier::From(5, {leaves[0]}).has_value());  // 4 + 1: two roots
}

TEST(TreeTest, EveryLeafIsProvenAndNothingElse) {
  for (std::size_t n = 1; n <= 33; ++n) {
    const auto leaves = Leaves(n);
    const Hash root = RootOf(leaves);
    for (std::size_t i = 0; i < n; ++i) {
      auto path = InclusionPath(leaves, i);
      EXPECT_EQ(RootByInclusion(leaves[i], i, n, path), root) << i << " of " << n;
      EXPECT_NE(RootByInclusion(LeafHash("another"), i, n, path), root);
      if (i + 1 < n) {
        EXPECT_NE(RootByInclusion(leaves[i], i + 1, n, path), root);
      }
      path.push_back(leaves[0]);
      EXPECT_NE(RootByInclusion(leaves[i], i, n, path), root) << "a path that is too long";
      path.pop_back();
      if (!path.empty()) {
        path.pop_back();
        EXPECT_NE(RootByInclusion(leaves[i], i, n, path), root) << "a path that is too short";
      }
    }
    EXPECT_FALSE(RootByInclusion(leaves[0], n, n, {}).has_value());
  }
}

TEST(TreeTest, HexReadsBack) {
  const Hash hash = Sha256("x");
  EXPECT_EQ(FromHex(ToHex(hash)), hash);
  EXPECT_FALSE(FromHex("00").has_value());
  EXPECT_FALSE(FromHex(std::string(64, 'G')).has_value());
}

}  // namespace
}  // namespace gander::evidence
