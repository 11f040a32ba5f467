// SPDX-License-Identifier: Apache-2.0
// Encoded words in header values: "=?utf-8?B?SsO8cmdlbg==?=" (RFC 2047).
#ifndef GANDER_PROTOCOL_MIME_ENCODED_WORD_H_
#define GANDER_PROTOCOL_MIME_ENCODED_WORD_H_

#include <cstddef>
#include <string>
#include <string_view>

namespace gander::protocol::mime {

// Knows character sets, as this room does not.
class WordConverter {
 public:
  virtual ~WordConverter() = default;
  // Brings text[from...] from `charset` to UTF-8; empty = nobody said what it is in. What is in no set that is known
  // stays.
  virtual void ToUtf8(std::string_view charset, std::string& text, std::size_t from) noexcept = 0;
};

// Appends `value` to `out` with its encoded words decoded and the folding between them removed. The bytes of
// a word stay in the word's charset without a `converter`; with one, words of the same charset that follow each other
// are brought to UTF-8 as one, for a character may be cut between them. Malformed words are left as they stand.
void DecodeWords(std::string_view value, std::string& out, WordConverter* converter = nullptr);

}  // namespace gander::protocol::mime

#endif  // GANDER_PROTOCOL_MIME_ENCODED_WORD_H_
