// SPDX-License-Identifier: Apache-2.0
// XML (W3C, fifth edition) taken apart as it streams by: text, tags, attributes somebody wants. It checks nothing,
// expands no entities but the five that are predefined and references to characters, and holds a name and a value at
// most.
#ifndef GANDER_CONTENT_XML_TOKENS_H_
#define GANDER_CONTENT_XML_TOKENS_H_

#include <array>
#include <cstdint>
#include <string_view>

#include "base/bytes.h"

namespace gander::content {

// Names come without their prefix. Views live for the call.
class XmlHandler {
 public:
  virtual ~XmlHandler() = default;
  virtual void OnText(std::string_view piece) noexcept = 0;
  virtual void OnOpen(std::string_view element) noexcept = 0;
  // Of the element opened last.
  virtual bool WantsAttribute(std::string_view name) noexcept = 0;
  // A value longer than XmlTokens::kMaxValue comes in pieces.
  virtual void OnAttribute(std::string_view name, std::string_view piece, bool last) noexcept = 0;
  virtual void OnClose(std::string_view element) noexcept = 0;
  // Of a comment or a declaration.
  virtual void OnAside(std::string_view piece) noexcept = 0;
};

class XmlTokens {
 public:
  static constexpr std::size_t kMaxName = 64;  // longer ones are cut
  static constexpr std::size_t kMaxValue = 512;
  // So much of one tag is taken for markup; what is beyond is passed over and counted.
  static constexpr std::size_t kMaxTag = 4096;

  void Begin(XmlHandler& handler) noexcept;
  // Returns the bytes that were passed over.
  std::uint64_t Feed(Bytes in) noexcept;
  // Nothing follows.
  void End() noexcept;

 private:
  enum class At : std::uint8_t {
    kText,
    kReference,    // behind "&"
    kCdata,
    kMarkup,       // behind "<"
    kBang,         // behind "<!"
    kComment,
    kDeclaration,
    kInstruction,
    kElement,      // the name of one
    kTag,          // between attributes
    kAttribute,    // the name of one
    kEquals,
    kValue,
    kClosing,      // behind "</"
  };
  // A name, without its prefix.
  struct Name {
    std::array<char, kMaxName> bytes;
    std::size_t size = 0;
    std::string_view text() const noexcept { return {bytes.data(), size}; }
    // Takes the front of `s` that belongs to the name; true when its end was seen.
    bool Take(std::string_view& s) noexcept;
  };

  void Step(std::string_view& s) noexcept;
  void Text(std::string_view& s) noexcept;
  void Reference(std::string_view& s) noexcept;
  void Resolve() noexcept;
  void Give(std::string_view piece) noexcept;
  void UpTo(std::string_view& s, char mark) noexcept;
  void Inside(std::string_view piece) noexcept;
  void Markup(std::string_view& s) noexcept;
  void Bang(std::string_view& s) noexcept;
  void Declaration(std::string_view& s) noexcept;
  void Instruction(std::string_view& s) noexcept;
  void Tag(std::string_view& s) noexcept;
  void Equals(std::string_view& s) noexcept;
  void Value(std::string_view& s) noexcept;
  void Closing(std::string_view& s) noexcept;

  XmlHandler* handler_ = nullptr;
  At at_ = At::kText;
  bool in_value_ = false;  // a reference stands in an attribute's value
  bool wanted_ = false;    // so does the value at hand
  bool slash_ = false;     // the tag at hand ends its element
  bool bracket_ = false;   // within the brackets of a declaration
  bool named_ = false;     // the name of a closing tag is complete
  char quote_ = '"';
  std::size_t matched_ = 0;    // of "--" or "]]", or a question mark
  std::size_t tag_bytes_ = 0;  // of the tag at hand
  std::size_t held_ = 0;
  std::array<char, 12> hold_;  // a reference, or what follows "<!"
  Name element_, attribute_;
  std::size_t value_size_ = 0;
  std::array<char, kMaxValue> value_;
};

}  // namespace gander::content

#endif  // GANDER_CONTENT_XML_TOKENS_H_
