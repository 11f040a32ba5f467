// SPDX-License-Identifier: Apache-2.0
#include "protocol/ftp/endpoint.h"

#include <charconv>

namespace gander::protocol::ftp {

bool ParseHostPort(std::string_view text, Endpoint& out) noexcept {
  // Replies differ in their words and brackets; the numbers are the first digits behind the reply code.
  const std::size_t begin = text.find_first_of("0123456789");
  if (begin == text.npos) return false;
  text.remove_prefix(begin);
  std::uint8_t numbers[6];
  const char* p = text.data();
  const char* const end = p + text.size();
  for (int i = 0; i < 6; ++i) {
    if (i > 0) {
      if (p == end || *p != ',') return false;
      ++p;
      while (p != end && *p == ' ') ++p;
    }
    const auto parsed = std::from_chars(p, end, numbers[i]);
    if (parsed.ec != std::errc{}) return false;
    p = parsed.ptr;
  }
  const bool unspecified = (numbers[0] | numbers[1] | numbers[2] | numbers[3]) == 0;
  out.address = unspecified ? IpAddress{} : IpAddress::FromV4Octets(numbers);
  out.port = static_cast<std::uint16_t>(numbers[4] << 8 | numbers[5]);
  return out.port != 0;
}

bool ParseExtended(std::string_view text, Endpoint& out) noexcept {
  const std::size_t open = text.find('(');
  if (open != text.npos) text.remove_prefix(open + 1);
  if (text.empty()) return false;
  const char separator = text.front();
  std::string_view fields[3];  // protocol, address, port
  text.remove_prefix(1);
  for (std::string_view& field : fields) {
    const std::size_t end = text.find(separator);
    if (end == text.npos) return false;
    field = text.substr(0, end);
    text.remove_prefix(end + 1);
  }
  out.address = {};
  if (!fields[1].empty() && !IpAddress::Parse(fields[1], out.address)) return false;
  const auto parsed = std::from_chars(fields[2].data(), fields[2].data() + fields[2].size(), out.port);
  return parsed.ec == std::errc{} && parsed.ptr == fields[2].data() + fields[2].size() && out.port != 0;
}

}  // namespace gander::protocol::ftp
