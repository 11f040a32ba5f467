// SPDX-License-Identifier: Apache-2.0
// What a hello tells, as Suricata's `quic` events write it: one event a hello.
#ifndef GANDER_PROTOCOL_QUIC_EVENT_H_
#define GANDER_PROTOCOL_QUIC_EVENT_H_

#include <cstdint>

#include "protocol/parser.h"
#include "protocol/quic/google_hello.h"
#include "protocol/tls_hello/hello.h"

namespace gander::protocol::quic {

void TellClientHello(std::uint32_t version, const tls::ClientHello& hello, std::uint32_t tx_id, Direction direction,
                     MessageSink& sink);
void TellServerHello(std::uint32_t version, const tls::ServerHello& hello, std::uint32_t tx_id, Direction direction,
                     MessageSink& sink);
void TellGoogleHello(std::uint32_t version, const GoogleHello& hello, std::uint32_t tx_id, Direction direction,
                     MessageSink& sink);

}  // namespace gander::protocol::quic

#endif  // GANDER_PROTOCOL_QUIC_EVENT_H_
