// SPDX-License-Identifier: Apache-2.0
#include "protocol/rowset/sql_text.h"

#include <algorithm>

#include "protocol/mime/header_value.h"
#include "protocol/rowset/row_text.h"

namespace gander::protocol::rowset {

void CopyColumns(std::string_view sql, std::string& header) {
  header.clear();
  sql = mime::Trim(sql);
  if (!mime::StartsWithIgnoreCase(sql, "copy ")) return;
  const std::size_t open = sql.find('('), close = sql.find(')');
  // "COPY (SELECT ...) TO STDOUT" lists no columns but a query.
  if (open == std::string_view::npos || close == std::string_view::npos || close < open) return;
  if (mime::Trim(sql.substr(5, open - 5)).empty()) return;
  std::string_view list = sql.substr(open + 1, close - open - 1);
  while (!list.empty() && header.size() < RowText::kMaxHeader) {
    const std::size_t comma = std::min(list.find(','), list.size());
    if (!header.empty()) header += '\t';
    header += mime::Trim(list.substr(0, comma)).substr(0, RowText::kMaxName);
    list.remove_prefix(std::min(comma + 1, list.size()));
  }
  if (!header.empty()) header += '\n';
}

}  // namespace gander::protocol::rowset
