// SPDX-License-Identifier: Apache-2.0
#include "base/locked.h"

#include <openssl/crypto.h>

#include <new>

namespace gander {
namespace {

constexpr std::size_t kSmallest = 32;  // a piece of the heap
bool locked = false;

}  // namespace

bool LockKeys() noexcept {
  // 2: made, but the kernel would not lock it.
  if (CRYPTO_secure_malloc_initialized() == 0) locked = CRYPTO_secure_malloc_init(kKeyHeapBytes, kSmallest) == 1;
  return locked;
}

bool KeysAreLocked() noexcept { return locked; }

void* Locked::operator new(std::size_t bytes) {
  if (void* const key = OPENSSL_secure_malloc(bytes)) return key;
  throw std::bad_alloc();
}

void Locked::operator delete(void* key, std::size_t bytes) noexcept { OPENSSL_secure_clear_free(key, bytes); }

}  // namespace gander
