// SPDX-License-Identifier: Apache-2.0
// Manifests: what is signed comes back, and nothing else is taken.
#include "bundle/manifest.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "evidence/checkpoint.h"

namespace gander::bundle {
namespace {

evidence::SigningKey NewSigner(const char* name) {
  const std::string path = (std::filesystem::path(testing::TempDir()) / (std::string("gander_bundle_") + name)).string();
  ::unlink(path.c_str());
  auto key = evidence::SigningKey::Open(path);
  EXPECT_TRUE(key.has_value());
  return std::move(*key);
}

Timestamp DateOf(const char* text) {
  Timestamp t;
  EXPECT_TRUE(ParseDate(text, t));
  return t;
}

Manifest GoodManifest() {
  Manifest m;
  m.name = "rules-eu";
  m.serial = 14;
  m.from = DateOf("2026-11-30");
  m.until = DateOf("2027-03-01T12:30:00Z");
  m.version = "0.1.0";
  m.rings = {"canary", "25%"};
  m.restores = 12;
  m.files = {{"policy.yaml", 12, evidence::Sha256("a")}, {"rules/eu.yaml", 0, evidence::Sha256("")}};
  return m;
}

std::string WhyNot(const std::string& note, const evidence::PublicKey& key) {
  const evidence::PublicKey keys[] = {key};
  const auto read = ReadManifest("b", note, keys);
  return read ? "" : read.error().cause;
}

TEST(BundleManifestTest, ComesBackAsItWasSigned) {
  const auto key = NewSigner("good"), other = NewSigner("other");
  const auto note = SignManifest(GoodManifest(), key);
  ASSERT_TRUE(note.has_value());
  EXPECT_TRUE(note->starts_with("gander-bundle/rules-eu\n14\n"));
  const evidence::PublicKey keys[] = {other.public_key(), key.public_key()};
  const auto read = ReadManifest("b", *note, keys);
  ASSERT_TRUE(read.has_value()) << read.error().ToString();
  EXPECT_EQ(read->key, 1u);
  const Manifest& m = read->manifest;
  EXPECT_EQ(m.name, "rules-eu");
  EXPECT_EQ(m.serial, 14u);
  EXPECT_EQ(m.from, GoodManifest().from);
  EXPECT_EQ(m.until, GoodManifest().until);
  EXPECT_EQ(m.rings, GoodManifest().rings);
  EXPECT_EQ(m.restores, 12u);
  EXPECT_EQ(m.files, GoodManifest().files);
  EXPECT_EQ(m.content_id(), GoodManifest().content_id());
  EXPECT_EQ(m.content_bytes(), 12u);
}

TEST(BundleManifestTest, ForgedAndAlteredOnesAreRefused) {
  const auto key = NewSigner("good"), forger = NewSigner("forger");
  const std::string note = *SignManifest(GoodManifest(), key);
  EXPECT_EQ(WhyNot(note, key.public_key()), "");
  EXPECT_NE(WhyNot(*SignManifest(GoodManifest(), forger), key.public_key()).find("none of the trusted keys"),
            std::string::npos);
  EXPECT_NE(WhyNot("", key.public_key()), "");
  for (std::size_t i = 0; i < note.size(); ++i) {
    std::string altered = note;
    altered[i] = static_cast<char>(altered[i] ^ 1);
    EXPECT_NE(WhyNot(altered, key.public_key()), "") << "octet " << i;
    EXPECT_NE(WhyNot(note.substr(0, i), key.public_key()), "") << "cut at " << i;
  }
  // A checkpoint of the key's evidence log, should somebody use one key for both.
  evidence::Checkpoint log;
  log.origin = "gander/sensor-1";
  log.size = 99;
  EXPECT_NE(WhyNot(evidence::Sign(log, key), key.public_key()).find("no manifest of a bundle"), std::string::npos);
}

// Whoever holds the key may still make mistakes; what a sensor reads is one form.
TEST(BundleManifestTest, SignedNonsenseIsRefused) {
  const auto key = NewSigner("good");
  const auto refused = [&](std::vector<std::string> lines, const char* what) {
    evidence::Checkpoint note;
    note.origin = "gander-bundle/rules-eu";
    note.size = 14;
    note.root = evidence::Sha256(lines.empty() ? "" : lines.back() + "\n");
    note.extensions = std::move(lines);
    EXPECT_NE(WhyNot(evidence::Sign(note, key), key.public_key()), "") << what;
  };
  const std::string file = "file " + std::string(64, 'a') + " 3 rules/eu.yaml";
  const std::string from = "from 2026-11-30T00:00:00Z", until = "until 2027-11-30T00:00:00Z";
  refused({}, "nothing");
  refused({until, from, "gander 0.1.0", "rings all", file}, "another order");
  refused({"from 2026-11-30", until, "gander 0.1.0", "rings all", file}, "a day is no second");
  refused({from, until, "gander 0.1.0", "rings all", "exec /bin/sh", file}, "an unknown line");
  refused({from, until, "gander 0.1.0", "rings all", "rings all", file}, "twice");
  refused({from, until, "gander 0.1.0", "rings all", "file " + std::string(64, 'a') + " 03 rules/eu.yaml"}, "zero first");
  refused({from, until, "gander 0.1.0", "rings all", "file " + std::string(64, 'A') + " 3 rules/eu.yaml"}, "upper case");
  refused({from, until, "gander 0.1.0", "rings all", "file " + std::string(64, 'a') + " 3 ../rules/eu.yaml"}, "traversal");
}

TEST(BundleManifestTest, PathsStayBelowTheirFolder) {
  for (const char* good : {"a", "rules/eu.yaml", "a/b/c/d/e/f/g/h", "_x/A-1.2.yaml"}) EXPECT_TRUE(IsPath(good)) << good;
  for (const char* bad : {"", "/etc/passwd", "..", "../a", "a/../b", "a/..", "a//b", "a/", "./a", ".hidden", "a/.b", "a b",
                          "a\\b", "a/b/c/d/e/f/g/h/i", "-rf", "a\nb", "\xc3\xa4"}) {
    EXPECT_FALSE(IsPath(bad)) << bad;
  }
  EXPECT_FALSE(IsPath(std::string_view("a\0b", 3)));
  EXPECT_FALSE(IsPath(std::string(201, 'a')));
}

TEST(BundleManifestTest, FlawsAreNamed) {
  const auto flaw = [](auto&& change) {
    Manifest m = GoodManifest();
    change(m);
    return Flaw(m);
  };
  EXPECT_EQ(flaw([](Manifest&) {}), "");
  EXPECT_NE(flaw([](Manifest& m) { m.name = "rules eu"; }), "");
  EXPECT_NE(flaw([](Manifest& m) { m.serial = 0; }), "");
  EXPECT_NE(flaw([](Manifest& m) { m.restores = 14; }), "");
  EXPECT_NE(flaw([](Manifest& m) { m.until = m.from; }), "");
  for (const char* version : {"", "1", "1.2", "1.2.3.4", "1.2.x", "01.2.3"}) {
    EXPECT_NE(flaw([&](Manifest& m) { m.version = version; }), "") << version;
  }
  for (const char* ring : {"", "0%", "100%", "1000%", "-5%", "%", "a b"}) {
    EXPECT_NE(flaw([&](Manifest& m) { m.rings = {ring}; }), "") << ring;
  }
  EXPECT_NE(flaw([](Manifest& m) { m.rings.clear(); }), "");
  EXPECT_NE(flaw([](Manifest& m) { m.rings.assign(33, "a"); }), "");
  EXPECT_NE(flaw([](Manifest& m) { m.files.clear(); }), "");
  EXPECT_NE(flaw([](Manifest& m) { std::swap(m.files[0], m.files[1]); }), "");
  EXPECT_NE(flaw([](Manifest& m) { m.files[1] = m.files[0]; }), "");
  EXPECT_NE(flaw([](Manifest& m) { m.files[0].size = kMostFileBytes + 1; }), "");
  EXPECT_NE(flaw([](Manifest& m) { m.files = {{"a", 1, {}}, {"a-b", 1, {}}, {"a/b", 1, {}}}; }).find("file and a folder"),
            std::string::npos);
  EXPECT_NE(flaw([](Manifest& m) {
              m.files.clear();
              for (int i = 0; i < 5; ++i) m.files.push_back({"f" + std::to_string(i), kMostFileBytes, {}});
            }).find("256 MiB"),
            std::string::npos);
  EXPECT_FALSE(SignManifest({}, NewSigner("good")).has_value());
}

TEST(BundleManifestTest, RingsAreNamesAndShares) {
  Manifest m = GoodManifest();
  m.rings = {"canary"};
  EXPECT_TRUE(IsFor(m, "s", "canary"));
  EXPECT_FALSE(IsFor(m, "s", "late"));
  EXPECT_FALSE(IsFor(m, "s", ""));
  m.rings = {"all"};
  EXPECT_TRUE(IsFor(m, "s", ""));
  int ten = 0, quarter = 0;
  for (int i = 0; i < 2000; ++i) {
    const std::string sensor = "sensor-" + std::to_string(i);
    m.rings = {"10%"};
    const bool in_ten = IsFor(m, sensor, "");
    m.rings = {"25%"};
    const bool in_quarter = IsFor(m, sensor, "");
    EXPECT_TRUE(in_quarter || !in_ten) << "who had it at 10 % has it at 25 %";
    ten += in_ten;
    quarter += in_quarter;
  }
  EXPECT_NEAR(ten, 200, 60);
  EXPECT_NEAR(quarter, 500, 90);
}

TEST(BundleManifestTest, VersionsAreNumbers) {
  EXPECT_TRUE(IsLater("0.10.0", "0.9.9"));
  EXPECT_TRUE(IsLater("1.0.0", "0.99.99"));
  EXPECT_FALSE(IsLater("0.1.0", "0.1.0"));
  EXPECT_FALSE(IsLater("0.1.0", "0.2.0"));
}

}  // namespace
}  // namespace gander::bundle
