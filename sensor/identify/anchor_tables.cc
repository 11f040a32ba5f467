// SPDX-License-Identifier: Apache-2.0
#include "identify/anchor_tables.h"

#include <algorithm>
#include <cstring>
#include <string>
#include <string_view>
#include <unordered_map>

#include "identify/char_class.h"
#include "identify/sample_text.h"

namespace gander::identify {
namespace {

constexpr std::size_t kSampleBytes = 64 * 1024;
constexpr std::size_t kBegins = 256;  // the most frequent begins of words are looked at
constexpr int kRounds = 2;            // of putting each anchor where it does the least harm; more change little

// What stands in ordinary text where no word goes on, and how often.
struct WordBegin {
  char key[kAnchorBytes];
  double count;
};

std::vector<WordBegin> SampleBegins() {
  SampleOptions options;
  options.bytes = kSampleBytes;
  const std::string text = SampleText(options);
  std::unordered_map<std::string_view, double> counts;
  for (std::size_t i = 0; i + kAnchorBytes <= text.size(); ++i) {
    if (!IsWord(text[i]) || i == 0 || !IsWord(text[i - 1])) {
      ++counts[std::string_view(text).substr(i, kAnchorBytes)];
    }
  }
  std::vector<std::pair<double, std::string_view>> sorted;
  for (const auto& [key, count] : counts) sorted.emplace_back(-count, key);
  std::sort(sorted.begin(), sorted.end());
  sorted.resize(std::min(kBegins, sorted.size()));
  std::vector<WordBegin> out;
  for (const auto& [count, key] : sorted) {
    WordBegin& w = out.emplace_back();
    std::memcpy(w.key, key.data(), kAnchorBytes);
    w.count = -count;
  }
  return out;
}

class Parting {
 public:
  explicit Parting(std::vector<Anchor> anchors)
      : anchors_(std::move(anchors)), place_(anchors_.size(), -1), begins_(SampleBegins()) {
    for (int round = 0; round < kRounds; ++round) {
      for (std::size_t i = 0; i < anchors_.size(); ++i) {
        place_[i] = -1;
        place_[i] = Best(anchors_[i]);
      }
    }
  }
  AnchorTables Tables() const {
    AnchorTables all;
    for (std::size_t i = 0; i < anchors_.size(); ++i) all.Enter(place_[i], anchors_[i]);
    return all;
  }

 private:
  int Best(const Anchor& anchor) const {
    if (anchor.anywhere) return AnchorTables::kAnywhereBucket;
    int best = 0;
    double least = 0;
    for (int bucket = 0; bucket < AnchorTables::kAnywhereBucket; ++bucket) {
      AnchorTables tables = OfBucket(bucket);
      const double before = Cost(tables);
      tables.Enter(bucket, anchor);
      const double more = Cost(tables) - before;
      if (bucket > 0 && more >= least) continue;
      best = bucket;
      least = more;
    }
    return best;
  }
  AnchorTables OfBucket(int bucket) const {
    AnchorTables tables;
    for (std::size_t i = 0; i < anchors_.size(); ++i) {
      if (place_[i] == bucket) tables.Enter(bucket, anchors_[i]);
    }
    return tables;
  }
  // Of the tables of one bucket: comparisons that the sample would call for, and, so that what the sample does not hold
  // counts too, the share of all there is that they let through.
  double Cost(const AnchorTables& tables) const {
    double sum = 0, share = 1;
    for (const WordBegin& w : begins_) sum += tables.Buckets(w.key) != 0 ? w.count : 0;
    const auto members = [](const AnchorTables::Halves& halves) {
      return static_cast<double>(std::count_if(halves.begin(), halves.end(), [](auto bits) { return bits != 0; }));
    };
    for (std::size_t i = 0; i < kAnchorBytes; ++i) share *= members(tables.low[i]) * members(tables.high[i]) / 256;
    return sum + share * static_cast<double>(kSampleBytes);
  }

  std::vector<Anchor> anchors_;
  std::vector<int> place_;  // bucket, or -1
  std::vector<WordBegin> begins_;
};

}  // namespace

void AnchorTables::Enter(int bucket, const Anchor& anchor) noexcept {
  const auto bit = static_cast<std::uint8_t>(1u << bucket);
  for (std::size_t i = 0; i < kAnchorBytes; ++i) {
    if (i >= anchor.length) {
      for (std::uint8_t& half : low[i]) half |= bit;
      for (std::uint8_t& half : high[i]) half |= bit;
      continue;
    }
    const char c = anchor.key[i];
    low[i][static_cast<unsigned char>(c) & 15] |= bit;
    high[i][static_cast<unsigned char>(c) >> 4] |= bit;
    if (anchor.both_cases[i]) high[i][static_cast<unsigned char>(ToUpper(c)) >> 4] |= bit;
  }
}

AnchorTables MakeAnchorTables(std::vector<Anchor> anchors) {
  std::vector<Anchor> unique;
  // Short ones first: theirs are the worst buckets to share.
  std::stable_sort(anchors.begin(), anchors.end(),
                   [](const Anchor& a, const Anchor& b) { return a.length < b.length; });
  for (const Anchor& a : anchors) {
    if (std::find(unique.begin(), unique.end(), a) == unique.end()) unique.push_back(a);
  }
  return Parting(std::move(unique)).Tables();
}

}  // namespace gander::identify
