// SPDX-License-Identifier: Apache-2.0
#include "policy/legal_meter.h"

#include <chrono>

#include "policy/impl.h"

namespace gander::policy {
namespace {

bool Named(const std::vector<std::string>& classes, std::string_view data_class, identify::Sensitivity sensitivity) {
  const std::string_view word = identify::NameOf(sensitivity);
  for (const std::string& c : classes) {
    if (c == data_class || c == word) return true;
  }
  return classes.empty();
}

template <class T>
bool IsIn(const std::vector<T>& list, const T& value) {
  for (const T& item : list) {
    if (item == value) return true;
  }
  return false;
}

}  // namespace

Timestamp WindowBegin(LegalMeter::Window window, Timestamp now) noexcept {
  using namespace std::chrono;
  const sys_days day = floor<days>(sys_time<nanoseconds>(nanoseconds(now.ns)));
  const year_month_day date{day};
  year_month_day begin = date.year() / January / 1;
  if (window == LegalMeter::Window::kTwelveMonths) {
    begin = (date.year() - years(1)) / date.month() / date.day();
    if (!begin.ok()) begin = begin.year() / March / 1;  // of 29 February
  }
  return {duration_cast<nanoseconds>(sys_days(begin).time_since_epoch()).count()};
}

bool HoldsRecords(const Asset& asset, std::string_view data_class, identify::Sensitivity sensitivity) noexcept {
  return Named(asset.records, data_class, sensitivity);
}

bool Policy::Counts(const LegalMeter& meter, const Party& from, const Party& to) const noexcept {
  if (meter.retired || !Own(from.zone)) return false;
  const bool zone = IsIn(meter.zones, zones()[from.zone].id), state = IsIn(meter.from, from.jurisdiction);
  if (!zone && !state && !(meter.zones.empty() && meter.from.empty())) return false;
  if (meter.anywhere) return !Own(to.zone);
  if (from.jurisdiction.known() && from.jurisdiction == to.jurisdiction) return false;
  return meter.to.empty() || IsIn(meter.to, to.jurisdiction);
}

bool Policy::Counts(const LegalTier& tier, std::string_view data_class,
                    identify::Sensitivity sensitivity) const noexcept {
  const DataClass* known = impl_->ClassOf(data_class);
  return Named(tier.classes, data_class, known != nullptr && known->has_sensitivity ? known->sensitivity : sensitivity);
}

}  // namespace gander::policy
