// SPDX-License-Identifier: Apache-2.0
#include "protocol/plain_text/plain_text.h"

#include <gmock/gmock.h>

#include <random>

#include "protocol/harness.h"

namespace gander::protocol {
namespace {

using testing::Client;
using ::testing::ElementsAre;
using testing::Play;
using testing::RecordingSink;
using testing::Server;

std::string Noise(std::size_t n, unsigned seed) {
  std::mt19937 random(seed);
  std::string s(n, '\0');
  for (char& c : s) c = static_cast<char>(random());
  return s;
}

TEST(PlainTextTest, TellsTextFromNoise) {
  EXPECT_TRUE(ReadsAsText(AsBytes("hello")));
  EXPECT_TRUE(ReadsAsText(AsBytes("\xd0\x9f\xd1\x80\xd0\xb8\xd0\xb2\xd0\xb5\xd1\x82")));
  EXPECT_TRUE(ReadsAsText(AsBytes(std::string_view("h\0e\0l\0l\0o\0", 10))));
  std::string gbk;
  for (int i = 0; i < 60; ++i) gbk += "\xc4\xe3";
  EXPECT_TRUE(ReadsAsText(AsBytes(gbk)));
  EXPECT_FALSE(ReadsAsText({}));
  int wrong = 0;
  for (unsigned seed = 0; seed < 200; ++seed) wrong += ReadsAsText(AsBytes(Noise(100 + seed * 10, seed)));
  EXPECT_EQ(wrong, 0);
}

TEST(PlainTextTest, RunsOfTextAreBodies) {
  const std::string noise = Noise(500, 1);
  const RecordingSink sink = Play(kPlainText, {Client("name: max"), Client(" muster"), Client(noise),
                                               Client("more"), Server("answer"), Client("after", 7)});
  EXPECT_THAT(sink.bodies,
              ElementsAre("payload #0 > |||-1|name: max muster|complete", "payload #0 > |||-1|more|gap",
                          "payload #0 > |||-1|after|complete", "payload #0 < |||-1|answer|complete"));
  EXPECT_EQ(sink.fates.at(ByteFate::kOpaqueBinary), 500u);
}

TEST(PlainTextTest, NoticesTextAfterALongBinaryRun) {
  testing::Talk talk;
  for (unsigned i = 0; i < 200; ++i) talk.push_back(Client(Noise(300, i)));
  for (int i = 0; i < 8; ++i) talk.push_back(Client("line of text\n"));
  const RecordingSink sink = Play(kPlainText, talk);
  EXPECT_GE(sink.body_bytes, 5u * 13u);
  EXPECT_EQ(sink.body_bytes + sink.fates.at(ByteFate::kOpaqueBinary), 200u * 300u + 8u * 13u);
}

}  // namespace
}  // namespace gander::protocol
