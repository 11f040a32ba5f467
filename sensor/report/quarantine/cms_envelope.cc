// SPDX-License-Identifier: Apache-2.0
#include "report/quarantine/cms_envelope.h"

#include <openssl/bio.h>
#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <cerrno>
#include <cstring>

#include "base/freed.h"

namespace gander::report {
namespace {

using BioPtr = std::unique_ptr<BIO, Freed<BIO_free_all>>;
using CertificatePtr = std::unique_ptr<X509, Freed<X509_free>>;
using CmsPtr = std::unique_ptr<CMS_ContentInfo, Freed<CMS_ContentInfo_free>>;

void FreeStack(STACK_OF(X509) * stack) { sk_X509_pop_free(stack, X509_free); }
using StackPtr = std::unique_ptr<STACK_OF(X509), Freed<FreeStack>>;

}  // namespace

struct CmsEnvelope::Recipient {
  StackPtr certificates;
};

CmsEnvelope::CmsEnvelope(std::unique_ptr<Recipient> recipient) : recipient_(std::move(recipient)) {}
CmsEnvelope::CmsEnvelope(CmsEnvelope&&) noexcept = default;
CmsEnvelope& CmsEnvelope::operator=(CmsEnvelope&&) noexcept = default;
CmsEnvelope::~CmsEnvelope() = default;

Result<CmsEnvelope> CmsEnvelope::Open(const std::string& certificate_file) {
  const BioPtr file(BIO_new_file(certificate_file.c_str(), "r"));
  if (file == nullptr) {
    return Fail(certificate_file, 0, std::string("cannot be read: ") + std::strerror(errno),
                "name a PEM file with an X.509 certificate in quarantine.certificate");
  }
  CertificatePtr certificate(PEM_read_bio_X509(file.get(), nullptr, nullptr, nullptr));
  ERR_clear_error();
  if (certificate == nullptr) {
    return Fail(
        certificate_file, 0, "holds no X.509 certificate in PEM",
        "make one: openssl req -x509 -newkey rsa:3072 -nodes -keyout key.pem -out cert.pem -subj /CN=quarantine; "
        "take key.pem away from this machine");
  }
  auto recipient = std::make_unique<Recipient>();
  recipient->certificates.reset(sk_X509_new_null());
  if (recipient->certificates == nullptr || sk_X509_push(recipient->certificates.get(), certificate.get()) == 0) {
    return Fail(certificate_file, 0, "cannot be used: out of memory", "free memory");
  }
  (void)certificate.release();  // the stack's
  CmsEnvelope envelope(std::move(recipient));
  if (envelope.Seal(AsBytes("trial")).empty()) {
    return Fail(certificate_file, 0, "the certificate's key cannot be encrypted to",
                "use a certificate with an RSA or EC key (Ed25519 keys only sign)");
  }
  return envelope;
}

std::string CmsEnvelope::Seal(Bytes plain) const {
  const BioPtr in(BIO_new_mem_buf(plain.data(), static_cast<int>(plain.size())));
  const BioPtr out(BIO_new(BIO_s_mem()));
  if (in == nullptr || out == nullptr) return {};
  const CmsPtr cms(
      CMS_encrypt(recipient_->certificates.get(), in.get(), EVP_aes_256_gcm(), CMS_BINARY));
  if (cms == nullptr || i2d_CMS_bio(out.get(), cms.get()) != 1) {
    ERR_clear_error();
    return {};
  }
  const char* der = nullptr;
  const long size = BIO_get_mem_data(out.get(), &der);
  return {der, static_cast<std::size_t>(size)};
}

}  // namespace gander::report
