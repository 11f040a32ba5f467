// SPDX-License-Identifier: Apache-2.0
// What an event tells of a stanza, gathered while it passes by.
#ifndef GANDER_PROTOCOL_XMPP_STANZA_H_
#define GANDER_PROTOCOL_XMPP_STANZA_H_

#include <array>
#include <string>
#include <string_view>

#include "base/record.h"

namespace gander::protocol::xmpp {

class Stanza {
 public:
  enum Part { kName, kType, kId, kFrom, kTo, kMechanism, kNamespace, kUsername, kPassword, kSubject, kBody, kParts };

  // The first value of a part counts; no more than kMaxShown of it is kept.
  void Set(Part part, std::string_view value);
  std::string_view operator[](Part part) const noexcept { return parts_[part]; }
  bool begun() const noexcept { return !parts_[kName].empty(); }
  void Write(Record& out) const;
  // Gives long strings back.
  void Clear() noexcept;

 private:
  std::array<std::string, kParts> parts_;
};

// Credentials as SASL's mechanisms send them, base64 and all: PLAIN and what is shaped like it, SCRAM's and
// DIGEST-MD5's user. False when there are none.
bool ReadCredentials(std::string_view text, std::string& user, std::string& password);

}  // namespace gander::protocol::xmpp

#endif  // GANDER_PROTOCOL_XMPP_STANZA_H_
