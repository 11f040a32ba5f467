// SPDX-License-Identifier: Apache-2.0
// The officer to whom the quarantine seals: a certificate, and what its key opens.
#ifndef GANDER_TESTS_SUPPORT_OFFICER_H_
#define GANDER_TESTS_SUPPORT_OFFICER_H_

#include <openssl/bio.h>
#include <openssl/cms.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <string>

namespace gander::test {

class Officer {
 public:
  // Self-signed over `key`, which it takes; written to `path` as PEM.
  Officer(EVP_PKEY* key, const std::string& path) : key_(key), certificate_(X509_new()) {
    X509_set_version(certificate_, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate_), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate_), 0);
    X509_gmtime_adj(X509_getm_notAfter(certificate_), 3600);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate_), "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>("quarantine"), -1, -1, 0);
    X509_set_issuer_name(certificate_, X509_get_subject_name(certificate_));
    X509_set_pubkey(certificate_, key_);
    X509_sign(certificate_, key_, EVP_PKEY_id(key) == EVP_PKEY_ED25519 ? nullptr : EVP_sha256());
    BIO* const out = BIO_new_file(path.c_str(), "w");
    PEM_write_bio_X509(out, certificate_);
    BIO_free(out);
  }
  ~Officer() {
    EVP_PKEY_free(key_);
    X509_free(certificate_);
  }
  Officer(const Officer&) = delete;
  Officer& operator=(const Officer&) = delete;

  // "" where the key does not open it.
  std::string Open(const std::string& path) const {
    BIO* const in = BIO_new_file(path.c_str(), "r");
    CMS_ContentInfo* const cms = d2i_CMS_bio(in, nullptr);
    BIO* const out = BIO_new(BIO_s_mem());
    std::string plain;
    if (cms != nullptr && CMS_decrypt(cms, key_, certificate_, nullptr, out, CMS_BINARY) == 1) {
      const char* bytes = nullptr;
      const long size = BIO_get_mem_data(out, &bytes);
      plain.assign(bytes, static_cast<std::size_t>(size));
    }
    BIO_free(in);
    BIO_free(out);
    CMS_ContentInfo_free(cms);
    return plain;
  }

 private:
  EVP_PKEY* key_;
  X509* certificate_;
};

}  // namespace gander::test

#endif  // GANDER_TESTS_SUPPORT_OFFICER_H_
