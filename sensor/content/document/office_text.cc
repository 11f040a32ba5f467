// SPDX-License-Identifier: Apache-2.0
#include "content/document/office_text.h"

#include <algorithm>
#include <charconv>
#include <cstring>

#include "content/decoder_pool.h"
#include "content/open.h"

namespace gander::content {
namespace {

constexpr std::uint32_t kMaxColumns = 16384;  // of the larger of the two programs everybody has

constexpr bool IsBlank(char c) noexcept { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
// Ends a line or a cell, where it is not meant to.
constexpr bool Breaks(char c) noexcept { return c == '\n' || c == '\r' || c == '\t' || c == SharedStrings::kMark; }

// "BC12": 55.
std::uint32_t ColumnOf(std::string_view reference) noexcept {
  std::uint32_t column = 0;
  for (const char c : reference) {
    const char letter = static_cast<char>(c | 0x20);
    if (letter < 'a' || letter > 'z') break;
    column = std::min(column * 26 + static_cast<std::uint32_t>(letter - 'a' + 1), kMaxColumns);
  }
  return column;
}

void Close(std::uint32_t& open) noexcept {
  if (open > 0) --open;
}

}  // namespace

void OfficeText::Open(Body& body, SharedStrings& strings, std::string_view name) noexcept {
  body_ = &body;
  strings_ = &strings;
  inner_ = OpenText(body, {}, name);
  buffer_ = body.buffers++;
  out_size_ = 0;
  tokens_.Begin(*this);
  part_ = OfficePart::kOoxml;
  target_ = Target::kOut;
  begun_ = written_ = aside_open_ = fresh_cell_ = row_written_ = shared_ = in_value_ = false;
  blank_ = true;
  inline_ = runs_ = texts_ = asides_open_ = cells_ = rows_ = phonetic_ = 0;
  pending_ = '\0';
  column_ = written_column_ = 0;
  repeat_ = 1;
  asides_.Begin(body.pool->memory, kMaxAsides);
}

void OfficeText::GiveBack() noexcept { body_->pool->Give(this); }

Uninspected OfficeText::Feed(Bytes in) noexcept {
  out_ = body_->pool->Buffer(buffer_);
  const std::uint64_t passed_over = tokens_.Feed(in);
  Flush();
  return {.opaque = passed_over};
}

void OfficeText::End(protocol::BodyEnd end) noexcept {
  out_ = body_->pool->Buffer(buffer_);
  tokens_.End();
  inline_ = rows_ = cells_ = 0;
  TellAsides();
  if (target_ == Target::kString) CloseString();
  if (target_ == Target::kRows && written_) Put("\n");
  if (part_ == OfficePart::kStrings && !strings_->complete()) {
    strings_->Complete();
    if (strings_->rows_held()) TellRows();
  }
  Flush();
  inner_->End(end);
  inner_.reset();
  asides_.Release();
  --body_->buffers;
}

// The root says what it is; a second list of strings is nobody's.
void OfficeText::BeginPart(std::string_view root) noexcept {
  begun_ = true;
  part_ = OfficePartOf(root);
  if (part_ == OfficePart::kStrings && strings_->complete()) part_ = OfficePart::kOoxml;
  if (part_ == OfficePart::kSheet && !strings_->complete()) target_ = Target::kRows;
}

void OfficeText::OnText(std::string_view piece) noexcept {
  if (asides_open_ > 0 || phonetic_ > 0) return Aside(piece);
  EndAside();
  if (in_value_ && shared_) {
    for (const char c : piece) {
      if (c < '0' || c > '9') continue;
      number_ = std::min<std::uint64_t>(number_ * 10 + static_cast<std::uint64_t>(c - '0'), UINT32_MAX);
    }
    return;
  }
  if (texts_ == 0 && blank_) {
    const auto word = std::find_if_not(piece.begin(), piece.end(), IsBlank);
    piece.remove_prefix(static_cast<std::size_t>(word - piece.begin()));
    if (piece.empty()) return;
    blank_ = false;
  }
  Words(piece);
}

void OfficeText::OnOpen(std::string_view element) noexcept {
  EndAside();
  if (!begun_) BeginPart(element);
  blank_ = true;
  mark_ = OfficeMarkOf(element, part_);
  told_ = OfficeToldAttribute(element);
  switch (mark_) {
    case OfficeMark::kOther:
      break;
    case OfficeMark::kParagraph:
      ++inline_;
      if (part_ == OfficePart::kOdf) ++texts_;
      break;
    case OfficeMark::kInline:
      ++inline_;
      break;
    case OfficeMark::kRun:
      ++runs_;
      break;
    case OfficeMark::kText:
      ++texts_;
      break;
    case OfficeMark::kAside:
      ++asides_open_;
      aside_start_ = asides_.size();
      break;
    case OfficeMark::kPhonetic:
      ++phonetic_;
      break;
    case OfficeMark::kTab:
      // Outside of a run it is where a tab stops.
      if (runs_ > 0 || part_ == OfficePart::kOdf) Words("\t");
      break;
    case OfficeMark::kBreak:
      Line();
      break;
    case OfficeMark::kSpace:
      Words(" ");
      break;
    case OfficeMark::kHyphen:
      Words("-");
      break;
    case OfficeMark::kCell:
      OpenCell();
      break;
    case OfficeMark::kRow:
      ++rows_;
      pending_ = '\n';
      column_ = 0;
      written_column_ = 1;
      row_written_ = false;
      break;
    case OfficeMark::kString:
      ++inline_;
      if (!strings_->full()) target_ = Target::kString;
      break;
    case OfficeMark::kValue:
      ++texts_;
      in_value_ = true;
      number_ = 0;
      break;
  }
}

void OfficeText::OnClose(std::string_view element) noexcept {
  EndAside();
  blank_ = true;
  switch (OfficeMarkOf(element, part_)) {
    case OfficeMark::kOther:
      if (!within()) Line();
      break;
    case OfficeMark::kParagraph:
      if (part_ == OfficePart::kOdf) Close(texts_);
      [[fallthrough]];
    case OfficeMark::kInline:
      Close(inline_);
      Line();
      break;
    case OfficeMark::kRun:
      Close(runs_);
      break;
    case OfficeMark::kText:
      Close(texts_);
      if (!within()) Line();
      break;
    case OfficeMark::kAside:
      Close(asides_open_);
      if (part_ == OfficePart::kSheet) CloseFormula();
      break;
    case OfficeMark::kPhonetic:
      Close(phonetic_);
      break;
    case OfficeMark::kTab:
    case OfficeMark::kBreak:
    case OfficeMark::kSpace:
    case OfficeMark::kHyphen:
      break;
    case OfficeMark::kCell:
      CloseCell();
      break;
    case OfficeMark::kRow:
      Close(rows_);
      pending_ = '\n';
      break;
    case OfficeMark::kString:
      Close(inline_);
      CloseString();
      break;
    case OfficeMark::kValue:
      Close(texts_);
      CloseValue();
      break;
  }
  if (!within() && !asides_.empty()) TellAsides();
}

bool OfficeText::WantsAttribute(std::string_view name) noexcept {
  if (mark_ == OfficeMark::kCell) return name == "r" || name == "t" || name == "number-columns-repeated";
  return !told_.empty() && name == told_;
}

void OfficeText::OnAttribute(std::string_view name, std::string_view piece, bool last) noexcept {
  if (mark_ == OfficeMark::kCell) {
    if (last) CellAttribute(name, piece);
    return;
  }
  Aside(piece);
  if (last && within()) Aside("\n");
  if (last) EndAside();
}

void OfficeText::OnAside(std::string_view piece) noexcept { Aside(piece); }

void OfficeText::OpenCell() noexcept {
  ++cells_;
  ++column_;
  fresh_cell_ = true;
  shared_ = false;
  repeat_ = 1;
  if (row_written_ || pending_ == ' ') pending_ = '\0';
}

void OfficeText::CellAttribute(std::string_view name, std::string_view value) noexcept {
  if (name == "t") {
    shared_ = value == "s";
  } else if (name == "r") {
    column_ = std::max(ColumnOf(value), 1u);
  } else {
    std::from_chars(value.data(), value.data() + value.size(), repeat_);
    repeat_ = std::clamp(repeat_, 1u, kMaxColumns);
  }
}

void OfficeText::CloseCell() noexcept {
  Close(cells_);
  column_ = std::min(column_ + repeat_ - 1, kMaxColumns);
  repeat_ = 1;
  fresh_cell_ = false;
  if (cells_ == 0 && pending_ == ' ') pending_ = '\0';
}

void OfficeText::CloseValue() noexcept {
  if (shared_ && in_value_) Resolve(number_);
  in_value_ = false;
}

// Of all formulas, those matter that have words in them.
void OfficeText::CloseFormula() noexcept {
  const std::string_view formula = AsText(asides_.bytes()).substr(std::min(aside_start_, asides_.size()));
  if (formula.find('"') == std::string_view::npos) {
    asides_.Truncate(asides_.size() - formula.size());
  } else {
    Aside("\n");
  }
}

void OfficeText::CloseString() noexcept {
  if (target_ == Target::kString) strings_->EndString();
  target_ = Target::kOut;
  Line();
}

// A line ends; in a cell, as much of one as may be there.
void OfficeText::Line() noexcept {
  if (target_ == Target::kString) return;
  if (cells_ == 0) {
    pending_ = '\n';
  } else if (pending_ == '\0' && !fresh_cell_) {
    pending_ = ' ';
  }
}

void OfficeText::Words(std::string_view piece) noexcept {
  if (piece.empty()) return;
  if (target_ != Target::kString) Separate();
  if (cells_ == 0 && part_ != OfficePart::kOdf && target_ == Target::kOut) return Put(piece);
  while (!piece.empty()) {
    const auto end = std::find_if(piece.begin(), piece.end(), Breaks);
    const auto n = static_cast<std::size_t>(end - piece.begin());
    Put(piece.substr(0, n));
    if (n < piece.size()) Put(" ");
    piece.remove_prefix(std::min(n + 1, piece.size()));
  }
}

void OfficeText::Separate() noexcept {
  if (pending_ != '\0' && written_) Put({&pending_, 1});
  pending_ = '\0';
  written_ = true;
  if (!fresh_cell_) return;
  fresh_cell_ = false;
  const std::uint32_t ahead = column_ > written_column_ ? column_ - written_column_ : 0;
  const std::size_t tabs = std::min<std::size_t>(std::max(ahead, row_written_ ? 1u : 0u), kMaxTabs);
  static constexpr std::array<char, kMaxTabs> kTabs = [] {
    std::array<char, kMaxTabs> all{};
    all.fill('\t');
    return all;
  }();
  Put({kTabs.data(), tabs});
  row_written_ = true;
  written_column_ = column_;
}

// A cell that holds a string's number.
void OfficeText::Resolve(std::uint64_t number) noexcept {
  if (target_ == Target::kRows) {
    Separate();
    if (strings_->HoldNumber(number)) return;
    TooLarge();
  }
  const Bytes string = strings_->At(number);
  // A long string may be asked for often.
  if (string.empty() || !body_->MayOutput(string.size())) return;
  strings_->SetTaken(number);
  Words(AsText(string));
}

// The rows that waited for the strings.
void OfficeText::TellRows() noexcept {
  target_ = Target::kOut;
  if (written_) PutOut("\n");
  cells_ = 1;  // a string breaks no line
  std::size_t at = 0;
  for (;;) {
    const SharedStrings::RowPiece piece = strings_->NextPiece(at);
    if (!piece.text.empty()) PutOut(AsText(piece.text));
    if (piece.text.empty() && !piece.has_number) break;
    pending_ = '\0';
    fresh_cell_ = false;
    if (piece.has_number) Resolve(piece.number);
  }
  cells_ = 0;
  written_ = true;
  strings_->DropRows();
}

// What does not belong between the words around it. Outside of a paragraph it is a line of its own.
void OfficeText::Aside(std::string_view piece) noexcept {
  if (!within()) {
    if (!aside_open_) Line();
    aside_open_ = true;
    return Words(piece);
  }
  while (!piece.empty()) {
    const std::size_t n = std::min(piece.size(), kMaxAsides - asides_.size());
    if (!asides_.Append(AsBytes(piece.substr(0, n)))) return;
    piece.remove_prefix(n);
    if (asides_.size() == kMaxAsides) TellAsides();
  }
}

void OfficeText::EndAside() noexcept {
  if (aside_open_) Line();
  aside_open_ = false;
}

void OfficeText::TellAsides() noexcept {
  if (asides_.empty()) return;
  const Target target = target_;
  const std::uint32_t cells = cells_;
  const bool fresh = fresh_cell_;
  if (target == Target::kString) target_ = Target::kOut;
  cells_ = 0;
  fresh_cell_ = false;
  Line();
  const std::string_view asides = AsText(asides_.bytes());
  Words(asides.substr(0, asides.size() - (asides.ends_with('\n') ? 1 : 0)));
  Line();
  asides_.Clear();
  target_ = target;
  cells_ = cells;
  fresh_cell_ = fresh;
}

void OfficeText::Put(std::string_view piece) noexcept {
  Bytes rest = AsBytes(piece);
  if (target_ == Target::kString) {
    rest = strings_->Append(rest);
    if (rest.empty()) return;
    TooLarge();
    Line();
    Separate();
    PutOut(AsText(strings_->partial()));
    strings_->EndString();
  } else if (target_ == Target::kRows) {
    rest = strings_->HoldRows(rest);
    if (rest.empty()) return;
    TooLarge();
  }
  PutOut(AsText(rest));
}

// What comes now is handed on as it comes; rows and strings do not find each other any more.
void OfficeText::TooLarge() noexcept {
  target_ = Target::kOut;
  if (strings_->told) return;
  strings_->told = true;
  ++body_->counters->cap_memory;
  body_->sink->OnAnomaly("workbook_too_large");
}

void OfficeText::PutOut(std::string_view piece) noexcept {
  while (!piece.empty()) {
    if (out_size_ == out_.size()) Flush();
    const std::size_t n = std::min(piece.size(), out_.size() - out_size_);
    std::memcpy(out_.data() + out_size_, piece.data(), n);
    out_size_ += n;
    piece.remove_prefix(n);
  }
}

void OfficeText::Flush() noexcept {
  if (out_size_ > 0) inner_->Feed(Bytes(out_.data(), out_size_));
  out_size_ = 0;
}

void OfficeText::TellRest(Body& body, SharedStrings& strings, std::string_view name) noexcept {
  LayerPtr layer = OpenOfficePart(body, strings, name);
  auto& text = static_cast<OfficeText&>(*layer);
  text.out_ = body.pool->Buffer(text.buffer_);
  if (strings.rows_held()) text.TellRows();
  for (std::size_t i = 0; i < strings.count(); ++i) {
    if (strings.taken(i)) continue;
    text.Line();
    text.Words(AsText(strings.At(i)));
  }
  text.End(protocol::BodyEnd::kComplete);
}

LayerPtr OpenOfficePart(Body& body, SharedStrings& strings, std::string_view name) noexcept {
  OfficeText* const text = body.pool->Take<OfficeText>();
  text->Open(body, strings, name);
  return LayerPtr(text);
}

}  // namespace gander::content
