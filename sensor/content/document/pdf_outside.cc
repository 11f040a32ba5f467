// SPDX-License-Identifier: Apache-2.0
#include "content/document/pdf_outside.h"

#include <algorithm>
#include <charconv>
#include <cstring>

#include "content/document/pdf_lexer.h"
#include "content/open.h"

namespace gander::content {
namespace {

constexpr std::int64_t kMaxObject = 0xffffffff;

bool IsLineEnd(std::uint8_t c) noexcept { return c == '\n' || c == '\r'; }

// -1: none.
std::int64_t AsInteger(std::string_view word) noexcept {
  std::int64_t value = -1;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
  return error == std::errc() && end == word.data() + word.size() && word[0] != '-' ? value : -1;
}

// 7.5.2, 7.5.5: "%PDF-1.7", "%%EOF"; behind the header a comment of bytes that are no letters.
bool IsStructure(std::string_view comment) noexcept {
  return std::string_view("%PDF-").starts_with(comment.substr(0, 5)) ||
         std::string_view("%%EOF").starts_with(comment) ||
         (comment.size() > 1 && static_cast<unsigned char>(comment[1]) >= 0x80);
}

}  // namespace

void PdfOutside::Begin(Body& body, PdfPageText& pages, std::string_view name) noexcept {
  body_ = &body;
  pages_ = &pages;
  name_ = name;
  in_text_ = in_comment_ = in_table_ = after_start_ = after_return_ = false;
  number_count_ = size_ = 0;
}

void PdfOutside::Hand(Bytes text, Uninspected& total) noexcept {
  if (text.empty()) return;
  if (leaf_ == nullptr) {
    pages_->Close();
    leaf_ = OpenLeaf(*body_, name_);
  }
  total += leaf_->Feed(text);
}

void PdfOutside::Close() noexcept {
  if (leaf_ != nullptr) leaf_->End(protocol::BodyEnd::kComplete);
  leaf_.reset();
}

// The line is none of a PDF: what was read of it so far is text, and so is the rest.
void PdfOutside::BecomeText(Uninspected& total) noexcept {
  for (std::size_t i = 0; i < number_count_; ++i) {
    std::array<char, kMaxWord + 4> digits;
    char* const end = std::to_chars(digits.data(), digits.data() + digits.size() - 1, numbers_[i]).ptr;
    *end = ' ';
    Hand(AsBytes({digits.data(), static_cast<std::size_t>(end - digits.data()) + 1}), total);
  }
  Hand(AsBytes({word_.data(), size_}), total);
  number_count_ = size_ = 0;
  in_text_ = true;
  in_comment_ = in_table_ = after_start_ = false;
}

PdfOutside::Found PdfOutside::Read(Bytes& in, Uninspected& total) noexcept {
  while (!in.empty()) {
    const std::uint8_t c = Octets(in)[0];
    if (in_text_) {
      const std::uint8_t* const p = Octets(in);
      const auto line = static_cast<std::size_t>(std::find_if(p, p + in.size(), IsLineEnd) - p);
      in_text_ = line == in.size();
      after_return_ = !in_text_ && p[line] == '\r';
      Hand(TakeFront(in, line + 1), total);
      continue;
    }
    const bool rest_of_line_end = after_return_ && c == '\n';
    after_return_ = false;
    if (rest_of_line_end) {
      Hand(TakeFront(in, 1), total);
      continue;
    }
    if (in_comment_) {
      in = in.subspan(1);
      Comment(c, total);
      continue;
    }
    const bool ends = IsPdfSpace(c) || IsPdfDelimiter(c);
    if (ends && size_ > 0) {
      const Found found = EndWord(total);
      if (found != Found::kNothing) return found;
      continue;
    }
    in = in.subspan(1);
    if (IsPdfSpace(c)) continue;
    in_comment_ = c == '%';
    if (size_ == kMaxWord) BecomeText(total);
    if (in_text_) {
      Hand({reinterpret_cast<const std::byte*>(&c), 1}, total);
      continue;
    }
    word_[size_++] = static_cast<char>(c);
    if (ends && !in_comment_) BecomeText(total);
  }
  return Found::kNothing;
}

void PdfOutside::Comment(std::uint8_t c, Uninspected& total) noexcept {
  if (IsLineEnd(c)) {
    if (!IsStructure({word_.data(), size_})) BecomeText(total);
    in_comment_ = in_text_ = false;
    size_ = 0;
    return;
  }
  const bool structure = size_ < 2 || IsStructure({word_.data(), size_});
  if (structure && size_ < kMaxComment) {
    word_[size_++] = static_cast<char>(c);
    return;
  }
  if (structure) size_ = 0;  // what is said so far is
  BecomeText(total);
  Hand({reinterpret_cast<const std::byte*>(&c), 1}, total);
}

PdfOutside::Found PdfOutside::EndWord(Uninspected& total) noexcept {
  const std::string_view word(word_.data(), size_);
  if (Number(word, total)) {
    size_ = 0;
    return Found::kNothing;
  }
  const bool numbered = number_count_ == 2 && numbers_[0] <= kMaxObject;
  if (word == "obj" && numbered) {
    object_ = static_cast<std::uint32_t>(numbers_[0]);
    size_ = number_count_ = 0;
    in_table_ = after_start_ = false;
    return Found::kObject;
  }
  const bool table = word == "xref" || (in_table_ && (word == "n" || word == "f"));
  const bool start = word == "startxref", trailer = word == "trailer";
  if (table || start || trailer || word == "endobj" || word == "endstream") {
    in_table_ = table;
    after_start_ = start;
    size_ = number_count_ = 0;
    return trailer ? Found::kTrailer : Found::kNothing;
  }
  BecomeText(total);
  return Found::kNothing;
}

bool PdfOutside::Number(std::string_view word, Uninspected& total) noexcept {
  const std::int64_t value = AsInteger(word);
  if (value < 0) return false;
  if (in_table_ || after_start_) {
    after_start_ = false;
    if (!in_table_) return true;
  }
  if (number_count_ == numbers_.size()) {
    if (!in_table_) {
      BecomeText(total);
      return true;
    }
    numbers_[0] = numbers_[1];
    --number_count_;
  }
  numbers_[number_count_++] = value;
  return true;
}

PdfOutside::Found PdfOutside::Word(std::string_view word, std::int64_t number, std::int64_t generation,
                                   Uninspected& total) noexcept {
  in_text_ = in_comment_ = in_table_ = after_start_ = after_return_ = false;
  number_count_ = 0;
  if (number >= 0 && generation >= 0 && word == "obj") {
    numbers_ = {number, generation};
    number_count_ = 2;
  }
  size_ = std::min(word.size(), kMaxWord);
  std::memcpy(word_.data(), word.data(), size_);
  const Found found = EndWord(total);
  if (in_text_ && word.size() > kMaxWord) Hand(AsBytes(word.substr(kMaxWord)), total);
  return found;
}

}  // namespace gander::content
