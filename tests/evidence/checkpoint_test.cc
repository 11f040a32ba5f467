// SPDX-License-Identifier: Apache-2.0
#include "evidence/checkpoint.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstring>

#include "evidence/folder.h"

namespace gander::evidence {
namespace {

using ::testing::HasSubstr;

PublicKey RawKey(const std::string& base64) {
  std::string bytes;
  EXPECT_TRUE(FromBase64(base64, bytes));
  PublicKey::Raw raw;
  EXPECT_EQ(bytes.size(), raw.size() + 1);  // a type before it
  std::memcpy(raw.data(), bytes.data() + 1, raw.size());
  return PublicKey(raw);
}

// The example that the signed-note format is explained with.
TEST(CheckpointTest, AgreesWithThePublishedNote) {
  const PublicKey key = RawKey("ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW");
  EXPECT_EQ(VerifierKey("PeterNeumann", key), "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW");
  std::string bytes;
  ASSERT_TRUE(FromBase64("x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=",
                         bytes));
  ASSERT_EQ(bytes.size(), 68u);
  Signature signature;
  std::memcpy(signature.data(), bytes.data() + 4, signature.size());
  const std::string text = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
  EXPECT_TRUE(key.Verifies(text, signature));
  EXPECT_FALSE(key.Verifies(text + " ", signature));
}

TEST(CheckpointTest, ReadsWhatItSigned) {
  const Folder folder;
  const auto key = SigningKey::Open(folder / "key");
  ASSERT_TRUE(key.has_value()) << key.error().ToString();
  const std::string note = Sign({"gander/a", 42, Sha256("root"), {"time now"}}, *key);
  Checkpoint read;
  EXPECT_EQ(ReadNote(note, key->public_key(), read), NoteStatus::kGood);
  EXPECT_EQ(read.origin, "gander/a");
  EXPECT_EQ(read.size, 42u);
  EXPECT_EQ(read.root, Sha256("root"));
  EXPECT_THAT(read.extensions, ::testing::ElementsAre("time now"));
}

TEST(CheckpointTest, NoByteOfItMayChange) {
  const Folder folder;
  const auto key = SigningKey::Open(folder / "key");
  const std::string note = Sign({"gander/a", 42, Sha256("root"), {"time now"}}, *key);
  for (std::size_t i = 0; i < note.size(); ++i) {
    for (const char flip : {'\x01', '\x20'}) {
      std::string bad = note;
      bad[i] = static_cast<char>(bad[i] ^ flip);
      Checkpoint read;
      EXPECT_NE(ReadNote(bad, key->public_key(), read), NoteStatus::kGood) << i;
    }
    Checkpoint read;
    EXPECT_NE(ReadNote(note.substr(0, i), key->public_key(), read), NoteStatus::kGood) << i;
  }
}

TEST(CheckpointTest, AnotherKeyIsToldFromABadSignature) {
  const Folder folder;
  const auto key = SigningKey::Open(folder / "key"), other = SigningKey::Open(folder / "other");
  std::string note = Sign({"gander/a", 42, Sha256("root"), {}}, *key);
  Checkpoint read;
  EXPECT_EQ(ReadNote(note, other->public_key(), read), NoteStatus::kOtherKey);
  note.replace(note.find("42"), 2, "43");
  EXPECT_EQ(ReadNote(note, key->public_key(), read), NoteStatus::kBadSignature);
}

TEST(CheckpointTest, NotesAreSplitAndDamageStaysWhereItIs) {
  const Folder folder;
  const auto key = SigningKey::Open(folder / "key");
  std::string text;
  for (std::uint64_t n = 1; n <= 3; ++n) text += Sign({"gander/a", n, Sha256("root"), {}}, *key);
  std::string_view rest;
  auto notes = SplitNotes(text, rest);
  ASSERT_EQ(notes.size(), 3u);
  EXPECT_TRUE(rest.empty());
  text.insert(notes[0].size(), "rubbish\n\nmore");
  notes = SplitNotes(text, rest);
  int good = 0;
  for (const auto& note : notes) {
    Checkpoint read;
    good += ReadNote(note, key->public_key(), read) == NoteStatus::kGood ? 1 : 0;
  }
  EXPECT_EQ(good, 2);  // the one behind the rubbish is lost with it, no other
}

TEST(SigningTest, AKeyIsMadeOnceAndOnlyForItsOwner) {
  const Folder folder;
  const auto made = SigningKey::Open(folder / "key"), again = SigningKey::Open(folder / "key");
  ASSERT_TRUE(made && again);
  EXPECT_EQ(made->public_key().raw(), again->public_key().raw());
  WriteText(folder / "public.pem", made->public_key().ToPem());
  const auto read = PublicKey::Read(folder / "public.pem");
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->raw(), made->public_key().raw());

  ::chmod((folder / "key").c_str(), 0644);
  const auto open = SigningKey::Open(folder / "key");
  ASSERT_FALSE(open.has_value());
  EXPECT_THAT(open.error().remedy, HasSubstr("chmod 600"));
}

TEST(SigningTest, WhatIsNoKeyIsRefused) {
  const Folder folder;
  EXPECT_FALSE(SigningKey::Open("").has_value());
  EXPECT_FALSE(SigningKey::Open(folder / "no/such/folder/key").has_value());
  WriteText(folder / "text", "no key");
  ::chmod((folder / "text").c_str(), 0600);
  EXPECT_THAT(SigningKey::Open(folder / "text").error().cause, HasSubstr("no Ed25519 private key"));
  EXPECT_THAT(PublicKey::Read(folder / "text").error().cause, HasSubstr("no Ed25519 public key"));
  EXPECT_FALSE(PublicKey::Read(folder / "none").has_value());
}

TEST(SigningTest, Base64IsStrict) {
  std::string out;
  for (const char* bad : {"A", "AA", "AA=", "AAA", "A===", "AB==", "AAA\n", " AAA", "AA=A", "A*AA"}) {
    EXPECT_FALSE(FromBase64(bad, out)) << bad;
  }
  for (const std::string text : {"", "a", "ab", "abc", "abcd"}) {
    ASSERT_TRUE(FromBase64(ToBase64(text), out)) << text;
    EXPECT_EQ(out, text);
  }
}

}  // namespace
}  // namespace gander::evidence
