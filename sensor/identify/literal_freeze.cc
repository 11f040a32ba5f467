// SPDX-License-Identifier: Apache-2.0
// From the literals taken in to databases: out of the cache, or compiled in both variants, of which the faster stays;
// and of literals the filter, where it is faster than both.
#include <algorithm>
#include <iterator>

#include "identify/literal_cache_file.h"
#include "identify/literal_set.h"
#include "identify/sample_text.h"

namespace gander::identify {

// All that decides the compiled bytes, each text closed by a zero byte.
LiteralCache::Key LiteralSet::CacheKey() const {
  std::string all = std::to_string(kCacheVersion) + '\0' + PlatformWords() + '\0';
  for (std::size_t i = 0; i < literals_.size(); ++i) {
    all += patterns_.texts[i] + '\0' + std::to_string(patterns_.flags[i]) + '\0';
    all += literals_[i].use == LiteralUse::kExpression ? 'e' : 'l';
  }
  return LiteralCache::KeyOf(all);
}

std::string LiteralSet::Sample() const {
  SampleOptions options;
  options.sprinkled = texts_;
  return SampleText(options);
}

bool LiteralSet::Restore(const LiteralCache::Entry& entry) {
  const std::size_t sets = entry.filter && expressions_ == 0 ? 0 : 1;
  if (entry.blobs.size() != sets + expressions_ || (entry.filter && !filter_serves_)) return false;
  std::vector<Database> restored;
  for (const std::string& blob : entry.blobs) {
    restored.push_back(Deserialise(blob));
    if (restored.back() == nullptr) return false;
  }
  if (sets > 0) database_ = std::move(restored.front());
  begins_.assign(std::make_move_iterator(restored.begin() + static_cast<std::ptrdiff_t>(sets)),
                 std::make_move_iterator(restored.end()));
  filtering_ = entry.filter;
  return true;
}

Patterns LiteralSet::Expressions() const {
  Patterns out;
  for (std::uint32_t i = 0; i < size(); ++i) {
    if (literals_[i].use != LiteralUse::kExpression) continue;
    out.texts.push_back(patterns_.texts[i]);
    out.flags.push_back(patterns_.flags[i]);
    out.ids.push_back(i);
  }
  return out;
}

// Bytes of `text` searched in a second, given their masks: those are made whoever looks for literals.
double LiteralSet::FilterRate(std::string_view text) const {
  constexpr std::size_t kBlock = 16 * 1024;
  constexpr int kRounds = 7;
  std::vector<RunMasks> masks((text.size() + kBlock - 1) / kBlock);
  for (std::size_t i = 0; i < masks.size(); ++i) {
    const std::string_view block = text.substr(i * kBlock, kBlock);
    masks[i].Build(block.data(), 0, block.size());
  }
  LiteralScratch scratch;
  Prepare(scratch);
  std::vector<LiteralHit> hits;
  double best = 0;
  for (int round = 0; round < kRounds; ++round) {
    const double begin = ThreadSeconds();
    for (std::size_t i = 0; i < masks.size(); ++i) {
      const std::string_view block = text.substr(i * kBlock, kBlock);
      hits.clear();
      Find(block, 0, block.size(), masks[i], scratch, hits);
    }
    best = std::max(best, static_cast<double>(text.size()) / std::max(ThreadSeconds() - begin, 1e-9));
  }
  return best;
}

// Leaves it in use when it is faster than the database at hand.
void LiteralSet::TryFilter(LiteralCache::Entry& entry) {
  if (!filter_serves_) return;
  Database all = std::move(database_);
  Refusal refusal;
  if (expressions_ > 0) database_ = CompileForScan(Expressions(), entry.variant, refusal);
  if (expressions_ == 0 || database_ != nullptr) {
    filtering_ = true;
    entry.filter_rate = FilterRate(Sample());
    entry.filter = entry.filter_rate > std::max(entry.generic_rate, entry.native_rate);
    filtering_ = entry.filter;
  }
  if (!filtering_) database_ = std::move(all);
}

LiteralSet::Fault LiteralSet::CompileFaster(LiteralCache::Entry& entry) {
  Refusal refusal;
  Database generic = CompileForScan(patterns_, Variant::kGeneric, refusal);
  if (generic == nullptr) {
    const bool known = refusal.pattern >= 0 && static_cast<std::size_t>(refusal.pattern) < literals_.size();
    return {refusal.words, known ? literals_[static_cast<std::size_t>(refusal.pattern)].rule : kNoRule};
  }
  // What compiles for no processor in particular and not for this one is no fault: there is one to use.
  Database native = HasNativeVariant() ? CompileForScan(patterns_, Variant::kNative, refusal) : nullptr;
  const std::vector<double> rates = MeasureRates({generic.get(), native.get()}, Sample());
  entry.generic_rate = rates[0];
  entry.native_rate = rates[1];
  entry.variant = rates[1] > rates[0] ? Variant::kNative : Variant::kGeneric;
  database_ = std::move(entry.variant == Variant::kNative ? native : generic);
  TryFilter(entry);
  return {};
}

LiteralSet::Fault LiteralSet::Compile(LiteralCache::Entry& entry) {
  if (Fault fault = CompileFaster(entry); !fault.words.empty()) return fault;
  begins_.clear();
  for (std::size_t i = 0; i < literals_.size(); ++i) {
    if (literals_[i].use != LiteralUse::kExpression) continue;
    Refusal refusal;
    begins_.push_back(CompileForBegin(patterns_.texts[i], refusal));
    if (begins_.back() == nullptr) return {refusal.words, literals_[i].rule};
  }
  return {};
}

LiteralSet::Fault LiteralSet::Freeze(LiteralCache& cache) {
  if (literals_.empty()) return {};
  filter_.Freeze();
  const LiteralCache::Key key = CacheKey();
  LiteralCache::Entry entry;
  build_.from_cache = cache.Load(key, entry) && Restore(entry);
  if (!build_.from_cache) {
    entry = {};
    if (Fault fault = Compile(entry); !fault.words.empty()) return fault;
    if (cache.enabled()) {
      if (database_ != nullptr) entry.blobs.push_back(Serialise(*database_));
      for (const Database& begin : begins_) entry.blobs.push_back(Serialise(*begin));
      cache.Store(key, entry);
    }
  }
  build_.patterns = static_cast<std::uint32_t>(literals_.size());
  build_.expressions = expressions_;
  build_.variant = NameOf(entry.variant);
  build_.generic_rate = entry.generic_rate;
  build_.native_rate = entry.native_rate;
  build_.filter = entry.filter;
  build_.filter_rate = entry.filter_rate;
  build_.cache_file = cache.enabled() ? cache.PathOf(key) : "";
  build_.cache_note = cache.note();
  return {};
}

LiteralSet LiteralSet::OnlyExpression(std::uint32_t i) const {
  LiteralSet one;
  LiteralCache no_cache;
  (void)one.AddExpression(patterns_.texts[i], literals_[i].rule);
  (void)one.Freeze(no_cache);
  return one;
}

}  // namespace gander::identify
