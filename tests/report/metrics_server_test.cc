// SPDX-License-Identifier: Apache-2.0
// The endpoint over real sockets on loopback; TLS is tried by tests/e2e/endpoint_test.py.
#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <random>
#include <sstream>
#include <thread>

#include "report/metrics/listen_address.h"
#include "report/metrics/metrics.h"
#include "report/samples.h"
#include "report/summary/summary.h"
#include "support/paths.h"

namespace gander::report {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using test::SampleState;

struct Response {
  int status = 0;
  std::string headers, body;
};

// `ends`: says that nothing more will come, for what would be waited for otherwise.
Response Ask(const std::string& address, const std::string& request, bool ends = false) {
  const auto where = ParseListenAddress(address);
  const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
  const timeval patience = ends ? timeval{0, 300'000} : timeval{10, 0};
  ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(where->port);
  to.sin_addr.s_addr = htonl(where->host.v4_host_order());
  Response out;
  if (::connect(fd, reinterpret_cast<sockaddr*>(&to), sizeof to) == 0 &&
      ::send(fd, request.data(), request.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(request.size())) {
    if (ends) ::shutdown(fd, SHUT_WR);
    std::string all;
    char buffer[4096];
    for (ssize_t n; (n = ::recv(fd, buffer, sizeof buffer, 0)) > 0;) all.append(buffer, static_cast<std::size_t>(n));
    const std::size_t end = all.find("\r\n\r\n");
    if (end != std::string::npos && all.starts_with("HTTP/1.")) {
      out = {std::stoi(all.substr(9, 3)), all.substr(0, end), all.substr(end + 4)};
    }
  }
  ::close(fd);
  return out;
}

Response Get(const std::string& address, const std::string& path, const std::string& more = "") {
  return Ask(address, "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n" + more + "Connection: close\r\n\r\n");
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
  std::istringstream lines(RenderMetrics(SampleState(), {}));
  for (std::string line; std::getline(lines, line);) EXPECT_THAT(metrics.body, HasSubstr(line + "\n"));
  EXPECT_EQ(nlohmann::json::parse(Get(address, "/status").body)["source"], "demo.pcap");
  EXPECT_EQ(Get(address, "/").status, 404);
  EXPECT_EQ(Get(address, "/metrics/../../etc/passwd").status, 404);
  EXPECT_EQ(Ask(address, "POST /metrics HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n").status, 405);
  const Response head = Ask(address, "HEAD /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
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
  EXPECT_THAT(second.error().ToString(), HasSubstr((*first)->address() + ": Address already in use"));
  EXPECT_THAT(second.error().remedy, HasSubstr("ss -ltnp"));
  EXPECT_FALSE(MetricsServer::Start({"not an address"}));
}

// RFC 4648.
std::string Base64(const std::string& text) {
  static constexpr char kDigits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t i = 0; i < text.size(); i += 3) {
    std::uint32_t three = 0;
    for (std::size_t k = i; k < i + 3; ++k) {
      three = three << 8 | (k < text.size() ? static_cast<unsigned char>(text[k]) : 0);
    }
    for (std::size_t k = 0; k < 4; ++k) out += i + k > text.size() ? '=' : kDigits[three >> (18 - 6 * k) & 63];
  }
  return out;
}

class GuardedServer : public testing::Test {
 protected:
  GuardedServer() : path_(testing::TempDir() + "gander-guarded-" + std::to_string(::getpid())) {
    const std::string sample = gander::test::SourcePath("tests/fuzz/corpus/report_passwords/three_methods");
    EXPECT_TRUE(WriteFile(path_, gander::test::ReadFile(sample)));
    ::chmod(path_.c_str(), 0600);
    MetricsOptions options{"127.0.0.1:0"};
    options.password_file = path_;
    auto server = MetricsServer::Start(options);
    EXPECT_TRUE(server) << server.error().ToString();
    server_ = std::move(*server);
    server_->Publish(std::make_shared<const RunState>(SampleState()));
  }
  ~GuardedServer() override { std::filesystem::remove(path_); }

  Response With(const std::string& path, const std::string& credentials) {
    return Get(server_->address(), path, "Authorization: Basic " + Base64(credentials) + "\r\n");
  }

  std::string path_;
  std::unique_ptr<MetricsServer> server_;
};

TEST_F(GuardedServer, AsksForAPasswordWhereThereIsSomethingToRead) {
  EXPECT_EQ(Get(server_->address(), "/healthz").status, 200);
  EXPECT_EQ(Get(server_->address(), "/readyz").status, 503);
  for (const char* path : {"/metrics", "/status", "/elsewhere"}) {
    const Response refused = Get(server_->address(), path);
    EXPECT_EQ(refused.status, 401) << path;
    EXPECT_THAT(refused.headers, HasSubstr("WWW-Authenticate: Basic realm=\"gander\""));
    EXPECT_THAT(refused.body, Not(HasSubstr("gander_")));
  }
  EXPECT_EQ(With("/metrics", "scraper:gander and goose").status, 200);
  EXPECT_EQ(With("/status", "officer:gander and goose").status, 200);
  EXPECT_EQ(With("/metrics", "scraper:gander and geese").status, 401);
  EXPECT_EQ(With("/metrics", "goose:gander and goose").status, 401);
}

TEST_F(GuardedServer, WhatIsNoCredentialIsNone) {
  const std::string address = server_->address();
  for (const std::string header :
       {"Authorization: Basic\r\n", "Authorization: Basic !!!!\r\n", "Authorization: Bearer x\r\n",
        "Authorization:\r\n", "Authorization: Basic Og==\r\n", "Authorization: Basic c2NyYXBlcg==\r\n"}) {
    EXPECT_EQ(Get(address, "/metrics", header).status, 401) << header;
  }
  EXPECT_EQ(Get(address, "/metrics", "Authorization: Basic " + std::string(20'000, 'A') + "\r\n").status, 401);
  EXPECT_EQ(With("/metrics", "scraper:gander and goose").status, 200) << "still admitted";
}

TEST_F(GuardedServer, ManyWrongPasswordsAreTurnedAwayUnread) {
  int later = 0;
  for (int i = 0; i < 20; ++i) later += With("/metrics", "scraper:" + std::to_string(i)).status == 429;
  EXPECT_GT(later, 0);
}

TEST(MetricsServer, PasswordsDoNotCrossANetworkInClear) {
  MetricsOptions options{"0.0.0.0:0"};
  options.password_file = "somewhere";
  EXPECT_THAT(MetricsServer::Start(options).error().ToString(), HasSubstr("cross the network in clear"));
  options = {"127.0.0.1:0"};
  options.tls_certificate = "certificate.pem";
  EXPECT_THAT(MetricsServer::Start(options).error().ToString(), HasSubstr("needs its key"));
}

TEST(MetricsServer, WhoeverReachesItFromElsewhereDoesNotGetAddresses) {
  auto server = MetricsServer::Start({"0.0.0.0:0"});
  ASSERT_TRUE(server);
  (*server)->Publish(std::make_shared<const RunState>(SampleState()));
  const std::string address = "127.0.0.1" + (*server)->address().substr(7);
  EXPECT_EQ(Get(address, "/metrics").status, 200);
  EXPECT_EQ(Get(address, "/status").status, 403);
}

// Requests that are cut, endless, damaged or none: each is refused or dropped, and the next good one is answered.
TEST(MetricsServer, MalformedRequestsHarmNobody) {
  auto server = MetricsServer::Start({"127.0.0.1:0"});
  ASSERT_TRUE(server);
  (*server)->Publish(std::make_shared<const RunState>(SampleState()));
  const std::string address = (*server)->address();
  const std::string good = "GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
  EXPECT_EQ(Ask(address, "GET /metrics HTTP/1.1\r\nConnection: close\r\n\r\n").status, 400) << "RFC 9112: no Host";
  const std::string bad[] = {
      "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
      "GET /" + std::string(60'000, 'a') + " HTTP/1.1\r\nHost: x\r\n\r\n",
      "GET /metrics HTTP/1.1\r\nHost: x\r\nX: " + std::string(60'000, 'b') + "\r\n\r\n",
      "GET /metrics HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
      "GET /metrics HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\n",
      "GET /metrics HTTP/9.9\r\nHost: x\r\n\r\n", "GET\r\n\r\n", "\r\n\r\n\r\n\r\n",
      "GET /metrics HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nabcde",
      "GET /%00metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
      "GET /%2e%2e/%2e%2e/etc/passwd HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"};
  for (const std::string& request : bad) {
    EXPECT_NE(Ask(address, request, true).status, 200) << request.substr(0, 60);
    EXPECT_EQ(Ask(address, good).status, 200) << "after " << request.substr(0, 60);
  }
  std::mt19937 random(9);
  for (int i = 0; i < 60; ++i) {
    std::string damaged = good;
    for (int n = 0; n < 3; ++n) damaged[random() % (damaged.size() - 4)] = static_cast<char>(random());
    Ask(address, damaged, true);
  }
  EXPECT_EQ(Ask(address, good).status, 200);
}

}  // namespace
}  // namespace gander::report
