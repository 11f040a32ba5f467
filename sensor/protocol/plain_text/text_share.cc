// SPDX-License-Identifier: Apache-2.0
// Decides by counting. Random or compressed bytes are 38 % printable, 12 % control characters and 50 % above
// 0x7f; every threshold below keeps a wide distance to those shares.
#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

#include "protocol/plain_text/plain_text.h"

#if defined(__AVX2__)
#include <immintrin.h>
#endif

namespace gander::protocol {
namespace {

constexpr std::size_t kWindow = 256, kGlance = 64;
constexpr std::size_t kReadablePercent = 60;
// Of fewer than kEnoughToJudge random bytes sixty percent are readable every now and then.
constexpr std::size_t kReadablePercentOfFew = 75;
constexpr std::size_t kControlPercent = 2;
// Of random bytes, sixteen in a row with so few exceptions come once in a million.
constexpr std::size_t kPlainBytes = 16, kPlainPercent = 94;

struct Shares {
  std::size_t total = 0;
  std::size_t readable = 0;  // printable ASCII, white space, bytes of well-formed UTF-8 sequences
  std::size_t control = 0;   // C0 controls and DEL
  std::size_t utf16 = 0;     // readable bytes beside a zero
};

// 64 bytes, one bit each.
struct Kinds {
  std::uint64_t ascii = 0;         // printable or white space
  std::uint64_t control = 0;       // other bytes below 0x20, and DEL
  std::uint64_t zero = 0;
  std::uint64_t continuation = 0;  // 0x80..0xbf
  std::uint64_t lead2 = 0, lead3 = 0, lead4 = 0;
};

#if defined(__AVX2__)
class Vector32 {
 public:
  explicit Vector32(const std::uint8_t* p) noexcept : v_(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(p))) {}
  // `n` <= 32 bytes, zeros behind them: not by way of memory, where the load would wait for the copy. Whole words come
  // by a masked load, which reads nothing behind them, then the odd bytes.
  Vector32(const std::uint8_t* p, std::size_t n) noexcept {
    const __m256i word = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
    const __m256i words = _mm256_set1_epi32(static_cast<int>(n / 4));
    const __m256i whole = _mm256_maskload_epi32(reinterpret_cast<const int*>(p), _mm256_cmpgt_epi32(words, word));
    std::uint32_t odd = 0;
    for (std::size_t i = n / 4 * 4; i < n; ++i) odd |= std::uint32_t{p[i]} << i % 4 * 8;
    const __m256i odds = _mm256_and_si256(_mm256_cmpeq_epi32(words, word), _mm256_set1_epi32(static_cast<int>(odd)));
    v_ = _mm256_or_si256(whole, odds);
  }
  // Bytes from `first` to `last`, as unsigned numbers.
  std::uint64_t Between(std::uint8_t first, std::uint8_t last) const noexcept {
    const __m256i from_first = _mm256_sub_epi8(v_, _mm256_set1_epi8(static_cast<char>(first)));
    const __m256i width = _mm256_set1_epi8(static_cast<char>(last - first));
    const __m256i inside = _mm256_cmpeq_epi8(_mm256_min_epu8(from_first, width), from_first);
    return static_cast<std::uint32_t>(_mm256_movemask_epi8(inside));
  }

 private:
  __m256i v_;
};
#else
class Vector32 {
 public:
  explicit Vector32(const std::uint8_t* p) noexcept : Vector32(p, 32) {}
  Vector32(const std::uint8_t* p, std::size_t n) noexcept { std::memcpy(bytes_.data(), p, n); }
  std::uint64_t Between(std::uint8_t first, std::uint8_t last) const noexcept {
    std::uint64_t bits = 0;
    for (std::size_t i = 0; i < bytes_.size(); ++i) {
      bits |= std::uint64_t{bytes_[i] >= first && bytes_[i] <= last} << i;
    }
    return bits;
  }

