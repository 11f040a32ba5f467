// SPDX-License-Identifier: Apache-2.0
#include "protocol/ber/ber.h"

namespace gander::protocol::ber {
namespace {

constexpr std::size_t kMaxLengthOctets = 4, kMaxArcs = 128;

struct Head {
  std::uint64_t size = 0;  // of tag and length; 0 = not there yet
  std::uint64_t content = 0;
  bool malformed = false;
};

Head ReadHead(Bytes b) noexcept {
  Head head;
  const std::uint8_t* p = Octets(b);
  if (b.empty()) return head;
  if ((p[0] & 0x1f) == 0x1f) {  // a tag of several octets
    head.malformed = true;
    return head;
  }
  if (b.size() < 2) return head;
  if (p[1] < 0x80) {
    head.size = 2;
    head.content = p[1];
    return head;
  }
  const std::size_t octets = p[1] & 0x7f;
  head.malformed = octets == 0 || octets > kMaxLengthOctets;
  if (head.malformed || b.size() < 2 + octets) return head;
  for (std::size_t i = 0; i < octets; ++i) head.content = head.content << 8 | p[2 + i];
  head.size = 2 + octets;
  return head;
}

}  // namespace

bool Reader::Next(Element& out) noexcept {
  if (rest_.empty()) return false;
  const Head head = ReadHead(rest_);
  if (head.size == 0 || head.content > rest_.size() - head.size) {
    failed_ = true;
    rest_ = {};
    return false;
  }
  out.tag = Octets(rest_)[0];
  out.content = rest_.subspan(head.size, head.content);
  rest_ = rest_.subspan(head.size + head.content);
  return true;
}

Bytes Reader::Take(std::uint8_t tag) noexcept {
  Element e;
  if (PeekTag() == tag && Next(e)) return e.content;
  failed_ = true;
  rest_ = {};
  return {};
}

std::int64_t Reader::TakeInteger(std::uint8_t tag) noexcept { return IntegerOf(Take(tag)); }

std::int64_t IntegerOf(Bytes content) noexcept {
  if (content.empty() || content.size() > 8) return 0;
  std::uint64_t value = (Octets(content)[0] & 0x80) != 0 ? ~std::uint64_t{0} : 0;
  for (std::byte b : content) value = value << 8 | static_cast<std::uint8_t>(b);
  return static_cast<std::int64_t>(value);
}

void AppendOid(Bytes content, std::string& out) noexcept {
  std::uint64_t arc = 0;
  std::size_t arcs = 0;
  for (std::byte b : content) {
    if (arc >> 57 != 0 || arcs == kMaxArcs) return;
    arc = arc << 7 | (static_cast<std::uint8_t>(b) & 0x7f);
    if ((static_cast<std::uint8_t>(b) & 0x80) != 0) continue;
    if (arcs++ == 0) {  // the first two arcs share an octet (X.690 §8.19.4)
      const std::uint64_t first = arc < 40 ? 0 : arc < 80 ? 1 : 2;
      out += std::to_string(first) + '.' + std::to_string(arc - 40 * first);
    } else {
      out += '.' + std::to_string(arc);
    }
    arc = 0;
  }
}

std::uint64_t SizeOf(Bytes bytes) noexcept {
  const Head head = ReadHead(bytes);
  if (head.malformed) return kMalformed;
  return head.size == 0 ? 0 : head.size + head.content;
}

}  // namespace gander::protocol::ber
