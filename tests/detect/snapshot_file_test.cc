// SPDX-License-Identifier: Apache-2.0
#include "detect/state/snapshot_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

namespace gander::detect {
namespace {

std::string Folder() {
  const std::filesystem::path path =
      std::filesystem::path(testing::TempDir()) /
      ("snapshot_" + std::string(testing::UnitTest::GetInstance()->current_test_info()->name()));
  std::filesystem::remove_all(path);
  std::filesystem::create_directories(path);
  return path.string() + "/";
}

SnapshotKey KeyOf(std::uint8_t byte) {
  SnapshotKey key;
  key.seal.fill(byte);
  return key;
}

std::string ReadBytes(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

TEST(SnapshotFileTest, WhatWasWrittenIsReadAndTellsNothing) {
  const std::string file = Folder() + "state";
  const std::string state = "people of the wards, " + std::string(100'000, 'x');
  ASSERT_TRUE(WriteSnapshot(file, KeyOf(1), "earlier").has_value());
  ASSERT_TRUE(WriteSnapshot(file, KeyOf(1), state).has_value());
  const auto read = ReadSnapshot(file, KeyOf(1), 1 << 20);
  ASSERT_TRUE(read.has_value()) << read.error().ToString();
  EXPECT_EQ(**read, state);
  EXPECT_EQ(ReadBytes(file).find("people"), std::string::npos);
  EXPECT_FALSE(std::filesystem::exists(file + ".part"));
  struct stat info {};
  ASSERT_EQ(::stat(file.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
}

TEST(SnapshotFileTest, NoFileIsNoState) {
  const auto read = ReadSnapshot(Folder() + "state", KeyOf(1), 1 << 20);
  ASSERT_TRUE(read.has_value());
  EXPECT_FALSE(read->has_value());
}

TEST(SnapshotFileTest, EveryDamageIsFoundAndNamed) {
  const std::string whole = SealSnapshot(KeyOf(1), "state of the detectors");
  ASSERT_TRUE(UnsealSnapshot("f", KeyOf(1), whole).has_value());
  for (std::size_t i = 0; i < whole.size(); ++i) {
    for (int bit : {0, 3, 7}) {
      std::string damaged = whole;
      damaged[i] = static_cast<char>(damaged[i] ^ 1 << bit);
      EXPECT_FALSE(UnsealSnapshot("f", KeyOf(1), damaged).has_value()) << i;
    }
    EXPECT_FALSE(UnsealSnapshot("f", KeyOf(1), whole.substr(0, i)).has_value()) << i;
  }
  const auto cause = [](std::string_view file, std::uint8_t key) {
    return UnsealSnapshot("state.bin", KeyOf(key), file).error().ToString();
  };
  EXPECT_NE(cause("something else", 1).find("state.bin: is no snapshot of gander"), std::string::npos);
  EXPECT_NE(cause(whole, 2).find("another key"), std::string::npos);
  std::string version = whole;
  version[8] = 9;
  EXPECT_NE(cause(version, 1).find("of snapshot version 9"), std::string::npos);
  std::string flipped = whole;
  flipped.back() = static_cast<char>(flipped.back() ^ 1);
  EXPECT_NE(cause(flipped, 1).find("damaged: its checksum does not fit"), std::string::npos);
  EXPECT_NE(cause(flipped, 1).find("remedy: the run begins without it"), std::string::npos);
}

TEST(SnapshotFileTest, TooLargeIsNotRead) {
  const std::string file = Folder() + "state";
  ASSERT_TRUE(WriteSnapshot(file, KeyOf(1), std::string(5000, 'x')).has_value());
  EXPECT_FALSE(ReadSnapshot(file, KeyOf(1), 4000).has_value());
}

TEST(SnapshotFileTest, TheKeyIsMadeOnceForItsOwner) {
  const std::string path = Folder() + "key";
  const auto first = OpenSnapshotKey(path), second = OpenSnapshotKey(path);
  ASSERT_TRUE(first.has_value() && second.has_value());
  EXPECT_EQ(first->seal, second->seal);
  EXPECT_EQ(first->tags.k0, second->tags.k0);
  EXPECT_NE(first->tags.k0, first->tags.k1);
  struct stat info {};
  ASSERT_EQ(::stat(path.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
  ASSERT_EQ(::chmod(path.c_str(), 0640), 0);
  const auto open = OpenSnapshotKey(path);
  ASSERT_FALSE(open.has_value());
  EXPECT_NE(open.error().ToString().find("chmod 600"), std::string::npos);
}

TEST(SnapshotFileTest, WhatIsNoKeyIsRefused) {
  const std::string path = Folder() + "key";
  std::ofstream(path) << "secret\n";
  ASSERT_EQ(::chmod(path.c_str(), 0600), 0);
  EXPECT_FALSE(OpenSnapshotKey(path).has_value());
  EXPECT_FALSE(OpenSnapshotKey("").has_value());
  EXPECT_FALSE(OpenSnapshotKey(path + "/below").has_value());
}

}  // namespace
}  // namespace gander::detect
