// SPDX-License-Identifier: Apache-2.0
// One DNS message, read in place.
#ifndef GANDER_PROTOCOL_DNS_MESSAGE_MESSAGE_H_
#define GANDER_PROTOCOL_DNS_MESSAGE_MESSAGE_H_

#include <cstdint>
#include <string>

#include "base/bytes.h"

namespace gander::protocol::dns {

inline constexpr std::size_t kHeaderLength = 12;
// Records of one section that are written to an event; the rest is only walked over.
inline constexpr int kMaxRecords = 128;
// Compression pointers followed within one name. A name has at most 127 labels.
inline constexpr int kMaxPointers = 127;
// Wire length of a name (RFC 1035 §2.3.4).
inline constexpr std::size_t kMaxName = 255;

struct Header {
  std::uint16_t id = 0, flags = 0;
  std::uint16_t questions = 0, answers = 0, authorities = 0, additionals = 0;

  bool response() const noexcept { return (flags & 0x8000) != 0; }
  int opcode() const noexcept { return flags >> 11 & 0xf; }
  int rcode() const noexcept { return flags & 0xf; }
};

struct Question {
  std::uint16_t type = 0, klass = 0;
};

struct ResourceRecord {
  std::uint16_t type = 0, klass = 0;
  std::uint32_t ttl = 0;
  std::size_t data = 0;  // offset of the data in the message
  std::uint16_t length = 0;
};

// Walks a message. After a false return the position is not to be used.
class MessageReader {
 public:
  explicit MessageReader(Bytes message) noexcept : message_(message) {}

  bool Read(Header& out) noexcept;
  bool Read(Question& out, std::string& name) noexcept;
  bool Read(ResourceRecord& out, std::string& name) noexcept;
  // The name at `at`, labels joined by dots, bytes as they are; empty for the root. `at` moves behind it.
  // False for a name that leaves the message, is longer than kMaxName or whose pointers do not end.
  bool ReadName(std::size_t& at, std::string& out) const noexcept;

  // As Read() and ReadName(), without the name, which must be as good.
  bool Skip(Question& out) noexcept;
  bool Skip(ResourceRecord& out) noexcept;
  bool SkipName(std::size_t& at) const noexcept;

  Bytes data(const ResourceRecord& r) const noexcept { return message_.subspan(r.data, r.length); }
  std::size_t position() const noexcept { return at_; }
  void Seek(std::size_t at) noexcept { at_ = at; }

 private:
  template <class OnLabel>
  bool WalkName(std::size_t& at, OnLabel&& on_label) const noexcept;
  bool ReadBehindName(Question& out) noexcept;
  bool ReadBehindName(ResourceRecord& out) noexcept;

  Bytes message_;
  std::size_t at_ = 0;
};

// Whether `bytes`, the beginning of what may be a message, has a header and first question that make sense.
// `whole`: nothing is cut off, so the question must be complete.
bool LooksLikeMessage(Bytes bytes, bool whole) noexcept;
// A header that asks one question, whatever follows.
bool MayBeDamagedMessage(Bytes bytes) noexcept;

// "A", "AAAA", ..., else the number in decimal; `lower` for LLMNR events. Valid until the next call.
const char* TypeName(std::uint16_t type, bool lower, std::string& scratch) noexcept;
// "NOERROR", ..., else the number in decimal.
const char* RcodeName(int rcode, std::string& scratch) noexcept;

}  // namespace gander::protocol::dns

#endif  // GANDER_PROTOCOL_DNS_MESSAGE_MESSAGE_H_
