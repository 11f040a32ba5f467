// SPDX-License-Identifier: Apache-2.0
#include "policy/keep_places.h"

#include <algorithm>
#include <iterator>

namespace gander::policy {
namespace {

void Retire(Zone& zone) { zone.nets.clear(); }
void Retire(Asset& asset) { asset.hosts.clear(); }
void Retire(TransferEntry&) {}
void Retire(LegalMeter&) {}

template <class T>
void KeepList(const std::vector<T>& before, std::vector<T>& next) {
  std::vector<T> out;
  out.reserve(before.size() + next.size());
  for (const T& old : before) {
    const auto at = std::find_if(next.begin(), next.end(), [&](const T& x) { return x.id == old.id; });
    if (at != next.end()) {
      out.push_back(std::move(*at));
      next.erase(at);
    } else {
      out.push_back(old);
      out.back().retired = true;
      Retire(out.back());
    }
  }
  std::move(next.begin(), next.end(), std::back_inserter(out));
  next = std::move(out);
}

}  // namespace

void KeepPlaces(const Policy& before, PolicySource& next) {
  KeepList(before.source().zones, next.zones);
  KeepList(before.source().assets, next.assets);
  KeepList(before.source().transfers, next.transfers);
  KeepList(before.source().meters, next.meters);
}

}  // namespace gander::policy
