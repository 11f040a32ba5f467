// SPDX-License-Identifier: Apache-2.0
#include "content/document/pdf_lexer.h"

#include <limits>

#include "content/hex.h"

namespace gander::content {
namespace {

enum Class : std::uint8_t { kRegular, kWhite, kDelimiter };

struct Classes {
  std::array<std::uint8_t, 256> of{};
  constexpr Classes() {
    for (const char c : {'\0', '\t', '\n', '\f', '\r', ' '}) of[static_cast<unsigned char>(c)] = kWhite;
    for (const char c : {'(', ')', '<', '>', '[', ']', '{', '}', '/', '%'}) {
      of[static_cast<unsigned char>(c)] = kDelimiter;
    }
  }
};
constexpr Classes kClasses;

constexpr bool IsDigit(char c) noexcept { return c >= '0' && c <= '9'; }

}  // namespace

bool IsPdfSpace(std::uint8_t c) noexcept { return kClasses.of[c] == kWhite; }
bool IsPdfDelimiter(std::uint8_t c) noexcept { return kClasses.of[c] == kDelimiter; }

void PdfLexer::Begin() noexcept {
  state_ = State::kSpace;
  size_ = 0;
  handed_ = started_ = false;
}

bool PdfLexer::Put(char c) noexcept {
  if (size_ >= kMaxPiece) return false;
  buffer_[size_++] = c;
  return true;
}

void PdfLexer::Start(State state) noexcept {
  state_ = state;
  size_ = 0;
  started_ = false;
}

bool PdfLexer::Next(Bytes& in) noexcept {
  if (handed_) size_ = 0;
  handed_ = false;
  while (!in.empty()) {
    bool token = false;
    switch (state_) {
      case State::kSpace:
      case State::kComment:
      case State::kLess:
      case State::kGreater:
        token = Space(in);
        break;
      case State::kWord:
        token = Word(in);
        break;
      case State::kName:
      case State::kNameEscape:
        token = Name(in);
        break;
      case State::kHex:
        token = Hex(in);
        break;
      default:
        token = String(in);
        break;
    }
    if (token) {
      handed_ = true;
      return true;
    }
  }
  return false;
}

bool PdfLexer::Finish() noexcept {
  if (handed_) size_ = 0;
  const State state = state_;
  const bool started = started_ || size_ > 0;
  bool token = false;
  if (state == State::kWord) token = size_ > 0 && EndWord();
  if (state == State::kName || state == State::kNameEscape) token = EndName();
  if (state >= State::kString && state <= State::kHex) token = started && Piece(true);
  state_ = State::kSpace;
  handed_ = true;
  return token;
}

// Between words, up to the byte that says what the next one is.
bool PdfLexer::Space(Bytes& in) noexcept {
  const std::uint8_t* const p = Octets(in);
  std::size_t i = 0;
  const auto reached = [&](std::size_t n, bool token) {
    in = in.subspan(n);
    return token;
  };
  while (i < in.size()) {
    const std::uint8_t c = p[i];
    if (state_ == State::kComment) {
      if (c == '\n' || c == '\r') state_ = State::kSpace;
      ++i;
    } else if (state_ == State::kLess) {
      if (c != '<') {
        Start(State::kHex);
        digits_ = 0;
        return reached(i, false);
      }
      state_ = State::kSpace;
      kind_ = Kind::kDictOpen;
      return reached(i + 1, true);
    } else if (state_ == State::kGreater) {
      state_ = State::kSpace;
      if (c != '>') continue;  // a lone one means nothing
      kind_ = Kind::kDictClose;
      return reached(i + 1, true);
    } else if (kClasses.of[c] == kWhite) {
      ++i;
    } else if (kClasses.of[c] == kDelimiter) {
      ++i;
      if (Open(c)) return reached(i, true);
      if (state_ > State::kComment && state_ < State::kLess) return reached(i, false);
    } else {
      Start(State::kWord);
      return reached(i, false);
    }
  }
  return reached(i, false);
}

// A delimiter between words; true when it is a word itself.
bool PdfLexer::Open(std::uint8_t c) noexcept {
  size_ = 0;
  switch (c) {
    case '[':
      kind_ = Kind::kArrayOpen;
      return true;
    case ']':
      kind_ = Kind::kArrayClose;
      return true;
    case '<':
      state_ = State::kLess;
      return false;
    case '>':
      state_ = State::kGreater;
      return false;
    case '/':
      Start(State::kName);
      return false;
    case '%':
      state_ = State::kComment;
      return false;
    case '(':
      Start(State::kString);
      parentheses_ = 0;
      return false;
    default:  // braces are of PostScript functions; a parenthesis that was not opened
      return false;
  }
}

bool PdfLexer::Word(Bytes& in) noexcept {
  const std::uint8_t* const p = Octets(in);
  std::size_t i = 0;
  while (i < in.size() && kClasses.of[p[i]] == kRegular && Put(static_cast<char>(p[i]))) ++i;
  const bool ended = i < in.size();
  in = in.subspan(i);
  if (!ended) return false;
  if (size_ < kMaxPiece) return EndWord();
  kind_ = Kind::kKeyword;  // a piece of what is no word of PDF
  return true;
}

bool PdfLexer::EndWord() noexcept {
  state_ = State::kSpace;
  kind_ = ReadNumber() ? Kind::kNumber : Kind::kKeyword;
  return size_ > 0;
}

// 7.3.3: no exponents. More than nine digits behind the point change nothing.
bool PdfLexer::ReadNumber() noexcept {
  std::size_t i = 0;
  const bool negative = size_ > 0 && buffer_[0] == '-';
  if (negative || (size_ > 0 && buffer_[0] == '+')) ++i;
  const bool sign = i > 0;
  std::int64_t whole = 0;
  std::size_t digits = 0;
  for (; i < size_ && IsDigit(buffer_[i]); ++i, ++digits) {
    if (whole < std::numeric_limits<std::int64_t>::max() / 10 - 1) whole = whole * 10 + (buffer_[i] - '0');
  }
  const bool fraction = i < size_ && buffer_[i] == '.';
  double part = 0, unit = 1;
  if (fraction) {
    for (++i; i < size_ && IsDigit(buffer_[i]); ++i, ++digits) part += (unit /= 10) * (buffer_[i] - '0');
  }
  if (i < size_ || digits == 0) return false;
  number_ = static_cast<double>(whole) + part;
  if (negative) number_ = -number_;
  integer_ = fraction || sign ? -1 : whole;
  return true;
}

bool PdfLexer::Name(Bytes& in) noexcept {
  const std::uint8_t* const p = Octets(in);
  std::size_t i = 0;
  for (; i < in.size(); ++i) {
    const std::uint8_t c = p[i];
    const int digit = HexDigit(c);
    if (state_ == State::kNameEscape && digit >= 0) {
      value_ = value_ << 4 | static_cast<std::uint32_t>(digit);
      if (++digits_ < 2) continue;
      Put(static_cast<char>(value_));
      state_ = State::kName;
    } else if (kClasses.of[c] != kRegular) {
      in = in.subspan(i);
      return EndName();
    } else if (c == '#') {
      state_ = State::kNameEscape;
      digits_ = 0;
      value_ = 0;
    } else {
      state_ = State::kName;
      Put(static_cast<char>(c));
    }
  }
  in = in.subspan(i);
  return false;
}

bool PdfLexer::EndName() noexcept {
  state_ = State::kSpace;
  kind_ = Kind::kName;
  return true;
}

bool PdfLexer::Piece(bool last) noexcept {
  kind_ = Kind::kString;
  first_ = !started_;
  last_ = last;
  started_ = !last;
  if (last) state_ = State::kSpace;
  return true;
}

bool PdfLexer::String(Bytes& in) noexcept {
  while (!in.empty()) {
    if (size_ == kMaxPiece) return Piece(false);
    if (StringByte(in, Octets(in)[0])) return Piece(true);
  }
  return false;
}

// True at the parenthesis that closes the string.
bool PdfLexer::StringByte(Bytes& in, std::uint8_t c) noexcept {
  const auto taken = [&] { in = in.subspan(1); };
  switch (state_) {
    case State::kAfterReturn:
      state_ = State::kString;
      if (c == '\n') taken();
      return false;
    case State::kOctal:
      if (c >= '0' && c <= '7' && digits_ < 3) {
        value_ = value_ * 8 + (c - '0');
        ++digits_;
        taken();
        return false;
      }
      state_ = State::kString;
      Put(static_cast<char>(value_));
      return false;
    case State::kEscape:
      taken();
      return Escape(c);
    default:
      break;
  }
  taken();
  if (c == '\\') {
    state_ = State::kEscape;
    return false;
  }
  if (c == ')' && parentheses_ == 0) return true;
  if (c == '(') ++parentheses_;
  if (c == ')') --parentheses_;
  Put(static_cast<char>(c));
  return false;
}

bool PdfLexer::Escape(std::uint8_t c) noexcept {
  constexpr std::string_view kLetters = "nrtbf", kMeant = "\n\r\t\b\f";
  state_ = State::kString;
  if (c >= '0' && c <= '7') {
    state_ = State::kOctal;
    value_ = c - std::uint32_t{'0'};
    digits_ = 1;
  } else if (c == '\r') {
    state_ = State::kAfterReturn;
  } else if (c != '\n') {
    const std::size_t letter = kLetters.find(static_cast<char>(c));
    Put(letter == std::string_view::npos ? static_cast<char>(c) : kMeant[letter]);
  }
  return false;
}

bool PdfLexer::Hex(Bytes& in) noexcept {
  while (!in.empty()) {
    if (size_ == kMaxPiece) return Piece(false);
    const std::uint8_t c = Octets(in)[0];
    in = in.subspan(1);
    const int digit = HexDigit(c);
    if (digit >= 0) {
      value_ =
          digits_ == 0 ? static_cast<std::uint32_t>(digit) << 4 : value_ | static_cast<std::uint32_t>(digit);
      if (digits_ == 1) Put(static_cast<char>(value_));
      digits_ ^= 1;
    } else if (c == '>') {
      if (digits_ == 1) Put(static_cast<char>(value_));  // an odd digit stands before a zero
      return Piece(true);
    }
  }
  return false;
}

}  // namespace gander::content
