// SPDX-License-Identifier: Apache-2.0
#include "report/metrics/listen_address.h"

#include <charconv>
#include <string_view>

namespace gander::report {

bool ListenAddress::IsLoopback() const noexcept {
  if (host.v4) return host.v4_host_order() >> 24 == 127;
  IpAddress one;
  return IpAddress::Parse("::1", one) && host == one;
}

std::string ListenAddress::ToString() const {
  const std::string text = host.ToString();
  return (host.v4 ? text : "[" + text + "]") + ":" + std::to_string(port);
}

Result<ListenAddress> ParseListenAddress(const std::string& text) {
  const auto fail = [&](const std::string& cause) {
    return Fail("report.metrics.listen", 0, "\"" + text + "\": " + cause,
                "write address:port, such as 127.0.0.1:9944 or [::1]:9944");
  };
  const std::size_t colon = text.rfind(':');
  std::string_view host = std::string_view(text).substr(0, colon == std::string::npos ? 0 : colon);
  const std::string_view port = std::string_view(text).substr(colon == std::string::npos ? 0 : colon + 1);
  const bool bracketed = host.size() >= 2 && host.front() == '[' && host.back() == ']';
  if (bracketed) host = host.substr(1, host.size() - 2);
  if (!bracketed && host.find(':') != std::string_view::npos) return fail("an IPv6 address needs brackets");
  if (host.empty() || host == "localhost") host = "127.0.0.1";

  ListenAddress out;
  if (!IpAddress::Parse(host, out.host)) return fail("the host is not an IP address");
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), out.port);
  if (error != std::errc{} || end != port.data() + port.size()) return fail("the port is not a number up to 65535");
  return out;
}

}  // namespace gander::report
