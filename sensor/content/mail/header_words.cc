// SPDX-License-Identifier: Apache-2.0
#include "content/mail/header_words.h"

#include <algorithm>
#include <array>

#include "content/charset/ascii.h"
#include "content/charset/charset.h"
#include "content/charset/charset_guess.h"
#include "content/charset/transcoder.h"
#include "content/decoder_pool.h"
#include "protocol/framing/printable.h"

namespace gander::content {
namespace {

constexpr std::size_t kLook = 512;  // of what says nothing of its set

// The set to read `text` by; null when it stays as it is. UTF-8 is told by itself, but from sets of several bytes a
// character, of which short words may look like it.
const Charset* SetOf(std::string_view label, Bytes text) noexcept {
  const Charset* const declared = FindCharset(label);
  const bool ascii = AsciiPrefix(text) == text.size();
  const CharsetKind kind = declared != nullptr ? declared->kind : CharsetKind::kUtf8;
  if (ascii && kind != CharsetKind::kEscaped && kind != CharsetKind::kUnits) return nullptr;
  const bool doubtful = kind == CharsetKind::kUtf8 || kind == CharsetKind::kLatin;
  if (!doubtful) return declared;
  if (protocol::framing::IsUtf8(AsText(text))) return nullptr;
  return kind == CharsetKind::kLatin ? declared : GuessCharset(text.first(std::min(text.size(), kLook)));
}

}  // namespace

void HeaderWords::ToUtf8(std::string_view charset, std::string& text, std::size_t from) noexcept {
  Bytes rest = AsBytes(text).subspan(from);
  const Charset* const set = SetOf(charset, rest);
  Transcoder transcoder;
  if (set == nullptr || !transcoder.Begin(body_->pool->converters, *set)) return;
  std::array<std::byte, 1024> out;
  converted_.clear();
  while (!rest.empty()) converted_.append(AsText(Bytes(out.data(), transcoder.Convert(rest, out))));
  converted_.append(AsText(Bytes(out.data(), transcoder.Finish(out))));
  text.resize(from);
  text.append(converted_);
}

}  // namespace gander::content
