// SPDX-License-Identifier: Apache-2.0
#include "content/charset/transcoder.h"

#include <unicode/ucnv.h>
#include <unicode/ucnv_cb.h>
#include <unicode/ustring.h>
#include <unicode/utf16.h>

#include <algorithm>
#include <utility>

namespace gander::content {
namespace {

constexpr char16_t kReplacement = 0xfffd;
constexpr char16_t kByteOrderMark = 0xfeff;
constexpr std::size_t kUnits = 1024;     // UTF-16 code units between the two steps
constexpr std::size_t kUtf8PerUnit = 3;  // bytes; a pair of surrogates takes four

}  // namespace

ConverterPool::~ConverterPool() {
  for (const std::vector<UConverter*>& idle : idle_) {
    for (UConverter* const converter : idle) ucnv_close(converter);
  }
}

UConverter* ConverterPool::Take(const Charset& charset) noexcept {
  if (out_ >= kMaxOut) return nullptr;
  std::vector<UConverter*>& idle = idle_[CharsetIndex(charset)];
  UConverter* taken = nullptr;
  if (!idle.empty()) {
    taken = idle.back();
    idle.pop_back();
  } else {
    UErrorCode error = U_ZERO_ERROR;
    taken = ucnv_open(charset.icu, &error);
    if (taken == nullptr) return nullptr;
  }
  ++out_;
  return taken;
}

void ConverterPool::Give(const Charset& charset, UConverter* converter) noexcept {
  --out_;
  std::vector<UConverter*>& idle = idle_[CharsetIndex(charset)];
  if (idle.size() >= kKeep) {
    ucnv_close(converter);
    return;
  }
  ucnv_reset(converter);
  idle.push_back(converter);
}

// ICU asks here what to write for bytes that have no meaning.
struct MalformedInput {
  static void Write(const void* context, UConverterToUnicodeArgs* args, const char* bytes, std::int32_t count,
                    UConverterCallbackReason reason, UErrorCode* error) {
    if (reason > UCNV_IRREGULAR) return;
    auto& transcoder = *static_cast<Transcoder*>(const_cast<void*>(context));
    ++transcoder.malformed_;
    *error = U_ZERO_ERROR;
    char16_t out[Transcoder::kMaxExpansion / kUtf8PerUnit];
    std::int32_t n = 0;
    // A character that means nothing here is one character; a broken one may have taken what is behind it with it.
    const bool whole = reason == UCNV_UNASSIGNED || transcoder.charset_->kind == CharsetKind::kUnits;
    const std::int32_t most = std::min<std::int32_t>(count, std::size(out));
    for (std::int32_t i = 0; i < most && !whole; ++i) {
      const bool ascii = static_cast<unsigned char>(bytes[i]) < 0x80;
      if (ascii || n == 0 || out[n - 1] != kReplacement)
        out[n++] = ascii ? static_cast<char16_t>(bytes[i]) : kReplacement;
    }
    if (n == 0) out[n++] = kReplacement;
    ucnv_cbToUWriteUChars(args, out, n, 0, error);
  }
};

bool Transcoder::Begin(ConverterPool& pool, const Charset& charset) noexcept {
  End();
  converter_ = pool.Take(charset);
  if (converter_ == nullptr) return false;
  pool_ = &pool;
  charset_ = &charset;
  malformed_ = 0;
  high_ = 0;
  at_start_ = true;
  UErrorCode error = U_ZERO_ERROR;
  ucnv_setToUCallBack(converter_, MalformedInput::Write, this, nullptr, nullptr, &error);
  return true;
}

void Transcoder::End() noexcept {
  if (converter_ != nullptr) pool_->Give(*charset_, converter_);
  converter_ = nullptr;
}

// One call of each of ICU's two steps.
std::size_t Transcoder::Step(Bytes& in, bool flush, std::span<std::byte> out) noexcept {
  char16_t units[kUnits];
  char16_t* const begin = units + (high_ != 0 ? 1 : 0);
  units[0] = std::exchange(high_, char16_t{0});
  char16_t* end = begin;
  const char* from = AsText(in).data();
  const std::size_t room = std::min(kUnits, out.size() / kUtf8PerUnit);
  UErrorCode error = U_ZERO_ERROR;
  ucnv_toUnicode(converter_, &end, units + room, &from, from + in.size(), nullptr, flush, &error);
  in = in.subspan(static_cast<std::size_t>(from - AsText(in).data()));
  if (!flush && end > units && U16_IS_LEAD(end[-1])) high_ = *--end;
  const char16_t* first = units;
  if (at_start_ && end > units) {
    at_start_ = false;
    if (*first == kByteOrderMark) ++first;
  }
  std::int32_t written = 0;
  error = U_ZERO_ERROR;
  u_strToUTF8WithSub(reinterpret_cast<char*>(out.data()), static_cast<std::int32_t>(out.size()), &written, first,
                     static_cast<std::int32_t>(end - first), kReplacement, nullptr, &error);
  return static_cast<std::size_t>(written);
}

std::size_t Transcoder::Convert(Bytes& in, std::span<std::byte> out) noexcept {
  std::size_t n = 0;
  while (!in.empty() && out.size() - n >= kMaxExpansion) {
    const std::size_t before = in.size();
    const std::size_t written = Step(in, false, out.subspan(n));
    if (written == 0 && in.size() == before) in = in.subspan(1);  // whatever ICU did not like: nobody waits for ever
    n += written;
  }
  return n;
}

std::size_t Transcoder::Finish(std::span<std::byte> out) noexcept {
  Bytes none;
  return Step(none, true, out);
}

}  // namespace gander::content
