// SPDX-License-Identifier: Apache-2.0
// Session descriptions (RFC 8866): where each side wants to receive media, so that those flows are known.
#ifndef GANDER_PROTOCOL_SIP_SDP_H_
#define GANDER_PROTOCOL_SIP_SDP_H_

#include <string>
#include <string_view>

#include "protocol/parser.h"

namespace gander::protocol::sip {

// Fed in pieces. Holds at most one line of kMaxLine bytes, and that only while it spans pieces.
class SdpReader {
 public:
  static constexpr std::size_t kMaxLine = 256;  // a longer line is of no interest here

  void Feed(Bytes part, MessageSink& sink) noexcept;
  // The description is complete.
  void End(MessageSink& sink) noexcept;
  void Reset() noexcept {
    std::string().swap(line_);
    *this = {};
  }

 private:
  void OnLine(std::string_view line, MessageSink& sink) noexcept;
  void OnMedia(std::string_view value) noexcept;
  void Announce(MessageSink& sink) noexcept;

  std::string line_;
  bool too_long_ = false;
  IpAddress session_, media_;  // connection addresses; all zero = none, or on hold
  bool in_media_ = false, secure_ = false;
  std::uint16_t port_ = 0, control_port_ = 0;
};

}  // namespace gander::protocol::sip

#endif  // GANDER_PROTOCOL_SIP_SDP_H_
