// SPDX-License-Identifier: Apache-2.0
// Text within marshalled arguments: runs of what reads as characters, as people's names and accounts are sent.
#include <string>

#include "protocol/framing/utf16_text.h"
#include "protocol/smb/rpc.h"

namespace gander::protocol::smb {
namespace {

constexpr std::size_t kMinUnits = 4, kMinOctets = 6;

bool IsPrintable(std::uint8_t octet) noexcept { return octet >= 0x20 && octet < 0x7f; }

// Latin letters and what stands between them; anything else is more likely a number.
bool IsUnit(std::uint8_t low, std::uint8_t high) noexcept {
  return high == 1 || (high == 0 && (IsPrintable(low) || low >= 0xa0));
}

}  // namespace

void AppendStrings(Bytes data, std::string& out) {
  const std::uint8_t* const p = Octets(data);
  const std::size_t size = data.size();
  std::size_t at = 0;
  while (at < size) {
    std::size_t end = at;
    while (end + 1 < size && IsUnit(p[end], p[end + 1])) end += 2;
    if (end - at >= 2 * kMinUnits) {
      out += framing::FromUtf16(data.subspan(at, end - at));
      out += '\n';
      at = end;
      continue;
    }
    end = at;
    while (end < size && IsPrintable(p[end])) ++end;
    if (end - at >= kMinOctets) {
      out += AsText(data.subspan(at, end - at));
      out += '\n';
    }
    at = end > at ? end : at + 1;
  }
}

}  // namespace gander::protocol::smb
