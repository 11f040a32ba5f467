// SPDX-License-Identifier: Apache-2.0
#include "protocol/dns_message/message.h"

#include <algorithm>
#include <cstring>

namespace gander::protocol::dns {
namespace {

constexpr std::uint8_t kPointer = 0xc0;
constexpr std::size_t kQuestionTail = 4, kRecordTail = 10;  // behind a name (RFC 1035 §4.1.2, §4.1.3)

// Of bytes that are there.
std::uint16_t Two(const std::uint8_t* p) noexcept { return static_cast<std::uint16_t>(p[0] << 8 | p[1]); }
std::uint32_t Four(const std::uint8_t* p) noexcept { return std::uint32_t{Two(p)} << 16 | Two(p + 2); }

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
  if (message_.size() < kHeaderLength) return false;
  const std::uint8_t* p = Octets(message_);
  out = {Two(p), Two(p + 2), Two(p + 4), Two(p + 6), Two(p + 8), Two(p + 10)};
  at_ = kHeaderLength;
  return true;
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
  const Bytes tail = message_.subspan(at_);
  at_ += kQuestionTail;  // also where it is cut off: nothing but it is missing then
  if (tail.size() < kQuestionTail) return false;
  out = {Two(Octets(tail)), Two(Octets(tail) + 2)};
  return true;
}

bool MessageReader::Read(ResourceRecord& out, std::string& name) noexcept {
  return ReadName(at_, name) && ReadBehindName(out);
}

bool MessageReader::ReadBehindName(ResourceRecord& out) noexcept {
  const Bytes tail = message_.subspan(at_);
  if (tail.size() < kRecordTail) return false;
  const std::uint8_t* p = Octets(tail);
  out = {Two(p), Two(p + 2), Four(p + 4), at_ + kRecordTail, Two(p + 8)};
  at_ = out.data + out.length;
  return out.length <= tail.size() - kRecordTail;
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

bool MayBeDamagedMessage(Bytes bytes) noexcept {
  MessageReader reader(bytes);
  Header header;
  if (!reader.Read(header)) return false;
  const int records = header.answers + header.authorities + header.additionals;
  return header.questions == 1 && records <= 256 && (header.response() || header.rcode() == 0) &&
         !IsNetBiosName(bytes.subspan(kHeaderLength));
}

}  // namespace gander::protocol::dns
