// SPDX-License-Identifier: Apache-2.0
// Digests of one file.
#ifndef GANDER_CONTENT_FILE_HASH_H_
#define GANDER_CONTENT_FILE_HASH_H_

#include <openssl/md5.h>
#include <openssl/sha.h>

#include "content/text_piece.h"

namespace gander::content {

class FileHash {
 public:
  void Begin(bool sha256, bool md5) noexcept;
  void Update(Bytes bytes) noexcept;
  // Fills the digests of `facts`.
  void Finish(FileFacts& facts) noexcept;

 private:
  SHA256_CTX sha256_;
  MD5_CTX md5_;
  bool sha256_on_ = false;
  bool md5_on_ = false;
};

// The stretch of a file that one message brought, where several bring one.
struct FilePart {
  FileHash hash;             // of a stretch that begins behind the file's first byte; else that of the file serves
  std::uint64_t began = 0;   // bytes of the file before it
  std::size_t path_length = 0;  // of the file's own path, without what is open inside it
};

}  // namespace gander::content

#endif  // GANDER_CONTENT_FILE_HASH_H_
