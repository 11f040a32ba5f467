// SPDX-License-Identifier: Apache-2.0
#include "content/document/pdf_content.h"

#include <algorithm>
#include <cstring>

namespace gander::content {
namespace {

// An operator as a number: up to three letters.
constexpr std::uint32_t Code(std::string_view word) noexcept {
  std::uint32_t code = 0;
  if (word.size() > 3) return code;
  for (const char c : word) code = code << 8 | static_cast<unsigned char>(c);
  return code;
}

template <std::size_t kCount>
constexpr std::array<std::uint32_t, kCount> Codes(const std::string_view (&words)[kCount]) noexcept {
  std::array<std::uint32_t, kCount> codes{};
  for (std::size_t i = 0; i < kCount; ++i) codes[i] = Code(words[i]);
  std::sort(codes.begin(), codes.end());
  return codes;
}

// Table 51: those that neither show text nor move it, and those that do.
constexpr auto kOthers =
    Codes({"b",  "B",  "b*", "B*",  "BDC", "BI", "BMC", "BX",  "c",   "CS", "cs", "d",  "d0", "d1",
           "Do", "DP", "EI", "EMC", "EX",  "f",  "F",   "f*",  "G",   "g",  "gs", "h",  "i",  "j",
           "J",  "K",  "k",  "l",   "m",   "M",  "MP",  "n",   "re",  "RG", "rg", "ri", "s",  "S",
           "SC", "sc", "v",  "sh",  "Tr",  "Ts", "w",   "SCN", "scn", "W",  "W*", "y"});
constexpr auto kPlacing = Codes({"BT", "ET", "Tf", "Tj", "TJ", "'", "\"", "Td", "TD", "Tm", "T*", "TL", "Tc",
                                 "Tw", "Tz", "cm", "q", "Q", "ID"});

bool IsOtherOperator(std::uint32_t op) noexcept {
  return std::binary_search(kOthers.begin(), kOthers.end(), op);
}
bool IsOperator(std::uint32_t op) noexcept {
  return IsOtherOperator(op) || std::binary_search(kPlacing.begin(), kPlacing.end(), op);
}
constexpr bool IsValue(std::string_view word) noexcept {
  return word == "true" || word == "false" || word == "null";
}

bool Printable(std::string_view word) noexcept {
  return std::all_of(word.begin(), word.end(),
                     [](char c) { return static_cast<unsigned char>(c) >= 0x20 && c != 0x7f; });
}

// Thousandths of the font's size from which on a move is looked at as a gap: forward, back.
constexpr double kWordKern = -200, kBackKern = 500;

// Far off any page; beyond it a place means nothing.
float Within(double v) noexcept { return static_cast<float>(std::clamp(v == v ? v : 0.0, -1e9, 1e9)); }

}  // namespace

bool PdfContentReader::Recognise(Bytes prefix) noexcept {
  PdfLexer lexer;
  lexer.Begin();
  std::size_t known = 0, foreign = 0;
  while (lexer.Next(prefix)) {
    if (lexer.kind() != PdfLexer::Kind::kKeyword || IsValue(lexer.text())) continue;
    ++(IsOperator(Code(lexer.text())) ? known : foreign);
    if (lexer.text() == "ID") break;
  }
  return known > foreign;
}

PdfContentReader::Matrix PdfContentReader::Multiply(const Matrix& m, const Matrix& n) noexcept {
  return {m.a * n.a + m.b * n.c, m.a * n.b + m.b * n.d,       m.c * n.a + m.d * n.c,
          m.c * n.b + m.d * n.d, m.e * n.a + m.f * n.c + n.e, m.e * n.b + m.f * n.d + n.f};
}

void PdfContentReader::Begin(PdfPageText& text, Memory& memory, std::uint32_t object) noexcept {
  text_ = &text;
  codes_.Begin(memory, kMaxCodes);
  state_ = {};
  saved_count_ = 0;
  line_ = pen_ = {};
  moved_ = true;
  told_font_ = 0;
  told_size_ = 0;
  told_spacing_ = {};
  name_ = 0;
  image_ = Image::kNone;
  Clear();
  text.BeginObject(object);
}

void PdfContentReader::End() noexcept {
  if (number_text_size_ > 0) Foreign({});
  text_->EndObject();
  codes_.Release();
}

void PdfContentReader::Clear() noexcept {
  codes_.Clear();
  gap_count_ = number_count_ = number_text_size_ = 0;
  kern_ = 0;
  in_array_ = false;
  dict_depth_ = 0;
}

void PdfContentReader::Take(const PdfLexer& word) noexcept {
  switch (word.kind()) {
    case PdfLexer::Kind::kNumber:
      return Number(word);
    case PdfLexer::Kind::kName:
      name_ = PdfNameHash(word.text());
      return;
    case PdfLexer::Kind::kString:
      return String(AsBytes(word.text()));
    case PdfLexer::Kind::kArrayOpen:
    case PdfLexer::Kind::kArrayClose:
      in_array_ = word.kind() == PdfLexer::Kind::kArrayOpen;
      return;
    case PdfLexer::Kind::kDictOpen:
      ++dict_depth_;
      return;
    case PdfLexer::Kind::kDictClose:
      if (dict_depth_ > 0) --dict_depth_;
      return;
    case PdfLexer::Kind::kKeyword:
      if (!IsValue(word.text())) Operator(word.text());
      return;
  }
}

void PdfContentReader::Number(const PdfLexer& word) noexcept {
  if (dict_depth_ > 0) return;
  if (in_array_) {
    const double kern = word.number();
    const bool gap = kern <= kWordKern || kern >= kBackKern;
    if (!gap) kern_ += Within(kern);
    if (!gap) return;
    if (gap_count_ == kMaxGaps) Show();
    gaps_[gap_count_++] = {codes_.size(), Within(kern)};
    return;
  }
  if (number_count_ == kMaxNumbers) {
    std::copy(numbers_.begin() + 1, numbers_.end(), numbers_.begin());
    --number_count_;
  }
  numbers_[number_count_++] = word.number();
  const std::string_view text = word.text();
  if (text.size() + 1 > kMaxNumberText - number_text_size_) Foreign({});
  if (text.size() + 1 > kMaxNumberText) return;
  std::memcpy(number_text_.data() + number_text_size_, text.data(), text.size());
  number_text_size_ += text.size();
  number_text_[number_text_size_++] = ' ';
}

double PdfContentReader::Last(std::size_t i) const noexcept {
  return i < number_count_ ? numbers_[number_count_ - 1 - i] : 0;
}

void PdfContentReader::String(Bytes piece) noexcept {
  if (dict_depth_ > 0 || codes_.Append(piece)) return;
  Show();
  codes_.Append(piece);
}

// Hands on the strings at hand; what the writer has to know before them, first.
void PdfContentReader::Show() noexcept {
  if (codes_.empty() && gap_count_ == 0) return;
  if (state_.font != told_font_ || state_.size != told_size_) text_->Font(state_.font, state_.size);
  if (state_.spacing != told_spacing_) text_->Spacing(state_.spacing);
  told_font_ = state_.font;
  told_size_ = state_.size;
  told_spacing_ = state_.spacing;
  if (moved_) Place();
  std::size_t shown = 0;
  for (std::size_t i = 0; i < gap_count_; ++i) {
    if (gaps_[i].at > shown) text_->Show(codes_.bytes().subspan(shown, gaps_[i].at - shown));
    text_->Kern(gaps_[i].kern);
    shown = gaps_[i].at;
  }
  if (codes_.size() > shown) text_->Show(codes_.bytes().subspan(shown));
  if (kern_ != 0) text_->Adjust(kern_);
  codes_.Clear();
  gap_count_ = 0;
  kern_ = 0;
}

void PdfContentReader::Place() noexcept {
  const Matrix m = Multiply(pen_, state_.page);
  text_->Move({Within(m.e), Within(m.f), Within(m.a), Within(m.b)});
  moved_ = false;
}

void PdfContentReader::NextLine(double x, double y) noexcept {
  line_ = pen_ = Multiply(Shift(x, y), line_);
  moved_ = true;
}

void PdfContentReader::Operator(std::string_view word) noexcept {
  const std::uint32_t op = Code(word);
  if (!TextOperator(op) && !StateOperator(op) && !IsOtherOperator(op)) Foreign(word);
  Clear();
}

bool PdfContentReader::TextOperator(std::uint32_t op) noexcept {
  switch (op) {
    case Code("Tj"):
    case Code("TJ"):
      Show();
      return true;
    case Code("\""):
      state_.spacing.word = Within(Last(1));
      state_.spacing.character = Within(Last(0));
      NextLine(0, -state_.leading);
      Show();
      return true;
    case Code("'"):
      NextLine(0, -state_.leading);
      Show();
      return true;
    case Code("Td"):
      NextLine(Last(1), Last(0));
      return true;
    case Code("TD"):
      state_.leading = -Last(0);
      NextLine(Last(1), Last(0));
      return true;
    case Code("T*"):
      NextLine(0, -state_.leading);
      return true;
    case Code("Tm"):
      line_ = pen_ = LastMatrix();
      moved_ = true;
      return true;
    case Code("BT"):
      line_ = pen_ = {};
      moved_ = true;
      return true;
    case Code("ET"):
      return true;
    default:
      return false;
  }
}

bool PdfContentReader::StateOperator(std::uint32_t op) noexcept {
  switch (op) {
    case Code("Tf"):
      state_.font = name_;
      state_.size = Within(Last(0));
      return true;
    case Code("TL"):
      state_.leading = Last(0);
      return true;
    case Code("Tc"):
      state_.spacing.character = Within(Last(0));
      return true;
    case Code("Tw"):
      state_.spacing.word = Within(Last(0));
      return true;
    case Code("Tz"):
      state_.spacing.scale = Within(Last(0) / 100);
      return true;
    case Code("cm"):
      state_.page = Multiply(LastMatrix(), state_.page);
      moved_ = true;
      return true;
    case Code("q"):
      if (saved_count_ < kMaxStates) saved_[saved_count_] = state_;
      ++saved_count_;
      return true;
    case Code("Q"):
      if (saved_count_ > 0 && --saved_count_ < kMaxStates) state_ = saved_[saved_count_];
      moved_ = true;
      return true;
    case Code("ID"):
      image_ = Image::kBytes;
      return true;
    default:
      return false;
  }
}

// Words of no operator, and the numbers before them.
void PdfContentReader::Foreign(std::string_view word) noexcept {
  Show();
  text_->Text({number_text_.data(), number_text_size_});
  number_text_size_ = 0;
  if (word.empty() || !Printable(word)) return;
  text_->Text(word);
  text_->Text(" ");
}

void PdfContentReader::SkipImage(Bytes& in) noexcept {
  while (image_ != Image::kNone && !in.empty()) {
    const std::uint8_t c = Octets(in)[0];
    if (image_ == Image::kI && (IsPdfSpace(c))) {
      image_ = Image::kNone;
      return;
    }
    in = in.subspan(1);
    if (image_ == Image::kSpace && c == 'E') {
      image_ = Image::kE;
    } else if (image_ == Image::kE && c == 'I') {
      image_ = Image::kI;
    } else {
      image_ = IsPdfSpace(c) ? Image::kSpace : Image::kBytes;
    }
  }
}

}  // namespace gander::content
