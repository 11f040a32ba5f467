// SPDX-License-Identifier: Apache-2.0
// Encoded words in header values: "=?utf-8?B?SsO8cmdlbg==?=" (RFC 2047).
#ifndef GANDER_PROTOCOL_MIME_ENCODED_WORD_H_
#define GANDER_PROTOCOL_MIME_ENCODED_WORD_H_

#include <string>
#include <string_view>

namespace gander::protocol::mime {

// Appends `value` to `out` with its encoded words decoded and the folding between them removed. The bytes of
// a word stay in the word's charset. Malformed words are left as they stand.
void DecodeWords(std::string_view value, std::string& out);

}  // namespace gander::protocol::mime

#endif  // GANDER_PROTOCOL_MIME_ENCODED_WORD_H_
