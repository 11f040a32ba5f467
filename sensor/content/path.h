// SPDX-License-Identifier: Apache-2.0
// The wrappings that are open around the text at hand: "smtp.data > message/rfc822 > text/plain".
#ifndef GANDER_CONTENT_PATH_H_
#define GANDER_CONTENT_PATH_H_

#include <array>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string_view>

namespace gander::content {

// Grows and shrinks like a stack. What does not fit is left out; Pop() still finds the right place. Most paths name a
// body and its type: only a longer one takes memory beside the object, and keeps it for the next.
class Path {
 public:
  static constexpr std::size_t kMaxLength = 256;
  static constexpr std::size_t kMaxSegment = 64;
  static constexpr std::size_t kShort = 64;

  void Clear() noexcept {
    length_ = 0;
    spilled_ = false;
  }
  void Begin(std::string_view root) noexcept {
    Clear();
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

  std::string_view text() const noexcept { return {spilled_ ? long_->data() : short_.data(), length_}; }

 private:
  static bool Visible(std::string_view s) noexcept {
    for (char c : s) {
      if (c <= ' ' || c >= 0x7f || c == '>') return false;
    }
    return !s.empty();
  }
  void Append(std::string_view s) noexcept {
    if (s.size() > kMaxLength - length_) s = s.substr(0, kMaxLength - length_);
    if (!spilled_ && length_ + s.size() > kShort) Spill();
    std::memcpy((spilled_ ? long_->data() : short_.data()) + length_, s.data(), s.size());
    length_ += s.size();
  }
  void Spill() noexcept {
    if (long_ == nullptr) long_ = std::make_unique<std::array<char, kMaxLength>>();
    std::memcpy(long_->data(), short_.data(), length_);
    spilled_ = true;
  }

  std::array<char, kShort> short_;
  std::unique_ptr<std::array<char, kMaxLength>> long_;
  std::size_t length_ = 0;
  bool spilled_ = false;
};

}  // namespace gander::content

#endif  // GANDER_CONTENT_PATH_H_
