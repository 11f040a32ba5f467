// SPDX-License-Identifier: Apache-2.0
#include "evidence/recorder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>

#include <thread>

#include "evidence/audit_requests.h"
#include "evidence/folder.h"
#include "evidence/verify.h"

namespace gander::evidence {
namespace {

using ::testing::HasSubstr;

class RecorderTest : public ::testing::Test, public LogFixture {
 protected:
  Verified Check() const {
    auto verified = Verify(options.directory, Public());
    if (!verified || !verified->good()) ADD_FAILURE() << "the log does not verify";
    return verified ? *verified : Verified{};
  }
};

TEST_F(RecorderTest, RecordsInOrderAndSignsTheEnd) {
  Recorder recorder(Open(), options, clock(), true);
  for (int i = 0; i < 2500; ++i) {
    recorder.Push({{Kind::kEvent, "{\"n\":" + std::to_string(i) + "}"}});
  }
  recorder.Close();
  const auto counters = recorder.counters();
  EXPECT_EQ(counters.records, 2500u);
  EXPECT_EQ(counters.lost, 0u);
  EXPECT_EQ(counters.checkpoints, 3u);  // two by count, one at the end
  EXPECT_EQ(recorder.TakeNotes().size(), 3u);
  EXPECT_TRUE(recorder.TakeNotes().empty());
  const Verified v = Check();
  EXPECT_EQ(v.kinds.at("event"), 2500u);
  EXPECT_EQ(v.kinds.at("stop"), 1u);
  const std::string text = ReadText(Records());
  EXPECT_LT(text.find("{\"n\":17}"), text.find("{\"n\":18}"));
}

// What a disk that refuses costs is counted, and the log says so itself when it can be written again.
TEST_F(RecorderTest, LossIsRecorded) {
  options.queue_bytes = 4000;
  rlimit before{};
  ::getrlimit(RLIMIT_FSIZE, &before);
  const auto old_handler = ::signal(SIGXFSZ, SIG_IGN);
  auto recorder = std::make_unique<Recorder>(Open(), options, clock(), false);
  rlimit tight = before;
  tight.rlim_cur = std::filesystem::file_size(Records());
  ::setrlimit(RLIMIT_FSIZE, &tight);
  const std::string body = "{\"x\":\"" + std::string(1000, 'x') + "\"}";
  for (int i = 0; i < 20; ++i) recorder->Push({{Kind::kEvent, body}});
  const auto lost = recorder->counters().lost;
  ::setrlimit(RLIMIT_FSIZE, &before);
  ::signal(SIGXFSZ, old_handler);
  recorder->Close();
  EXPECT_GT(lost, 10u);
  EXPECT_EQ(recorder->counters().records, 20 - lost);
  const Verified v = Check();
  EXPECT_EQ(v.lost, lost);
  EXPECT_EQ(v.kinds.at("event"), 20 - lost);
}

TEST_F(RecorderTest, AuditRequestsAreTakenUp) {
  std::filesystem::create_directories(options.directory);
  ASSERT_TRUE(RequestAudit(options.directory, R"({"action":"export","user":"dpo"})"));
  WriteText(options.directory + "/requests/1.json", "no JSON");
  WriteText(options.directory + "/requests/2.json", "[1]");
  WriteText(options.directory + "/requests/3.json", "{\"two\":\n\"lines\"}");
  {
    Recorder recorder(Open(), options, clock(), true);
    recorder.Close();
  }
  EXPECT_EQ(Check().kinds.at("audit"), 2u);
  EXPECT_THAT(ReadText(Records()), HasSubstr(R"("kind":"audit","body":{"action":"export","user":"dpo"}})"));
  EXPECT_THAT(ReadText(Records()), HasSubstr(R"("body":{"two":"lines"}})"));
  EXPECT_TRUE(std::filesystem::is_empty(options.directory + "/requests"));
}

}  // namespace
}  // namespace gander::evidence
