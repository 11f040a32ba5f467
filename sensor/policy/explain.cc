// SPDX-License-Identifier: Apache-2.0
// Policy::Explain: the judgement, with what each entry of the register had to say to it.
#include <algorithm>
#include <tuple>

#include "policy/match.h"

namespace gander::policy {
namespace {

struct Looked {
  Consideration said;
  Rank rank;
};

std::string WhyOff(const TransferEntry& e, OffWay off) {
  switch (off) {
    case OffWay::kRecipient:
      return "names another recipient";
    case OffWay::kSource:
      return "is about data from " + (e.from.empty() ? std::string("any") : e.from);
    case OffWay::kClass:
      return "is about other classes of data";
    case OffWay::kDirection:
      return e.direction == TransferEntry::Direction::kPush ? "is about data that its holder sends"
                                                            : "is about data that its recipient fetches";
    case OffWay::kNone:
      break;
  }
  return {};
}

Looked Look(const Scene& s, int entry) {
  Looked out;
  out.said.entry = entry;
  const TransferEntry& e = s.policy.source.transfers[static_cast<std::size_t>(entry)];
  const OffWay off = MatchWay(s, entry, out.rank);
  if (off != OffWay::kNone) {
    out.rank = {};
    out.said.why = WhyOff(e, off);
    return out;
  }
  const Misfit misfit = MisfitOf(s, entry);
  out.said.fits_way = true;
  out.said.fits = misfit == Misfit::kNone;
  out.said.why =
      misfit == Misfit::kOtherPeople
          ? "does not name people of " + std::string(s.m.subjects.text())
          : Say(s, entry, misfit).why.substr(s.policy.entries[static_cast<std::size_t>(entry)].name.size() + 1);
  return out;
}

}  // namespace

Explanation Policy::Explain(const Movement& m) const {
  Scene scene = SceneOf(*this, *impl_, m);
  if (m.opened == Movement::Opened::kUnsure) scene.opened = Movement::Opened::kBySender;
  std::vector<Looked> all;
  for (std::size_t i = 0; i < impl_->entries.size(); ++i) {
    if (impl_->source.transfers[i].retired) continue;
    Looked looked = Look(scene, static_cast<int>(i));
    if (m.opened == Movement::Opened::kUnsure && !looked.said.fits_way) {
      Scene pulled = scene;
      pulled.opened = Movement::Opened::kByRecipient;
      looked = Look(pulled, static_cast<int>(i));
    }
    all.push_back(std::move(looked));
  }
  const auto& entries = impl_->source.transfers;
  std::sort(all.begin(), all.end(), [&](const Looked& a, const Looked& b) {
    if (a.said.fits_way != b.said.fits_way) return a.said.fits_way;
    if (a.rank != b.rank) return a.rank > b.rank;
    return entries[static_cast<std::size_t>(a.said.entry)].id < entries[static_cast<std::size_t>(b.said.entry)].id;
  });
  Explanation out{Judge(m), {}};
  for (Looked& looked : all) out.considered.push_back(std::move(looked.said));
  return out;
}

}  // namespace gander::policy
