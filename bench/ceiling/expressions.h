// SPDX-License-Identifier: Apache-2.0
// What the ceiling gives Hyperscan: 68 literals with four literal-anchored tokens, or naive expressions.
#ifndef GANDER_BENCH_CEILING_EXPRESSIONS_H_
#define GANDER_BENCH_CEILING_EXPRESSIONS_H_

#include <hs/hs.h>

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

namespace gander::bench {

struct Expression {
  const char* text;
  bool caseless = false;
};
std::span<const Expression> Literals();
std::span<const Expression> Naive();

// A block-mode database with its scratch. `wide`: compiled for AVX2, else for no particular processor.
class Database {
 public:
  Database(std::span<const Expression> expressions, bool wide);
  // Matches in `text`, scanned in blocks of 16 KB.
  std::uint64_t Count(std::string_view text) const;
  Database Clone() const;  // for another thread

 private:
  struct Free {
    void operator()(hs_database_t* d) const { hs_free_database(d); }
    void operator()(hs_scratch_t* s) const { hs_free_scratch(s); }
  };
  Database() = default;
  std::shared_ptr<hs_database_t> database_;
  std::unique_ptr<hs_scratch_t, Free> scratch_;
};

inline constexpr std::size_t kScanBlock = 16384;

}  // namespace gander::bench

#endif  // GANDER_BENCH_CEILING_EXPRESSIONS_H_
