// SPDX-License-Identifier: Apache-2.0
// Products and versions in the words by which programs name themselves: User-Agent and Server (RFC 9110 section 10.1.5:
// product "/" version, comments in brackets), SSH (RFC 4253 section 4.2) and the banners of mail and FTP servers.
#ifndef GANDER_DETECT_D23_SOFTWARE_CENSUS_SOFTWARE_NAME_H_
#define GANDER_DETECT_D23_SOFTWARE_CENSUS_SOFTWARE_NAME_H_

#include <array>
#include <compare>
#include <cstddef>
#include <span>
#include <string_view>

#include "detect/state/fields.h"

namespace gander::detect {

// Cut to what a table can hold; both are what a peer chose to send.
struct SoftwareName {
  static constexpr std::size_t kMaxProduct = 32, kMaxVersion = 24;
  std::array<char, kMaxProduct> product_text{};
  std::array<char, kMaxVersion> version_text{};

  std::string_view product() const noexcept;
  std::string_view version() const noexcept;
  auto operator<=>(const SoftwareName&) const = default;
  static auto Saved(auto& n) { return Fields(n.product_text, n.version_text); }
};

inline constexpr std::size_t kMaxNamesOfText = 4;

// Writes what `text` names to `out`, at most kMaxNamesOfText, and returns how many. Names without a version are left
// out, those that every browser bears, and those that hold what may be somebody's number: they are kept for months.
// `has_comments`: what stands in brackets is no name.
std::size_t ReadSoftwareNames(std::string_view text, bool has_comments,
                              std::span<SoftwareName, kMaxNamesOfText> out) noexcept;

}  // namespace gander::detect

#endif  // GANDER_DETECT_D23_SOFTWARE_CENSUS_SOFTWARE_NAME_H_
