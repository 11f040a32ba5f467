// SPDX-License-Identifier: Apache-2.0
// Keys of a fleet: against HKDF as another implementation computes it, generations that follow each other, files that
// are none.
#include "detect/fleet/fleet_key.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <cstdio>
#include <sstream>


namespace gander::detect {
namespace {

const std::string kTagsHex = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
const std::string kSecretHex = "202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f";
const std::string kOtherHex(64, 'a');
const std::string kKeyHead = "gander-fleet-key-1\ntags " + kTagsHex + "\n";

std::unique_ptr<FleetKey> FleetKeyOf(const std::string& text) {
  auto key = FleetKey::Parse("fleet.key", text, 7);
  EXPECT_TRUE(key.has_value()) << (key ? "" : key.error().ToString());
  return key ? std::move(*key) : nullptr;
}
std::string WhyNot(const std::string& text) {
  const auto key = FleetKey::Parse("fleet.key", text, 7);
  return key ? "" : key.error().ToString();
}
std::string HexOfKey(const HashKey& key) {
  std::ostringstream out;
  for (const std::uint64_t word : {key.k0, key.k1}) {
    for (int i = 0; i < 8; ++i) {
      char digits[3];
      std::snprintf(digits, sizeof digits, "%02x", static_cast<unsigned>(word >> 8 * i & 0xff));
      out << digits;
    }
  }
  return out.str();
}

// Expected values: HMAC-SHA256 of Python's hmac module, by the two steps of RFC 5869.
TEST(FleetKeyTest, IsHkdfOfItsSecrets) {
  const auto key = FleetKeyOf(kKeyHead + "epoch 0 " + kSecretHex + "\n");
  ASSERT_NE(key, nullptr);
  EXPECT_EQ(HexOfKey(key->TagKey()), "31b828edcdaad7ead797522c21d5e2ec");
  const FleetEpoch epoch = key->At(2948);
  EXPECT_EQ(HexOfKey(epoch.people), "be69e2482a2ec397c31761c54209dc50");
  EXPECT_EQ(HexOfKey(epoch.senders), "ae66abeabf7c2859eeb4c8fcd880f9c2");
  EXPECT_EQ(epoch.id_text(), "61d8a0d8");
}

TEST(FleetKeyTest, TagsAreBlindedBySipHash24) {
  const auto key = FleetKeyOf(kKeyHead + "epoch 0 " + kSecretHex + "\n");
  const FleetEpoch epoch = key->At(2948);
  for (const std::uint64_t tag : {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{0x0123456789abcdef}}) {
    EXPECT_EQ(BlindTag(epoch, tag), SipHash24(epoch.people, std::as_bytes(std::span(&tag, 1))));
  }
}

TEST(FleetKeyTest, EpochsAreCountedFrom1970) {
  const auto key = FleetKeyOf(kKeyHead + "epoch 0 " + kSecretHex + "\n");
  Timestamp t;
  ASSERT_TRUE(ParseDate("1970-01-07T23:59:59Z", t));
  EXPECT_EQ(key->EpochOf(t), 0);
  EXPECT_EQ(key->EpochOf(t + Duration::Seconds(1)), 1);
  EXPECT_EQ(key->EpochOf({-1}), -1);
}

TEST(FleetKeyTest, AGenerationBeginsWithItsEpoch) {
  const auto first = FleetKeyOf(kKeyHead + "epoch 0 " + kSecretHex + "\n");
  const auto second = FleetKeyOf(kKeyHead + "epoch 2000 " + kOtherHex + "\n");
  const auto both = FleetKeyOf(kKeyHead + "epoch 0 " + kSecretHex + "\nepoch 2000 " + kOtherHex + "\n");
  EXPECT_EQ(both->At(1999).id, first->At(1999).id);
  EXPECT_EQ(both->At(2000).id, second->At(2000).id);
  EXPECT_NE(both->At(2000).id, first->At(2000).id);
  EXPECT_EQ(HexOfKey(both->TagKey()), HexOfKey(first->TagKey())) << "detectors go on counting";
  EXPECT_NE(both->At(1).id, both->At(2).id);
}

TEST(FleetKeyTest, WhatIsNoKeyIsRefusedAndSaidWhere) {
  const std::string good = kKeyHead + "epoch 0 " + kSecretHex + "\n";
  EXPECT_EQ(WhyNot(good), "");
  EXPECT_NE(WhyNot(""), "");
  EXPECT_NE(WhyNot("gander-snapshot-key-1 00\n").find("holds no fleet key"), std::string::npos);
  EXPECT_NE(WhyNot(kKeyHead).find("holds no generation"), std::string::npos);
  EXPECT_NE(WhyNot(good.substr(0, good.size() - 1)).find("fleet.key:3"), std::string::npos);
  EXPECT_NE(WhyNot(kKeyHead + "epoch 0 " + kSecretHex.substr(1) + "\n").find("bad generation"), std::string::npos);
  EXPECT_NE(WhyNot(kKeyHead + "epoch 0 " + std::string(64, 'G') + "\n").find("bad generation"), std::string::npos);
  EXPECT_NE(WhyNot(kKeyHead + "epoch -1 " + kSecretHex + "\n").find("bad generation"), std::string::npos);
  EXPECT_NE(WhyNot(kKeyHead + "epoch 99999999999999999999 " + kSecretHex + "\n").find("bad generation"),
            std::string::npos);
  EXPECT_NE(WhyNot(good + good.substr(kKeyHead.size())).find("do not rise"), std::string::npos);
  EXPECT_NE(WhyNot(good + "more\n").find("neither"), std::string::npos);
  std::string many = kKeyHead;
  for (int i = 0; i < 17; ++i) many += "epoch " + std::to_string(i) + " " + kSecretHex + "\n";
  EXPECT_NE(WhyNot(many).find("16 generations"), std::string::npos);
}

TEST(FleetKeyTest, FilesAreTheirOwnersAlone) {
  const std::string path = (std::filesystem::path(testing::TempDir()) / "gander_fleet.key").string();
  ::unlink(path.c_str());
  const auto missing = FleetKey::Open(path, 7);
  ASSERT_FALSE(missing.has_value());
  EXPECT_NE(missing.error().ToString().find("gander fleet key"), std::string::npos) << "and none is made";
  ASSERT_TRUE(FleetKey::Make(path).has_value());
  EXPECT_FALSE(FleetKey::Make(path).has_value()) << "never written over";
  struct stat info {};
  ASSERT_EQ(::stat(path.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
  const auto made = FleetKey::Open(path, 7);
  ASSERT_TRUE(made.has_value());
  ASSERT_TRUE(FleetKey::AddGeneration(path, 3000).has_value());
  EXPECT_FALSE(FleetKey::AddGeneration(path, 3000).has_value());
  const auto grown = FleetKey::Open(path, 7);
  ASSERT_TRUE(grown.has_value());
  EXPECT_EQ((*grown)->At(2999).id, (*made)->At(2999).id);
  EXPECT_NE((*grown)->At(3000).id, (*made)->At(3000).id);
  ASSERT_EQ(::chmod(path.c_str(), 0640), 0);
  const auto open = FleetKey::Open(path, 7);
  ASSERT_FALSE(open.has_value());
  EXPECT_NE(open.error().ToString().find("chmod 600"), std::string::npos);
}

}  // namespace
}  // namespace gander::detect
