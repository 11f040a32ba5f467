// SPDX-License-Identifier: Apache-2.0
#include "protocol/sip/sdp.h"

#include <algorithm>
#include <charconv>

namespace gander::protocol::sip {
namespace {

std::string_view TakeWord(std::string_view& text) noexcept {
  const std::size_t end = std::min(text.find(' '), text.size());
  const std::string_view word = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return word;
}

std::uint16_t Port(std::string_view text) noexcept {
  std::uint16_t port = 0;
  std::from_chars(text.data(), text.data() + text.size(), port);
  return port;
}

// "IN IP4 192.0.2.1", perhaps with "/ttl" behind. The address of a call on hold is none.
IpAddress Address(std::string_view value) noexcept {
  IpAddress address;
  if (TakeWord(value) != "IN" || !TakeWord(value).starts_with("IP")) return {};
  const std::string_view text = TakeWord(value);
  if (!IpAddress::Parse(text.substr(0, text.find('/')), address)) return {};
  return address == IpAddress::FromV4(0) ? IpAddress{} : address;
}

}  // namespace

void SdpReader::Feed(Bytes part, MessageSink& sink) noexcept {
  std::string_view text = AsText(part);
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const std::string_view piece = text.substr(0, end);
    text.remove_prefix(std::min(piece.size() + 1, text.size()));
    too_long_ = too_long_ || line_.size() + piece.size() > kMaxLine;
    if (end == piece.npos) {
      if (!too_long_) line_ += piece;
      return;
    }
    if (!too_long_ && line_.empty()) {
      OnLine(piece, sink);
    } else if (!too_long_) {
      line_ += piece;
      OnLine(line_, sink);
    }
    line_.clear();
    too_long_ = false;
  }
}

void SdpReader::End(MessageSink& sink) noexcept {
  if (!too_long_) OnLine(line_, sink);
  Announce(sink);
  Reset();
}

void SdpReader::OnLine(std::string_view line, MessageSink& sink) noexcept {
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  if (line.size() < 2 || line[1] != '=') return;
  std::string_view value = line.substr(2);
  switch (line[0]) {
    case 'c':
      (in_media_ ? media_ : session_) = Address(value);
      break;
    case 'm':
      Announce(sink);
      OnMedia(value);
      break;
    case 'a':
      if (value.starts_with("rtcp:")) control_port_ = Port(value.substr(5));
      break;
    default:
      break;
  }
}

// "audio 49170 RTP/AVP 0 101": kind, port (perhaps "/count"), profile, formats. Port 0 declines.
void SdpReader::OnMedia(std::string_view value) noexcept {
  in_media_ = true;
  media_ = session_;
  (void)TakeWord(value);
  port_ = Port(TakeWord(value));
  const std::string_view profile = TakeWord(value);
  secure_ = profile.find("SAVP") != profile.npos;
  control_port_ = 0;
  if (profile.find("RTP/") == profile.npos) port_ = 0;
}

void SdpReader::Announce(MessageSink& sink) noexcept {
  if (!in_media_ || port_ == 0 || media_ == IpAddress{}) return;
  ExpectedFlow flow;
  flow.protocol = "rtp";
  flow.server = media_;
  flow.command = secure_ ? "RTP/SAVP" : "RTP/AVP";
  const auto next = static_cast<std::uint16_t>(port_ + 1);  // RTCP's, unless another is named
  for (const std::uint16_t port : {port_, control_port_ != 0 ? control_port_ : next}) {
    flow.server_port = port;
    if (port != 0) sink.OnExpectedFlow(flow);
  }
}

}  // namespace gander::protocol::sip
