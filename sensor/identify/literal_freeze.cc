// SPDX-License-Identifier: Apache-2.0
// From the literals taken in to databases: out of the cache, or compiled in both variants, of which the
// faster stays.
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
  if (entry.blobs.size() != std::size_t{1} + expressions_) return false;
  std::vector<Database> restored;
  for (const std::string& blob : entry.blobs) {
    restored.push_back(Deserialise(blob));
    if (restored.back() == nullptr) return false;
  }
  database_ = std::move(restored.front());
  begins_.assign(std::make_move_iterator(restored.begin() + 1), std::make_move_iterator(restored.end()));
  return true;
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
  const LiteralCache::Key key = CacheKey();
  LiteralCache::Entry entry;
  build_.from_cache = cache.Load(key, entry) && Restore(entry);
  if (!build_.from_cache) {
    entry = {};
    if (Fault fault = Compile(entry); !fault.words.empty()) return fault;
    if (cache.enabled()) {
      entry.blobs.push_back(Serialise(*database_));
      for (const Database& begin : begins_) entry.blobs.push_back(Serialise(*begin));
      cache.Store(key, entry);
    }
  }
  build_.patterns = static_cast<std::uint32_t>(literals_.size());
  build_.expressions = expressions_;
  build_.variant = NameOf(entry.variant);
  build_.generic_rate = entry.generic_rate;
  build_.native_rate = entry.native_rate;
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
