// SPDX-License-Identifier: Apache-2.0
#include "control/server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>

#include "base/file.h"
#include "control/message.h"

namespace gander::control {
namespace {

using ::testing::HasSubstr;

class ServerTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "gander-control-XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
    options_.socket = folder_ + "/control.sock";
    verbs_["echo"] = {Role::kReader, [](const Request& r) {
                        return Reply{true, "\"" + r.arguments.at("text") + "\"", "", ""};
                      }};
    verbs_["stop"] = {Role::kOperator, [](const Request&) { return Reply{true, "1", "", ""}; }};
    verbs_["large"] = {Role::kReader, [](const Request&) {
                         return Reply{true, "\"" + std::string(4u << 20, 'x') + "\"", "", ""};
                       }};
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::unique_ptr<Server> Open() const {
    auto server = Server::Open(options_, verbs_);
    if (!server) ADD_FAILURE() << server.error().ToString();
    if (!server) return nullptr;
    (*server)->Start();
    return std::move(*server);
  }
  Reply Answer(const std::string& verb, std::map<std::string, std::string> arguments = {}) const {
    const auto reply = Ask(options_.socket, {verb, std::move(arguments), {}, {}}, 10);
    if (!reply) ADD_FAILURE() << reply.error().ToString();
    return reply ? *reply : Reply{};
  }
  File Connect() const {
    File socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, options_.socket.c_str(), sizeof address.sun_path - 1);
    EXPECT_EQ(::connect(socket.fd(), reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    return socket;
  }

  std::string folder_;
  Options options_;
  Server::Verbs verbs_;
};

TEST_F(ServerTest, AnswersAndRefuses) {
  const auto server = Open();
  EXPECT_EQ(Answer("echo", {{"text", "geese"}}).body, "\"geese\"");
  EXPECT_TRUE(Answer("stop").good);  // the sensor's own user is an operator
  const Reply unknown = Answer("fly");
  EXPECT_FALSE(unknown.good);
  EXPECT_THAT(unknown.remedy, HasSubstr("echo, large, stop"));
  EXPECT_EQ(server->counters().requests, 3u);
}

TEST_F(ServerTest, TheSocketIsForOwnerAndGroup) {
  const auto server = Open();
  struct stat info {};
  ASSERT_EQ(::stat(options_.socket.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0660u);
}

TEST_F(ServerTest, ALargeAnswerArrivesWhole) {
  const auto server = Open();
  EXPECT_EQ(Answer("large").body.size(), (4u << 20) + 2);
}

TEST_F(ServerTest, OneSensorToASocketAndALeftOneIsTakenOver) {
  {
    const auto server = Open();
    const auto second = Server::Open(options_, verbs_);
    ASSERT_FALSE(second.has_value());
    EXPECT_THAT(second.error().cause, HasSubstr("another sensor"));
    EXPECT_TRUE(Answer("stop").good);
  }
  EXPECT_FALSE(std::filesystem::exists(options_.socket));
  ASSERT_EQ(::mknod(options_.socket.c_str(), S_IFSOCK | 0600, 0), 0);  // as a crash leaves it
  const auto server = Open();
  EXPECT_TRUE(Answer("stop").good);
}

TEST_F(ServerTest, RubbishIsAnsweredAndCounted) {
  const auto server = Open();
  for (const std::string line : {"x\n", "[]\n", "{\"verb\":1}\n", "{\"verb\":\"echo\",\"text\":{}}\n", "{}\n"}) {
    const File socket = Connect();
    ASSERT_EQ(::send(socket.fd(), line.data(), line.size(), 0), static_cast<ssize_t>(line.size()));
    std::array<char, 4096> answer;
    const ssize_t n = ::recv(socket.fd(), answer.data(), answer.size(), 0);
    ASSERT_GT(n, 0) << line;
    EXPECT_THAT(std::string(answer.data(), static_cast<std::size_t>(n)), HasSubstr("\"ok\":false")) << line;
  }
  EXPECT_EQ(server->counters().malformed, 5u);
}

// Who sends without end is cut off; who connects and says nothing keeps nobody else from an answer.
TEST_F(ServerTest, ClientsAreBounded) {
  const auto server = Open();
  {
    const File endless = Connect();
    const std::string flood(kMostRequestBytes + 8192, 'x');
    (void)!::send(endless.fd(), flood.data(), flood.size(), MSG_NOSIGNAL);
    std::array<char, 16> answer;
    EXPECT_LE(::recv(endless.fd(), answer.data(), answer.size(), 0), 0);
  }
  std::vector<File> silent;
  for (std::size_t i = 0; i + 1 < kMostClients; ++i) silent.push_back(Connect());
  EXPECT_TRUE(Answer("stop").good);
  for (int i = 0; i < 4; ++i) silent.push_back(Connect());
  while (server->counters().turned_away == 0) ::usleep(1000);
  silent.clear();
  for (int i = 0; i < 200 && !Ask(options_.socket, {"stop", {}, {}, {}}, 10); ++i) ::usleep(10'000);
  EXPECT_TRUE(Answer("stop").good);
}

TEST_F(ServerTest, WrongSettingsAreErrors) {
  options_.group = "no-such-group";
  EXPECT_THAT(Server::Open(options_, verbs_).error().cause, HasSubstr("no group"));
  options_.group.clear();
  options_.operators = {"no-such-user"};
  EXPECT_THAT(Server::Open(options_, verbs_).error().cause, HasSubstr("no user"));
  options_.operators.clear();
  options_.socket = folder_ + "/no/such/folder.sock";
  EXPECT_FALSE(Server::Open(options_, verbs_).has_value());
  options_.socket = folder_ + "/" + std::string(200, 'x');
  EXPECT_THAT(Server::Open(options_, verbs_).error().cause, HasSubstr("no name for a socket"));
}

TEST_F(ServerTest, NobodyThereIsAnError) {
  const auto reply = Ask(options_.socket, {"echo", {}, {}, {}}, 1);
  ASSERT_FALSE(reply.has_value());
  EXPECT_THAT(reply.error().cause, HasSubstr("no sensor answers there"));
}

TEST(MessageTest, ReadsWhatItWrites) {
  const auto request = ReadRequest(R"({"verb":"ack","id":"7","reason":"a \"word\""})");
  ASSERT_TRUE(request.has_value());
  EXPECT_EQ(request->arguments.at("reason"), "a \"word\"");
  const auto again = ReadRequest(WriteRequest(*request));
  ASSERT_TRUE(again.has_value());
  EXPECT_EQ(again->arguments, request->arguments);
  const auto reply = ReadReply(WriteReply({false, "", "cause", "remedy"}));
  ASSERT_TRUE(reply.has_value());
  EXPECT_FALSE(reply->good);
  EXPECT_EQ(reply->error, "cause");
  EXPECT_FALSE(ReadReply(WriteReply({true, "no JSON", "", ""}))->good);
}

TEST(MessageTest, DepthIsBounded) {
  const std::string deep = "{\"verb\":" + std::string(20'000, '[') + std::string(20'000, ']') + "}";
  EXPECT_FALSE(ReadRequest(deep).has_value());
}

}  // namespace
}  // namespace gander::control
