// SPDX-License-Identifier: Apache-2.0
#include "sandbox/capabilities.h"

#include <sys/capability.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <algorithm>
#include <memory>

namespace gander::sandbox {
namespace {

struct CapabilityFree {
  void operator()(void* p) const noexcept { cap_free(p); }
};
using Set = std::unique_ptr<std::remove_pointer_t<cap_t>, CapabilityFree>;

bool Has(cap_t set, int which) {
  cap_flag_value_t value = CAP_CLEAR;
  return cap_get_flag(set, which, CAP_PERMITTED, &value) == 0 && value == CAP_SET;
}

// What no program started from here could ever get. Needs CAP_SETPCAP, which only root has.
void ShrinkBound(const std::vector<int>& keep) {
  for (int c = 0; cap_get_bound(c) >= 0; ++c) {
    if (std::find(keep.begin(), keep.end(), c) == keep.end()) (void)cap_drop_bound(c);
  }
}

}  // namespace

void KeepCapabilitiesOverSwitch() { (void)::prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0); }

std::string KeepOnly(const std::vector<int>& wanted, std::vector<std::string>& warnings) {
  (void)cap_reset_ambient();
  const Set now(cap_get_proc());
  const Set next(cap_init());
  if (now == nullptr || next == nullptr) return {};
  std::vector<int> asked = wanted;
  if (geteuid() == 0) asked.push_back(CAP_DAC_OVERRIDE);
  std::sort(asked.begin(), asked.end());
  asked.erase(std::unique(asked.begin(), asked.end()), asked.end());
  std::vector<cap_value_t> keep;
  std::string names;
  for (const int c : asked) {
    if (!Has(now.get(), c)) continue;
    keep.push_back(c);
    const std::unique_ptr<char, CapabilityFree> name(cap_to_name(c));
    names += (names.empty() ? "" : " ") + std::string(name != nullptr ? name.get() : std::to_string(c));
  }
  const int count = static_cast<int>(keep.size());
  if (count > 0) {
    (void)cap_set_flag(next.get(), CAP_PERMITTED, count, keep.data(), CAP_SET);
    (void)cap_set_flag(next.get(), CAP_EFFECTIVE, count, keep.data(), CAP_SET);
  }
  // The bound first: shrinking it needs a capability that goes with the rest. After a switch of user none is in effect
  // until it is raised again.
  if (Has(now.get(), CAP_SETPCAP)) {
    const cap_value_t needed = CAP_SETPCAP;
    const Set raised(cap_dup(now.get()));
    if (raised != nullptr && cap_set_flag(raised.get(), CAP_EFFECTIVE, 1, &needed, CAP_SET) == 0) {
      (void)cap_set_proc(raised.get());
      ShrinkBound(keep);
    }
  }
  if (cap_set_proc(next.get()) != 0) warnings.emplace_back("capabilities could not be given up");
  return names;
}

std::string KeepForChildren(const std::vector<int>& wanted) {
  const Set now(cap_get_proc());
  const Set next(cap_init());
  if (now == nullptr || next == nullptr) return {};
  std::vector<cap_value_t> keep;
  std::string names;
  for (const int c : wanted) {
    if (!Has(now.get(), c)) continue;
    keep.push_back(c);
    const std::unique_ptr<char, CapabilityFree> name(cap_to_name(c));
    names += (names.empty() ? "" : " ") + std::string(name != nullptr ? name.get() : std::to_string(c));
  }
  if (Has(now.get(), CAP_SETPCAP)) ShrinkBound(keep);
  if (const int count = static_cast<int>(keep.size()); count > 0) {
    for (const cap_flag_t set : {CAP_PERMITTED, CAP_EFFECTIVE, CAP_INHERITABLE}) {
      (void)cap_set_flag(next.get(), set, count, keep.data(), CAP_SET);
    }
  }
  (void)cap_reset_ambient();
  if (cap_set_proc(next.get()) != 0) return {};
  // Root's programs have what root has; those of others only what is ambient.
  for (const cap_value_t c : keep) {
    if (geteuid() != 0) (void)cap_set_ambient(c, CAP_SET);
  }
  return names;
}

}  // namespace gander::sandbox
