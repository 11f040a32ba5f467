// SPDX-License-Identifier: Apache-2.0
#include "protocol/mime/encoded_word.h"

#include "protocol/mime/base64.h"

namespace gander::protocol::mime {
namespace {

// RFC 2047 §2 allows 75; mailers break that.
constexpr std::size_t kMaxWord = 1024;

struct Word {
  std::string_view charset;  // without a language (RFC 2231 §5)
  char encoding = 0;
  std::string_view text;
  std::size_t length = 0;  // of the whole word
};

// Reads the word that begins at the front of `s`.
bool ParseWord(std::string_view s, Word& word) noexcept {
  s = s.substr(0, kMaxWord);
  if (s.size() < 8 || s[0] != '=' || s[1] != '?') return false;
  const std::size_t charset_end = s.find('?', 2);
  if (charset_end == std::string_view::npos || charset_end + 2 >= s.size() || s[charset_end + 2] != '?')
    return false;
  word.charset = s.substr(2, charset_end - 2);
  word.charset = word.charset.substr(0, word.charset.find('*'));
  word.encoding = static_cast<char>(s[charset_end + 1] & ~0x20);
  if (word.encoding != 'B' && word.encoding != 'Q') return false;
  const std::size_t begin = charset_end + 3;
  const std::size_t end = s.find("?=", begin);
  if (end == std::string_view::npos) return false;
  word.text = s.substr(begin, end - begin);
  word.length = end + 2;
  return true;
}

int HexDigit(char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  c = static_cast<char>(c | 0x20);
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

void AppendQ(std::string_view text, std::string& out) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '_') {
      out += ' ';
    } else if (text[i] == '=' && i + 2 < text.size() && HexDigit(text[i + 1]) >= 0 &&
               HexDigit(text[i + 2]) >= 0) {
      out += static_cast<char>(HexDigit(text[i + 1]) << 4 | HexDigit(text[i + 2]));
      i += 2;
    } else {
      out += text[i];
    }
  }
}

void AppendB(std::string_view text, std::string& out) {
  Base64Decoder decoder;
  Bytes in = AsBytes(text);
  std::byte buffer[kMaxWord];
  const std::size_t n = decoder.Decode(in, buffer);
  out.append(AsText(Bytes(buffer, n)));
  out.append(AsText(Bytes(buffer, decoder.Finish(buffer))));
}

}  // namespace

void DecodeWords(std::string_view value, std::string& out, WordConverter* converter) {
  // Words of one charset that follow each other, from `run` on in `out`.
  std::string_view charset;
  std::size_t run = out.size();
  bool after_word = false;
  const auto end_run = [&] {
    if (converter != nullptr && run < out.size()) converter->ToUtf8(charset, out, run);
    charset = {};
    run = out.size();
  };
  std::size_t i = 0;
  while (i < value.size()) {
    const std::size_t start = value.find("=?", i);
    const std::string_view between = value.substr(i, start == std::string_view::npos ? start : start - i);
    Word word;
    const bool is_word = start != std::string_view::npos && ParseWord(value.substr(start), word);
    // White space between two words belongs to the folding.
    const bool only_blank = between.find_first_not_of(" \t\r\n") == std::string_view::npos;
    const bool joins = after_word && is_word && only_blank;
    if (!joins || word.charset != charset) end_run();
    if (!joins) out.append(between);
    if (start == std::string_view::npos) break;
    if (!is_word) {
      out.append("=?");
      i = start + 2;
      after_word = false;
      continue;
    }
    if (word.charset != charset) end_run();
    charset = word.charset;
    if (word.encoding == 'B') {
      AppendB(word.text, out);
    } else {
      AppendQ(word.text, out);
    }
    i = start + word.length;
    after_word = true;
  }
  end_run();
}

}  // namespace gander::protocol::mime
