// SPDX-License-Identifier: Apache-2.0
// The certificate that the endpoint shows, and the key to it.
#ifndef GANDER_REPORT_METRICS_TLS_IDENTITY_H_
#define GANDER_REPORT_METRICS_TLS_IDENTITY_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "base/result.h"

namespace gander::report {

struct TlsIdentity {
  static constexpr std::size_t kMaxBytes = 256 << 10;  // of either file

  std::string certificate, key;   // PEM; the certificate first, those that signed it behind
  std::int64_t expires_s = 0;     // Unix time at which the certificate ends
};

// Errors: a file is not readable or no PEM, the key is readable by everybody, encrypted, or of another certificate, the
// certificate has ended or not begun by `now_s` (Unix time).
Result<TlsIdentity> ReadTlsIdentity(const std::string& certificate, const std::string& key, std::int64_t now_s);

}  // namespace gander::report

#endif  // GANDER_REPORT_METRICS_TLS_IDENTITY_H_
