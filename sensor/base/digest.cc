// SPDX-License-Identifier: Apache-2.0
// EVP of OpenSSL 3 allocates the state of each digest. What it calls old keeps it in the caller's memory and runs the
// same code behind.
#define OPENSSL_SUPPRESS_DEPRECATED
#include "base/digest.h"

#include <openssl/md5.h>
#include <openssl/sha.h>

namespace gander {

Sha256Digest Sha256Of(Bytes bytes) noexcept {
  SHA256_CTX state;
  SHA256_Init(&state);
  SHA256_Update(&state, bytes.data(), bytes.size());
  Sha256Digest digest;
  SHA256_Final(digest.data(), &state);
  return digest;
}

Md5Digest Md5Of(Bytes bytes) noexcept {
  MD5_CTX state;
  MD5_Init(&state);
  MD5_Update(&state, bytes.data(), bytes.size());
  Md5Digest digest;
  MD5_Final(digest.data(), &state);
  return digest;
}

}  // namespace gander
