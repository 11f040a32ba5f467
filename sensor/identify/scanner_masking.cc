// SPDX-License-Identifier: Apache-2.0
// What may be shown of a text: masks over all that a scan of it finds.
#include <string.h>

#include <algorithm>

#include "content/hex.h"
#include "identify/cautious_mask.h"
#include "identify/mask.h"
#include "identify/scanner_impl.h"

namespace gander::identify {
namespace {

// Of an excerpt even short numbers are masked: the code of a card says something beside it, though a column names it
// that is far away.
constexpr std::size_t kExcerptNumber = 2;

// RFC 3986 §2.1, "+" for a space as forms have it. False, and nothing decoded, for a text without a code.
bool DecodePercents(std::string_view text, std::string& out, std::vector<std::uint32_t>& from) {
  out.clear();
  from.clear();
  if (text.find('%') == std::string_view::npos) return false;
  bool any = false;
  for (std::size_t i = 0; i < text.size();) {
    const bool coded = text[i] == '%' && i + 2 < text.size();
    const int high = coded ? content::HexDigit(static_cast<unsigned char>(text[i + 1])) : -1;
    const int low = coded ? content::HexDigit(static_cast<unsigned char>(text[i + 2])) : -1;
    const bool good = high >= 0 && low >= 0;
    from.push_back(static_cast<std::uint32_t>(i));
    out += good ? static_cast<char>(high << 4 | low) : text[i] == '+' ? ' ' : text[i];
    i += good ? 3 : 1;
    any = any || good;
  }
  from.push_back(static_cast<std::uint32_t>(text.size()));
  return any;
}

}  // namespace

// What is found in `value` goes to `masked`.
void Scanner::Impl::FindToMask(std::string_view value) noexcept {
  const Counters before = counters;
  mask_state.Reset();
  masked.clear();
  content::TextPiece piece;
  piece.text = AsBytes(value);
  judge.FindAllowed(true);
  Select(*mask_state.impl_, piece);
  ScanPiece(piece, *this);
  judge.FindAllowed(false);
  // What chance may explain is masked all the same.
  if (mask_state.impl_->backlog != nullptr) {
    for (const Finding& f : *mask_state.impl_->backlog) OnFinding(f);
  }
  counters = before;
}

// Also what shows itself once percent codes are read: a name of two words, an address behind %40.
void Scanner::Impl::FindToMaskDecoded(std::string_view value) noexcept {
  if (!DecodePercents(value, decoded, decoded_from)) return FindToMask(value);
  FindToMask(decoded);
  masked_behind.swap(masked);
  FindToMask(value);
  for (const MaskedSpan& span : masked_behind) ToMask(decoded_from[span.begin], decoded_from[span.end], span.secret);
}

// `number` as AppendCautiously has it.
void Scanner::Impl::AppendMasked(std::string_view value, std::size_t number, std::string& out) noexcept {
  std::sort(masked.begin(), masked.end(), [](const MaskedSpan& a, const MaskedSpan& b) {
    return a.begin != b.begin ? a.begin < b.begin : a.end > b.end;
  });
  std::size_t at = 0;
  for (const MaskedSpan& span : masked) {
    const std::size_t begin = std::max(at, span.begin);
    if (span.end <= at) continue;
    AppendCautiously(value.substr(at, begin - at), out, number);
    AppendMask(value.substr(begin, span.end - begin), span.secret, out);
    at = span.end;
  }
  AppendCautiously(value.substr(at), out, number);
}

// By what the text itself has told of them (a column's name may stand far before), and by what a second look finds.
void Scanner::Impl::AppendMasked(const OpenExcerpt& excerpt, std::string& out) noexcept {
  const ExcerptPart part = WithoutCutEnds(excerpt);
  FindToMask(excerpt.text().substr(part.begin, part.end - part.begin));
  const std::uint64_t begin = excerpt.begin + part.begin, end = excerpt.begin + part.end;
  for (std::size_t i = 0; i < excerpt.places_size; ++i) {
    const OpenExcerpt::Place& place = excerpt.places[i];
    const std::uint64_t from = std::max(place.begin, begin), to = std::min(place.begin + place.length, end);
    const bool whole = from == place.begin && to == place.begin + place.length;
    if (from < to) ToMask(from - begin, to - begin, !whole || rules.rules[place.type].secret);
  }
  if (excerpt.cut_front) out += "\u2026";
  AppendMasked(excerpt.text().substr(part.begin, part.end - part.begin), kExcerptNumber, out);
  if (excerpt.cut_back) out += "\u2026";
}

// In the middle of a scan: the text at hand stays it.
void Scanner::Impl::TellExcerpt(OpenExcerpt& excerpt, FindingSink& sink) noexcept {
  TextState::Impl* const at_hand = state;
  const bool had_name = has_name;
  const ContextWords words = name_words;
  const IdType field = named_field;
  const Direction way = direction;
  excerpt_text.clear();
  if (excerpt_raw) {
    excerpt_text = excerpt.text();
  } else {
    AppendMasked(excerpt, excerpt_text);
  }
  sink.OnExcerpt(excerpt.first, excerpt_text);
  explicit_bzero(excerpt_text.data(), excerpt_text.size());
  excerpt.Wipe();
  state = at_hand;
  has_name = had_name;
  name_words = words;
  named_field = field;
  direction = way;
}

void Scanner::MaskText(std::string_view value, bool whole, std::string& out) noexcept {
  if (whole) return AppendMask(value, false, out);
  const std::uint64_t tag = impl_->mask_cache.TagOf(value);
  const std::string_view known = impl_->mask_cache.Find(tag);
  if (known.data() != nullptr) return void(out.append(known));
  const std::size_t begin = out.size();
  impl_->FindToMaskDecoded(value);
  impl_->AppendMasked(value, kCautiousNumber, out);
  impl_->mask_cache.Keep(tag, std::string_view(out).substr(begin));
}

}  // namespace gander::identify
