// SPDX-License-Identifier: Apache-2.0
// MySQL and MariaDB client/server protocol 10 (MySQL Internals, "MySQL Client/Server Protocol").
#ifndef GANDER_PROTOCOL_MYSQL_MYSQL_H_
#define GANDER_PROTOCOL_MYSQL_MYSQL_H_

#include "protocol/registry.h"

namespace gander::protocol {

// Event "mysql", one a command in Zeek's names: {"mysql": {"cmd", "arg", "success", "rows", "response"}}; the login has
// "user", "database", "server_version", and "compressed" when what follows cannot be read. Statements are fields, long
// ones bodies (where = "mysql.query"); result rows are bodies of text (where = "mysql.rows").
extern const ProtocolInfo kMysql;

namespace mysql {

// Bytes of a packet read as one. Text rows and statements pass through beyond it; others are cut.
inline constexpr std::size_t kMaxPacket = 16 * 1024;
// Columns of a result whose type is known; of more, values in binary rows are not read.
inline constexpr std::size_t kMaxColumns = 1024;
// Prepared statements whose count of parameters is remembered; the oldest goes.
inline constexpr std::size_t kMaxStatements = 64;
// Bytes of a command's argument and of an error's text in an event.
inline constexpr std::size_t kMaxArgument = 4096;
inline constexpr std::size_t kMaxMessage = 512;

}  // namespace mysql
}  // namespace gander::protocol

#endif  // GANDER_PROTOCOL_MYSQL_MYSQL_H_
