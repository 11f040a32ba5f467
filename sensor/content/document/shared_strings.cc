// SPDX-License-Identifier: Apache-2.0
#include "content/document/shared_strings.h"

#include <algorithm>
#include <cstring>

namespace gander::content {
namespace {

constexpr std::uint32_t kTaken = 0x80000000;
constexpr std::size_t kNumberBytes = sizeof(std::uint32_t);

// What fits is appended, the rest handed back.
Bytes AppendFitting(HeldBytes& held, Bytes piece, std::size_t cap) noexcept {
  const std::size_t n = std::min(piece.size(), cap - held.size());
  return held.Append(piece.first(n)) ? piece.subspan(n) : piece;
}

std::uint32_t NumberAt(Bytes b, std::size_t at) noexcept {
  std::uint32_t value = 0;
  std::memcpy(&value, b.data() + at, kNumberBytes);
  return value;
}

}  // namespace

void SharedStrings::Begin(Memory& memory) noexcept {
  text_.Begin(memory, kMaxBytes);
  ends_.Begin(memory, kMaxStrings * kNumberBytes);
  rows_.Begin(memory, kMaxRows);
  start_ = 0;
  full_ = complete_ = told = false;
}

void SharedStrings::Release() noexcept {
  text_.Release();
  ends_.Release();
  rows_.Release();
}

Bytes SharedStrings::Append(Bytes piece) noexcept {
  const Bytes rest = full_ ? piece : AppendFitting(text_, piece, kMaxBytes);
  if (!rest.empty()) full_ = true;
  return rest;
}

void SharedStrings::EndString() noexcept {
  const auto end = static_cast<std::uint32_t>(text_.size());
  if (!full_ && !ends_.Append(std::as_bytes(std::span(&end, 1)))) full_ = true;
  if (full_) text_.Truncate(start_);
  start_ = text_.size();
}

std::uint32_t SharedStrings::EndOf(std::uint64_t index) const noexcept {
  return NumberAt(ends_.bytes(), static_cast<std::size_t>(index) * kNumberBytes) & ~kTaken;
}

Bytes SharedStrings::At(std::uint64_t index) const noexcept {
  if (index >= count()) return {};
  const std::size_t begin = index == 0 ? 0 : EndOf(index - 1);
  return text_.bytes().subspan(begin, EndOf(index) - begin);
}

void SharedStrings::SetTaken(std::uint64_t index) noexcept {
  if (index >= count()) return;
  const std::uint32_t marked = EndOf(index) | kTaken;
  std::memcpy(ends_.data() + index * kNumberBytes, &marked, kNumberBytes);
}

bool SharedStrings::taken(std::uint64_t index) const noexcept {
  return (NumberAt(ends_.bytes(), static_cast<std::size_t>(index) * kNumberBytes) & kTaken) != 0;
}

Bytes SharedStrings::HoldRows(Bytes piece) noexcept { return AppendFitting(rows_, piece, kMaxRows); }

bool SharedStrings::HoldNumber(std::uint64_t index) noexcept {
  if (index >= kMaxStrings) return true;  // there is none to be had
  std::byte marked[1 + kNumberBytes] = {static_cast<std::byte>(kMark)};
  const auto number = static_cast<std::uint32_t>(index);
  std::memcpy(marked + 1, &number, kNumberBytes);
  return rows_.Append(marked);
}

SharedStrings::RowPiece SharedStrings::NextPiece(std::size_t& at) const noexcept {
  const Bytes rows = rows_.bytes().subspan(at);
  const auto mark = std::find(rows.begin(), rows.end(), static_cast<std::byte>(kMark));
  RowPiece piece;
  piece.text = rows.first(static_cast<std::size_t>(mark - rows.begin()));
  at += piece.text.size();
  if (mark == rows.end()) return piece;
  piece.has_number = true;
  piece.number = NumberAt(rows, piece.text.size() + 1);
  at += 1 + kNumberBytes;
  return piece;
}

}  // namespace gander::content
