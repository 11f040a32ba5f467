// SPDX-License-Identifier: Apache-2.0
#include "protocol/mime/plain_login.h"

#include "protocol/mime/base64.h"

namespace gander::protocol::mime {

void DecodeCredentials(std::string_view line, std::string& out) {
  Base64Decoder decoder;
  std::byte buffer[kMaxCredentials];
  Bytes in = AsBytes(line);
  std::size_t n = decoder.Decode(in, buffer);
  if (n + 2 <= sizeof buffer) n += decoder.Finish(std::span(buffer).subspan(n));
  out.assign(AsText(Bytes(buffer, n)));
}

bool SplitPlain(std::string_view decoded, std::string_view* user, std::string_view* password) noexcept {
  const std::size_t first = decoded.find('\0');
  const std::size_t second = first == std::string_view::npos ? first : decoded.find('\0', first + 1);
  if (second == std::string_view::npos) return false;
  *user = decoded.substr(first + 1, second - first - 1);
  *password = decoded.substr(second + 1);
  return true;
}

}  // namespace gander::protocol::mime
