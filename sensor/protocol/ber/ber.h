// SPDX-License-Identifier: Apache-2.0
// Reading of the Basic Encoding Rules (ITU-T X.690): tag, definite length, content. Tags of one octet, which is all
// that LDAP, SNMP and Kerberos use.
#ifndef GANDER_PROTOCOL_BER_BER_H_
#define GANDER_PROTOCOL_BER_BER_H_

#include <cstdint>
#include <string>

#include "base/bytes.h"

namespace gander::protocol::ber {

// Universal tags (X.680 §8.6).
inline constexpr std::uint8_t kBoolean = 0x01, kInteger = 0x02, kOctetString = 0x04, kNull = 0x05, kOid = 0x06,
                              kEnumerated = 0x0a, kSequence = 0x30, kSet = 0x31;

struct Element {
  std::uint8_t tag = 0;
  Bytes content;
};

class Reader {
 public:
  explicit Reader(Bytes bytes) noexcept : rest_(bytes) {}

  // False at the end, and where an element is malformed or cut: failed() then.
  bool Next(Element& out) noexcept;
  // The next element, which must have this tag; empty and failed() otherwise.
  Bytes Take(std::uint8_t tag) noexcept;
  // The same as a number.
  std::int64_t TakeInteger(std::uint8_t tag = kInteger) noexcept;

  std::uint8_t PeekTag() const noexcept { return rest_.empty() ? 0 : Octets(rest_)[0]; }
  bool empty() const noexcept { return rest_.empty(); }
  bool failed() const noexcept { return failed_; }

 private:
  Bytes rest_;
  bool failed_ = false;
};

// Two's complement, of at most eight octets; longer ones and none give 0.
std::int64_t IntegerOf(Bytes content) noexcept;
// "1.3.6.1"; arcs beyond 64 bits and more than 128 arcs end it.
void AppendOid(Bytes content, std::string& out) noexcept;

// Octets that the element at the front of `bytes` takes, tag and length included: 0 when its head is not there yet,
// kMalformed when the length is indefinite or of more than four octets.
inline constexpr std::uint64_t kMalformed = ~std::uint64_t{0};
std::uint64_t SizeOf(Bytes bytes) noexcept;

}  // namespace gander::protocol::ber

#endif  // GANDER_PROTOCOL_BER_BER_H_
