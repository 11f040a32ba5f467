// SPDX-License-Identifier: Apache-2.0
#include "content/coding/gzip_header.h"

namespace gander::content {
namespace {

constexpr std::uint16_t kFixedBytes = 10, kFlagsAt = 3;
constexpr std::uint8_t kFlagChecksum = 2, kFlagExtra = 4, kFlagName = 8, kFlagComment = 16;

}  // namespace

void GzipHeader::Begin(bool magic_seen) noexcept {
  *this = {};
  part_ = Part::kFixed;
  if (magic_seen) at_ = 2;
}

bool GzipHeader::Has(Part part) const noexcept {
  switch (part) {
    case Part::kExtraLength: return (flags_ & kFlagExtra) != 0;
    case Part::kExtra: return extra_ > 0;
    case Part::kName: return (flags_ & kFlagName) != 0;
    case Part::kComment: return (flags_ & kFlagComment) != 0;
    case Part::kChecksum: return (flags_ & kFlagChecksum) != 0;
    case Part::kFixed:
    case Part::kDone: break;
  }
  return true;
}

// The parts follow each other in the order of the enumeration; most are optional.
void GzipHeader::EnterFirstOf(Part part) noexcept {
  while (!Has(part)) part = static_cast<Part>(static_cast<std::uint8_t>(part) + 1);
  part_ = part;
  at_ = 0;
}

bool GzipHeader::Feed(Bytes& in) noexcept {
  while (part_ != Part::kDone && !in.empty()) {
    const std::uint8_t c = Octets(in)[0];
    in = in.subspan(1);
    const std::uint16_t at = at_++;
    switch (part_) {
      case Part::kFixed:
        if (at == kFlagsAt) flags_ = c;
        if (at_ == kFixedBytes) EnterFirstOf(Part::kExtraLength);
        break;
      case Part::kExtraLength:
        extra_ = static_cast<std::uint16_t>(extra_ | c << 8 * at);
        if (at_ == 2) EnterFirstOf(Part::kExtra);
        break;
      case Part::kExtra:
        if (at_ == extra_) EnterFirstOf(Part::kName);
        break;
      case Part::kName:
        if (c == 0) EnterFirstOf(Part::kComment);
        break;
      case Part::kComment:
        if (c == 0) EnterFirstOf(Part::kChecksum);
        break;
      case Part::kChecksum:
        if (at_ == 2) EnterFirstOf(Part::kDone);
        break;
      case Part::kDone: break;
    }
  }
  return part_ == Part::kDone;
}

}  // namespace gander::content
