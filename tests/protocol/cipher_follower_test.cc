// SPDX-License-Identifier: Apache-2.0
#include "protocol/cipher_follower.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace gander::protocol {
namespace {

constexpr std::string_view kClear = "226 Transfer complete. Anna Berg, +47 22 33 44 55\r\n";

std::string Cipher(std::mt19937& random, std::size_t size) {
  std::string out(size, '\0');
  for (char& c : out) c = static_cast<char>(random());
  return out;
}

std::string Records(std::mt19937& random, int count) {
  std::string out;
  for (int i = 0; i < count; ++i) {
    const std::size_t size = i == 1 ? 0 : random() % 3000;
    out += {23, 3, 3, static_cast<char>(size >> 8), static_cast<char>(size)};
    out += Cipher(random, size);
  }
  return out;
}

// Feeds `stream` in pieces of 1..`most` bytes; where ciphertext ended, npos when it did not.
std::size_t EndOfCipher(CipherFollower follower, const std::string& stream, std::size_t most, std::mt19937& random) {
  for (std::size_t at = 0; at < stream.size();) {
    const std::string piece = stream.substr(at, random() % most + 1);
    const std::size_t cipher = follower.Follow(AsBytes(piece), false);
    if (cipher < piece.size()) return at + cipher;
    at += piece.size();
  }
  return std::string::npos;
}

TEST(CipherFollower, RecordsAreFollowedHoweverTheyAreCut) {
  std::mt19937 random(3);
  const std::string stream = Records(random, 40);
  for (const std::size_t most : {1u, 4u, 7u, 1460u, 100000u}) {
    EXPECT_EQ(EndOfCipher({0, {}}, stream, most, random), std::string::npos) << most;
  }
}

TEST(CipherFollower, BeginsWithinARecordOrAHeader) {
  std::mt19937 random(4);
  const std::string stream = Records(random, 3);
  const std::string header = stream.substr(0, 3);
  EXPECT_EQ(EndOfCipher({0, AsBytes(header)}, stream.substr(3), 1460, random), std::string::npos);
  EXPECT_EQ(EndOfCipher({100, {}}, Cipher(random, 100) + stream, 1460, random), std::string::npos);
}

// A server that sends a close_notify and goes on in clear, as FTP's CCC command asks.
TEST(CipherFollower, ClearTextBehindRecordsIsNoticedWhereItBegins) {
  std::mt19937 random(5);
  const std::string stream = Records(random, 5);
  const std::size_t end = EndOfCipher({0, {}}, stream + std::string(kClear), 100000, random);
  EXPECT_EQ(end, stream.size());
  CipherFollower follower(0, {});
  EXPECT_EQ(follower.Follow(AsBytes(stream), false), stream.size());
  EXPECT_EQ(follower.Follow(AsBytes(kClear), false), 0u);
}

// However small it is cut: nobody is to hide behind ciphertext that way.
TEST(CipherFollower, ClearTextInSmallPiecesIsNoticed) {
  std::mt19937 random(7);
  std::string text = "dn: uid=anna,dc=example,dc=org \xd0\x90\xd0\xbd\xd0\xbd\xd0\xb0 ";
  text += text + text;
  for (const std::size_t most : {1u, 2u, 7u, 15u}) {
    for (const bool behind_a_gap : {false, true}) {
      const std::string before = behind_a_gap ? Cipher(random, 500) : Records(random, 5);
      CipherFollower follower(0, {});
      if (behind_a_gap) {
        ASSERT_EQ(follower.Follow(AsBytes(before.substr(0, 100)), true), 100u);
      }
      const std::size_t end = EndOfCipher(follower, before + text, most, random);
      EXPECT_GE(end, before.size()) << most;
      EXPECT_LE(end, before.size() + 24 + CipherFollower::kRecordHeader) << most;
    }
  }
}

TEST(CipherFollower, BehindAGapOnlyPlainTextCounts) {
  std::mt19937 random(6);
  CipherFollower follower(1000, {});
  EXPECT_EQ(follower.Follow(AsBytes(kClear), false), kClear.size()) << "inside a record";
  for (int i = 0; i < 2000; ++i) {
    const std::string noise = Cipher(random, 16 + random() % 1444);
    ASSERT_EQ(follower.Follow(AsBytes(noise), i == 0), noise.size());
  }
  int looked = 0;  // one in four chunks is looked at by now
  for (int i = 0; i < 4; ++i) looked += follower.Follow(AsBytes(kClear), false) == 0;
  EXPECT_GE(looked, 1);
}

}  // namespace
}  // namespace gander::protocol
