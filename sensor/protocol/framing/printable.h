// SPDX-License-Identifier: Apache-2.0
// Octets that should be text, as an event shows them.
#ifndef GANDER_PROTOCOL_FRAMING_PRINTABLE_H_
#define GANDER_PROTOCOL_FRAMING_PRINTABLE_H_

#include <string>
#include <string_view>

namespace gander::protocol::framing {

// Whether `s` is well-formed UTF-8 (RFC 3629).
bool IsUtf8(std::string_view s) noexcept;

// `s` itself when it is UTF-8; else a copy in `scratch` with every octet above 127 as "\xhh" (Suricata's form).
std::string_view Printable(std::string_view s, std::string& scratch);

}  // namespace gander::protocol::framing

#endif  // GANDER_PROTOCOL_FRAMING_PRINTABLE_H_
