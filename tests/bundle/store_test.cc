// SPDX-License-Identifier: Apache-2.0
// Bundles as files and as generations on disk: what is cut, changed, old or not for here is refused, and what is in force
// stays whole at every step.
#include "bundle/store.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace gander::bundle {
namespace {

namespace disk = std::filesystem;

std::string TextOf(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}
void PutText(const std::string& path, const std::string& text) {
  disk::create_directories(disk::path(path).parent_path());
  std::ofstream(path, std::ios::binary) << text;
}

class BundleStoreTest : public testing::Test {
 protected:
  void SetUp() override {
    top_ = (disk::path(testing::TempDir()) / ("gander_store_" + std::string(testing::UnitTest::GetInstance()
                                                                                 ->current_test_info()
                                                                                 ->name()))).string();
    disk::remove_all(top_);
    disk::create_directories(top_);
    key_.emplace(std::move(*evidence::SigningKey::Open(At("release.key"))));
    PutText(At("release.pem"), key_->public_key().ToPem());
    options_.trust = {At("release.pem")};
    options_.directory = At("fleet");
    trusted_ = *ReadTrusted(options_);
    Content("one");
  }
  std::string At(const std::string& name) const { return top_ + "/" + name; }
  void Content(const std::string& mark) {
    PutText(At("in/rules/eu.yaml"), "rules: " + mark);
    PutText(At("in/policy.yaml"), "policy: " + mark);
    PutText(At("in/.git/config"), "left out");
  }
  Manifest Of(std::uint64_t serial) const {
    Manifest m;
    m.name = "rules";
    m.serial = serial;
    EXPECT_TRUE(ParseDate("2026-11-01", m.from));
    EXPECT_TRUE(ParseDate("2026-12-01", m.until));
    m.version = "0.1.0";
    m.rings = {"all"};
    return m;
  }
  std::string Signed(std::uint64_t serial) {
    Manifest m = Of(serial);
    const std::string out = At("bundle-" + std::to_string(serial));
    const auto written = WritePackage(m, At("in"), *key_, out);
    EXPECT_TRUE(written.has_value()) << written.error().ToString();
    return out;
  }
  std::string WhyNot(const std::string& path) const {
    const auto package = Package::Open(path, trusted_);
    if (!package) return package.error().cause;
    const auto whole = package->ForEachFile([](const FileEntry&, std::string_view) { return true; });
    return whole ? "" : whole.error().cause;
  }
  std::optional<Applied> Current() const {
    auto applied = ReadApplied(options_, trusted_);
    EXPECT_TRUE(applied.has_value()) << applied.error().ToString();
    return applied ? *applied : std::nullopt;
  }
  void Apply(const std::string& path, std::uint64_t keep = 0) {
    const auto package = Package::Open(path, trusted_);
    ASSERT_TRUE(package.has_value()) << package.error().ToString();
    auto staged = Staging::Open(options_, *package);
    ASSERT_TRUE(staged.has_value()) << staged.error().ToString();
    ASSERT_TRUE(staged->Commit(keep).has_value());
  }

