// SPDX-License-Identifier: Apache-2.0
#include "base/locked.h"

#include <gtest/gtest.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <array>
#include <cstring>
#include <fstream>
#include <memory>
#include <string>

namespace gander {
namespace {

struct Key : Locked {
  std::array<unsigned char, 48> bytes{};
};

// "VmLck:\t      32 kB" of proc(5).
std::size_t LockedKilobytes() {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;) {
    std::size_t kilobytes = 0;
    if (word == "VmLck:" && status >> kilobytes) return kilobytes;
  }
  return 0;
}

TEST(LockedKeys, LieInLockedMemoryAndAreWiped) {
  if (!LockKeys()) GTEST_SKIP() << "this user may lock no memory";
  EXPECT_TRUE(KeysAreLocked());
  EXPECT_GE(LockedKilobytes(), kKeyHeapBytes >> 10);
  auto key = std::make_unique<Key>();
  ASSERT_EQ(CRYPTO_secure_allocated(key.get()), 1);
  key->bytes.fill(0x5a);
  const unsigned char* const was = key->bytes.data();
  key.reset();
  // The heap stays where it is. Its list of free pieces may use the first bytes of one.
  for (std::size_t i = 16; i < 48; ++i) EXPECT_NE(was[i], 0x5a) << i;
}

TEST(LockedKeys, PrivateKeysOfOpensslLieThereByThemselves) {
  if (!LockKeys()) GTEST_SKIP() << "this user may lock no memory";
  EVP_PKEY_free(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));  // the random generator's own state stays
  const std::size_t before = CRYPTO_secure_used();
  EVP_PKEY* const key = EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519");
  ASSERT_NE(key, nullptr);
  EXPECT_GT(CRYPTO_secure_used(), before);
  EVP_PKEY_free(key);
  EXPECT_EQ(CRYPTO_secure_used(), before);
}

}  // namespace
}  // namespace gander
