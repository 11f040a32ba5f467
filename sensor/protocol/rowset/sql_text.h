// SPDX-License-Identifier: Apache-2.0
// What the text of a statement says of data that is sent apart from it.
#ifndef GANDER_PROTOCOL_ROWSET_SQL_TEXT_H_
#define GANDER_PROTOCOL_ROWSET_SQL_TEXT_H_

#include <string>
#include <string_view>

namespace gander::protocol::rowset {

// The header line for the data of "COPY table (a, b) FROM STDIN": "a\tb\n". Empty for any other statement.
void CopyColumns(std::string_view sql, std::string& header);

}  // namespace gander::protocol::rowset

#endif  // GANDER_PROTOCOL_ROWSET_SQL_TEXT_H_
