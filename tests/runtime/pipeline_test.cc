// SPDX-License-Identifier: Apache-2.0
// From frames to events: what is said of an upload of people, and what never is.
#include <gmock/gmock.h>

#include "runtime/wear.h"

namespace gander::runtime {
namespace {

using testing::HasSubstr;

class Pipeline : public testing::Test {
 protected:
  static constexpr int kRows = 40;

  // An upload of kRows people in a query, a header and a body; what was planted is kept.
  std::vector<TimedFrame> Upload() {
    People people(7);
    std::string body = "name,email,ssn,card number\r\n";
    for (int i = 0; i < kRows; ++i) {
      const Person p = people.Next();
      body += p.name + "," + p.email + "," + p.ssn + "," + p.card + "\r\n";
      planted_.insert(planted_.end(), {p.email, p.card, p.ssn});
    }
    const Person agent = people.Next();
    planted_.insert(planted_.end(), {agent.email, agent.card});
    const std::string request =
        "POST /import?owner=" + agent.email + "&card=" + agent.card +
        " HTTP/1.1\r\nHost: api.vendor.example\r\nReferer: http://crm/" + agent.email +
        "\r\nContent-Type: text/csv\r\nContent-Disposition: attachment; filename=\"" + agent.email +
        " list.csv\"\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
    const Session session{{test::Tuple("10.1.2.3", 40001, "198.51.100.7", 80)},
                          {{Turn::kOpen, {}},
                           {Turn::kClient, request},
                           {Turn::kServer, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"},
                           {Turn::kClose, {}}}};
    return FramesOf({session});
  }

  std::vector<std::string> planted_;
};

std::uint64_t Distinct(const report::RunState& state, std::string_view id) {
  std::uint64_t sum = 0;
  for (const detect::TransferSummary& t : state.transfers) {
    for (const auto& type : t.types) {
      if (type.id != id) continue;
      EXPECT_TRUE(type.distinct.exact()) << id;
      sum += type.distinct.estimate;
    }
  }
  return sum;
}

TEST_F(Pipeline, AnUploadGivesItsEvents) {
  const Replayed run = Replay(Upload());
  const auto http = EventsOfType(run, "http");
  ASSERT_EQ(http.size(), 1u);
  EXPECT_THAT(http[0], HasSubstr("\"hostname\":\"api.vendor.example\""));
  EXPECT_THAT(http[0], HasSubstr("\"http_method\":\"POST\""));
  EXPECT_THAT(http[0], HasSubstr("\"status\":200"));
  ASSERT_FALSE(EventsOfType(run, "fileinfo").empty());
  EXPECT_THAT(EventsOfType(run, "fileinfo")[0], HasSubstr("\"http_method\":\"POST\"")) << "what it was part of";
  EXPECT_FALSE(EventsOfType(run, "transfer").empty());
  ASSERT_EQ(EventsOfType(run, "flow").size(), 1u);
  EXPECT_THAT(EventsOfType(run, "flow")[0], HasSubstr("\"app_proto\":\"http\""));
  EXPECT_EQ(EventsOfType(run, "stats").size(), 1u);
  EXPECT_EQ(run.state.events_written, Lines(run.events).size());
  EXPECT_EQ(run.state.events_dropped, 0u);
}

// What nobody reads does not wait for a reader: it would for ever.
TEST_F(Pipeline, AnEventNobodyWantsTakesNoMemory) {
  const std::vector<TimedFrame> frames = Upload();
  config::Settings settings = SmallSettings();
  settings.report.types = {"alert"};
  const Replayed quiet = Replay(frames, settings);
  EXPECT_TRUE(EventsOfType(quiet, "transfer").empty());
  EXPECT_GT(quiet.state.detect_bytes, 0u);
  EXPECT_EQ(quiet.state.detect_bytes, Replay(frames).state.detect_bytes);
}

TEST_F(Pipeline, CountsPeopleExactly) {
  const Replayed run = Replay(Upload());
  EXPECT_EQ(Distinct(run.state, "us.ssn"), kRows);
  // The agent's address and card came in the query.
  EXPECT_EQ(Distinct(run.state, "global.email"), kRows + 1);
  EXPECT_EQ(Distinct(run.state, "global.payment_card"), kRows + 1);
}

// Rows of a query's result (PostgreSQL) are people as those of a file are, each value with its column.
TEST_F(Pipeline, RowsOfAResultArePeople) {
  const auto number = [](std::size_t v, int octets) {
    std::string out;
    for (int i = octets - 1; i >= 0; --i) out += static_cast<char>(v >> (8 * i));
    return out;
  };
  const auto message = [&](char type, const std::string& body) { return type + number(body.size() + 4, 4) + body; };
  const std::string zero(1, '\0');
  std::string description = number(2, 2);
  for (const char* column : {"email", "ssn"}) description += column + zero + std::string(18, '\0');
  std::string answer = message('T', description);
  People people(7);
  for (int i = 0; i < kRows; ++i) {
    const Person p = people.Next();
    std::string digits = p.ssn;
    std::erase(digits, '-');
    std::string row = number(2, 2);
    for (const std::string& value : {p.email, digits}) row += number(value.size(), 4) + value;
    answer += message('D', row);
  }
  answer += message('C', "SELECT 40" + zero) + message('Z', "I");
  const std::string startup = number(196608, 4) + "user" + zero + "crm" + zero + zero;
  const Session session{{test::Tuple("10.1.2.3", 40001, "198.51.100.7", 5432)},
                        {{Turn::kOpen, {}},
                         {Turn::kClient, number(startup.size() + 4, 4) + startup},
                         {Turn::kServer, message('R', number(0, 4)) + message('Z', "I")},
                         {Turn::kClient, message('Q', "select email, ssn from people" + zero)},
                         {Turn::kServer, answer},
                         {Turn::kClose, {}}}};
  const Replayed run = Replay(FramesOf({session}));
  EXPECT_EQ(Distinct(run.state, "us.ssn"), kRows);
  EXPECT_EQ(Distinct(run.state, "global.email"), kRows);
  ASSERT_EQ(EventsOfType(run, "pgsql").size(), 2u);
  EXPECT_THAT(EventsOfType(run, "pgsql")[1], HasSubstr("\"data_rows\":40"));
  EXPECT_TRUE(EventsOfType(run, "fileinfo").empty());
}

TEST_F(Pipeline, TheSamePeopleAgainAreNotMorePeople) {
  std::vector<TimedFrame> once = Upload(), both = once;
  for (TimedFrame& f : once) f.time = f.time + Duration::Seconds(60);
  both.insert(both.end(), once.begin(), once.end());
  const Replayed run = Replay(both);
  EXPECT_EQ(run.state.flows_total, 2u);
  EXPECT_EQ(Distinct(run.state, "us.ssn"), kRows);
  EXPECT_EQ(Distinct(run.state, "global.payment_card"), kRows + 1);
}

TEST_F(Pipeline, NoPlantedValueIsInAnyEvent) {
  const Replayed run = Replay(Upload());
  for (const std::string& value : planted_) {
    EXPECT_EQ(run.events.find(value), std::string::npos) << value;
    std::string bare = value;
    std::erase(bare, '-');
    EXPECT_EQ(run.events.find(bare), std::string::npos) << bare;
  }
}

TEST_F(Pipeline, TheSearchForPlantedValuesFindsThemWhereRawIsAskedFor) {
  config::Settings raw = SmallSettings();
  raw.metadata = config::MetadataPrivacy::kRaw;
  const Replayed run = Replay(Upload(), raw);
  EXPECT_THAT(run.events, HasSubstr(planted_[planted_.size() - 2]));
}

TEST_F(Pipeline, APasswordLeavesNotEvenWhereRawIsAskedFor) {
  config::Settings raw = SmallSettings();
  raw.metadata = config::MetadataPrivacy::kRaw;
  const Session session{{test::Tuple("10.1.2.3", 40001, "198.51.100.7", 21)},
                        {{Turn::kOpen, {}},
                         {Turn::kServer, "220 FTP ready\r\n"},
                         {Turn::kClient, "USER anna\r\n"},
                         {Turn::kServer, "331 go on\r\n"},
                         {Turn::kClient, "PASS wachtelei\r\n"},
                         {Turn::kServer, "230 in\r\n"},
                         {Turn::kClose, {}}}};
  const Replayed run = Replay(FramesOf({session}), raw);
  EXPECT_THAT(run.events, HasSubstr("\"command_data\":\"anna\""));
  EXPECT_THAT(run.events, HasSubstr("\"command\":\"PASS\""));
  EXPECT_EQ(run.events.find("wachtelei"), std::string::npos);
}

TEST_F(Pipeline, OnlyEventTypesAskedForAreWritten) {
  config::Settings settings = SmallSettings();
  settings.report.types = {"flow"};
  const Replayed run = Replay(Upload(), settings);
  EXPECT_EQ(Lines(run.events).size(), 1u);
  EXPECT_EQ(EventsOfType(run, "flow").size(), 1u);
  EXPECT_EQ(Distinct(run.state, "us.ssn"), kRows);
}

TEST_F(Pipeline, EventsBeyondTheCapAreCounted) {
  config::Settings settings = SmallSettings();
  settings.runtime.max_events = 1;
  const Replayed run = Replay(Upload(), settings);
  EXPECT_GT(run.state.events_dropped, 0u);
  EXPECT_EQ(run.state.events_dropped, CounterOf(run.state, "flow", "events_dropped"));
}

TEST(PipelineMix, EveryProtocolIsRecognisedAndItsPeopleFound) {
  const Replayed run = Replay(FramesOf(MixedSessions(3, 1)));
  for (const char* protocol : {"http", "smtp", "ftp", "ftp-data", "dns"}) {
    const auto found = run.state.app_flows.find(protocol);
    ASSERT_NE(found, run.state.app_flows.end()) << protocol;
    EXPECT_EQ(found->second, 3u) << protocol;
  }
  // Rows of two uploads, of an attachment, of a file and of an unknown protocol, from each of three hosts.
  EXPECT_EQ(Distinct(run.state, "us.ssn"), 3 * (2 * 12 + 15 + 15 + 10));
  EXPECT_EQ(Distinct(run.state, "global.payment_card"), 3 * (2 * 12 + 15 + 15 + 10));
  EXPECT_EQ(run.state.ledger.received, run.state.ledger.Sum());
}

// What HTTP upgrades to is known from its heads: frames of a WebSocket look like nothing.
TEST(PipelineMix, AWebSocketBehindHttpIsRead) {
  const std::string key = "\x11\x22\x33\x44";
  std::string message = "{\"mail\": \"rowan.7@people.example.org\"}", masked;
  for (std::size_t i = 0; i < message.size(); ++i) masked += static_cast<char>(message[i] ^ key[i % 4]);
  const Session session{
      {test::Tuple("10.1.2.4", 40002, "198.51.100.8", 80)},
      {{Turn::kOpen, {}},
       {Turn::kClient, "GET /live HTTP/1.1\r\nHost: a.example\r\nUpgrade: websocket\r\n\r\n"},
       {Turn::kServer, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n"},
       {Turn::kClient, "\x81" + std::string(1, static_cast<char>(0x80 | message.size())) + key + masked},
       {Turn::kClose, {}}}};
  const Replayed run = Replay(FramesOf({session}));
  ASSERT_EQ(EventsOfType(run, "websocket").size(), 1u);
  EXPECT_THAT(EventsOfType(run, "websocket")[0], HasSubstr("\"opcode\":\"text\""));
  ASSERT_EQ(EventsOfType(run, "flow").size(), 1u);
  EXPECT_THAT(EventsOfType(run, "flow")[0], HasSubstr("\"app_proto\":\"websocket\""));
  EXPECT_THAT(EventsOfType(run, "flow")[0], HasSubstr("\"app_proto_orig\":\"http\""));
  EXPECT_EQ(Distinct(run.state, "global.email"), 1u);
}

TEST(PipelineSources, NoPacketAtAllIsAnEmptyRun) {
  const Replayed run = Replay({});
  EXPECT_EQ(run.state.ledger.packets, 0u);
  EXPECT_EQ(run.state.flows_total, 0u);
  EXPECT_TRUE(run.state.finished);
}

TEST(PipelineSources, ASourceOfAnUnknownLinkTypeIsAnError) {
  const std::vector<TimedFrame> frames = {{kStart, "some bytes", static_cast<LinkType>(9999)}};
  RunRequest request;
  request.snapshot = SnapshotWith(SmallSettings());
  request.sources.push_back(capture::OpenMemory(PacketsOf(frames), "odd"));
  const auto state = RunOffline(std::move(request));
  ASSERT_FALSE(state.has_value());
  EXPECT_THAT(state.error().ToString(), HasSubstr("9999"));
}

}  // namespace
}  // namespace gander::runtime
