// SPDX-License-Identifier: Apache-2.0
// One direction of Telnet without its commands (RFC 854).
#ifndef GANDER_PROTOCOL_TELNET_COMMAND_FILTER_H_
#define GANDER_PROTOCOL_TELNET_COMMAND_FILTER_H_

#include <cstdint>
#include <string>

#include "base/bytes.h"
#include "protocol/telnet/telnet.h"

namespace gander::protocol::telnet {

enum Command : std::uint8_t { kSe = 240, kSb = 250, kWill = 251, kWont = 252, kDo = 253, kDont = 254, kIac = 255 };

class CommandFilter {
 public:
  enum class Step : std::uint8_t {
    kNeedMore,     // the input is used up
    kText,         // text(): a stretch of what is shown or typed
    kOption,       // command() is one of WILL to DONT, about option()
    kNegotiation,  // negotiation(): what stands between SB and SE, the option first
  };

  Step Next(Bytes& in) noexcept;

  Bytes text() const noexcept { return text_; }
  std::uint8_t command() const noexcept { return command_; }
  std::uint8_t option() const noexcept { return option_; }
  Bytes negotiation() const noexcept { return AsBytes(negotiation_); }
  // Bytes are missing: what comes is text until the next command.
  void Resync() noexcept {
    at_ = At::kText;
    negotiation_.clear();
  }
  void Reset() noexcept { Resync(); }

 private:
  enum class At : std::uint8_t { kText, kCommand, kOption, kNegotiation, kNegotiationCommand };

  At at_ = At::kText;
  std::uint8_t command_ = 0, option_ = 0;
  std::string negotiation_;  // at most kMaxNegotiation
  Bytes text_;
};

}  // namespace gander::protocol::telnet

#endif  // GANDER_PROTOCOL_TELNET_COMMAND_FILTER_H_
