// SPDX-License-Identifier: Apache-2.0
// EVP of OpenSSL 3 allocates the state of a digest anew at each EVP_DigestInit_ex2(3). What it calls old keeps it in
// the caller's memory and runs the same code behind.
#define OPENSSL_SUPPRESS_DEPRECATED
#include "content/file_hash.h"

namespace gander::content {

void FileHash::Begin(bool sha256, bool md5) noexcept {
  sha256_on_ = sha256 && SHA256_Init(&sha256_) == 1;
  md5_on_ = md5 && MD5_Init(&md5_) == 1;
}

void FileHash::Update(Bytes bytes) noexcept {
  if (sha256_on_) SHA256_Update(&sha256_, bytes.data(), bytes.size());
  if (md5_on_) MD5_Update(&md5_, bytes.data(), bytes.size());
}

void FileHash::Finish(FileFacts& facts) noexcept {
  facts.has_sha256 = sha256_on_ && SHA256_Final(facts.sha256, &sha256_) == 1;
  facts.has_md5 = md5_on_ && MD5_Final(facts.md5, &md5_) == 1;
  sha256_on_ = md5_on_ = false;
}

}  // namespace gander::content
