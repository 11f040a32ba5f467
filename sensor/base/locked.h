// SPDX-License-Identifier: Apache-2.0
// Keys in memory: a small heap that is never swapped out or dumped, with guard pages about it (OpenSSL's secure heap,
// OPENSSL_secure_malloc(3)). OpenSSL puts private keys there by itself.
#ifndef GANDER_BASE_LOCKED_H_
#define GANDER_BASE_LOCKED_H_

#include <cstddef>

namespace gander {

inline constexpr std::size_t kKeyHeapBytes = 32 << 10;  // a key of Ed25519 takes 32, one of RSA some 2,000

// Makes that heap; to be called before the first key. False: keys may be swapped out (RLIMIT_MEMLOCK is below
// kKeyHeapBytes).
bool LockKeys() noexcept;
// What LockKeys() said; false before it.
bool KeysAreLocked() noexcept;

// Base of a key: what `new` makes of it lies there, and is wiped when it goes.
struct Locked {
  static void* operator new(std::size_t bytes);
  static void operator delete(void* key, std::size_t bytes) noexcept;
};

}  // namespace gander

#endif  // GANDER_BASE_LOCKED_H_
