// SPDX-License-Identifier: Apache-2.0
#include "protocol/dns/message.h"

#include <algorithm>
#include <cstring>

#include "base/byte_reader.h"
#include "protocol/dns/dns.h"

namespace gander::protocol::dns {
namespace {

constexpr std::uint8_t kPointer = 0xc0;

bool IsClass(std::uint16_t klass) noexcept {
  const std::uint16_t c = klass & 0x7fff;  // mDNS uses the top bit (RFC 6762 §5.4, §10.2)
  return c == 1 || c == 3 || c == 4 || c == 254 || c == 255;
}

// NetBIOS names (RFC 1001 §14.1) travel in the same layout: 16 bytes as a label of 32 letters from A to P.
bool IsNetBiosName(Bytes name) noexcept {
  constexpr std::size_t kLetters = 32;
  if (name.size() <= kLetters || Octets(name)[0] < kLetters) return false;
  const std::string_view letters = AsText(name.subspan(1, kLetters));
  return std::all_of(letters.begin(), letters.end(), [](char c) { return c >= 'A' && c <= 'P'; });
}

}  // namespace

bool MessageReader::Read(Header& out) noexcept {
  ByteReader r(message_);
  out.id = r.U16();
  out.flags = r.U16();
  out.questions = r.U16();
  out.answers = r.U16();
  out.authorities = r.U16();
  out.additionals = r.U16();
  at_ = kHeaderLength;
  return !r.failed();
}

template <class OnLabel>
bool MessageReader::WalkName(std::size_t& at, OnLabel&& on_label) const noexcept {
  std::size_t here = at;
  std::size_t wire_length = 0;
  int pointers = 0;
  bool jumped = false;
  while (here < message_.size()) {
    const auto length = static_cast<std::uint8_t>(message_[here]);
    if ((length & kPointer) == kPointer) {
      if (here + 1 >= message_.size() || ++pointers > kMaxPointers) return false;
      if (!jumped) at = here + 2;
      jumped = true;
      here =
          static_cast<std::size_t>(length & ~kPointer) << 8 | static_cast<std::uint8_t>(message_[here + 1]);
      continue;
    }
    if ((length & kPointer) != 0) return false;  // 0x40 and 0x80 are not assigned
    ++here;
    if (length == 0) {
      if (!jumped) at = here;
      return true;
    }
    wire_length += length + 1u;
    if (length > message_.size() - here || wire_length > kMaxName) return false;
    on_label(message_.subspan(here, length));
    here += length;
  }
  return false;
}

bool MessageReader::ReadName(std::size_t& at, std::string& out) const noexcept {
  char name[kMaxName + 1];
  std::size_t size = 0;
  const bool good = WalkName(at, [&](Bytes label) {
    if (size > 0) name[size++] = '.';
    std::memcpy(name + size, label.data(), label.size());
    size += label.size();
  });
  out.assign(name, size);
  return good;
}

bool MessageReader::SkipName(std::size_t& at) const noexcept {
  return WalkName(at, [](Bytes) {});
}

bool MessageReader::Skip(Question& out) noexcept { return SkipName(at_) && ReadBehindName(out); }
bool MessageReader::Skip(ResourceRecord& out) noexcept { return SkipName(at_) && ReadBehindName(out); }

bool MessageReader::Read(Question& out, std::string& name) noexcept {
  return ReadName(at_, name) && ReadBehindName(out);
}

bool MessageReader::ReadBehindName(Question& out) noexcept {
  ByteReader r(message_.subspan(at_));
  out.type = r.U16();
  out.klass = r.U16();
  at_ += 4;
  return !r.failed();
}

bool MessageReader::Read(ResourceRecord& out, std::string& name) noexcept {
  return ReadName(at_, name) && ReadBehindName(out);
}

bool MessageReader::ReadBehindName(ResourceRecord& out) noexcept {
  ByteReader r(message_.subspan(at_));
  out.type = r.U16();
  out.klass = r.U16();
  out.ttl = r.U32();
  out.length = r.U16();
  out.data = at_ + r.position();
  r.Skip(out.length);
  at_ = out.data + out.length;
  return !r.failed();
}

bool LooksLikeMessage(Bytes bytes, bool whole) noexcept {
  MessageReader reader(bytes);
  Header header;
  if (!reader.Read(header)) return false;
  const int records = header.answers + header.authorities + header.additionals;
  // Opcodes: RFC 6895 §2.2; a query has answers only in mDNS (known answers) and updates.
  if (header.opcode() > 6 || header.opcode() == 3 || header.questions > 64 || records > 1024) return false;
  if (header.questions == 0 && (!header.response() || records == 0)) return false;
  if (!header.response() && header.rcode() != 0) return false;
  if (header.questions == 0) {
    ResourceRecord record;
    return reader.Skip(record) ? IsClass(record.klass) : !whole;
  }
  Question question;
  if (!reader.Skip(question)) return !whole && reader.position() < bytes.size();
  return IsClass(question.klass) && question.type != 0 && !IsNetBiosName(bytes.subspan(kHeaderLength));
}

}  // namespace gander::protocol::dns