 private:
  std::array<std::uint8_t, 32> bytes_{};
};
#endif

struct Vector64 {
  Vector32 low, high;
  std::uint64_t Between(std::uint8_t first, std::uint8_t last) const noexcept {
    return low.Between(first, last) | high.Between(first, last) << 32;
  }
};

// Bits that are not in `all` are no bytes.
template <class Vector>
Kinds KindsIn(const Vector& v, std::uint64_t all) noexcept {
  const std::uint64_t space = v.Between('\t', '\n') | v.Between('\r', '\r');
  Kinds k;
  k.ascii = v.Between(0x20, 0x7e) | space;
  k.control = ((v.Between(0, 0x1f) & ~space) | v.Between(0x7f, 0x7f)) & all;
  k.zero = v.Between(0, 0) & all;
  k.continuation = v.Between(0x80, 0xbf);
  k.lead2 = v.Between(0xc2, 0xdf);
  k.lead3 = v.Between(0xe0, 0xef);
  k.lead4 = v.Between(0xf0, 0xf4);
  return k;
}

// Of up to 64 bytes.
Kinds KindsOf(const std::uint8_t* p, std::size_t n) noexcept {
  if (n == 64) return KindsIn(Vector64{Vector32(p), Vector32(p + 32)}, ~std::uint64_t{0});
  const std::uint64_t all = (std::uint64_t{1} << n) - 1;
  if (n <= 32) return KindsIn(Vector32(p, n), all);
  return KindsIn(Vector64{Vector32(p), Vector32(p + 32, n - 32)}, all);
}

std::size_t Ones(std::uint64_t bits) noexcept { return static_cast<std::size_t>(std::popcount(bits)); }

// `before` and `after` are the blocks beside `k`, of nothing at the ends.
void Count(const Kinds& before, const Kinds& k, const Kinds& after, Shares& shares) noexcept {
  const auto behind = [&](int d) { return k.continuation >> d | after.continuation << (64 - d); };
  const std::uint64_t beside_zero = k.zero << 1 | before.zero >> 63 | k.zero >> 1 | after.zero << 63;
  const std::uint64_t one = behind(1), two = one & behind(2), three = two & behind(3);
  shares.readable += Ones(k.ascii) + 2 * Ones(k.lead2 & one) + 3 * Ones(k.lead3 & two) + 4 * Ones(k.lead4 & three);
  shares.control += Ones(k.control);
  shares.utf16 += Ones(k.ascii & beside_zero);
}

void Count(Bytes window, Shares& shares) noexcept {
  if (window.empty()) return;
  shares.total += window.size();
  const auto next = [&] {
    const Bytes block = TakeFront(window, 64);
    return KindsOf(Octets(block), block.size());
  };
  Kinds before, k = next();
  while (!window.empty()) {
    const Kinds after = next();
    Count(before, k, after, shares);
    before = k;
    k = after;
  }
  Count(before, k, {}, shares);
}

bool IsText(const Shares& shares) noexcept {
  if (shares.total == 0) return false;
  const std::size_t percent = shares.total >= kEnoughToJudge ? kReadablePercent : kReadablePercentOfFew;
  if (shares.readable * 100 >= shares.total * percent) return true;
  if (shares.utf16 * 2 * 100 >= shares.total * 80) return true;
  return shares.total >= kEnoughToJudge && shares.control * 100 < shares.total * kControlPercent;
}

}  // namespace

bool ReadsAsText(Bytes payload) noexcept {
  Shares shares;
  if (payload.size() <= 3 * kWindow) {
    Count(payload, shares);
  } else {
    Count(payload.first(kWindow), shares);
    Count(payload.subspan(payload.size() / 2, kWindow), shares);
    Count(payload.last(kWindow), shares);
  }
  return IsText(shares);
}

// A text has a stretch that reads as one by itself, among three.
bool ReadsAsText(Bytes payload, const BinaryRun& run) noexcept {
  if (!run.IsLong() || payload.size() <= 3 * kGlance) return ReadsAsText(payload);
  for (const std::size_t at : {std::size_t{0}, payload.size() / 2, payload.size() - kGlance}) {
    Shares shares;
    Count(payload.subspan(at, kGlance), shares);
    if (IsText(shares)) return ReadsAsText(payload);
  }
  return false;
}

bool IsPlainlyText(Bytes payload) noexcept {
  if (payload.size() < kPlainBytes) return false;
  Shares shares;
  Count(payload.first(std::min(payload.size(), kWindow)), shares);
  return shares.readable * 100 >= shares.total * kPlainPercent;
}

}  // namespace gander::protocol
