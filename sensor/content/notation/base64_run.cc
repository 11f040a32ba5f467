// SPDX-License-Identifier: Apache-2.0
#include "content/notation/base64_run.h"

#include <algorithm>
#include <array>
#include <bit>

#include "content/sniff.h"
#include "protocol/plain_text/plain_text.h"

#if defined(__AVX2__)
#include <immintrin.h>
#endif

namespace gander::content {
namespace {

constexpr std::size_t kBlock = 64;

using protocol::mime::kBase64Values;
using protocol::mime::kNotBase64;

// A byte is of the alphabets when the bit that its high half stands for is set in the row of its low half.
struct AlphabetTables {
  alignas(32) std::array<std::uint8_t, 32> rows{}, bits{};  // each twice, for the two halves of a vector
};
constexpr AlphabetTables kTables = [] {
  AlphabetTables t;
  for (std::size_t c = 0; c < 128; ++c) {
    if (kBase64Values[c] == kNotBase64) continue;
    const auto bit = static_cast<std::uint8_t>(1u << (c >> 4));
    for (const std::size_t half : {0, 16}) {
      t.rows[half + (c & 15)] = static_cast<std::uint8_t>(t.rows[half + (c & 15)] | bit);
      t.bits[half + (c >> 4)] = bit;
    }
  }
  return t;
}();

// Tells 64 bytes at a time which of them are of the alphabets, a bit each. Lives where it is used, so that its tables
// stay in registers.
class Alphabet {
 public:
  std::uint64_t In(const std::byte* p) const noexcept { return Half(p) | std::uint64_t{Half(p + 32)} << 32; }
  // The same of `n` <= 64 bytes, of which `before` more stand before.
  std::uint64_t In(const std::byte* p, std::size_t n, std::size_t before) const noexcept {
    if (n == kBlock) return In(p);
    if (n + before >= kBlock) return In(p + n - kBlock) >> (kBlock - n);
    std::uint64_t bits = 0;
    for (std::size_t i = 0; i < n; ++i) bits |= std::uint64_t{IsBase64(p[i])} << i;
    return bits;
  }

 private:
#if defined(__AVX2__)
  static __m256i Load(const std::array<std::uint8_t, 32>& from) noexcept {
    return _mm256_load_si256(reinterpret_cast<const __m256i*>(from.data()));
  }
  std::uint32_t Half(const std::byte* p) const noexcept {
    const __m256i x = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(p));
    const __m256i high = _mm256_and_si256(_mm256_srli_epi16(x, 4), _mm256_set1_epi8(0x0f));
    const __m256i both = _mm256_and_si256(_mm256_shuffle_epi8(rows_, x), _mm256_shuffle_epi8(bits_, high));
    return ~static_cast<std::uint32_t>(_mm256_movemask_epi8(_mm256_cmpeq_epi8(both, _mm256_setzero_si256())));
  }
  __m256i rows_ = Load(kTables.rows), bits_ = Load(kTables.bits);
#else
  std::uint32_t Half(const std::byte* p) const noexcept {
    std::uint32_t bits = 0;
    for (std::size_t i = 0; i < 32; ++i) bits |= std::uint32_t{IsBase64(p[i])} << i;
    return bits;
  }
#endif
};

#if defined(__AVX2__)
// Bits of the bytes at `p` above '@' and not '_', which of the alphabets only letters are; small ones apart.
struct Letters {
  explicit Letters(const std::byte* p) noexcept {
    const __m256i x = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(p));
    const __m256i above = _mm256_cmpgt_epi8(x, _mm256_set1_epi8('_'));
    small = static_cast<std::uint32_t>(_mm256_movemask_epi8(above));
    const __m256i letter = _mm256_andnot_si256(_mm256_cmpeq_epi8(x, _mm256_set1_epi8('_')),
                                               _mm256_cmpgt_epi8(x, _mm256_set1_epi8('@')));
    large = static_cast<std::uint32_t>(_mm256_movemask_epi8(_mm256_andnot_si256(above, letter)));
  }
  std::uint32_t small, large;
};
#endif

// The first block at `at` or behind that has a run or is no whole one. `open`: characters of a run that stand before
// it; `ones`: which of it are of the alphabets.
std::size_t SkipBlocks(Bytes in, std::size_t at, std::size_t& open, std::uint64_t& ones) noexcept {
  const Alphabet alphabet;
  const std::byte* const p = in.data();
  const std::size_t size = in.size();
  std::size_t before = open;
  for (; at + kBlock <= size; at += kBlock) {
    const std::uint64_t all = alphabet.In(p + at);
    if (HasRun(all, before)) {
      open = before;
      ones = all;
      return at;
    }
    before = static_cast<std::size_t>(std::countl_one(all));
  }
  open = before;
  if (at < size) ones = alphabet.In(p + at, size - at, at);
  return at;
}

// Of so few bytes each must be in place.
bool IsWellFormedText(Bytes bytes) noexcept {
  const std::uint8_t* p = Octets(bytes);
  for (std::size_t i = 0; i < bytes.size();) {
    const std::uint8_t c = p[i];
    const std::size_t more = c < 0x80 ? 0 : c < 0xc2 ? 9 : c < 0xe0 ? 1 : c < 0xf0 ? 2 : c < 0xf5 ? 3 : 9;
    const bool readable = more > 0 || (c >= 0x20 && c != 0x7f) || c == '\t' || c == '\n' || c == '\r';
    if (!readable || i + more >= bytes.size()) return false;
    for (std::size_t k = 1; k <= more; ++k) {
      if ((p[i + k] & 0xc0) != 0x80) return false;
    }
    i += 1 + more;
  }
  return true;
}

