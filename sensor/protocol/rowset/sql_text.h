// SPDX-License-Identifier: Apache-2.0
// What the text of a statement says of data that is sent apart from it.
#ifndef GANDER_PROTOCOL_ROWSET_SQL_TEXT_H_
#define GANDER_PROTOCOL_ROWSET_SQL_TEXT_H_

#include <cstddef>
#include <string>
#include <string_view>

namespace gander::protocol::rowset {

// The header line for the data of "COPY table (a, b) FROM STDIN": "a\tb\n". Empty for any other statement.
void CopyColumns(std::string_view sql, std::string& header);

// The columns that a statement's parameters stand for: "INSERT INTO t (a, b) VALUES (?, ?)", "WHERE ssn = $1".
class ParameterNames {
 public:
  static constexpr std::size_t kMaxParameters = 64;  // of more, the rest is nameless
  static constexpr std::size_t kMaxColumns = 64;     // of an INSERT's list

  // Reads `sql`, which may be cut; "$n" and "?" are parameters.
  void Read(std::string_view sql);
  // Of the parameter with this number, from 0; empty when it is not known.
  std::string_view NameOf(std::size_t parameter) const noexcept;
  void Clear() noexcept { names_.clear(); }

 private:
  void Put(std::size_t parameter, std::string_view name);
  std::string names_;  // a zero behind each
};

}  // namespace gander::protocol::rowset

#endif  // GANDER_PROTOCOL_ROWSET_SQL_TEXT_H_
