// SPDX-License-Identifier: Apache-2.0
// Words of mail headers, and file names in them, to UTF-8: whatever charset they say they are in, and what they look
// like when they say nothing.
#ifndef GANDER_CONTENT_HEADER_WORDS_H_
#define GANDER_CONTENT_HEADER_WORDS_H_

#include <string>

#include "content/layer.h"
#include "protocol/mime/encoded_word.h"

namespace gander::content {

class HeaderWords final : public protocol::mime::WordConverter {
 public:
  // `body` outlives the words.
  void Begin(Body& body) noexcept { body_ = &body; }
  void ToUtf8(std::string_view charset, std::string& text, std::size_t from) noexcept override;

 private:
  Body* body_ = nullptr;
  std::string converted_;
};

}  // namespace gander::content

#endif  // GANDER_CONTENT_HEADER_WORDS_H_
