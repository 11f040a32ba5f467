// SPDX-License-Identifier: Apache-2.0
// Fingerprints of TLS clients and servers. Each view lives until the thread calls the same function again.
#ifndef GANDER_PROTOCOL_TLS_HELLO_FINGERPRINT_H_
#define GANDER_PROTOCOL_TLS_HELLO_FINGERPRINT_H_

#include <string_view>

#include "protocol/tls_hello/hello.h"

namespace gander::protocol::tls {

// JA3 and JA3S (Althouse, Atkinson, Atkins, "TLS Fingerprinting with JA3 and JA3S", 2019): the text whose MD5
// is the fingerprint.
std::string_view Ja3Text(const ClientHello& hello);
std::string_view Ja3sText(const ServerHello& hello);

// JA4 of a client (FoxIO, "JA4: TLS Client Fingerprinting", technical description). `transport`: 't' TCP, 'd'
// DTLS, 'q' QUIC.
std::string_view Ja4(const ClientHello& hello, char transport);

std::string_view Md5Hex(std::string_view text);

}  // namespace gander::protocol::tls

#endif  // GANDER_PROTOCOL_TLS_HELLO_FINGERPRINT_H_
