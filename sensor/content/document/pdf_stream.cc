// SPDX-License-Identifier: Apache-2.0
#include "content/document/pdf_stream.h"

#include <algorithm>
#include <cstring>

#include "content/document/pdf_filters.h"

namespace gander::content {
namespace {

constexpr std::string_view kEnd = "endstream";

// How many bytes at the end of `text` may be a line end, and the beginning of "endstream".
std::size_t Tail(std::string_view text) noexcept {
  std::size_t n = 0;
  for (std::size_t letters = std::min(kEnd.size() - 1, text.size()); letters > 0 && n == 0; --letters) {
    if (text.ends_with(kEnd.substr(0, letters))) n = letters;
  }
  const std::string_view before = text.substr(0, text.size() - n);
  if (before.ends_with("\r\n")) return n + 2;
  return n + (before.ends_with('\n') || before.ends_with('\r') ? 1 : 0);
}

std::size_t LineEnd(std::string_view text) noexcept {
  if (text.ends_with("\r\n")) return 2;
  return text.ends_with('\n') || text.ends_with('\r') ? 1 : 0;
}

std::uint64_t Above(std::uint64_t a, std::uint64_t b) noexcept { return a > b ? a - b : 0; }

}  // namespace

void PdfStream::Open(Body& body, PdfPageText& text, PdfObjectReader& objects, PdfFileNames& names) noexcept {
  body_ = &body;
  content_.Open(body, text, objects, names);
}

void PdfStream::Begin(const PdfStreamFacts& facts, std::string_view outer_name) noexcept {
  const std::size_t decoded = DecodedFilters(facts);
  content_.Begin(facts, decoded == facts.filter_count, outer_name);
  chain_ = OpenPdfFilters(*body_, facts, LayerPtr(&content_));
  least_ = facts.type == PdfName::kEmbeddedFile && facts.filter_count == 0 ? facts.length : 0;
  raw_ = 0;
  told_ = {};
  held_ = 0;
}

void PdfStream::Hand(Bytes data, Uninspected& total) noexcept {
  if (data.empty()) return;
  raw_ += data.size();
  const Uninspected left = chain_->Feed(data);
  told_ += left;
  total += left;
}

bool PdfStream::Read(Bytes& in, Uninspected& total) noexcept {
  while (held_ > 0 && !in.empty()) {
    // What is held goes on byte by byte until it is the end or cannot be it.
    hold_[held_++] = TakeFront(in, 1)[0];
    const std::string_view held = AsText({hold_.data(), held_});
    const std::size_t end = held.ends_with(kEnd) ? kEnd.size() : 0;
    if (end > 0 && EndsAt(raw_ + held_ - end)) return Finish(total);
    const std::size_t tail = end > 0 ? 0 : Tail(held);
    Hand({hold_.data(), held_ - tail}, total);
    std::memmove(hold_.data(), hold_.data() + held_ - tail, tail);
    held_ = tail;
  }
  std::size_t from = 0;
  while (!in.empty()) {
    const std::string_view text = AsText(in);
    const std::size_t at = text.find(kEnd, from);
    if (at == std::string_view::npos) {
      held_ = Tail(text);
      Hand(in.first(in.size() - held_), total);
      std::memcpy(hold_.data(), in.data() + in.size() - held_, held_);
      in = {};
      return false;
    }
    if (!EndsAt(raw_ + at)) {
      from = at + 1;
      continue;
    }
    Hand(in.first(at - LineEnd(text.substr(0, at))), total);
    in = in.subspan(at + kEnd.size());
    return Finish(total);
  }
  return false;
}

bool PdfStream::Finish(Uninspected& total) noexcept {
  held_ = 0;
  End(protocol::BodyEnd::kComplete, total);
  return true;
}

// What the layers held back is judged at the end: told here, as shares of the bytes that came in.
void PdfStream::End(protocol::BodyEnd end, Uninspected& total) noexcept {
  if (held_ > 0) Hand({hold_.data(), held_}, total);
  held_ = 0;
  chain_->End(end);
  chain_.reset();
  const Uninspected all = content_.uninspected().Scaled(content_.bytes(), raw_);
  total += {Above(all.opaque, told_.opaque), Above(all.undecodable, told_.undecodable),
            Above(all.locked, told_.locked), Above(all.lost, told_.lost)};
}

}  // namespace gander::content
