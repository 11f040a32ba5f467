// SPDX-License-Identifier: Apache-2.0
#include "report/metrics/tls_identity.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <sys/stat.h>
#include <unistd.h>

#include <ctime>
#include <filesystem>

#include "report/summary/summary.h"

namespace gander::report {
namespace {

using ::testing::HasSubstr;

class TlsIdentityTest : public testing::Test {
 protected:
  TlsIdentityTest() : folder_(testing::TempDir() + "gander-tls-" + std::to_string(::getpid()) + "/") {
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
  }
  ~TlsIdentityTest() override {
    std::filesystem::remove_all(folder_);
    for (EVP_PKEY* key : keys_) EVP_PKEY_free(key);
  }

  // A key of its own in `name`.key and a certificate over it, of the next hour, in `name`.pem.
  void Make(const std::string& name, const char* password = nullptr) {
    EVP_PKEY* const key = EVP_EC_gen("P-256");
    keys_.push_back(key);
    X509* const certificate = X509_new();
    X509_set_version(certificate, X509_VERSION_3);
    X509_gmtime_adj(X509_getm_notBefore(certificate), 0);
    X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
    X509_set_pubkey(certificate, key);
    X509_sign(certificate, key, EVP_sha256());
    BIO* out = BIO_new_file((folder_ + name + ".pem").c_str(), "w");
    PEM_write_bio_X509(out, certificate);
    BIO_free(out);
    X509_free(certificate);
    out = BIO_new_file((folder_ + name + ".key").c_str(), "w");
    PEM_write_bio_PrivateKey(out, key, password == nullptr ? nullptr : EVP_aes_128_cbc(), nullptr, 0, nullptr,
                             const_cast<char*>(password));
    BIO_free(out);
    ::chmod((folder_ + name + ".key").c_str(), 0600);
  }

  std::string Fault(const std::string& certificate, const std::string& key, std::int64_t now = std::time(nullptr)) {
    const auto identity = ReadTlsIdentity(folder_ + certificate, folder_ + key, now);
    if (identity) return "none";
    EXPECT_FALSE(identity.error().remedy.empty());
    return identity.error().ToString();
  }

  std::string folder_;
  std::vector<EVP_PKEY*> keys_;
};

TEST_F(TlsIdentityTest, ReadsAPair) {
  Make("a");
  const std::int64_t now = std::time(nullptr);
  const auto identity = ReadTlsIdentity(folder_ + "a.pem", folder_ + "a.key", now);
  ASSERT_TRUE(identity) << identity.error().ToString();
  EXPECT_NEAR(static_cast<double>(identity->expires_s), static_cast<double>(now) + 3600, 60);
  EXPECT_THAT(identity->key, HasSubstr("PRIVATE KEY"));
}

TEST_F(TlsIdentityTest, SaysWhichFileIsWrongAndWhy) {
  Make("a");
  Make("b");
  Make("locked", "sesame");
  ASSERT_TRUE(WriteFile(folder_ + "text", "not PEM\n"));
  ::chmod((folder_ + "text").c_str(), 0600);
  const std::int64_t now = std::time(nullptr);
  EXPECT_EQ(Fault("a.pem", "a.key"), "none");
  EXPECT_THAT(Fault("missing", "a.key"), HasSubstr("missing: cannot be opened: No such file"));
  EXPECT_THAT(Fault("a.pem", "missing"), HasSubstr("missing: cannot be opened"));
  EXPECT_THAT(Fault("text", "a.key"), HasSubstr("text: this is no certificate in PEM"));
  EXPECT_THAT(Fault("a.key", "a.key"), HasSubstr("a.key: this is no certificate in PEM"));
  EXPECT_THAT(Fault("a.pem", "text"), HasSubstr("text: this is no private key"));
  EXPECT_THAT(Fault("a.pem", "locked.key"), HasSubstr("or it is encrypted"));
  EXPECT_THAT(Fault("a.pem", "b.key"), HasSubstr("b.key: this key is not that of"));
  EXPECT_THAT(Fault("a.pem", "a.key", now + 7200), HasSubstr("a.pem: this certificate ended on 20"));
  EXPECT_THAT(Fault("a.pem", "a.key", now - 7200), HasSubstr("a.pem: this certificate begins on 20"));
  ::chmod((folder_ + "a.key").c_str(), 0644);
  EXPECT_THAT(Fault("a.pem", "a.key"), HasSubstr("a.key: everybody on this machine may read it"));
}

}  // namespace
}  // namespace gander::report
