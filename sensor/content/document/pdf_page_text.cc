// SPDX-License-Identifier: Apache-2.0
#include "content/document/pdf_page_text.h"

#include <cstring>

#include "content/decoder_pool.h"

namespace gander::content {
namespace {

// Before each operand: what it is, and its length.
constexpr std::size_t kHeadBytes = 3;
// So many bytes that were handed on are worth moving the rest for.
constexpr std::size_t kCompactBytes = 256 * 1024;
// What writing and reading a byte that is held costs; paid when it is held.
constexpr std::uint64_t kHeldCost = 4;
constexpr std::size_t kMaxUsesOfOne = 64;  // fonts of one content stream that are told apart

template <class T>
T ReadAs(Bytes operand) noexcept {
  T value;
  std::memcpy(&value, operand.data(), sizeof value);
  return value;
}

}  // namespace

void PdfPageText::Begin(Body& body, std::string_view name) noexcept {
  body_ = &body;
  parts_.Begin(body.pool->memory);
  fonts_.Begin(parts_, body.pool->memory);
  writer_.Begin(body, fonts_, name);
  ops_.Begin(body.pool->memory, kMaxHeld);
  uses_.Begin(body.pool->memory, kMaxUses);
  read_ = checked_ = first_use_ = 0;
  object_ = changes_seen_ = 0;
  waits_ = told_cap_ = false;
}

void PdfPageText::Release() noexcept {
  parts_.Release();
  fonts_.Release();
  ops_.Release();
  uses_.Release();
}

void PdfPageText::BeginObject(std::uint32_t number) noexcept {
  object_ = number;
  if (ops_.empty()) uses_.Clear();
  first_use_ = uses_.size();
  PutBytes(Op::kBegin, {});
}

void PdfPageText::EndObject() noexcept { PutBytes(Op::kEnd, {}); }

std::uint32_t PdfPageText::UseOf(std::uint32_t name) noexcept {
  for (std::size_t i = first_use_; i < uses_.size(); ++i) {
    if (uses_[i].name == name || i - first_use_ == kMaxUsesOfOne - 1) return static_cast<std::uint32_t>(i);
  }
  return uses_.Add({object_, name, PdfFonts::kNotYet}) ? static_cast<std::uint32_t>(uses_.size() - 1)
                                                       : kNoUse;
}

bool PdfPageText::TryFont(std::uint32_t name, float size) noexcept {
  const FontOp op{UseOf(name), size};
  return op.use != kNoUse && TryPut(Op::kFont, {reinterpret_cast<const std::byte*>(&op), sizeof op});
}

void PdfPageText::Font(std::uint32_t name, float size) noexcept {
  if (TryFont(name, size)) return;
  GiveWay();
  if (!TryFont(name, size)) ++body_->counters->cap_memory;
}

void PdfPageText::Spacing(const PdfSpacing& spacing) noexcept { Put(Op::kSpacing, spacing); }
void PdfPageText::Move(const PdfPlace& place) noexcept { Put(Op::kMove, place); }
void PdfPageText::Show(Bytes codes) noexcept { PutBytes(Op::kShow, codes); }
void PdfPageText::Adjust(float thousandths) noexcept { Put(Op::kAdjust, thousandths); }
void PdfPageText::Kern(float thousandths) noexcept { Put(Op::kKern, thousandths); }
void PdfPageText::Text(std::string_view utf8) noexcept { PutBytes(Op::kText, AsBytes(utf8)); }

void PdfPageText::PutBytes(Op op, Bytes operand) noexcept {
  if (TryPut(op, operand)) return;
  GiveWay();
  if (!TryPut(op, operand)) ++body_->counters->cap_memory;
}

bool PdfPageText::TryPut(Op op, Bytes operand) noexcept {
  const std::size_t before = ops_.size();
  const auto length = static_cast<std::uint16_t>(operand.size());
  const std::byte head[kHeadBytes] = {static_cast<std::byte>(op), static_cast<std::byte>(length & 0xff),
                                      static_cast<std::byte>(length >> 8)};
  if (ops_.Append(head) && ops_.Append(operand)) {
    body_->Spend(kHeldCost * (kHeadBytes + operand.size()));
    return true;
  }
  ops_.Truncate(before);
  return false;
}

// No room: all that is held goes out, in the middle of an object if need be.
void PdfPageText::GiveWay() noexcept {
  if (!told_cap_) body_->sink->OnAnomaly("pdf_text_held_cap");
  told_cap_ = true;
  for (Use& use : uses_.items()) {
    if (use.font == PdfFonts::kNotYet) use.font = fonts_.Find(use.content, use.name, true);
  }
  Write(ops_.size());
  writer_.Close();  // the path is that of the stream at hand
  // What follows of this object is in fonts that it names anew.
  uses_.Clear();
  first_use_ = 0;
  waits_ = false;
}

PdfPageText::Op PdfPageText::OpAt(std::size_t at, Bytes& operand) const noexcept {
  const Bytes all = ops_.bytes();
  const std::size_t length = static_cast<std::size_t>(all[at + 1]) | static_cast<std::size_t>(all[at + 2])
                                                                         << 8;
  operand = all.subspan(at + kHeadBytes, length);
  return static_cast<Op>(all[at]);
}

bool PdfPageText::Ready(Bytes operand) noexcept {
  Use& use = uses_[ReadAs<FontOp>(operand).use];
  if (use.font == PdfFonts::kNotYet) use.font = fonts_.Find(use.content, use.name, false);
  return use.font != PdfFonts::kNotYet;
}

void PdfPageText::HandOn() noexcept {
  if (waits_ && changes_seen_ == parts_.changes()) return;
  changes_seen_ = parts_.changes();
  waits_ = false;
  while (checked_ < ops_.size()) {
    Bytes operand;
    const Op op = OpAt(checked_, operand);
    waits_ = op == Op::kFont && !Ready(operand);
    if (waits_) return;
    checked_ += kHeadBytes + operand.size();
    if (op == Op::kEnd) Write(checked_);
  }
}

void PdfPageText::Finish() noexcept {
  for (Use& use : uses_.items()) {
    if (use.font == PdfFonts::kNotYet) use.font = fonts_.Find(use.content, use.name, true);
  }
  Write(ops_.size());
  writer_.Close();
}

void PdfPageText::Write(std::size_t end) noexcept {
  const PaidBefore paid(body_->pool->burst);
  while (read_ < end) {
    Bytes operand;
    const Op op = OpAt(read_, operand);
    WriteOp(op, operand);
    read_ += kHeadBytes + operand.size();
  }
  checked_ = read_ > checked_ ? read_ : checked_;
  Compact();
}

void PdfPageText::Compact() noexcept {
  if (read_ == ops_.size()) {
    ops_.Clear();
    read_ = checked_ = 0;
  } else if (read_ >= kCompactBytes) {
    ops_.DropFront(read_);
    checked_ -= read_;
    read_ = 0;
  }
}

void PdfPageText::WriteOp(Op op, Bytes operand) noexcept {
  switch (op) {
    case Op::kBegin:
    case Op::kEnd:
      return writer_.NewLine();
    case Op::kFont: {
      const auto font = ReadAs<FontOp>(operand);
      return writer_.Font(uses_[font.use].font, font.size);
    }
    case Op::kSpacing:
      return writer_.Spacing(ReadAs<PdfSpacing>(operand));
    case Op::kMove:
      return writer_.Move(ReadAs<PdfPlace>(operand));
    case Op::kShow:
      return writer_.Show(operand);
    case Op::kAdjust:
      return writer_.Adjust(ReadAs<float>(operand));
    case Op::kKern:
      return writer_.Kern(ReadAs<float>(operand));
    case Op::kText:
      return writer_.Text(AsText(operand));
  }
}

}  // namespace gander::content
