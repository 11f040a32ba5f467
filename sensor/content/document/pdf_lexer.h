// SPDX-License-Identifier: Apache-2.0
// The words of PDF (ISO 32000-1, 7.2 and 7.3), out of bytes that come in pieces: of objects, content streams
// and CMaps.
#ifndef GANDER_CONTENT_PDF_LEXER_H_
#define GANDER_CONTENT_PDF_LEXER_H_

#include <array>
#include <cstdint>
#include <string_view>

#include "base/bytes.h"

namespace gander::content {

// Table 1 and 2: what parts words.
bool IsPdfSpace(std::uint8_t c) noexcept;
bool IsPdfDelimiter(std::uint8_t c) noexcept;

class PdfLexer {
 public:
  enum class Kind : std::uint8_t {
    kNumber,
    kName,    // text(): without the slash, escapes resolved
    kString,  // text(): decoded; long strings come in pieces
    kKeyword,
    kDictOpen,
    kDictClose,
    kArrayOpen,
    kArrayClose,
  };
  // Longest piece of a string, and of a word: names have at most 127 bytes (Annex C); longer ones are cut,
  // longer keywords come in pieces. Even, so that no code of two bytes is torn.
  static constexpr std::size_t kMaxPiece = 256;

  void Begin() noexcept;
  // Reads up to the end of the next word or piece, removing what was read. What ends a word stays in `in`.
  // False: `in` is used up.
  bool Next(Bytes& in) noexcept;
  // Whether a word ended with the last byte of the stream.
  bool Finish() noexcept;

  Kind kind() const noexcept { return kind_; }
  std::string_view text() const noexcept { return {buffer_.data(), size_}; }
  double number() const noexcept { return number_; }
  // A number without a fraction, sign or overflow: what objects are numbered by. -1: it is none.
  std::int64_t integer() const noexcept { return integer_; }
  // Pieces of a string.
  bool first() const noexcept { return first_; }
  bool last() const noexcept { return last_; }

 private:
  enum class State : std::uint8_t {
    kSpace,
    kComment,
    kWord,
    kName,
    kNameEscape,
    kString,
    kEscape,
    kOctal,
    kAfterReturn,  // an escaped CR: a LF behind it belongs to it
    kHex,
    kLess,
    kGreater,
  };

  bool Put(char c) noexcept;  // false: no room
  void Start(State state) noexcept;
  bool Space(Bytes& in) noexcept;
  bool Open(std::uint8_t c) noexcept;
  bool Word(Bytes& in) noexcept;
  bool Name(Bytes& in) noexcept;
  bool EndName() noexcept;
  bool String(Bytes& in) noexcept;
  bool StringByte(Bytes& in, std::uint8_t c) noexcept;
  bool Escape(std::uint8_t c) noexcept;
  bool Hex(Bytes& in) noexcept;
  bool Piece(bool last) noexcept;
  bool EndWord() noexcept;
  bool ReadNumber() noexcept;

  State state_ = State::kSpace;
  Kind kind_ = Kind::kKeyword;
  bool handed_ = false;  // buffer_ was handed out and begins anew
  bool first_ = true, last_ = true;
  bool started_ = false;           // pieces of this string were handed out
  std::uint8_t digits_ = 0;        // of an escape, read so far
  std::uint32_t value_ = 0;        // of that escape
  std::uint32_t parentheses_ = 0;  // open within a string
  std::size_t size_ = 0;
  double number_ = 0;
  std::int64_t integer_ = -1;
  std::array<char, kMaxPiece> buffer_;
};

}  // namespace gander::content

#endif  // GANDER_CONTENT_PDF_LEXER_H_
