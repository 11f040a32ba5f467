// SPDX-License-Identifier: Apache-2.0
#include "content/database/sqlite_page.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "base/byte_reader.h"

namespace gander::content {
namespace {

constexpr std::string_view kMagic{"SQLite format 3\0", 16};
constexpr std::size_t kLeafHeader = 8, kInteriorHeader = 12;
constexpr std::size_t kMinUsable = 480;
constexpr std::size_t kPageNumberBytes = 4;

bool IsLeaf(SqlitePage::Kind kind) noexcept {
  return kind == SqlitePage::Kind::kLeafTable || kind == SqlitePage::Kind::kLeafIndex;
}

// Section 2.1: bytes of a value, by its serial type.
std::uint64_t ValueBytes(std::uint64_t type) noexcept {
  constexpr std::uint8_t kFixed[] = {0, 1, 2, 3, 4, 6, 8, 8, 0, 0, 0, 0};
  return type < std::size(kFixed) ? kFixed[type] : (type - 12) / 2;
}

std::int64_t SignedBigEndian(Bytes bytes) noexcept {
  std::uint64_t value = !bytes.empty() && (Octets(bytes)[0] & 0x80) != 0 ? ~std::uint64_t{0} : 0;
  for (const std::byte b : bytes) value = value << 8 | static_cast<std::uint8_t>(b);
  return static_cast<std::int64_t>(value);
}

}  // namespace

std::optional<std::uint64_t> ReadSqliteVarint(Bytes& in) noexcept {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < std::min<std::size_t>(in.size(), 9); ++i) {
    const std::uint8_t byte = Octets(in)[i];
    const bool last = i == 8 || byte < 0x80;
    value = i == 8 ? value << 8 | byte : value << 7 | (byte & 0x7f);
    if (!last) continue;
    in = in.subspan(i + 1);
    return value;
  }
  return std::nullopt;
}

std::optional<SqliteFormat> ReadSqliteHeader(Bytes header) noexcept {
  if (header.size() < SqliteFormat::kHeaderBytes || !AsText(header).starts_with(kMagic)) return std::nullopt;
  ByteReader reader(header);
  reader.Skip(kMagic.size());
  SqliteFormat format;
  format.page_bytes = reader.U16();
  if (format.page_bytes == 1) format.page_bytes = SqliteFormat::kMaxPage;
  reader.Skip(2);
  format.reserved = reader.U8();
  reader.Skip(35);
  const std::uint32_t charset = reader.U32();
  if (charset == 2) format.charset = RowWriter::Charset::kUtf16Little;
  if (charset == 3) format.charset = RowWriter::Charset::kUtf16Big;
  const bool sound = std::has_single_bit(format.page_bytes) && format.page_bytes >= SqliteFormat::kMinPage &&
                     format.usable() >= kMinUsable;
  return sound ? std::optional(format) : std::nullopt;
}

SqlitePage::SqlitePage(Bytes page, std::uint32_t number, const SqliteFormat& format) noexcept
    : page_(page), usable_(format.usable()) {
  const std::size_t start = number == 1 ? SqliteFormat::kHeaderBytes : 0;
  if (page.size() != format.page_bytes) return;
  const std::uint8_t type = Octets(page)[start];
  if (type != 2 && type != 5 && type != 10 && type != 13) return;
  kind_ = static_cast<Kind>(type);
  cells_ = U16At(start + 3);
  first_ = start + (IsLeaf(kind_) ? kLeafHeader : kInteriorHeader);
}

std::size_t SqlitePage::U16At(std::size_t at) const noexcept {
  return static_cast<std::size_t>(Octets(page_)[at]) << 8 | Octets(page_)[at + 1];
}

// Section 1.6: how much of a record stands on the page, the rest overflows.
std::size_t SqlitePage::LocalBytes(std::uint64_t payload) const noexcept {
  const std::size_t most = kind_ == Kind::kLeafTable ? usable_ - 35 : (usable_ - 12) * 64 / 255 - 23;
  if (payload <= most) return static_cast<std::size_t>(payload);
  const std::size_t least = (usable_ - 12) * 32 / 255 - 23;
  const std::size_t fitting =
      least + static_cast<std::size_t>((payload - least) % (usable_ - kPageNumberBytes));
  return fitting <= most ? fitting : least;
}

