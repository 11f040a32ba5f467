// SPDX-License-Identifier: Apache-2.0
// Character references of HTML (WHATWG HTML §13.2.5.72) and XML (XML 1.0 §4.1): &#52; &#x34; &nbsp; &eacute; become the
// character (PutReadable()). As browsers do, a number may lack its semicolon, and so may names that are older than HTML
// 5 unless a letter or '=' follows. "&amp;" opens a reference again: XML inside XML is undone at once. Names that are
// not in character_names.cc stay as they are; so do tags. What stands in CDATA, where references are none to XML, is
// read the same: it mostly holds HTML.
#ifndef GANDER_CONTENT_CHARACTER_REFERENCES_H_
#define GANDER_CONTENT_CHARACTER_REFERENCES_H_

#include <array>

#include "content/notation/character_names.h"
#include "content/notation/escape_layer.h"

namespace gander::content {

class CharacterReferences final : public EscapeLayer {
 public:
  CharacterReferences() noexcept : EscapeLayer('&') {}
  void GiveBack() noexcept override;
  bool IsOpen() const noexcept override { return state_ != State::kNone; }

 protected:
  void Start() noexcept override { state_ = State::kNone; }
  std::size_t Whole(Bytes in, std::span<std::byte> out, std::size_t& written) noexcept override;
  std::size_t Step(unsigned char c, std::span<std::byte> out, bool& taken) noexcept override;
  std::size_t Finish(std::span<std::byte> out) noexcept override;

 private:
  enum class State : std::uint8_t {
    kNone,
    kAmpersand,  // "&"
    kName,       // "&nbs"
    kNumber,     // "&#"
    kHex,        // "&#x"
    kDecimalDigits,
    kHexDigits,
  };

  std::size_t Number(unsigned char c, std::span<std::byte> out, bool& taken) noexcept;
  std::size_t Character(std::uint32_t c, std::span<std::byte> out) noexcept;
  std::size_t BareName(unsigned char next, std::span<std::byte> out) noexcept;
  std::size_t Raw(std::span<std::byte> out) noexcept;
  std::string_view name() const noexcept { return {name_.data(), length_}; }

  State state_ = State::kNone;
  std::uint8_t length_ = 0;  // of the name so far
  std::uint32_t value_ = 0;
  std::array<char, kMaxCharacterName> name_{};
};

}  // namespace gander::content

#endif  // GANDER_CONTENT_CHARACTER_REFERENCES_H_
