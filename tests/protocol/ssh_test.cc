// SPDX-License-Identifier: Apache-2.0
#include "protocol/ssh/ssh.h"

#include <gmock/gmock.h>

#include "protocol/harness.h"

namespace gander::protocol {
namespace {

using namespace std::string_literals;

std::string U32(std::size_t v) {
  return {static_cast<char>(v >> 24), static_cast<char>(v >> 16), static_cast<char>(v >> 8), static_cast<char>(v)};
}
std::string List(const std::string& names) { return U32(names.size()) + names; }
std::string Offer(const std::string& kex, const std::string& there, const std::string& back) {
  std::string payload = "\x14"s + std::string(16, 'c') + List(kex) + List("ssh-ed25519");
  for (const char* what : {"-cipher", "-mac", "-zip"}) payload += List(there + what) + List(back + what);
  payload += List("") + List("") + "\0"s + U32(0);
  const std::string packet = "\x04"s + payload + "pad!";
  return U32(packet.size()) + packet;
}
const std::string kClientOffer = Offer("curve25519-sha256,ecdh", "c", "s"),
                  kServerOffer = Offer("curve25519-sha256", "c2", "s2");
const Talk kTalk = {Client("SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n"), Server("SSH-2.0-dropbear_2022.83\r\n" + kServerOffer),
                    Client(kClientOffer + "cipher")};

TEST(SshTest, BannersAndFingerprints) {
  const RecordingSink sink = Play(kSsh, kTalk);
  ASSERT_EQ(sink.events.size(), 1u);
  EXPECT_THAT(sink.events[0],
              HasSubstr(R"("client":{"proto_version":"2.0","software_version":"OpenSSH_9.2p1","hassh":{"hash":")"));
  EXPECT_THAT(sink.events[0], HasSubstr(R"("string":"curve25519-sha256,ecdh;c-cipher;c-mac;c-zip"})"));
  EXPECT_THAT(sink.events[0], HasSubstr(R"("server":{"proto_version":"2.0","software_version":"dropbear_2022.83")"));
  EXPECT_THAT(sink.events[0], HasSubstr(R"("string":"curve25519-sha256;s2-cipher;s2-mac;s2-zip"})"));
  // md5sum of the client's string
  EXPECT_THAT(sink.events[0], HasSubstr("81c133bddae8c4ee0689c0d92f62c019"));
  EXPECT_EQ(sink.fates.at(ByteFate::kEncrypted), 6u);
}

TEST(SshTest, BehindTheOffersAllIsCiphertext) {
  testing::Player player(kSsh);
  player.Feed(kTalk);
  EXPECT_EQ(player.status(), ParseStatus::kEncrypted);
}

TEST(SshTest, AServerMaySpeakBeforeItsBanner) {
  const RecordingSink sink = Play(kSsh, {Server("SSH"), Server("-2.0-x\n")});
  EXPECT_THAT(sink.events, ElementsAre(R"(ssh #0 > "ssh":{"server":{"proto_version":"2.0","software_version":"x"}})"));
  const RecordingSink late = Play(kSsh, {Client("SSH-2.0-a\r\n"), Server("Welcome\r\nSSH-2.0-b\r\n")});
  EXPECT_THAT(late.events[0], HasSubstr(R"("software_version":"b")"));
}

TEST(SshTest, WhatIsTooLongIsNotKept) {
  testing::Player endless(kSsh);
  EXPECT_EQ(endless.Feed(Direction::kToServer, "SSH-2.0-" + std::string(5000, 'x')), ParseStatus::kNotThis);
  const RecordingSink sink =
      Play(kSsh, {Client("SSH-2.0-a\r\n" + U32(1 << 30)), Server("SSH-2.0-b\r\n" + kServerOffer)});
  EXPECT_THAT(sink.events[0], HasSubstr(R"("client":{"proto_version":"2.0","software_version":"a"},"server")"));
}

TEST(SshTest, AnyCutSaysTheSame) {
  testing::ExpectSameAtEverySplit(kSsh, kTalk);
  testing::ExpectSurvivesDamage(kSsh, kTalk);
}

TEST(SshTest, Probe) {
  EXPECT_EQ(Ask(kSsh, "SS"), Probe::kNeedMore);
  EXPECT_EQ(Ask(kSsh, "SSH-2.0"), Probe::kYes);
  EXPECT_EQ(Ask(kSsh, "SSDP"), Probe::kNo);
}

}  // namespace
}  // namespace gander::protocol
