// SPDX-License-Identifier: Apache-2.0
// One interface of a pcapng section: link type, snap length and the clock its packets are stamped by.
#ifndef GANDER_CAPTURE_PCAPNG_INTERFACE_H_
#define GANDER_CAPTURE_PCAPNG_INTERFACE_H_

#include <cstdint>

#include "capture/record_format.h"

namespace gander::capture {

class PcapngInterface {
 public:
  // `body` is an Interface Description Block without its type and lengths. Returns null, or what is wrong
  // with it.
  static const char* Parse(Bytes body, bool swapped, PcapngInterface& out) noexcept;

  LinkType link() const noexcept { return link_; }
  std::uint32_t snap_length() const noexcept { return snap_length_; }  // 0 = unlimited
  // Packet time of a tick count; held at the ends of the range where it does not fit.
  Timestamp TimeOf(std::uint64_t ticks) const noexcept;

 private:
  const char* ParseOption(std::uint16_t code, Bytes value, bool swapped) noexcept;
  Timestamp ExactTimeOf(std::uint64_t ticks) const noexcept;

  LinkType link_ = LinkType::kEthernet;
  std::uint32_t snap_length_ = 0;
  // Resolution: one tick is 10^-exponent or 2^-exponent seconds. Microseconds unless an option says
  // otherwise.
  std::uint8_t exponent_ = 6;
  bool binary_ = false;
  std::int64_t offset_seconds_ = 0;
  // Nanoseconds a tick where that is a whole number and no offset is added, else 0.
  std::uint32_t nanos_per_tick_ = 1000;
};

}  // namespace gander::capture

#endif  // GANDER_CAPTURE_PCAPNG_INTERFACE_H_