std::optional<SqliteCell> SqlitePage::Cell(std::size_t i) const noexcept {
  const std::size_t at = first_ + 2 * i;
  if (at + 2 > usable_) return std::nullopt;
  const std::size_t begin = U16At(at);
  if (begin < first_ + 2 * cells_ || begin >= usable_) return std::nullopt;
  Bytes rest = page_.subspan(begin, usable_ - begin);
  if (kind_ == Kind::kInteriorIndex) {
    if (rest.size() < kPageNumberBytes) return std::nullopt;
    rest = rest.subspan(kPageNumberBytes);
  }
  SqliteCell cell;
  const std::optional<std::uint64_t> whole = ReadSqliteVarint(rest);
  if (!whole || *whole > std::uint64_t{1} << 31) return std::nullopt;
  cell.whole = *whole;
  cell.has_row = kind_ == Kind::kLeafTable;
  if (cell.has_row) {
    const std::optional<std::uint64_t> row = ReadSqliteVarint(rest);
    if (!row) return std::nullopt;
    cell.row = static_cast<std::int64_t>(*row);
  }
  const std::size_t local = LocalBytes(cell.whole);
  const bool overflows = local < cell.whole;
  if (local + (overflows ? kPageNumberBytes : 0) > rest.size()) return std::nullopt;
  cell.payload = TakeFront(rest, local);
  if (overflows) cell.overflow = ByteReader(rest).U32();
  return cell;
}

std::uint32_t SqlitePage::Child(std::size_t i) const noexcept {
  const std::size_t place = first_ + 2 * i;
  std::size_t at = first_ - kPageNumberBytes;  // the last one ends the header
  if (i < cells_) at = place + 2 <= usable_ ? U16At(place) : usable_;
  return at + kPageNumberBytes <= usable_ ? ByteReader(page_.subspan(at)).U32() : 0;
}

bool SqlitePage::Sound() const noexcept {
  if (first_ + 2 * cells_ > usable_) return false;
  std::size_t all = first_ + 2 * cells_;
  for (std::size_t i = 0; i < cells_; ++i) {
    const std::optional<SqliteCell> cell = Cell(i);
    if (!cell) return false;
    all += cell->payload.size() + 1;  // its length, at least
    if (all > usable_) return false;
  }
  return true;
}

Bytes SqlitePage::Unallocated() const noexcept {
  const std::size_t begin = first_ + 2 * cells_;
  std::size_t end = usable_;
  for (std::size_t i = 0; i < cells_; ++i) end = std::min(end, U16At(first_ + 2 * i));
  return begin < end ? page_.subspan(begin, end - begin) : Bytes();
}

SqliteRecord::SqliteRecord(Bytes payload) noexcept {
  Bytes rest = payload;
  const std::optional<std::uint64_t> head = ReadSqliteVarint(rest);
  const std::size_t length = payload.size() - rest.size();
  if (!head || *head < length) return;
  const auto types = static_cast<std::size_t>(std::min<std::uint64_t>(*head - length, rest.size()));
  types_ = TakeFront(rest, types);
  values_ = rest;
}

std::optional<SqliteValue> SqliteRecord::Next() noexcept {
  const std::optional<std::uint64_t> type = ReadSqliteVarint(types_);
  if (!type || *type == 10 || *type == 11) return std::nullopt;
  const std::uint64_t bytes = ValueBytes(*type);
  SqliteValue value;
  value.bytes = TakeFront(values_, static_cast<std::size_t>(std::min<std::uint64_t>(bytes, values_.size())));
  value.missing = bytes - value.bytes.size();
  if (*type >= 12) {
    value.type = *type % 2 == 0 ? SqliteValue::Type::kBlob : SqliteValue::Type::kText;
    return value;
  }
  if (*type == 0 || value.missing > 0) return value;
  if (*type == 7) {
    value.type = SqliteValue::Type::kReal;
    value.real = std::bit_cast<double>(SignedBigEndian(value.bytes));
    return value;
  }
  value.type = SqliteValue::Type::kInteger;
  value.integer = *type >= 8 ? static_cast<std::int64_t>(*type) - 8 : SignedBigEndian(value.bytes);
  return value;
}

}  // namespace gander::content
