// SPDX-License-Identifier: Apache-2.0
// Tabular Data Stream 7.0 to 7.4, Microsoft SQL Server ([MS-TDS]).
#ifndef GANDER_PROTOCOL_TDS_TDS_H_
#define GANDER_PROTOCOL_TDS_TDS_H_

#include "protocol/registry.h"

namespace gander::protocol {

// Event "tds", one a request with its answer: {"tds": {"command": "sql_batch", "query", "rows", "success", "error"}};
// "rpc" has "procedure", "login" has "user", "database", "application", "client_host", "server_host". Statements are
// fields, long ones bodies (where = "tds.query"); result rows are bodies of text (where = "tds.rows").
extern const ProtocolInfo kTds;

namespace tds {

// A login or remote procedure call is read as a whole up to this; what is longer is cut.
inline constexpr std::size_t kMaxMessage = 64 * 1024;
// Longest token of an answer, a row with all its values. Longer ones end the reading of that answer.
inline constexpr std::size_t kMaxToken = 256 * 1024;
// A statement no longer than this is scanned as one, in UTF-8.
inline constexpr std::size_t kMaxQuery = 16 * 1024;
inline constexpr std::size_t kMaxColumns = 4096;  // SQL Server's own bound
inline constexpr std::size_t kMaxShown = 4096;    // of a statement in an event

}  // namespace tds
}  // namespace gander::protocol

#endif  // GANDER_PROTOCOL_TDS_TDS_H_
