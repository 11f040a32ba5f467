// SPDX-License-Identifier: Apache-2.0
// The client hello of Google's handshake (QUIC Crypto, revision of 2016): tags with values.
#ifndef GANDER_PROTOCOL_QUIC_GOOGLE_HELLO_H_
#define GANDER_PROTOCOL_QUIC_GOOGLE_HELLO_H_

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "protocol/quic/quic.h"

namespace gander::protocol::quic {

struct GoogleHello {
  std::array<std::uint32_t, kMaxTags> tags{};  // in their order, as four characters of which the last may be 0
  std::size_t tag_count = 0;
  std::string_view server_name, user_agent;
};

// Length of the message that begins with `bytes`, from its table of tags; 0 when more bytes are needed to tell.
std::size_t GoogleHelloLength(Bytes bytes) noexcept;
bool IsGoogleHello(Bytes bytes) noexcept;
// False for what is no CHLO, or damaged within its table. Values that are cut off are empty.
bool ParseGoogleHello(Bytes message, GoogleHello& out) noexcept;

// CYU ("gQUIC Protocol Analyzer", Salesforce 2019): the version's number and the tags, "46,PAD-SNI-VER".
std::string CyuText(std::uint32_t version, const GoogleHello& hello);

}  // namespace gander::protocol::quic

#endif  // GANDER_PROTOCOL_QUIC_GOOGLE_HELLO_H_
