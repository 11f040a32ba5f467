// SPDX-License-Identifier: Apache-2.0
// Kept files: readable with the key and not without, bounded, one a content, and clear words for a bad set-up.
#include "report/quarantine/quarantine.h"

#include <gtest/gtest.h>
#include <openssl/ec.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <memory>

#include "support/officer.h"

namespace gander::report {
namespace {

using Digest = std::array<std::uint8_t, 32>;

constexpr const char* kPatient = "name,ssn\nErika Muster,078-05-1120\n";

class QuarantineTest : public testing::Test {
 protected:
  QuarantineTest() : folder_(testing::TempDir() + "gander-quarantine-" + std::to_string(::getpid())) {
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
  }
  ~QuarantineTest() override { std::filesystem::remove_all(folder_); }

  std::string Certificate(EVP_PKEY* key) {
    officer_ = std::make_unique<gander::test::Officer>(key, folder_ + "/cert.pem");
    return folder_ + "/cert.pem";
  }

  QuarantineOptions Options() {
    QuarantineOptions options;
    options.directory = folder_ + "/kept";
    options.certificate = Certificate(EVP_RSA_gen(2048));
    return options;
  }

  std::string Decrypt(const std::string& path) const { return officer_->Open(path); }

  static std::string Raw(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  std::string PathOf(const std::string& hex) const { return folder_ + "/kept/" + hex + ".cms"; }

  const std::string folder_;
  std::unique_ptr<gander::test::Officer> officer_;
};

TEST_F(QuarantineTest, AFileIsReadableWithTheKeyAlone) {
  auto quarantine = Quarantine::Open(Options(), true);
  ASSERT_TRUE(quarantine) << quarantine.error().ToString();
  EXPECT_TRUE((*quarantine)->Offer(Digest{0xab}, AsBytes(kPatient)));
  (*quarantine)->Close();
  const std::string path = PathOf("ab" + std::string(62, '0'));
  ASSERT_TRUE(std::filesystem::exists(path));
  EXPECT_EQ(Raw(path).find("078-05"), std::string::npos);
  EXPECT_EQ(Decrypt(path), kPatient);
  EXPECT_EQ((*quarantine)->counters().stored, 1u);
  EXPECT_EQ((*quarantine)->counters().stored_bytes, std::string_view(kPatient).size());
  using std::filesystem::perms;
  EXPECT_EQ(std::filesystem::status(path).permissions(), perms::owner_read | perms::owner_write);
  EXPECT_EQ(std::filesystem::status(folder_ + "/kept").permissions(), perms::owner_all);
}

TEST_F(QuarantineTest, TheSameContentIsKeptOnce) {
  const QuarantineOptions options = Options();
  for (int run = 0; run < 2; ++run) {
    auto quarantine = Quarantine::Open(options, true);
    ASSERT_TRUE(quarantine);
    EXPECT_TRUE((*quarantine)->Offer(Digest{1}, AsBytes(kPatient)));
    (*quarantine)->Close();
    EXPECT_EQ((*quarantine)->counters().stored, run == 0 ? 1u : 0u);
    EXPECT_EQ((*quarantine)->counters().known, run == 0 ? 0u : 1u);
  }
}

TEST_F(QuarantineTest, TheTotalIsBoundedOverRuns) {
  QuarantineOptions options = Options();
  options.max_total = 4000;
  const std::string large(3000, 'x');
  for (int run = 0; run < 2; ++run) {
    auto quarantine = Quarantine::Open(options, true);
    ASSERT_TRUE(quarantine);
    EXPECT_EQ((*quarantine)->Offer(Digest{static_cast<std::uint8_t>(run)}, AsBytes(large)), run == 0);
    (*quarantine)->Close();
    EXPECT_EQ((*quarantine)->counters().refused_total, run == 0 ? 0u : 1u);
  }
}

TEST_F(QuarantineTest, AnEllipticKeyServes) {
  QuarantineOptions options = Options();
  options.certificate = Certificate(EVP_EC_gen("P-256"));
  auto quarantine = Quarantine::Open(options, true);
  ASSERT_TRUE(quarantine) << quarantine.error().ToString();
  (*quarantine)->Offer(Digest{2}, AsBytes(kPatient));
  (*quarantine)->Close();
  EXPECT_EQ(Decrypt(PathOf("02" + std::string(62, '0'))), kPatient);
}

TEST_F(QuarantineTest, ABadSetUpIsOneClearError) {
  QuarantineOptions options = Options();
  options.certificate = Certificate(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
  EXPECT_NE(Quarantine::Open(options, true).error().ToString().find("RSA or EC"), std::string::npos);
  options.certificate = folder_ + "/absent.pem";
  EXPECT_NE(Quarantine::Open(options, true).error().ToString().find("cannot be read"), std::string::npos);
  options.certificate = "/dev/null";
  EXPECT_NE(Quarantine::Open(options, true).error().ToString().find("openssl req"), std::string::npos);
  options.certificate = "";
  EXPECT_FALSE(Quarantine::Open(options, true));
}

TEST_F(QuarantineTest, WhatCannotBeWrittenIsCounted) {
  const QuarantineOptions options = Options();
  auto quarantine = Quarantine::Open(options, true);
  ASSERT_TRUE(quarantine);
  std::filesystem::remove_all(options.directory);
  (*quarantine)->Offer(Digest{3}, AsBytes(kPatient));
  (*quarantine)->Close();
  EXPECT_EQ((*quarantine)->counters().failed, 1u);
  EXPECT_EQ((*quarantine)->counters().stored, 0u);
}

}  // namespace
}  // namespace gander::report
