// SPDX-License-Identifier: Apache-2.0
#include "content/database/row_writer.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>

#include "content/charset/utf16_units.h"
#include "content/open.h"

namespace gander::content {
namespace {

// The longest number is a real of 17 digits with sign, point and exponent.
constexpr std::size_t kMaxNumber = 32;

template <class T>
Bytes Digits(T value, std::array<char, kMaxNumber>& out) noexcept {
  const char* const end = std::to_chars(out.data(), out.data() + out.size(), value).ptr;
  return AsBytes({out.data(), static_cast<std::size_t>(end - out.data())});
}

}  // namespace

void RowWriter::Begin(Body& body, std::string_view name) noexcept {
  body_ = &body;
  name_ = name;
  columns_ = {};
  in_row_ = false;
  used_ = 0;
}

void RowWriter::SetColumns(std::string_view names) noexcept {
  Close();
  columns_ = names;
}

// One column alone would be no table: it is the second.
void RowWriter::BeginColumn() noexcept {
  const bool alone = !columns_.empty() && columns_.find('\t') == std::string_view::npos;
  if (in_row_ || alone) Append(AsBytes("\t"));
  in_row_ = true;
}

void RowWriter::Text(Bytes text, Charset charset) noexcept {
  BeginColumn();
  Piece(text, charset);
}

void RowWriter::Piece(Bytes text, Charset charset) noexcept {
  if (charset == Charset::kUtf8) return Append(text);
  AppendUtf16(text, charset == Charset::kUtf16Big);
}

void RowWriter::Integer(std::int64_t value) noexcept {
  std::array<char, kMaxNumber> digits;
  BeginColumn();
  Append(Digits(value, digits));
}

void RowWriter::Unsigned(std::uint64_t value) noexcept {
  std::array<char, kMaxNumber> digits;
  BeginColumn();
  Append(Digits(value, digits));
}

void RowWriter::Real(double value) noexcept {
  std::array<char, kMaxNumber> digits;
  BeginColumn();
  if (std::isfinite(value)) Append(Digits(value, digits));
}

void RowWriter::Nothing() noexcept { BeginColumn(); }

void RowWriter::EndRow() noexcept {
  if (in_row_) Append(AsBytes("\n"));
  in_row_ = false;
}

void RowWriter::AppendUtf16(Bytes text, bool big) noexcept {
  const std::uint8_t* const p = Octets(text);
  Utf16Units units;
  std::array<std::byte, kMaxUtf8Bytes> utf8;
  for (std::size_t i = 0; i + 1 < text.size(); i += 2) {
    const std::uint32_t unit =
        big ? std::uint32_t{p[i]} << 8 | p[i + 1] : std::uint32_t{p[i + 1]} << 8 | p[i];
    units.Take(unit, [&](std::uint32_t c) { Append({utf8.data(), PutUtf8(c, utf8)}); });
  }
  if (units.waits()) Append({utf8.data(), PutUtf8(kReplacement, utf8)});
}

void RowWriter::Append(Bytes text) noexcept {
  while (!text.empty()) {
    if (used_ == buffer_.size()) Flush();
    const Bytes some = TakeFront(text, buffer_.size() - used_);
    std::memcpy(buffer_.data() + used_, some.data(), some.size());
    used_ += some.size();
  }
}

void RowWriter::Flush() noexcept {
  if (used_ == 0) return;
  if (text_ == nullptr) {
    text_ = OpenText(*body_, {}, name_);
    if (!columns_.empty()) WriteNames();
  }
  text_->Feed({buffer_.data(), used_});
  used_ = 0;
}

void RowWriter::WriteNames() noexcept {
  if (columns_.find('\t') == std::string_view::npos) text_->Feed(AsBytes("-\t"));
  text_->Feed(AsBytes(columns_));
  text_->Feed(AsBytes("\n"));
}

void RowWriter::Close() noexcept {
  EndRow();
  Flush();
  if (text_ != nullptr) text_->End(protocol::BodyEnd::kComplete);
  text_.reset();
}

}  // namespace gander::content
