// SPDX-License-Identifier: Apache-2.0
#include "content/document/pdf_line_writer.h"

#include <cmath>
#include <cstring>

#include "content/charset/utf8.h"
#include "content/open.h"

namespace gander::content {
namespace {

// In sizes of the font. Words stand 0.22 (TeX, squeezed) to 0.6 apart, kerned letters less than 0.15;
// superscripts are raised by 0.3 to 0.5, lines part by 0.9 and more.
constexpr float kSpaceGap = 0.2f, kTabGap = 1.5f, kBackGap = -0.5f, kLineGap = 0.6f;
// Cosine of the angle from which on text runs another way.
constexpr float kSameWay = 0.9f;

constexpr std::string_view kGaps[] = {"", " ", "\t", "\n"};

constexpr bool IsDigit(char c) noexcept { return c >= '0' && c <= '9'; }

// Ligatures that fonts have as characters (Unicode, U+FB00 on).
constexpr std::uint32_t kFirstLigature = 0xfb00;
constexpr std::string_view kLigatures[] = {"ff", "fi", "fl", "ffi", "ffl", "st", "st"};

}  // namespace

void PdfLineWriter::Begin(Body& body, const PdfFonts& fonts, std::string_view name) noexcept {
  body_ = &body;
  fonts_ = &fonts;
  name_ = name;
  told_unreadable_ = placed_ = false;
  gap_ = Gap::kNone;
  last_ = before_last_ = '\n';
  font_ = PdfFonts::kUnknown;
  size_ = 1;
  spacing_ = {};
  place_ = {};
  advance_ = 0;
  used_ = 0;
}

void PdfLineWriter::NewLine() noexcept {
  Widen(Gap::kLine);
  placed_ = false;
  font_ = PdfFonts::kUnknown;
  size_ = 1;
  spacing_ = {};
}

void PdfLineWriter::Font(std::uint16_t font, float size) noexcept {
  font_ = font;
  size_ = size;
}

void PdfLineWriter::Widen(Gap gap) noexcept {
  if (gap > gap_) gap_ = gap;
}

void PdfLineWriter::Part(float gap, float em) noexcept {
  if (gap > kTabGap * em) {
    Widen(Gap::kTab);
  } else if (gap > kSpaceGap * em || gap < kBackGap * em) {
    Widen(Gap::kSpace);
  }
}

void PdfLineWriter::Move(const PdfPlace& place) noexcept {
  const float length = std::hypot(place_.along_x, place_.along_y);
  const float new_length = std::hypot(place.along_x, place.along_y);
  const float em = std::fabs(size_) * length;
  const float dx = place.x - place_.x, dy = place.y - place_.y;
  const float along = (dx * place_.along_x + dy * place_.along_y) / length;
  const float across = (dy * place_.along_x - dx * place_.along_y) / length;
  const float way = (place.along_x * place_.along_x + place.along_y * place_.along_y) / (length * new_length);
  if (placed_) {
    if (std::fabs(across) > kLineGap * em || !(way > kSameWay)) {
      Widen(Gap::kLine);
    } else {
      Part(along - advance_ * length, em);
    }
  }
  place_ = place;
  placed_ = true;
  advance_ = 0;
}

void PdfLineWriter::Adjust(float thousandths) noexcept {
  advance_ -= thousandths / 1000 * size_ * spacing_.scale;
}

void PdfLineWriter::Kern(float thousandths) noexcept {
  Adjust(thousandths);
  Part(-thousandths / 1000, 1);
}

void PdfLineWriter::Show(Bytes codes) noexcept {
  const bool unreadable = fonts_->Unreadable(font_);
  if (unreadable && !codes.empty()) CountUnreadable();
  PdfFonts::Glyph glyph;
  while (!codes.empty()) {
    fonts_->Read(font_, codes, glyph);
    codes = codes.subspan(glyph.bytes < codes.size() ? glyph.bytes : codes.size());
    advance_ += (glyph.width / 1000 * size_ + spacing_.character + (glyph.is_space ? spacing_.word : 0)) *
                spacing_.scale;
    if (unreadable) continue;
    for (std::uint32_t i = 0; i < glyph.count; ++i) Put(glyph.unicode[i]);
    if (glyph.count == 0) Put(kReplacement);
  }
}

void PdfLineWriter::CountUnreadable() noexcept {
  if (told_unreadable_) return;
  told_unreadable_ = true;
  ++body_->counters->undecodable;
  body_->sink->OnAnomaly("pdf_font_unreadable");
}

void PdfLineWriter::Text(std::string_view text) noexcept {
  if (text.empty()) return;
  PutGap(text.front());
  Append(text);
}

void PdfLineWriter::Put(std::uint32_t c) noexcept {
  if (c >= kFirstLigature && c < kFirstLigature + std::size(kLigatures)) {
    Text(kLigatures[c - kFirstLigature]);
    return;
  }
  std::array<std::byte, kMaxUtf8Bytes> utf8;
  const std::size_t n = PutReadable(c, utf8);
  Text(AsText(Bytes(utf8.data(), n)));
}

// What parts words from those before them, unless a space already does.
void PdfLineWriter::PutGap(char next) noexcept {
  if (gap_ == Gap::kNone) return;
  const bool spaced = gap_ == Gap::kSpace && (last_ == ' ' || last_ == '\t' || next == ' ');
  const bool wrapped = gap_ == Gap::kLine && IsWrapped(next);
  if (last_ != '\n' && !spaced && !wrapped) Append(kGaps[static_cast<std::size_t>(gap_)]);
  gap_ = Gap::kNone;
}

// A number that went on in the next line: "078-05-" and "1120", "4111 1111 " and "1111 1111". Where a line
// ends on purpose no hyphen and no space is left there.
bool PdfLineWriter::IsWrapped(char next) const noexcept {
  return (last_ == '-' || last_ == ' ') && IsDigit(before_last_) && IsDigit(next);
}

void PdfLineWriter::Append(std::string_view text) noexcept {
  if (text.empty()) return;
  before_last_ = text.size() > 1 ? text[text.size() - 2] : last_;
  last_ = text.back();
  while (!text.empty()) {
    if (used_ == buffer_.size()) Flush();
    const std::size_t n = std::min(text.size(), buffer_.size() - used_);
    std::memcpy(buffer_.data() + used_, text.data(), n);
    used_ += n;
    text.remove_prefix(n);
  }
}

void PdfLineWriter::Flush() noexcept {
  if (used_ == 0) return;
  if (text_ == nullptr) text_ = OpenText(*body_, {}, name_);
  text_->Feed(AsBytes({buffer_.data(), used_}));
  body_->Spend(used_);
  used_ = 0;
}

void PdfLineWriter::Close() noexcept {
  Flush();
  if (text_ != nullptr) text_->End(protocol::BodyEnd::kComplete);
  text_.reset();
  gap_ = Gap::kNone;
  last_ = '\n';
}

}  // namespace gander::content
