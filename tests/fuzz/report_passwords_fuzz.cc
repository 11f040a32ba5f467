// SPDX-License-Identifier: Apache-2.0
// Any bytes as a password file: read, or refused with a cause and a remedy that do not repeat a line of it.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "report/metrics/password_file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using gander::report::PasswordFile;
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto file = PasswordFile::Parse(text, "fuzz.passwords");
  if (file) {
    if (file->users() == 0 || file->users() > PasswordFile::kMaxUsers) std::abort();
    return 0;
  }
  if (file.error().cause.empty() || file.error().remedy.empty()) std::abort();
  const std::size_t colon = text.find(':');
  if (colon == std::string::npos) return 0;
  const std::string secret = text.substr(colon + 1, text.find('\n', colon) - colon - 1);
  if (secret.size() <= 20 || file.error().ToString().find(secret) == std::string::npos) return 0;
  // The fuzzer also learns our own words: those are said of other lines, too.
  std::string masked = text;
  masked.replace(colon + 1, secret.size(), secret.size(), '~');
  const auto other = PasswordFile::Parse(masked, "fuzz.passwords");
  if (other || other.error().ToString().find(secret) == std::string::npos) std::abort();
  return 0;
}
