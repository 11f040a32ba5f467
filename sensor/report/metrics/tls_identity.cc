// SPDX-License-Identifier: Apache-2.0
#include "report/metrics/tls_identity.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <ctime>
#include <memory>

#include "base/freed.h"
#include "base/time.h"
#include "report/metrics/secret_file.h"

namespace gander::report {
namespace {

using Bio = std::unique_ptr<BIO, Freed<BIO_free_all>>;
using Certificate = std::unique_ptr<X509, Freed<X509_free>>;
using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;

Bio Over(const std::string& text) { return Bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size()))); }

// An encrypted key would ask at the terminal.
int NoPassword(char*, int, int, void*) { return -1; }

std::int64_t Unix(const ASN1_TIME* time) {
  std::tm parts{};
  return ASN1_TIME_to_tm(time, &parts) == 1 ? timegm(&parts) : 0;
}

std::string Day(std::int64_t unix_s) { return FormatEveTime({unix_s * kNanosPerSecond}).substr(0, 10); }

}  // namespace

Result<TlsIdentity> ReadTlsIdentity(const std::string& certificate, const std::string& key, std::int64_t now_s) {
  const auto certificate_text = ReadSmallFile(certificate, TlsIdentity::kMaxBytes);
  if (!certificate_text) return Failure(certificate_text.error());
  const auto key_text = ReadSecretFile(key, TlsIdentity::kMaxBytes);
  if (!key_text) return Failure(key_text.error());

  const Certificate parsed(PEM_read_bio_X509(Over(*certificate_text).get(), nullptr, NoPassword, nullptr));
  const Key secret(PEM_read_bio_PrivateKey(Over(*key_text).get(), nullptr, NoPassword, nullptr));
  ERR_clear_error();
  if (parsed == nullptr) {
    return Fail(certificate, 0, "this is no certificate in PEM",
                "it begins with -----BEGIN CERTIFICATE-----; `openssl x509 -in FILE -noout` reads it when it is good");
  }
  if (secret == nullptr) {
    return Fail(key, 0, "this is no private key in PEM, or it is encrypted",
                "`openssl pkey -in FILE -out NEW` takes the password off; keep NEW at mode 0640");
  }
  if (X509_check_private_key(parsed.get(), secret.get()) != 1) {
    ERR_clear_error();
    return Fail(key, 0, "this key is not that of " + certificate, "name the key that the certificate was made with");
  }
  const std::int64_t begins = Unix(X509_get0_notBefore(parsed.get())), ends = Unix(X509_get0_notAfter(parsed.get()));
  if (ends <= now_s) {
    return Fail(certificate, 0, "this certificate ended on " + Day(ends), "renew it; readers would turn away");
  }
  if (begins > now_s) {
    return Fail(certificate, 0, "this certificate begins on " + Day(begins), "check the clock of this machine");
  }
  return TlsIdentity{*certificate_text, *key_text, ends};
}

}  // namespace gander::report
