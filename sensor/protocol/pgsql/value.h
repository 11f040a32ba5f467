// SPDX-License-Identifier: Apache-2.0
// Values in binary format.
#ifndef GANDER_PROTOCOL_PGSQL_VALUE_H_
#define GANDER_PROTOCOL_PGSQL_VALUE_H_

#include <string>

#include "base/bytes.h"

namespace gander::protocol::pgsql {

// The text of a binary value of the type with this OID (catalog/pg_type.dat); types that are not known are text when
// they read so. False, and no text, when it is neither.
bool BinaryAsText(std::uint32_t type, Bytes value, std::string& text) noexcept;

}  // namespace gander::protocol::pgsql

#endif  // GANDER_PROTOCOL_PGSQL_VALUE_H_
