// SPDX-License-Identifier: Apache-2.0
// Who may read the endpoint: `user:hash` lines as htpasswd(1) and `openssl passwd -6` write them. No password in clear,
// here or in the configuration.
#ifndef GANDER_REPORT_METRICS_PASSWORD_FILE_H_
#define GANDER_REPORT_METRICS_PASSWORD_FILE_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace gander::report {

class PasswordFile {
 public:
  static constexpr std::size_t kMaxBytes = 64 << 10, kMaxUsers = 100;

  // Errors: not readable, readable by everybody, and those of Parse.
  static Result<PasswordFile> Read(const std::string& path);
  // One `user:hash` a line; empty lines and those that begin with # say nothing. Hashes of crypt(3): bcrypt ($2b$,
  // $2y$, cost 5 to 14), SHA-512 ($6$) and SHA-256 ($5$) of up to 1,000,000 rounds. Errors, with the line: no colon,
  // another method, a hash that is cut, a user twice, none at all, too many. No error repeats what stands behind the
  // colon.
  static Result<PasswordFile> Parse(std::string_view text, const std::string& path);

  // Slow by design, some 5 to 500 ms, and as slow for a user who is not there.
  bool Admits(const std::string& user, const std::string& password) const;
  std::size_t users() const noexcept { return entries_.size(); }

 private:
  std::vector<std::pair<std::string, std::string>> entries_;  // user, hash
};

}  // namespace gander::report

#endif  // GANDER_REPORT_METRICS_PASSWORD_FILE_H_
