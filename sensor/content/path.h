// SPDX-License-Identifier: Apache-2.0
// The wrappings that are open around the text at hand: "smtp.data > message/rfc822 > text/plain".
#ifndef GANDER_CONTENT_PATH_H_
#define GANDER_CONTENT_PATH_H_

#include <array>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace gander::content {

// Grows and shrinks like a stack. What does not fit is left out; Pop() still finds the right place.
class Path {
 public:
  static constexpr std::size_t kMaxLength = 256;
  static constexpr std::size_t kMaxSegment = 64;

  void Begin(std::string_view root) noexcept {
    length_ = 0;
    Append(root);
  }

  // Adds a wrapping, returns what Pop() needs. A segment with anything but visible ASCII becomes "unknown":
  // types are declared by the peer, and a path is printed.
  std::size_t Push(std::string_view segment) noexcept {
    const std::size_t before = length_;
    if (segment.size() > kMaxSegment || !Visible(segment)) segment = "unknown";
    if (before + 3 + segment.size() > kMaxLength) return before;
    Append(" > ");
    Append(segment);
    return before;
  }
  void Pop(std::size_t length) noexcept { length_ = length; }

  std::string_view text() const noexcept { return {text_.data(), length_}; }

 private:
  static bool Visible(std::string_view s) noexcept {
    for (char c : s) {
      if (c <= ' ' || c >= 0x7f || c == '>') return false;
    }
    return !s.empty();
  }
  void Append(std::string_view s) noexcept {
    if (s.size() > kMaxLength - length_) s = s.substr(0, kMaxLength - length_);
    std::memcpy(text_.data() + length_, s.data(), s.size());
    length_ += s.size();
  }

  std::array<char, kMaxLength> text_;
  std::size_t length_ = 0;
};

}  // namespace gander::content

#endif  // GANDER_CONTENT_PATH_H_
