// SPDX-License-Identifier: Apache-2.0
// The key of a NIC's Toeplitz hash, chosen so that both directions of a host pair hash alike.
#ifndef GANDER_CAPTURE_RSS_KEY_H_
#define GANDER_CAPTURE_RSS_KEY_H_

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"

namespace gander::capture {

class RssKey {
 public:
  static constexpr std::size_t kMinBytes = 40, kMaxBytes = 255;  // an IPv6 address pair needs 36

  // Hexadecimal digits, blanks and colons between them ignored; a pattern of 1, 2 or 4 bytes stands for its
  // repetition, "" for 6d5a repeated. Errors: not hexadecimal, too short or long, not symmetric, spreads
  // nothing.
  static Result<RssKey> Parse(const std::string& hex);

  // For a port whose keys have `size` bytes; empty when the key has another length and repeats no pattern.
  std::vector<std::uint8_t> OfSize(std::size_t size) const;
  std::size_t size() const noexcept { return bytes_.size(); }

 private:
  std::vector<std::uint8_t> bytes_;
  std::size_t pattern_ = 0;  // bytes after which the key repeats, 0 when it does not
};

// Microsoft's Toeplitz hash, "Verifying the RSS Hash Calculation". `key` has at least 4 bytes more than
// `data`.
std::uint32_t ToeplitzHash(std::span<const std::uint8_t> key, std::span<const std::uint8_t> data) noexcept;

}  // namespace gander::capture

#endif  // GANDER_CAPTURE_RSS_KEY_H_