bool IsText(Bytes decoded) noexcept {
  constexpr std::size_t kFew = 16;
  return decoded.size() < kFew ? IsWellFormedText(decoded) : protocol::IsPlainlyText(decoded);
}

// UTF-16 of Latin letters and digits, as scripts of Windows have it.
bool IsWide(Bytes decoded) noexcept {
  if (decoded.size() < 16) return false;
  const std::size_t zero = decoded[0] == std::byte{0} ? 0 : 1;
  for (std::size_t i = 0; i < decoded.size(); ++i) {
    if ((decoded[i] == std::byte{0}) != (i % 2 == zero)) return false;
  }
  return true;
}

// Random bytes of this number read as text, of any character set, once in ten million times.
constexpr std::size_t kMany = 192;

bool IsFile(Bytes decoded) noexcept {
  const std::string_view magic = MagicOf(decoded);
  // Two bytes of magic are too few here; the third is the method, of which there is one (RFC 1952).
  return magic == "gzip" ? decoded[2] == std::byte{8} : !magic.empty();
}

}  // namespace

bool Base64Runs::Next(Base64Run& run) noexcept {
  for (;;) {
    while (size_ > 0) {
      if (InBlock(run)) return true;
    }
    at_ = SkipBlocks(in_, at_, open_, ones_);
    if (at_ >= in_.size()) break;
    size_ = std::min(kBlock, in_.size() - at_);
  }
  // What is open at the very end.
  run = {in_.size() - open_, in_.size()};
  open_ = 0;
  return run.begin < run.end;
}

// The next run in the block at hand. False when it is no run or goes on behind; the block is left behind its last.
bool Base64Runs::InBlock(Base64Run& run) noexcept {
  std::size_t begin = 0;
  if (open_ == 0) {
    const std::uint64_t runs = RunsIn(ones_);
    begin = runs != 0 ? static_cast<std::size_t>(std::countr_zero(runs))
                      : size_ - static_cast<std::size_t>(std::countl_one(ones_ << (kBlock - size_)));
  }
  const std::size_t end = begin + static_cast<std::size_t>(begin < size_ ? std::countr_one(ones_ >> begin) : 0);
  if (end >= size_) {
    open_ += size_ - begin;
    at_ += size_;
    size_ = 0;
    return false;
  }
  run = {at_ + begin - open_, at_ + end};
  open_ = 0;
  ones_ &= ~std::uint64_t{0} << end;
  return run.end - run.begin >= kMinBase64Run;
}

bool HasBothCases(Bytes in, Base64Run run) noexcept {
  std::uint32_t large = 0, small = 0;
#if defined(__AVX2__)
  for (; run.begin < run.end && run.begin + 32 <= in.size(); run.begin += 32) {
    const Letters letters(in.data() + run.begin);
    const std::uint32_t all = run.end - run.begin >= 32 ? ~0u : (1u << (run.end - run.begin)) - 1;
    large |= letters.large & all;
    small |= letters.small & all;
    if (large != 0 && small != 0) return true;
  }
#endif
  for (; run.begin < run.end; ++run.begin) {
    const auto c = static_cast<unsigned char>(in[run.begin]);
    large |= static_cast<std::uint32_t>(c >= 'A' && c <= 'Z');
    small |= static_cast<std::uint32_t>(c >= 'a' && c <= 'z');
  }
  return large != 0 && small != 0;
}

std::size_t Base64Extent::Take(Bytes in, bool& over) noexcept {
  std::size_t i = 0;
  for (; i < in.size(); ++i) {
    const auto c = static_cast<char>(in[i]);
    if (padding_ == 0 && IsBase64(in[i])) {
      ++characters_;
      ++line_;
    } else if (c == '=' && padding_ < 2) {
      ++padding_;
    } else if (padding_ == 0 && (c == '\r' || c == '\n' || c == ' ' || c == '\t') && EndsLine()) {
      if (full_line_ == 0) full_line_ = line_;
      line_ = 0;
    } else {
      over = true;
      return i;
    }
  }
  over = false;
  return i;
}

bool Base64Extent::IsWhole() const noexcept {
  if (characters_ + padding_ < kMinBase64 || characters_ % 4 == 1) return false;
  return padding_ == 0 || (characters_ + padding_) % 4 == 0;
}

Base64Verdict JudgeBase64(Bytes value, std::span<std::byte> decoded, std::size_t& size) noexcept {
  // Enough to tell nearly everything that is no base64.
  constexpr std::size_t kFirst = 32;
  protocol::mime::Base64Decoder decoder;
  Bytes rest = value;
  Bytes first = TakeFront(rest, kFirst);
  size = decoder.Decode(first, decoded);
  if (IsFile(decoded.first(size))) return Base64Verdict::kFile;
  const bool wide = IsWide(decoded.first(size));
  const bool many = value.size() * 3 / 4 >= kMany;
  if (!wide && !many && size >= 16 && !IsText(decoded.first(size))) return Base64Verdict::kNone;
  size += decoder.Decode(rest, decoded.subspan(size));
  size += decoder.Finish(decoded.subspan(size));
  if (IsText(decoded.first(size))) return Base64Verdict::kText;
  if (many && IsFile(decoded.first(size))) return Base64Verdict::kFile;  // a tar archive tells by its first block
  const bool other = wide || (size >= kMany && protocol::ReadsAsText(decoded.first(size)));
  return other ? Base64Verdict::kOther : Base64Verdict::kNone;
}

}  // namespace gander::content
