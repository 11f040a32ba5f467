// SPDX-License-Identifier: Apache-2.0
#include "content/document/pdf_object.h"

#include <cmath>
#include <cstring>

#include "content/document/pdf_glyph_names.h"

namespace gander::content {
namespace {

bool IsNoText(PdfName key) noexcept { return key >= PdfName::kID && key <= PdfName::kCert; }

std::uint32_t AsCount(double number) noexcept {
  return number >= 0 && number < 4e9 ? static_cast<std::uint32_t>(number) : 0;
}

std::uint16_t AsWidth(double number) noexcept {
  return static_cast<std::uint16_t>(std::clamp(std::round(number), 0.0, PdfFontParts::kClose - 1.0));
}

bool HasAny(std::string_view text, std::initializer_list<std::string_view> parts) noexcept {
  return std::any_of(parts.begin(), parts.end(),
                     [&](std::string_view part) { return text.find(part) != std::string_view::npos; });
}

}  // namespace

void PdfFileNames::Add(std::uint32_t stream, std::string_view name) noexcept {
  Entry& entry = entries_[next_++ % entries_.size()];
  entry.stream = stream;
  entry.size = static_cast<std::uint8_t>(std::min(name.size(), kMaxName));
  std::memcpy(entry.name.data(), name.data(), entry.size);
}

std::string_view PdfFileNames::Of(std::uint32_t stream) const noexcept {
  for (std::size_t i = 0; i < std::min(next_, entries_.size()); ++i) {
    if (entries_[i].stream == stream) return {entries_[i].name.data(), entries_[i].size};
  }
  return {};
}

void PdfObjectReader::Open(PdfPageText& text, PdfFileNames& names) noexcept {
  text_ = &text;
  names_ = &names;
}

void PdfObjectReader::Begin(std::uint32_t number) noexcept {
  facts_ = {};
  facts_.number = number;
  part_ = {};
  part_.object = number;
  depth_ = 0;
  frames_[0] = {};
  number_count_ = 0;
  number_array_ = is_page_ = speaks_ = false;
  bare_ = true;
  bare_count_ = 0;
  parent_ = file_ = difference_code_ = 0;
  parameters_ = label_size_ = file_name_size_ = 0;
  widths_before_ = text_->fonts().widths.size();
  differences_before_ = text_->fonts().differences.size();
}

bool PdfObjectReader::Take(const PdfLexer& word) noexcept {
  using Kind = PdfLexer::Kind;
  const Kind kind = word.kind();
  if (kind == Kind::kNumber) {
    if (number_count_ == 2) {
      OnNumber(numbers_[0]);
      numbers_[0] = numbers_[1];
      integers_[0] = integers_[1];
      --number_count_;
    }
    numbers_[number_count_] = word.number();
    integers_[number_count_++] = word.integer();
    return true;
  }
  const std::string_view text = word.text();
  if (kind == Kind::kKeyword && text == "R" && number_count_ == 2 && integers_[0] > 0 &&
      integers_[0] <= 0xffffffff) {
    number_count_ = 0;
    OnReference(static_cast<std::uint32_t>(integers_[0]));
    ValueRead();
    return true;
  }
  FlushNumbers();
  switch (kind) {
    case Kind::kName:
      if (Top().is_dict && Top().wants_key) {
        OnKey(text);
        return true;
      }
      OnName(text);
      break;
    case Kind::kString:
      OnString(word);
      if (!word.last()) return true;
      break;
    case Kind::kDictOpen:
    case Kind::kArrayOpen:
      OpenFrame(kind == Kind::kDictOpen);
      return true;
    case Kind::kDictClose:
    case Kind::kArrayClose:
      CloseFrame();
      break;
    default:
      if (text == "null" && Key() == PdfName::kDecodeParms) ++parameters_;
      if (text != "null" && text != "true" && text != "false") return false;
      bare_ = false;
      break;
  }
  ValueRead();
  return true;
}

void PdfObjectReader::ValueRead() noexcept { Top().wants_key = true; }

void PdfObjectReader::FlushNumbers() noexcept {
  for (std::size_t i = 0; i < number_count_; ++i) OnNumber(numbers_[i]);
  if (number_count_ > 0) ValueRead();
  number_count_ = 0;
}

void PdfObjectReader::OpenFrame(bool is_dict) noexcept {
  const PdfName key = Key();
  if (depth_ > 0) bare_ = false;
  if (is_dict) {
    DropNumberArray();
    if (key == PdfName::kDecodeParms) ++parameters_;
    if (key == PdfName::kEncrypt && depth_ == 1) facts_.encrypts = true;
  } else if (depth_ == 0) {
    number_array_ = part_.widths.count == 0;
  }
  ++depth_;
  Frame& frame = Top();
  frame = {};
  frame.is_dict = is_dict && depth_ <= kMaxDepth;
  if (!is_dict) frame.key = key;
  if (!is_dict && Nested() && (number_array_ || key == PdfName::kW)) AddWidth(PdfFontParts::kOpen);
}

void PdfObjectReader::CloseFrame() noexcept {
  if (depth_ == 0) return;
  if (!Top().is_dict && Nested() && (number_array_ || Key() == PdfName::kW)) AddWidth(PdfFontParts::kClose);
  --depth_;
}

void PdfObjectReader::OnKey(std::string_view text) noexcept {
  Frame& frame = Top();
  frame.key = PdfNameOf(text);
  frame.hash = PdfNameHash(text);
  frame.wants_key = false;
  label_size_ = std::min(text.size(), kMaxLabel);
  std::memcpy(label_.data(), text.data(), label_size_);
  if (depth_ == 1 && frame.key == PdfName::kLength1) facts_.is_font_file = true;
}

void PdfObjectReader::OnName(std::string_view text) noexcept {
  bare_ = false;
  DropNumberArray();
  const PdfName name = PdfNameOf(text);
  switch (Key()) {
    case PdfName::kType:
      if (depth_ != 1) return;
      facts_.type = name;
      part_.is_font = part_.is_font || name == PdfName::kFont;
      is_page_ = is_page_ || name == PdfName::kPage || name == PdfName::kPages;
      return;
    case PdfName::kSubtype:
      if (depth_ != 1) return;
      facts_.subtype = name;
      part_.composite = name == PdfName::kType0;
      part_.true_type = name == PdfName::kTrueType;
      return;
    case PdfName::kFilter:
      if (depth_ > 2) return;
      if (facts_.filter_count < PdfStreamFacts::kMaxFilters) facts_.filters[facts_.filter_count].name = name;
      ++facts_.filter_count;
      return;
    case PdfName::kBaseFont:
      part_.face = PdfFaceOf(text);
      return;
    case PdfName::kEncoding:
    case PdfName::kBaseEncoding:
      return OnEncoding(text);
    case PdfName::kToUnicode:
      part_.unicode_codes = true;  // /Identity-H
      return;
    case PdfName::kDifferences:
      return AddDifference(text);
    default:
      return;
  }
}

void PdfObjectReader::AddDifference(std::string_view glyph) noexcept {
  HeldList<PdfDifference>& differences = text_->fonts().differences;
  if (part_.differences.count == 0) part_.differences.at = static_cast<std::uint32_t>(differences.size());
  if (differences.Add({difference_code_++, GlyphToUnicode(glyph)})) ++part_.differences.count;
}

// 9.6.6 and Table 118.
void PdfObjectReader::OnEncoding(std::string_view text) noexcept {
  const PdfName name = PdfNameOf(text);
  part_.has_charset = true;
  part_.charset = name == PdfName::kWinAnsiEncoding    ? PdfCharset::kWinAnsi
                  : name == PdfName::kMacRomanEncoding ? PdfCharset::kMacRoman
                                                       : PdfCharset::kStandard;
  part_.unicode_codes = part_.unicode_codes || HasAny(text, {"UCS2", "UTF16"});
  part_.ascii_codes = HasAny(text, {"RKSJ", "EUC", "B5", "GBK", "GBpc", "UHC", "KSCpc", "HKscs"});
}

void PdfObjectReader::OnNumber(double number) noexcept {
  bare_ = false;
  switch (Key()) {
    case PdfName::kDifferences:
      difference_code_ = AsCount(number);
      return;
    case PdfName::kWidths:
    case PdfName::kW:
      return AddWidth(AsWidth(number));
    case PdfName::kFirstChar:
      part_.first_char = static_cast<std::uint16_t>(std::min(AsCount(number), 255u));
      return;
    case PdfName::kDW:
      part_.default_width = static_cast<std::uint16_t>(std::min(AsCount(number), 10000u));
      return;
    case PdfName::kFontMatrix:
      if (part_.width_scale == 1 && number > 0 && number < 1)
        part_.width_scale = static_cast<float>(number * 1000);
      return;
    default:
      return number_array_ ? AddWidth(AsWidth(number)) : OnStreamNumber(number);
  }
}

void PdfObjectReader::OnStreamNumber(double number) noexcept {
  if (OuterKey() == PdfName::kDecodeParms && Top().is_dict) {
    PdfFilter* const filter = Parameters();
    if (filter == nullptr) return;
    if (Key() == PdfName::kPredictor) filter->predictor = AsCount(number);
    if (Key() == PdfName::kColors) filter->colors = AsCount(number);
    if (Key() == PdfName::kBitsPerComponent) filter->bits = AsCount(number);
    if (Key() == PdfName::kColumns) filter->columns = AsCount(number);
    if (Key() == PdfName::kEarlyChange) filter->early_change = number != 0;
    return;
  }
  if (depth_ != 1) return;
  if (Key() == PdfName::kLength && number > 0 && number < 1e15)
    facts_.length = static_cast<std::uint64_t>(number);
  if (Key() == PdfName::kN) facts_.objects = AsCount(number);
  if (Key() == PdfName::kFirst) facts_.first = AsCount(number);
}

PdfFilter* PdfObjectReader::Parameters() noexcept {
  return parameters_ > 0 && parameters_ <= PdfStreamFacts::kMaxFilters ? &facts_.filters[parameters_ - 1]
                                                                       : nullptr;
}

void PdfObjectReader::AddWidth(std::uint16_t token) noexcept {
  HeldList<std::uint16_t>& widths = text_->fonts().widths;
  PdfSpan& span = Key() == PdfName::kW && !number_array_ ? part_.cid_widths : part_.widths;
  if (span.count == 0) span.at = static_cast<std::uint32_t>(widths.size());
  if (widths.Add(token)) ++span.count;
}

// The object is an array, but not of widths.
void PdfObjectReader::DropNumberArray() noexcept {
  if (!number_array_) return;
  number_array_ = false;
  text_->fonts().widths.Truncate(widths_before_);
  part_.widths = {};
}

void PdfObjectReader::OnReference(std::uint32_t object) noexcept {
  DropNumberArray();
  PdfFontParts& fonts = text_->fonts();
  if (depth_ == 1 && Top().is_dict && bare_count_ < kMaxBare)
    bare_references_[bare_count_++] = {Top().hash, object};
  switch (Key()) {
    case PdfName::kContents:
      if (depth_ > 2) return;
      is_page_ = true;
      return fonts.Link(object, facts_.number);
    case PdfName::kResources:
    case PdfName::kFont:
      return fonts.Link(facts_.number, object);
    case PdfName::kParent:
      if (depth_ == 1) parent_ = object;
      return;
    case PdfName::kEncrypt:
      facts_.encrypts = facts_.encrypts || depth_ == 1;
      return;
    default:
      if (OuterKey() == PdfName::kEF) file_ = object;
      return OnFontReference(object);
  }
}

void PdfObjectReader::OnFontReference(std::uint32_t object) noexcept {
  if (OuterKey() == PdfName::kFont && Top().is_dict) {
    text_->fonts().Name(facts_.number, Top().hash, object);
    return;
  }
  switch (Key()) {
    case PdfName::kToUnicode:
      part_.to_unicode = object;
      return;
    case PdfName::kEncoding:
      part_.encoding = object;
      return;
    case PdfName::kDescendantFonts:
      part_.descendant = object;
      return;
    case PdfName::kWidths:
      part_.widths_ref = object;
      return;
    case PdfName::kW:
      part_.cid_widths_ref = object;
      return;
    default:
      return;
  }
}

void PdfObjectReader::OnString(const PdfLexer& word) noexcept {
  bare_ = false;
  DropNumberArray();
  if (IsNoText(Key())) return;
  const std::string_view text = decoder_.Decode(word);
  if (text.empty()) return;
  if (!speaks_) text_->BeginObject(0);
  speaks_ = true;
  if (word.first() && label_size_ > 0) {
    text_->Text({label_.data(), label_size_});
    text_->Text(": ");
  }
  text_->Text(text);
  if (word.last()) text_->Text("\n");
  if ((Key() == PdfName::kF || Key() == PdfName::kUF) && depth_ == 1) KeepName(text, word.first());
}

void PdfObjectReader::KeepName(std::string_view piece, bool first) noexcept {
  if (first) file_name_size_ = 0;
  const std::size_t n = std::min(piece.size(), file_name_.size() - file_name_size_);
  std::memcpy(file_name_.data() + file_name_size_, piece.data(), n);
  file_name_size_ += n;
}

void PdfObjectReader::End() noexcept {
  FlushNumbers();
  if (speaks_) text_->EndObject();
  if (is_page_ && parent_ != 0) text_->fonts().Link(facts_.number, parent_);
  if (file_ != 0 && file_name_size_ > 0) names_->Add(file_, {file_name_.data(), file_name_size_});
  if (bare_ && facts_.number != 0) {
    for (std::size_t i = 0; i < bare_count_; ++i) {
      text_->fonts().Name(facts_.number, bare_references_[i].name, bare_references_[i].object);
    }
  }
  TellFont();
}

void PdfObjectReader::TellFont() noexcept {
  PdfFontParts& fonts = text_->fonts();
  if (number_array_) part_.cid_widths = part_.widths;
  const bool is_part = part_.is_font || part_.to_unicode != 0 || part_.descendant != 0 || part_.has_charset ||
                       part_.differences.count > 0 || part_.cid_widths.count > 0 ||
                       facts_.type == PdfName::kEncoding;
  if (is_part && facts_.number != 0) return fonts.Add(part_);
  fonts.widths.Truncate(widths_before_);
  fonts.differences.Truncate(differences_before_);
}

}  // namespace gander::content
