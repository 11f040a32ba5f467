// SPDX-License-Identifier: Apache-2.0
// PostgreSQL's frontend/backend protocol 3 (its manual, "Frontend/Backend Protocol") with SSLRequest, simple and
// extended queries, COPY.
#ifndef GANDER_PROTOCOL_PGSQL_PGSQL_H_
#define GANDER_PROTOCOL_PGSQL_PGSQL_H_

#include "protocol/registry.h"

namespace gander::protocol {

// Event "pgsql", one a request with its answers, in Suricata's names: {"pgsql": {"tx_id", "request": {...},
// "response": {...}}}. Statements are fields, long ones bodies (where = "pgsql.query"); result rows and COPY data are
// bodies of text (where = "pgsql.rows", "pgsql.copy").
extern const ProtocolInfo kPgsql;

namespace pgsql {

// Bytes of a message read as one. Rows, COPY data and statements pass through beyond it; other messages are cut.
inline constexpr std::size_t kMaxMessage = 16 * 1024;
// Longest startup packet (the server's own bound) and longest message (1 GiB, the server's too).
inline constexpr std::uint32_t kMaxStartup = 10000;
inline constexpr std::uint32_t kMaxLength = 1u << 30;
// Columns of a result whose type is known, and prepared statements whose columns are remembered.
inline constexpr std::size_t kMaxColumns = 256;
inline constexpr std::size_t kMaxStatements = 16;
// Requests of the extended protocol whose answer has not come.
inline constexpr std::size_t kMaxAwaited = 64;
// Parameters and fields of one message that an event holds.
inline constexpr int kMaxListed = 32;

}  // namespace pgsql
}  // namespace gander::protocol

#endif  // GANDER_PROTOCOL_PGSQL_PGSQL_H_
