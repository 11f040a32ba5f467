// SPDX-License-Identifier: Apache-2.0
#include "detect/d23_software_census/software_name.h"

#include <algorithm>

#include "identify/cautious_mask.h"

namespace gander::detect {
namespace {

constexpr std::size_t kMaxText = 512;  // of a banner: what stands behind names nothing new

bool IsDigit(char c) noexcept { return c >= '0' && c <= '9'; }
bool IsLetter(char c) noexcept { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool IsOfProduct(char c) noexcept { return IsLetter(c) || IsDigit(c) || c == '-' || c == '+' || c == '.'; }
bool IsOfVersion(char c) noexcept { return IsLetter(c) || IsDigit(c) || c == '-' || c == '+' || c == '.' || c == '~'; }

// What says "I am like these others", or what carries the name of the protocol.
bool IsGeneric(std::string_view product) noexcept {
  static constexpr std::array<std::string_view, 9> kGeneric{"Mozilla", "AppleWebKit", "Gecko", "KHTML", "Version",
                                                            "Mobile",  "Safari",      "SSH",   "HTTP"};
  return std::find(kGeneric.begin(), kGeneric.end(), product) != kGeneric.end();
}

template <std::size_t N>
std::string_view Text(const std::array<char, N>& text) noexcept {
  return {text.data(), static_cast<std::size_t>(std::find(text.begin(), text.end(), '\0') - text.begin())};
}

class Reader {
 public:
  Reader(std::string_view text, bool has_comments) : text_(text.substr(0, kMaxText)), has_comments_(has_comments) {}

  // The next pair of product and version; false at the end.
  bool Next(std::string_view& product, std::string_view& version) noexcept {
    while (at_ < text_.size()) {
      if (text_[at_] == '(' && has_comments_) {
        SkipComment();
      } else if (!IsLetter(text_[at_])) {
        ++at_;
      } else {
        product = Take(IsOfProduct);
        if (ReadVersion(version)) return true;
      }
    }
    return false;
  }

 private:
  template <class Is>
  std::string_view Take(Is&& is) noexcept {
    const std::size_t begin = at_;
    while (at_ < text_.size() && is(text_[at_])) ++at_;
    return text_.substr(begin, at_ - begin);
  }
  // Behind one of the marks that stand between the two.
  bool ReadVersion(std::string_view& version) noexcept {
    if (at_ + 1 >= text_.size()) return false;
    const char mark = text_[at_];
    std::size_t digit = at_ + 1;
    if (mark != '/' && mark != '_' && mark != ' ') return false;
    if (text_[digit] == 'v' && digit + 1 < text_.size()) ++digit;
    if (!IsDigit(text_[digit])) return false;
    at_ = digit;
    version = Take(IsOfVersion);
    return true;
  }
  void SkipComment() noexcept {
    int depth = 0;
    for (; at_ < text_.size(); ++at_) {
      depth += text_[at_] == '(' ? 1 : text_[at_] == ')' ? -1 : 0;
      if (depth == 0) break;
    }
  }

  const std::string_view text_;
  const bool has_comments_;
  std::size_t at_ = 0;
};

}  // namespace

std::string_view SoftwareName::product() const noexcept { return Text(product_text); }
std::string_view SoftwareName::version() const noexcept { return Text(version_text); }

std::size_t ReadSoftwareNames(std::string_view text, bool has_comments,
                              std::span<SoftwareName, kMaxNamesOfText> out) noexcept {
  Reader reader(text, has_comments);
  std::size_t count = 0;
  for (std::string_view product, version; count < out.size() && reader.Next(product, version);) {
    if (IsGeneric(product) || identify::IsToBeHidden(product) || identify::IsToBeHidden(version)) continue;
    SoftwareName& name = out[count++];
    name = {};
    std::copy_n(product.begin(), std::min(product.size(), name.product_text.size()), name.product_text.begin());
    std::copy_n(version.begin(), std::min(version.size(), name.version_text.size()), name.version_text.begin());
  }
  return count;
}

}  // namespace gander::detect
