// SPDX-License-Identifier: Apache-2.0
#include "report/metrics/metrics.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <thread>

#include "report/metrics/listen_address.h"
#include "report/samples.h"

namespace gander::report {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using test::SampleState;
using test::SampleTransfer;

std::string Rendered(const RunState& state, std::uint32_t max_series = 20000) {
  return RenderMetrics(state, {"", max_series});
}

std::size_t SeriesOf(const std::string& text) {
  std::istringstream in(text);
  std::size_t n = 0;
  for (std::string line; std::getline(in, line);) n += !line.empty() && line[0] != '#' ? 1 : 0;
  return n;
}

TEST(Metrics, StateBecomesFamilies) {
  const std::string text = Rendered(SampleState());
  for (const char* line :
       {"# TYPE gander_capture_packets_total counter\ngander_capture_packets_total 12345\n",
        "gander_build_info{version=\"0.1.0\"} 1\n",
        "gander_ledger_bytes_total{category=\"encrypted\",reason=\"encrypted\"} 900000\n",
        "gander_ledger_bytes_total{category=\"lost\",reason=\"ring\"} 0\n", "gander_ledger_open_bytes 0\n",
        "gander_dropped_packets_total{stage=\"kernel\",reason=\"buffer_full\"} 0\n",
        "gander_findings_total{rule=\"no.fnr\",result=\"counted\"} 421\n",
        "gander_alerts_total{detector=\"D02\",severity=\"high\"} 1\n", "gander_app_flows_total{proto=\"tls\"} 12\n",
        "gander_industrial_functions_total{proto=\"modbus\",function=\"WrSingleCoil\",category=\"write\"} 3\n",
        "gander_transfer_bytes_total{class=\"national_id\",from_country=\"NO\",to_country=\"DE\",verdict="
        "\"unregistered\"} 12400000\n",
        "gander_transfer_subjects{class=\"national_id\",to_country=\"DE\",verdict=\"unregistered\"} 412\n",
        "gander_tcp_sessions_total 88\n", "gander_metric_series_dropped_total 0\n"}) {
    EXPECT_THAT(text, HasSubstr(line));
  }
  EXPECT_EQ(text, Rendered(SampleState()));
}

TEST(Metrics, EveryPlaceOfLossHasAReason) {
  const std::string text = Rendered(test::LiveState());
  for (const char* line :
       {"gander_dropped_packets_total{stage=\"nic\",reason=\"missed\"} 7\n",
        "gander_dropped_packets_total{stage=\"nic\",reason=\"error\"} 17\n",
        "gander_dropped_packets_total{stage=\"driver\",reason=\"no_buffer\"} 11\n",
        "gander_dropped_packets_total{stage=\"kernel\",reason=\"buffer_full\"} 13\n",
        "gander_dropped_packets_total{stage=\"ring\",reason=\"full\"} 19\n",
        "gander_queue_packets_total{port=\"eth0\",queue=\"1\",worker=\"1\"} 6345\n",
        "gander_queue_dropped_packets_total{port=\"eth0\",queue=\"0\",reason=\"ring_full\"} 19\n",
        "gander_worker_handed_over_packets_total{worker=\"0\"} 40\n", "gander_worker_stalled{worker=\"1\"} 1\n",
        "gander_shed_level{worker=\"1\"} 2\n", "gander_shed_seconds_total 24\n", "gander_port_up{port=\"eth0\"} 1\n",
        "gander_port_up{port=\"eth1\"} 0\n", "gander_port_outages_total{port=\"eth1\",queue=\"0\"} 2\n",
        "gander_ledger_bytes_total{category=\"lost\",reason=\"shed\"} 0\n"}) {
    EXPECT_THAT(text, HasSubstr(line));
  }
}

TEST(Metrics, FewPeopleAreNeitherCountedNorLocated) {
  RunState s = SampleState();
  s.transfers = {SampleTransfer(policy::Verdict::kUnregistered, 9), SampleTransfer(policy::Verdict::kUnregistered, 9)};
  const std::string text = Rendered(s);
  EXPECT_THAT(text, HasSubstr("to_country=\"other\",verdict=\"unregistered\"} 0\n"));
  EXPECT_THAT(text, HasSubstr("gander_transfer_subjects_suppressed 1\n"));
  EXPECT_THAT(text, Not(HasSubstr("\"DE\"")));
  EXPECT_THAT(text, Not(HasSubstr("} 9\n")));
  s.transfers.push_back(SampleTransfer(policy::Verdict::kUnregistered, 10));
  EXPECT_THAT(Rendered(s), HasSubstr("to_country=\"DE\",verdict=\"unregistered\"} 28\n"));
}

TEST(Metrics, NoAddressDomainOrSourceIsALabel) {
  const std::string text = Rendered(SampleState());
  for (const char* secret : {"10.20.4.8", "203.0.113.9", "collector.example", "demo.pcap", "wards"}) {
    EXPECT_THAT(text, Not(HasSubstr(secret)));
  }
}

TEST(Metrics, AFloodOfLabelsIsFoldedAndCounted) {
  RunState s = SampleState();
  double all = 0;
  for (int i = 0; i < 40'000; ++i) {
    s.findings[{"rule" + std::to_string(i), "counted"}] = 1 + i % 7;
    all += 1 + i % 7;
  }
  all += 421 + 300 + 3;
  const std::string text = Rendered(s, 300);
  EXPECT_LE(SeriesOf(text), 301u);
  EXPECT_THAT(text, HasSubstr("gander_findings_total{rule=\"other\",result=\"other\"}"));
  EXPECT_THAT(text, Not(HasSubstr("gander_metric_series_dropped_total 0\n")));
  EXPECT_THAT(text, HasSubstr("gander_workers 2\n")) << "small families keep their place";
  double sum = 0;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("gander_findings_total{")) sum += std::stod(line.substr(line.rfind(' ')));
  }
  EXPECT_EQ(sum, all);
  EXPECT_LE(SeriesOf(Rendered(s)), 5'200u) << "one family alone stays under its own cap";
}

