// SPDX-License-Identifier: Apache-2.0
#include "protocol/pgsql/result.h"

#include <algorithm>
#include <functional>

#include "base/byte_reader.h"
#include "base/renew.h"
#include "protocol/pgsql/pgsql.h"
#include "protocol/pgsql/value.h"

namespace gander::protocol::pgsql {
namespace {

std::size_t HashOf(std::string_view name) noexcept { return std::hash<std::string_view>{}(name) | 1; }

// A value's length of four octets; -1 is NULL.
std::size_t MeasureValue(const std::uint8_t* p, std::size_t n, std::uint64_t* length) noexcept {
  if (n < 4) return 0;
  const std::uint32_t v = std::uint32_t{p[0]} << 24 | std::uint32_t{p[1]} << 16 | std::uint32_t{p[2]} << 8 | p[3];
  *length = v > INT32_MAX ? rowset::PrefixedValues::kNull : v;
  return 4;
}

}  // namespace

int Result::Describe(Bytes body, Direction server, std::uint32_t tx_id, MessageSink& sink) noexcept {
  ByteReader in(body);
  const int count = in.U16();
  Columns columns;
  Formats formats;
  for (int i = 0; i < count && static_cast<std::size_t>(i) < kMaxColumns; ++i) {
    const std::string_view rest = AsText(in.rest());
    const std::size_t end = rest.find('\0');
    if (end == std::string_view::npos) return -1;
    columns.names.append(rest.substr(0, std::min(end, rowset::RowText::kMaxName))).push_back('\0');
    in.Skip(end + 1 + 4 + 2);  // name, table, column number
    columns.types.push_back(in.U32());
    in.Skip(2 + 4);  // size, modifier
    formats.binary.push_back(in.U16() == 1);
    if (in.failed()) return -1;
  }
  if (described_ != 0) {
    auto known =
        std::find_if(statements_.begin(), statements_.end(), [&](const Statement& s) { return s.name == described_; });
    if (known == statements_.end()) {
      if (statements_.size() == kMaxStatements) statements_.erase(statements_.begin());
      known = statements_.insert(statements_.end(), Statement{described_, {}});
    }
    known->columns = std::move(columns);
    described_ = 0;
    return count;
  }
  // A portal's description says its formats itself.
  formats_ = std::move(formats);
  Begin(columns, server, tx_id, sink);
  return count;
}

void Result::Begin(const Columns& columns, Direction server, std::uint32_t tx_id, MessageSink& sink) noexcept {
  rows_.End(BodyEnd::kComplete, sink);
  rows_.Begin("pgsql.rows", server, tx_id);
  std::string_view names = columns.names;
  while (!names.empty()) {
    const std::size_t end = names.find('\0');
    rows_.Column(names.substr(0, end));
    names.remove_prefix(end + 1);
  }
  if (&columns_ != &columns) columns_ = columns;
}

std::uint64_t Result::Row(Bytes body, bool whole, MessageSink& sink) noexcept {
  if (!rows_.begun()) rows_.Begin("pgsql.rows", Direction::kToClient, 0);
  if (whole && !formats_.binary.empty() &&
      std::find(formats_.binary.begin(), formats_.binary.end(), true) != formats_.binary.end()) {
    return BinaryRow(body, sink);
  }
  values_.Begin();
  TakeFront(body, 2);  // count of values
  const std::uint64_t bytes = values_.Feed(body, MeasureValue, rows_, sink);
  if (whole) values_.End(rows_, sink);
  return bytes;
}

std::uint64_t Result::RowPart(Bytes part, bool last, MessageSink& sink) noexcept {
  const std::uint64_t bytes = values_.Feed(part, MeasureValue, rows_, sink);
  if (last) values_.End(rows_, sink);
  return bytes;
}

std::uint64_t Result::BinaryRow(Bytes body, MessageSink& sink) noexcept {
  ByteReader in(body);
  const std::size_t count = in.U16();
  std::uint64_t bytes = 0;
  for (std::size_t i = 0; i < count && !in.failed() && in.remaining() > 0; ++i) {
    const std::uint32_t length = in.U32();
    const Bytes value = length > INT32_MAX ? Bytes{} : in.Take(length);
    bytes += value.size();
    if (!formats_.IsBinary(i)) {
      rows_.Value(AsText(value), sink);
      continue;
    }
    const std::uint32_t type = i < columns_.types.size() ? columns_.types[i] : 0;
    if (!BinaryAsText(type, value, text_)) sink.OnFate(ByteFate::kOpaqueBinary, value.size());
    rows_.Value(text_, sink);
  }
  rows_.EndRow(sink);
  return bytes;
}

void Result::End(BodyEnd end, MessageSink& sink) noexcept {
  rows_.End(end, sink);
  values_.Begin();
}

void Result::Push(Awaited awaited) noexcept {
  if (awaited_.size() == kMaxAwaited) awaited_.clear();
  awaited_.push_back(std::move(awaited));
}

bool Result::Pop(bool bind, Awaited* out) noexcept {
  const auto it = std::find_if(awaited_.begin(), awaited_.end(), [&](const Awaited& a) { return a.bind == bind; });
  if (it == awaited_.end()) return false;
  *out = std::move(*it);
  awaited_.erase(awaited_.begin(), it + 1);
  return true;
}

void Result::OnBind(std::string_view statement, Formats formats) noexcept {
  Push({true, HashOf(statement), std::move(formats)});
}
void Result::OnDescribe(std::string_view statement) noexcept { Push({false, HashOf(statement), {}}); }

void Result::BindComplete(Direction server, std::uint32_t tx_id, MessageSink& sink) noexcept {
  Awaited awaited;
  described_ = 0;
  if (!Pop(true, &awaited)) return;
  formats_ = std::move(awaited.formats);
  for (const Statement& s : statements_) {
    if (s.name == awaited.statement) Begin(s.columns, server, tx_id, sink);
  }
}

void Result::StatementDescribed() noexcept {
  Awaited awaited;
  described_ = Pop(false, &awaited) ? awaited.statement : 0;
}

void Result::Reset() noexcept { Renew(*this, {}, &Result::rows_, &Result::text_); }

}  // namespace gander::protocol::pgsql