  std::string top_;
  std::optional<evidence::SigningKey> key_;
  Options options_;
  std::vector<evidence::PublicKey> trusted_;
};

TEST_F(BundleStoreTest, AFolderGoesThereWhole) {
  EXPECT_FALSE(Current().has_value());
  Apply(Signed(1));
  const auto applied = Current();
  ASSERT_TRUE(applied.has_value());
  EXPECT_EQ(applied->manifest.serial, 1u);
  EXPECT_EQ(applied->manifest.files.size(), 2u) << "hidden files stay at home";
  EXPECT_EQ(TextOf(At("fleet/current/rules/eu.yaml")), "rules: one");
  EXPECT_TRUE(CheckFolder(applied->folder, applied->manifest).has_value());
}

TEST_F(BundleStoreTest, TheOneBeforeIsKeptAndNoOther) {
  for (std::uint64_t serial = 1; serial <= 4; ++serial) {
    Content("of " + std::to_string(serial));
    Apply(Signed(serial), serial - 1);
  }
  EXPECT_EQ(TextOf(At("fleet/current/policy.yaml")), "policy: of 4");
  std::set<std::string> names;
  for (const auto& entry : disk::directory_iterator(At("fleet/generations"))) names.insert(entry.path().filename());
  EXPECT_EQ(names, (std::set<std::string>{"3", "4"}));
}

TEST_F(BundleStoreTest, EveryCutAndEveryChangeIsSeen) {
  const std::string path = Signed(1), whole = TextOf(path), bad = At("bad");
  EXPECT_EQ(WhyNot(path), "");
  for (std::size_t i = 0; i < whole.size(); ++i) {
    PutText(bad, whole.substr(0, i));
    EXPECT_NE(WhyNot(bad), "") << "cut at " << i;
    std::string altered = whole;
    altered[i] = static_cast<char>(altered[i] ^ 4);
    PutText(bad, altered);
    EXPECT_NE(WhyNot(bad), "") << "changed at " << i;
  }
  PutText(bad, whole + "x");
  EXPECT_NE(WhyNot(bad).find("more stands in it"), std::string::npos);
  EXPECT_NE(WhyNot(At("nowhere")), "");
  EXPECT_NE(WhyNot(At("in")), "");
}

TEST_F(BundleStoreTest, AHugeOneIsRefusedUnread) {
  const std::string path = At("huge");
  PutText(path, "gander-bundle 1 100\n");
  ASSERT_EQ(::truncate(path.c_str(), static_cast<off_t>(kMostContentBytes + (std::uint64_t{4} << 20))), 0);  // sparse
  EXPECT_NE(WhyNot(path).find("larger than any bundle"), std::string::npos);
  PutText(path, "gander-bundle 1 99999999999999999999\n");
  EXPECT_NE(WhyNot(path), "");
  PutText(path, "gander-bundle 1 -1\n");
  EXPECT_NE(WhyNot(path), "");
}

TEST_F(BundleStoreTest, SerialsRiseAndTimesHold) {
  Apply(Signed(5));
  const auto applied = Current();
  const auto why_not = [&](const std::string& path, const char* now, const char* version = "0.1.0") {
    const auto package = Package::Open(path, trusted_);
    EXPECT_TRUE(package.has_value());
    Timestamp t;
    EXPECT_TRUE(ParseDate(now, t));
    const auto admitted = Admits(*package, applied, t, version);
    return admitted ? "" : admitted.error().cause;
  };
  EXPECT_EQ(why_not(Signed(6), "2026-11-15"), "");
  EXPECT_NE(why_not(Signed(5), "2026-11-15").find("played again"), std::string::npos);
  EXPECT_NE(why_not(Signed(4), "2026-11-15").find("played again"), std::string::npos);
  EXPECT_NE(why_not(Signed(6), "2026-10-31").find("holds from"), std::string::npos);
  EXPECT_NE(why_not(Signed(6), "2026-12-01").find("ended"), std::string::npos);
  EXPECT_NE(why_not(Signed(6), "2026-11-15", "0.0.9").find("needs gander 0.1.0"), std::string::npos);
  Manifest other = Of(9);
  other.name = "another";
  ASSERT_TRUE(WritePackage(other, At("in"), *key_, At("other")).has_value());
  EXPECT_NE(why_not(At("other"), "2026-11-15").find("of the name rules"), std::string::npos);
}

TEST_F(BundleStoreTest, ARollBackIsOldContentUnderANewSerial) {
  const std::string first = Signed(1);
  Apply(first);
  const std::string content = Current()->manifest.content_id();
  Content("worse");
  Apply(Signed(2), 1);
  const auto old = Package::Open(first, trusted_);
  Manifest back = old->manifest();
  back.serial = 3;
  back.restores = 1;
  ASSERT_TRUE(SignAnew(*old, back, *key_, At("back")).has_value());
  Apply(At("back"), 2);
  EXPECT_EQ(Current()->manifest.content_id(), content);
  EXPECT_EQ(Current()->manifest.restores, 1u);
  EXPECT_EQ(TextOf(At("fleet/current/policy.yaml")), "policy: one");
}

TEST_F(BundleStoreTest, WhatIsChangedByHandIsSeen) {
  Apply(Signed(1));
  const auto applied = Current();
  const auto why_not = [&] {
    const auto good = CheckFolder(applied->folder, applied->manifest);
    return good ? "" : good.error().file + " " + good.error().cause;
  };
  EXPECT_EQ(why_not(), "");
  const std::string rule = applied->folder + "/rules/eu.yaml", added = applied->folder + "/rules/zz.yaml";
  PutText(rule, "rules: two");
  EXPECT_NE(why_not().find("eu.yaml fleet.trust: is not what was signed"), std::string::npos) << why_not();
  disk::remove(rule);
  EXPECT_NE(why_not().find("eu.yaml fleet.trust: was signed and is missing"), std::string::npos) << why_not();
  PutText(rule, "rules: one");
  EXPECT_EQ(why_not(), "");
  for (const std::string& extra : {added, applied->folder + "/aa.yaml", applied->folder + "/rules/.zz.yaml"}) {
    PutText(extra, "rules: more");
    EXPECT_NE(why_not().find("no bundle has brought it"), std::string::npos) << extra << why_not();
    disk::remove(extra);
  }
  disk::create_symlink("/etc/passwd", added);
  EXPECT_NE(why_not(), "");
  disk::remove(added);
  // The link and the manifest.
  disk::remove(At("fleet/current"));
  disk::create_symlink("/etc", At("fleet/current"));
  EXPECT_FALSE(ReadApplied(options_, trusted_).has_value());
  disk::remove(At("fleet/current"));
  disk::create_symlink("generations/1", At("fleet/current"));
  PutText(applied->folder + "/.manifest", "rules");
  EXPECT_FALSE(ReadApplied(options_, trusted_).has_value());
}

TEST_F(BundleStoreTest, WhatIsNotCommittedLeavesNothing) {
  Apply(Signed(1));
  {
    Content("two");
    const auto package = Package::Open(Signed(2), trusted_);
    auto staged = Staging::Open(options_, *package);
    ASSERT_TRUE(staged.has_value());
    EXPECT_EQ(TextOf(staged->folder() + "/policy.yaml"), "policy: two");
    EXPECT_EQ(TextOf(At("fleet/current/policy.yaml")), "policy: one");
    EXPECT_FALSE(Staging::Open(options_, *package).has_value()) << "one at a time";
  }
  EXPECT_EQ(Current()->manifest.serial, 1u);
  EXPECT_FALSE(disk::exists(At("fleet/generations/.new")));
}

TEST_F(BundleStoreTest, NamesThatNoBundleMayHaveAreNotSigned) {
  PutText(At("in/a name.yaml"), "x");
  Manifest m = Of(1);
  EXPECT_FALSE(WritePackage(m, At("in"), *key_, At("out")).has_value());
  disk::remove(At("in/a name.yaml"));
  disk::create_symlink("/etc/passwd", At("in/link.yaml"));
  EXPECT_FALSE(WritePackage(m, At("in"), *key_, At("out")).has_value());
  EXPECT_FALSE(disk::exists(At("out")));
}

}  // namespace
}  // namespace gander::bundle
