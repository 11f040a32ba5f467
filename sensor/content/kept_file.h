// SPDX-License-Identifier: Apache-2.0
// The bytes of a file that may be kept for the operator's quarantine. Wiped before their memory is given back.
#ifndef GANDER_CONTENT_KEPT_FILE_H_
#define GANDER_CONTENT_KEPT_FILE_H_

#include <openssl/crypto.h>

#include "content/memory.h"

namespace gander::content {

class KeptFile {
 public:
  void Begin(Memory& memory, std::size_t max_bytes) noexcept {
    held_.Begin(memory, max_bytes);
    whole_ = true;
  }
  void Update(Bytes bytes) noexcept {
    if (whole_ && !held_.Append(bytes)) {
      whole_ = false;
      Wipe();
    }
  }
  // Empty when the file was too large, or the memory for files used up.
  Bytes bytes() const noexcept { return held_.bytes(); }
  bool whole() const noexcept { return whole_; }
  void End() noexcept { Wipe(); }

 private:
  void Wipe() noexcept {
    if (!held_.empty()) OPENSSL_cleanse(const_cast<std::byte*>(held_.bytes().data()), held_.size());
    held_.Release();
  }

  HeldBytes held_;
  bool whole_ = false;
};

}  // namespace gander::content

#endif  // GANDER_CONTENT_KEPT_FILE_H_
