// SPDX-License-Identifier: Apache-2.0
#include "protocol/telnet/command_filter.h"

#include <algorithm>

namespace gander::protocol::telnet {
namespace {

constexpr std::string_view kDoubled = "\xff";
constexpr std::string_view kNoText("\xff\0", 2);  // a zero does nothing; it stands behind a lone carriage return

}  // namespace

CommandFilter::Step CommandFilter::Next(Bytes& in) noexcept {
  while (!in.empty()) {
    const std::string_view rest = AsText(in);
    const auto octet = static_cast<std::uint8_t>(rest[0]);
    switch (at_) {
      case At::kText: {
        if (octet == 0 || octet == kIac) {
          TakeFront(in, 1);
          if (octet == kIac) at_ = At::kCommand;
          break;
        }
        text_ = TakeFront(in, std::min(rest.find_first_of(kNoText), rest.size()));
        return Step::kText;
      }
      case At::kCommand:
        TakeFront(in, 1);
        at_ = At::kText;
        if (octet == kIac) {
          text_ = AsBytes(kDoubled);
          return Step::kText;
        }
        command_ = octet;
        if (octet >= kWill) at_ = At::kOption;
        if (octet == kSb) {
          negotiation_.clear();
          at_ = At::kNegotiation;
        }
        break;
      case At::kOption:
        TakeFront(in, 1);
        option_ = octet;
        at_ = At::kText;
        return Step::kOption;
      case At::kNegotiation: {
        const Bytes part = TakeFront(in, std::min(rest.find('\xff'), rest.size()));
        negotiation_ += AsText(part).substr(0, kMaxNegotiation - negotiation_.size());
        if (in.empty()) break;
        TakeFront(in, 1);
        at_ = At::kNegotiationCommand;
        break;
      }
      case At::kNegotiationCommand:
        if (octet == kIac) {
          TakeFront(in, 1);
          if (negotiation_.size() < kMaxNegotiation) negotiation_ += '\xff';
          at_ = At::kNegotiation;
          break;
        }
        // SE ends it; so does any other command, which then stands for itself.
        if (octet == kSe) TakeFront(in, 1);
        at_ = octet == kSe ? At::kText : At::kCommand;
        return Step::kNegotiation;
    }
  }
  return Step::kNeedMore;
}

}  // namespace gander::protocol::telnet