TEST(Metrics, RoomCountersNeverHideAFamily) {
  RunState s = SampleState();
  s.counters = {{"capture", "packets", "Packets in the room's own words", 7}};
  const std::string text = Rendered(s);
  EXPECT_THAT(text, HasSubstr("gander_capture_packets_total 12345\n"));
  EXPECT_THAT(text, HasSubstr("gander_room_capture_packets_total 7\n"));
}

TEST(ListenAddress, ReadsWhatPeopleWrite) {
  EXPECT_EQ(ParseListenAddress("127.0.0.1:9944")->ToString(), "127.0.0.1:9944");
  EXPECT_EQ(ParseListenAddress("[::1]:1")->ToString(), "[::1]:1");
  EXPECT_EQ(ParseListenAddress("localhost:80")->ToString(), "127.0.0.1:80");
  EXPECT_EQ(ParseListenAddress(":9944")->ToString(), "127.0.0.1:9944") << "loopback unless said otherwise";
  EXPECT_EQ(ParseListenAddress("9944")->ToString(), "127.0.0.1:9944");
  for (const char* bad : {"", "x", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "1.2.3.4:-1", "::1:80",
                          "host.example:80", "127.0.0.1:80 ", "[::1:80", "127.0.0.1:0x50"}) {
    const auto address = ParseListenAddress(bad);
    ASSERT_FALSE(address) << bad;
    EXPECT_FALSE(address.error().remedy.empty());
  }
}

struct Response {
  int status = 0;
  std::string headers, body;
};

Response Ask(const std::string& address, const std::string& request) {
  const auto where = ParseListenAddress(address);
  const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(where->port);
  to.sin_addr.s_addr = htonl(where->host.v4_host_order());
  Response out;
  if (::connect(fd, reinterpret_cast<sockaddr*>(&to), sizeof to) == 0 &&
      ::send(fd, request.data(), request.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(request.size())) {
    std::string all;
    char buffer[4096];
    for (ssize_t n; (n = ::recv(fd, buffer, sizeof buffer, 0)) > 0;) all.append(buffer, static_cast<std::size_t>(n));
    const std::size_t end = all.find("\r\n\r\n");
    if (end != std::string::npos) {
      out = {std::stoi(all.substr(9, 3)), all.substr(0, end), all.substr(end + 4)};
    }
  }
  ::close(fd);
  return out;
}

Response Get(const std::string& address, const std::string& path) {
  return Ask(address, "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
}

TEST(MetricsServer, AnswersItsFourPaths) {
  auto server = MetricsServer::Start({"127.0.0.1:0"});
  ASSERT_TRUE(server) << server.error().ToString();
  const std::string address = (*server)->address();
  EXPECT_THAT(address, Not(HasSubstr(":0")));
  EXPECT_EQ(Get(address, "/healthz").status, 200);
  EXPECT_EQ(Get(address, "/readyz").status, 503);
  EXPECT_EQ(Get(address, "/metrics").status, 503) << "no state yet";
  (*server)->SetReady(true);
  (*server)->Publish(std::make_shared<const RunState>(SampleState()));
  EXPECT_EQ(Get(address, "/readyz").status, 200);
  const Response metrics = Get(address, "/metrics");
  EXPECT_EQ(metrics.status, 200);
  EXPECT_THAT(metrics.headers, HasSubstr("version=0.0.4"));
  EXPECT_EQ(metrics.body, RenderMetrics(SampleState(), {}));
  EXPECT_EQ(nlohmann::json::parse(Get(address, "/status").body)["source"], "demo.pcap");
  EXPECT_EQ(Get(address, "/").status, 404);
  EXPECT_EQ(Get(address, "/metrics/../../etc/passwd").status, 404);
  EXPECT_EQ(Ask(address, "POST /metrics HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n").status, 405);
  const Response head = Ask(address, "HEAD /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n");
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(head.body, "");
}

TEST(MetricsServer, PublishAndScrapeAtTheSameTime) {
  auto server = MetricsServer::Start({"127.0.0.1:0"});
  ASSERT_TRUE(server);
  (*server)->Publish(std::make_shared<const RunState>(SampleState()));
  std::thread publisher([&] {
    for (int i = 0; i < 200; ++i) (*server)->Publish(std::make_shared<const RunState>(SampleState()));
  });
  for (int i = 0; i < 20; ++i) EXPECT_EQ(Get((*server)->address(), "/metrics").status, 200);
  publisher.join();
}

TEST(MetricsServer, AnAddressInUseIsAnError) {
  auto first = MetricsServer::Start({"127.0.0.1:0"});
  ASSERT_TRUE(first);
  const auto second = MetricsServer::Start({(*first)->address()});
  ASSERT_FALSE(second);
  EXPECT_THAT(second.error().ToString(), HasSubstr((*first)->address()));
  EXPECT_FALSE(MetricsServer::Start({"not an address"}));
}

}  // namespace
}  // namespace gander::report
