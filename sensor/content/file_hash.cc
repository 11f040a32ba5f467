// SPDX-License-Identifier: Apache-2.0
#include "content/file_hash.h"

#include <openssl/evp.h>

namespace gander::content {
namespace {

// Fetched once: looking an algorithm up by name takes a lock and a hash table walk (EVP_MD_fetch(3)).
const EVP_MD* Sha256() noexcept {
  static const EVP_MD* const md = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  return md;
}

const EVP_MD* Md5() noexcept {
  static const EVP_MD* const md = EVP_MD_fetch(nullptr, "MD5", nullptr);
  return md;
}

}  // namespace

FileHash::FileHash() : sha256_(EVP_MD_CTX_new()), md5_(EVP_MD_CTX_new()) {}

FileHash::~FileHash() {
  EVP_MD_CTX_free(sha256_);
  EVP_MD_CTX_free(md5_);
}

void FileHash::Begin(bool sha256, bool md5) noexcept {
  sha256_on_ = sha256 && Sha256() != nullptr && EVP_DigestInit_ex2(sha256_, Sha256(), nullptr) == 1;
  // Absent where OpenSSL runs in FIPS mode.
  md5_on_ = md5 && Md5() != nullptr && EVP_DigestInit_ex2(md5_, Md5(), nullptr) == 1;
}

void FileHash::Update(Bytes bytes) noexcept {
  if (sha256_on_) EVP_DigestUpdate(sha256_, bytes.data(), bytes.size());
  if (md5_on_) EVP_DigestUpdate(md5_, bytes.data(), bytes.size());
}

void FileHash::Finish(FileFacts& facts) noexcept {
  facts.has_sha256 = sha256_on_ && EVP_DigestFinal_ex(sha256_, facts.sha256, nullptr) == 1;
  facts.has_md5 = md5_on_ && EVP_DigestFinal_ex(md5_, facts.md5, nullptr) == 1;
  sha256_on_ = md5_on_ = false;
}

}  // namespace gander::content
