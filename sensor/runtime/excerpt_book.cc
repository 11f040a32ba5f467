// SPDX-License-Identifier: Apache-2.0
#include "runtime/excerpt_book.h"

#include <openssl/crypto.h>

#include <algorithm>
#include <utility>

#include "evidence/tree.h"

namespace gander::runtime {
namespace {

// An end that the alert leaves open fits any.
bool Fits(const IpAddress& asked, const IpAddress& is) { return asked == IpAddress{} || asked == is; }

bool Fits(const FiveTuple& asked, const FiveTuple& is) {
  return (Fits(asked.source, is.source) && Fits(asked.destination, is.destination)) ||
         (Fits(asked.source, is.destination) && Fits(asked.destination, is.source));
}

bool IsOlder(const report::Excerpt& a, const report::Excerpt& b) {
  return std::pair(a.key.time, a.key) < std::pair(b.key.time, b.key);
}

}  // namespace

ExcerptBook::~ExcerptBook() {
  for (report::Excerpt& e : kept_) e.Wipe();
}

void ExcerptBook::Merge(std::span<const std::unique_ptr<SealedEpoch>> parts, Timestamp end) {
  for (const auto& part : parts) epoch_.Merge(part->excerpts);
  counters_.crowded += epoch_.refused();
  std::vector<report::Excerpt*> fresh;
  for (auto& [pair, excerpt] : epoch_.kept()) fresh.push_back(&excerpt);
  std::sort(fresh.begin(), fresh.end(), [](const auto* a, const auto* b) { return IsOlder(*a, *b); });
  for (report::Excerpt* excerpt : fresh) Keep(std::move(*excerpt));
  epoch_.Clear();
  while (!kept_.empty() && end - kept_.front().key.time > kKeptFor) GiveUp(kept_.begin());
}

void ExcerptBook::GiveUp(const std::deque<report::Excerpt>::iterator& at) {
  at->Wipe();
  kept_.erase(at);
}

void ExcerptBook::Keep(report::Excerpt excerpt) {
  const AddressPair pair = PairOf(excerpt.tuple);
  const auto of_pair = [&pair](const report::Excerpt& e) { return PairOf(e.tuple) == pair; };
  if (std::count_if(kept_.begin(), kept_.end(), of_pair) >= static_cast<std::ptrdiff_t>(kMaxOfPair)) {
    GiveUp(std::find_if(kept_.begin(), kept_.end(), of_pair));
  }
  if (kept_.size() == kMaxKept) {
    GiveUp(kept_.begin());
    ++counters_.given_up;
  }
  kept_.push_back(std::move(excerpt));
}

std::vector<const report::Excerpt*> ExcerptBook::Fitting(const detect::Alert& alert) const {
  std::vector<const report::Excerpt*> fitting;
  if (alert.tuple.source == IpAddress{} && alert.tuple.destination == IpAddress{}) return fitting;
  for (const report::Excerpt& e : kept_) {
    if (Fits(alert.tuple, e.tuple)) fitting.push_back(&e);
  }
  const auto is_own = [&](const report::Excerpt* e) { return alert.flow_id != 0 && e->key.flow_id == alert.flow_id; };
  std::stable_sort(fitting.begin(), fitting.end(), [&](const auto* a, const auto* b) {
    return is_own(a) != is_own(b) ? is_own(a) : IsOlder(*b, *a);
  });
  if (fitting.size() > kMaxTold) fitting.resize(kMaxTold);
  std::sort(fitting.begin(), fitting.end(), [](const auto* a, const auto* b) { return IsOlder(*a, *b); });
  return fitting;
}

void ExcerptBook::Seal(detect::Alert& alert, report::Quarantine& quarantine) {
  const std::vector<const report::Excerpt*> fitting = Fitting(alert);
  if (fitting.empty()) return;
  std::string document = report::WriteExcerpts(alert, fitting);
  const evidence::Hash hash = evidence::Sha256(document);
  const bool kept = quarantine.Offer(hash, AsBytes(document));
  OPENSSL_cleanse(document.data(), document.size());
  ++(kept ? counters_.sealed : counters_.refused);
  if (!kept) return;
  alert.context.BeginObject("excerpt")
      .String("sha256", evidence::ToHex(hash))
      .Boolean("masked", fitting.front()->masked)
      .Integer("texts", static_cast<std::int64_t>(fitting.size()))
      .EndObject();
}

}  // namespace gander::runtime
