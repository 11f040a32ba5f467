// SPDX-License-Identifier: Apache-2.0
// Escapes in strings of JSON (RFC 8259 §7) and JavaScript, undone so that what they hide is seen and the JSON is still
// JSON to who looks for keys and quotes in it:
//   \uXXXX, with surrogate pairs, and \xXX   the character (PutReadable()); a quote becomes ', a backslash opens an
//   escape
//   \/ and \'                                / and '
//   \"                                       ' - the string within, often JSON itself, keeps its quotes and ends no
//   string \n \r \t                                 the line end or tab: rows in a string are rows; \b \f a space
//   anything else                            stays as it is
// A run of backslashes counts as one: JSON in strings of JSON is undone to any depth at once. Only before a quote it
// matters whether their number is even: then the quote ends the string.
#ifndef GANDER_CONTENT_JSON_ESCAPES_H_
#define GANDER_CONTENT_JSON_ESCAPES_H_

#include <array>

#include "content/notation/escape_layer.h"

namespace gander::content {

class JsonEscapes final : public EscapeLayer {
 public:
  // Whether letters behind a backslash are escapes. In other text than JSON and scripts "\n" is rather the begin of a
  // folder's name; only \u, \x, \/ and quotes are undone there. To be called before Open().
  void SetLetters(bool letters) noexcept { letters_ = letters; }
  JsonEscapes() noexcept : EscapeLayer('\\') {}
  void GiveBack() noexcept override;
  bool IsOpen() const noexcept override { return state_ != State::kNone; }

 protected:
  void Start() noexcept override;
  std::size_t Whole(Bytes in, std::span<std::byte> out, std::size_t& written) noexcept override;
  std::size_t Step(unsigned char c, std::span<std::byte> out, bool& taken) noexcept override;
  std::size_t Finish(std::span<std::byte> out) noexcept override;

 private:
  enum class State : std::uint8_t {
    kNone,
    kSlashes,
    kDigits,
    kAfterHigh,  // a high surrogate was read, and nothing behind it
  };

  std::size_t Character(unsigned char c, std::span<std::byte> out) noexcept;
  std::size_t Unit(std::span<std::byte> out) noexcept;
  std::size_t LoneHigh(std::span<std::byte> out) noexcept;
  std::size_t Raw(std::span<std::byte> out) noexcept;

  State state_ = State::kNone;
  bool letters_ = true;
  bool odd_ = false;         // number of backslashes
  std::uint8_t wanted_ = 0;  // hexadecimal digits
  std::uint8_t count_ = 0;   // of them read
  std::uint32_t value_ = 0;
  std::uint32_t high_ = 0;  // surrogate that waits for its low one
  std::array<unsigned char, 4> digits_{};
};

}  // namespace gander::content

#endif  // GANDER_CONTENT_JSON_ESCAPES_H_
