// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "protocol/http/http.h"
#include "protocol/http/parser.h"
#include "protocol/http_message/syntax.h"

namespace gander::protocol {
namespace {

// Of a start line with an unknown method: where the version must have come by. Until then other text is held, too.
constexpr std::size_t kMaxStartLine = 512;

// Where the line ends; a message of another protocol may end with a NUL.
std::size_t LineEnd(std::string_view text) noexcept {
  const auto ends = [](char c) { return static_cast<unsigned char>(c) < ' ' && c != '\t'; };
  return static_cast<std::size_t>(std::find_if(text.begin(), text.end(), ends) - text.begin());
}

Probe ProbeHttp(const ProbeInput& input) noexcept {
  std::string_view text = AsText(input.bytes);
  text.remove_prefix(std::min(text.find_first_not_of("\r\n"), text.size()));
  const std::string_view line = text.substr(0, LineEnd(text.substr(0, kMaxStartLine)));
  const bool versioned = line.find(" HTTP/1.") != line.npos;
  if (input.transport != ip_proto::kTcp) {  // SSDP (UPnP Device Architecture 2.0 §1): a message a datagram
    return line.starts_with("HTTP/1.1 ") || (versioned && http::RequestStart(line, true) == Probe::kYes)
               ? Probe::kYes
               : Probe::kNo;
  }
  const Probe response = http::ResponseStart(text);
  if (text == "HTTP/") return Probe::kNeedMore;
  if (response == Probe::kYes)
    return text.starts_with("ICY ") || !text.starts_with("HTTP/2") ? Probe::kYes : Probe::kNo;
  const Probe request = http::RequestStart(text, true);
  if (request == Probe::kYes) return Probe::kYes;
  if (response == Probe::kNeedMore || request == Probe::kNeedMore) return Probe::kNeedMore;
  // A method nobody registered, but a line of the right shape.
  if (http::RequestStart(text, false) != Probe::kYes) return Probe::kNo;
  if (versioned) return Probe::kYes;
  return line.size() == text.size() && line.size() < kMaxStartLine ? Probe::kNeedMore : Probe::kNo;
}

std::unique_ptr<Parser> Create() { return std::make_unique<http::HttpParser>(); }

}  // namespace

const ProtocolInfo kHttp = {"http", true, true, ProbeHttp, Create, FirstOctets::Text()};

}  // namespace gander::protocol
