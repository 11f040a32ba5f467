// SPDX-License-Identifier: Apache-2.0
#include "evidence/prove.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "evidence/folder.h"

namespace gander::evidence {
namespace {

using ::testing::HasSubstr;

class ProveTest : public ::testing::Test, public LogFixture {
 protected:
  void SetUp() override { Write(20, 5); }
  std::string ProofOf(const std::string& what) const {
    const auto log = Verify(options.directory, Public());
    const auto picked = Pick(options.directory, [&](const RecordHead& r) { return r.body.find(what) != r.body.npos; });
    const auto proof = Prove(*log, *picked);
    if (!proof) ADD_FAILURE() << proof.error().ToString();
    return proof ? *proof : "";
  }
};

TEST_F(ProveTest, AProofHoldsWithoutTheLog) {
  const std::string proof = ProofOf("\"n\":7}");
  const PublicKey key = Public();
  std::filesystem::remove_all(options.directory);
  const auto proven = CheckProof("proof", proof, key);
  ASSERT_TRUE(proven.has_value()) << proven.error().ToString();
  EXPECT_EQ(proven->origin, "gander/test");
  ASSERT_EQ(proven->records.size(), 1u);
  EXPECT_THAT(proven->records[0], HasSubstr("\"body\":{\"n\":7}}"));
}

TEST_F(ProveTest, EveryRecordCanBeProven) {
  const auto proven = CheckProof("proof", ProofOf("\"n\":"), Public());
  ASSERT_TRUE(proven.has_value()) << proven.error().ToString();
  EXPECT_EQ(proven->records.size(), 20u);
}

TEST_F(ProveTest, NoByteOfAProofMayChange) {
  const std::string proof = ProofOf("\"n\":7}");
  for (std::size_t i = 0; i < proof.size(); ++i) {
    std::string bad = proof;
    bad[i] = static_cast<char>(bad[i] ^ 4);
    const auto proven = CheckProof("proof", bad, Public());
    // A space between two members may become another; what is said may not.
    if (proven) {
      EXPECT_EQ(proven->records, CheckProof("proof", proof, Public())->records) << i;
      EXPECT_EQ(proven->time, CheckProof("proof", proof, Public())->time) << i;
    }
  }
}

TEST_F(ProveTest, AnotherKeyOrAnotherTextIsRefused) {
  const auto other = SigningKey::Open(folder / "other.pem");
  EXPECT_THAT(CheckProof("p", ProofOf("\"n\":7}"), other->public_key()).error().cause, HasSubstr("not signed by this key"));
  for (const char* bad : {"", "[]", "{}", "{\"format\":1}", R"({"format":"gander-evidence-proof-1","checkpoint":"x","records":[1]})",
                          R"({"format":"gander-evidence-proof-1","checkpoint":"x","records":[]})"}) {
    EXPECT_FALSE(CheckProof("p", bad, Public()).has_value()) << bad;
  }
}

TEST_F(ProveTest, WhatIsNotSignedYetCannotBeProven) {
  Log log = Open();
  log.Append(Kind::kEvent, "{\"late\":1}");
  const auto verified = Verify(options.directory, Public());
  const auto picked = Pick(options.directory, [](const RecordHead& r) { return r.body == "{\"late\":1}"; });
  ASSERT_EQ(picked->size(), 1u);
  const auto proof = Prove(*verified, *picked);
  ASSERT_FALSE(proof.has_value());
  EXPECT_THAT(proof.error().cause, HasSubstr("no checkpoint covers"));
}

}  // namespace
}  // namespace gander::evidence
