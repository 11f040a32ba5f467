// SPDX-License-Identifier: Apache-2.0
// What parameters and the fields of errors are called in an event.
#ifndef GANDER_PROTOCOL_PGSQL_NAMES_H_
#define GANDER_PROTOCOL_PGSQL_NAMES_H_

#include <string_view>

namespace gander::protocol::pgsql {

// Snake case of a run-time parameter's name ("DateStyle": "date_style"); null when it is none of the known.
const char* ParameterName(std::string_view name) noexcept;
// Of a field of ErrorResponse and NoticeResponse by its code; null when it is none of the known.
const char* ErrorFieldName(char code) noexcept;

}  // namespace gander::protocol::pgsql

#endif  // GANDER_PROTOCOL_PGSQL_NAMES_H_
