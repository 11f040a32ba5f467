// SPDX-License-Identifier: Apache-2.0
// What a certificate says (X.509, RFC 5280). Decoding is OpenSSL's; only the writing is ours.
#ifndef GANDER_PROTOCOL_TLS_CERTIFICATE_H_
#define GANDER_PROTOCOL_TLS_CERTIFICATE_H_

#include <string>
#include <vector>

#include "base/bytes.h"

namespace gander::protocol::tls {

struct Certificate {
  std::string subject, issuer;  // "C=US, O=Example, CN=www.example.com", in the order of the certificate
  std::string serial;           // "00:97:E6", the DER integer
  std::string fingerprint;      // SHA-1, "3a:0b:..."
  std::string not_before, not_after;  // "2015-02-12T18:07:27"
  std::string common_name;
  std::vector<std::string> alternatives;  // DNS names, addresses, mail addresses, URIs; at most kMaxNames
};

// False when `der` is no certificate.
bool ParseCertificate(Bytes der, Certificate& out);

}  // namespace gander::protocol::tls

#endif  // GANDER_PROTOCOL_TLS_CERTIFICATE_H_
