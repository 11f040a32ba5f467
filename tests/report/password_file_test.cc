// SPDX-License-Identifier: Apache-2.0
#include "report/metrics/password_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "report/metrics/password_gate.h"
#include "report/summary/summary.h"
#include "support/paths.h"

namespace gander::report {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

const char* const kPassword = "gander and goose";  // of every hash here

std::string Seed(const std::string& name) {
  return gander::test::ReadFile(gander::test::SourcePath("tests/fuzz/corpus/report_passwords/" + name));
}
std::string Sample() { return Seed("three_methods"); }

PasswordFile Known() { return *PasswordFile::Parse(Sample(), "passwords"); }

std::string HashOf(const std::string& user) {
  const std::string text = Sample();
  const std::size_t begin = text.find("\n" + user + ":") + user.size() + 2;
  return text.substr(begin, text.find('\n', begin) - begin);
}

TEST(PasswordFile, AdmitsWhatHtpasswdAndOpensslWrite) {
  const PasswordFile file = Known();
  EXPECT_EQ(file.users(), 3u);
  for (const char* user : {"scraper", "officer", "third"}) {
    EXPECT_TRUE(file.Admits(user, kPassword)) << user;
    EXPECT_FALSE(file.Admits(user, "gander and goos")) << user;
    EXPECT_FALSE(file.Admits(user, "")) << user;
    EXPECT_FALSE(file.Admits(user, std::string(kPassword) + '\0' + "more")) << user;
  }
  EXPECT_FALSE(file.Admits("nobody", kPassword));
  EXPECT_FALSE(file.Admits("", kPassword));
}

TEST(PasswordFile, LineEndsOfOtherSystemsAndAnOwnNumberOfRounds) {
  EXPECT_TRUE(PasswordFile::Parse(Seed("rounds"), "p"));
}

TEST(PasswordFile, SaysWhichLineIsWrongAndNotWhatStandsInIt) {
  const std::string good = "officer:" + HashOf("officer") + "\n";
  const std::string cut = HashOf("officer").substr(0, 80);
  const std::pair<std::string, std::string> cases[] = {
      {"# only this\n" + good + "secret\n", "p:3: no colon"},
      {good + ":" + HashOf("officer"), "p:2: no colon"},
      {"a:secret\n", "p:1: behind the colon is no"},
      {"a:\n", "p:1: behind the colon is no"},
      {"a:$1$secretsa$secretsecretsecret\n", "p:1: behind the colon is no"},
      {"a:{SHA}secret\n", "p:1: behind the colon is no"},
      {"a:" + cut + "\n", "p:1: this is no whole SHA-512"},
      {"a:$6$rounds=1000001$saltsalt" + HashOf("officer").substr(11) + "\n", "p:1: this is no whole SHA-512"},
      {"a:$2b$15$" + HashOf("third").substr(12) + std::string(20, 'a') + "\n", "p:1: this is no whole bcrypt"},
      {good + good, "p:2: this user stands here twice"},
      {"", "p: no user"},
      {"#\n\n", "p: no user"},
  };
  for (const auto& [text, says] : cases) {
    const auto file = PasswordFile::Parse(text, "p");
    ASSERT_FALSE(file) << text;
    EXPECT_THAT(file.error().ToString(), HasSubstr(says));
    EXPECT_THAT(file.error().ToString(), Not(HasSubstr("secret")));
    EXPECT_FALSE(file.error().remedy.empty());
  }
}

TEST(PasswordFile, HasABoundedNumberOfUsers) {
  std::string text;
  for (std::size_t i = 0; i <= PasswordFile::kMaxUsers; ++i) {
    text += "u" + std::to_string(i) + ":" + HashOf("officer") + "\n";
  }
  EXPECT_THAT(PasswordFile::Parse(text, "p").error().ToString(), HasSubstr("p:101: more than 100 users"));
}

TEST(PasswordFile, IsNotReadWhenEverybodyMay) {
  const std::string path = ::testing::TempDir() + "gander-passwords-" + std::to_string(::getpid());
  ASSERT_TRUE(WriteFile(path, Sample()));
  ::chmod(path.c_str(), 0644);
  EXPECT_THAT(PasswordFile::Read(path).error().ToString(), HasSubstr("chmod 0640"));
  ::chmod(path.c_str(), 0640);
  EXPECT_TRUE(PasswordFile::Read(path));
  ASSERT_TRUE(WriteFile(path, std::string(PasswordFile::kMaxBytes + 1, '#')));
  EXPECT_THAT(PasswordFile::Read(path).error().ToString(), HasSubstr("larger than"));
  std::filesystem::remove(path);
  EXPECT_FALSE(PasswordFile::Read(path));
  EXPECT_FALSE(PasswordFile::Read(::testing::TempDir()));
}

TEST(PasswordGate, WhoeverGuessesIsTurnedAwayAndWhoeverIsKnownIsNot) {
  using Answer = PasswordGate::Answer;
  PasswordGate gate(Known());
  EXPECT_EQ(gate.Ask("officer", kPassword, 0), Answer::kAdmitted);
  int refused = 0;
  for (int i = 0; i < 50; ++i) refused += gate.Ask("officer", "guess " + std::to_string(i), 0) == Answer::kRefused;
  EXPECT_EQ(refused, PasswordGate::kBurst - 1);
  EXPECT_EQ(gate.Ask("third", kPassword, 0), Answer::kLater) << "right, but nobody may look it up now";
  EXPECT_EQ(gate.Ask("officer", kPassword, 0), Answer::kAdmitted) << "known to be right";
  EXPECT_EQ(gate.Ask("third", kPassword, 1.5), Answer::kAdmitted);
  EXPECT_EQ(gate.Ask("third", "guess", 1.6), Answer::kLater);
}

}  // namespace
}  // namespace gander::report
