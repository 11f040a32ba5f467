// SPDX-License-Identifier: Apache-2.0
// Digests of one file.
#ifndef GANDER_CONTENT_FILE_HASH_H_
#define GANDER_CONTENT_FILE_HASH_H_

#include <openssl/types.h>

#include "content/text_piece.h"

namespace gander::content {

// Contexts are kept between files; OpenSSL 3.0 allocates its 120 bytes of state anew at each Begin().
class FileHash {
 public:
  FileHash();
  ~FileHash();
  FileHash(const FileHash&) = delete;
  FileHash& operator=(const FileHash&) = delete;

  void Begin(bool sha256, bool md5) noexcept;
  void Update(Bytes bytes) noexcept;
  // Fills the digests of `facts`.
  void Finish(FileFacts& facts) noexcept;

 private:
  EVP_MD_CTX* sha256_;
  EVP_MD_CTX* md5_;
  bool sha256_on_ = false;
  bool md5_on_ = false;
};

}  // namespace gander::content

#endif  // GANDER_CONTENT_FILE_HASH_H_
