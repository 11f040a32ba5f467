// SPDX-License-Identifier: Apache-2.0
// Which of two copies of the same bytes a host keeps, when TCP segments or IP fragments overlap.
//
// RFC 9293 and RFC 791 leave it open, and systems differ: who sends two copies with different content shows one to the
// host and another to a sensor that guesses wrong (Ptacek, Newsham 1998). The rules are those of the target-based
// studies (Novak, "Target-Based Fragmentation Reassembly", 2005; Novak, Sturges, "Target-Based TCP Stream Reassembly",
// 2007), for Linux those of its tcp_data_queue_ofo().
#ifndef GANDER_BASE_OVERLAP_POLICY_H_
#define GANDER_BASE_OVERLAP_POLICY_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/net.h"

namespace gander {

enum class OverlapPolicy : std::uint8_t {
  kFirst,    // what came first stays
  kLast,     // what came last replaces it
  kBsd,      // the later copy replaces what begins after it: BSD, macOS, Windows up to 2003
  kLinux,    // as kBsd, and what begins with it but ends earlier
  kSolaris,  // the later copy replaces what does not end after it
  kWindows,  // since Vista: as kFirst
};

// "first", "last", "bsd", "linux", "solaris", "windows".
const char* NameOf(OverlapPolicy policy) noexcept;
bool ParseOverlapPolicy(std::string_view name, OverlapPolicy& out) noexcept;

// Half-open, in any one unit of position that does not wrap between the two.
struct Extent {
  std::int64_t begin = 0, end = 0;
};

// Whether the `later` of two overlapping runs replaces the `earlier` where they overlap.
bool LaterWins(OverlapPolicy policy, const Extent& earlier, const Extent& later) noexcept;

// The policy of each host: the longest prefix that holds it, else `fallback`.
class HostPolicies {
 public:
  static constexpr std::size_t kMaxNetworks = 256;

  OverlapPolicy fallback = OverlapPolicy::kLinux;

  OverlapPolicy Of(const IpAddress& host) const noexcept;
  // "10.20.0.0/16 windows"; false when it is no network and policy, or there are too many.
  bool Add(std::string_view text);
  void Clear() noexcept { networks_.clear(); }
  std::vector<std::string> Texts() const;

 private:
  struct Network {
    IpPrefix prefix;
    OverlapPolicy policy;
  };
  std::vector<Network> networks_;  // longest prefixes first
};

}  // namespace gander

#endif  // GANDER_BASE_OVERLAP_POLICY_H_
