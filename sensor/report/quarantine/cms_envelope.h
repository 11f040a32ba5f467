// SPDX-License-Identifier: Apache-2.0
// Encrypts bytes to the holder of a certificate's key.
#ifndef GANDER_REPORT_QUARANTINE_CMS_ENVELOPE_H_
#define GANDER_REPORT_QUARANTINE_CMS_ENVELOPE_H_

#include <memory>
#include <string>

#include "base/bytes.h"
#include "base/result.h"

namespace gander::report {

class CmsEnvelope {
 public:
  // Errors: the file cannot be read, is no certificate, its key cannot be encrypted to.
  static Result<CmsEnvelope> Open(const std::string& certificate_file);
  CmsEnvelope(CmsEnvelope&&) noexcept;
  CmsEnvelope& operator=(CmsEnvelope&&) noexcept;
  ~CmsEnvelope();

  // DER of a CMS AuthEnvelopedData; empty when OpenSSL refuses.
  std::string Seal(Bytes plain) const;

 private:
  struct Recipient;
  explicit CmsEnvelope(std::unique_ptr<Recipient> recipient);
  std::unique_ptr<Recipient> recipient_;
};

}  // namespace gander::report

#endif  // GANDER_REPORT_QUARANTINE_CMS_ENVELOPE_H_
