// SPDX-License-Identifier: Apache-2.0
// The sink contract over connections: order, a reader that comes late, goes, hangs; datagrams; syslog frames.
#include "report/sink/stream_sink.h"

#include <sys/socket.h>
#include <sys/un.h>

#include <cstring>

#include "report/sink/outputs.h"
#include "report/sink/socket_io.h"
#include "report/sink/syslog_frame.h"
#include "report/sink_samples.h"

namespace gander::report {
namespace {

using test::BatchOf;
using test::LostTo;
using test::Shared;

// The reader's end of a Unix socket.
class Reader {
 public:
  Reader(const std::string& path, int type) : listener_(::socket(AF_UNIX, type | SOCK_NONBLOCK, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
    EXPECT_EQ(::bind(listener_.fd(), reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    if (type == SOCK_STREAM) {
      EXPECT_EQ(::listen(listener_.fd(), 4), 0);
    }
    stream_ = type == SOCK_STREAM;
  }
  // What has come so far.
  const std::string& Read() {
    if (stream_ && !peer_.open()) peer_.Reset(::accept4(listener_.fd(), nullptr, nullptr, SOCK_NONBLOCK));
    char buffer[65536];
    for (;;) {
      const ssize_t n = ::recv(stream_ ? peer_.fd() : listener_.fd(), buffer, sizeof buffer, 0);
      if (n <= 0) return text_;
      text_.append(buffer, static_cast<std::size_t>(n));
      ++messages_;
    }
  }
  void Hang() { peer_.Reset(::accept4(listener_.fd(), nullptr, nullptr, SOCK_NONBLOCK)); }
  void Leave() { peer_.Close(); }
  int messages() const { return messages_; }

 private:
  Socket listener_, peer_;
  bool stream_ = true;
  std::string text_;
  int messages_ = 0;
};

class UnixSinkTest : public test::FolderTest {
 protected:
  std::unique_ptr<Sink> Open(bool datagram = false) {
    OutputOptions output;
    output.type = OutputType::kUnix;
    output.name = "unix";
    output.socket = {Path("s"), datagram};
    output.retry_max_s = 1;
    auto sink = OpenUnixSink(output);
    EXPECT_TRUE(sink) << sink.error().ToString();
    return sink ? std::move(*sink) : nullptr;
  }
};

std::string Numbered(int from, int to) {
  std::string text;
  for (int i = from; i < to; ++i) text += "line " + std::to_string(i) + "\n";
  return text;
}

SharedBatch NumberedBatch(int from, int to) {
  std::vector<std::string> lines;
  for (int i = from; i < to; ++i) lines.push_back("line " + std::to_string(i) + "\n");
  return Shared(lines);
}

TEST_F(UnixSinkTest, KeepsOrderAndWaitsForAReaderThatComesLate) {
  SinkQueue queue(Open(), {});
  queue.Push(NumberedBatch(0, 1000));
  ASSERT_TRUE(test::Eventually([&] { return queue.state().failures > 0; }));
  EXPECT_NE(queue.state().problem.find("No such file"), std::string::npos) << queue.state().problem;
  Reader reader(Path("s"), SOCK_STREAM);
  ASSERT_TRUE(test::Eventually([&] { return reader.Read().size() == Numbered(0, 1000).size(); }));
  EXPECT_EQ(reader.Read(), Numbered(0, 1000));
  EXPECT_TRUE(test::Eventually([&] { return queue.state().written == 1000; }));
  EXPECT_TRUE(queue.state().connected);
  EXPECT_TRUE(queue.state().problem.empty());
}

TEST_F(UnixSinkTest, AReaderThatLeavesIsReconnectedTo) {
  SinkQueue queue(Open(), {});
  Reader reader(Path("s"), SOCK_STREAM);
  queue.Push(NumberedBatch(0, 10));
  ASSERT_TRUE(test::Eventually([&] { return reader.Read() == Numbered(0, 10); }));
  reader.Leave();
  ASSERT_TRUE(test::Eventually([&] { return queue.state().connects == 2; })) << "noticed while nothing is sent";
  queue.Push(NumberedBatch(10, 20));
  EXPECT_TRUE(test::Eventually([&] { return reader.Read() == Numbered(0, 20); }));
}

TEST_F(UnixSinkTest, AReaderThatHangsCostsEventsCountedAndIsServedAgain) {
  auto sink = Open();
  Reader reader(Path("s"), SOCK_STREAM);
  SinkQueue queue(std::move(sink), {.bytes = 4 << 20});
  const std::string line = std::string(999, 'x') + "\n";
  const SharedBatch megabyte = Shared(std::vector<std::string>(1000, line));
  ASSERT_TRUE(test::Eventually([&] { return queue.state().connected; }));
  reader.Hang();
  int pushed = 0;
  ASSERT_TRUE(test::Eventually([&] {
    queue.Push(megabyte);
    ++pushed;
    return LostTo(queue.state(), Loss::kStalled) > 0;
  }));
  EXPECT_LE(queue.state().queued_bytes, 4u << 20);
  const auto settled = [&] {
    reader.Read();
    const SinkState s = queue.state();
    return s.queued_bytes == 0 && reader.Read().size() == s.written * line.size();
  };
  EXPECT_TRUE(test::Eventually(settled));
  const SinkState s = queue.state();
  EXPECT_EQ(s.written + s.lost_events(), static_cast<std::uint64_t>(pushed) * 1000);
  EXPECT_EQ(reader.Read().size() % line.size(), 0u) << "whole lines only";
}

TEST_F(UnixSinkTest, DatagramsAreAnEventEachAndTooLongOnesAreCounted) {
  Reader reader(Path("s"), SOCK_DGRAM);
  SinkQueue queue(Open(true), {});
  queue.Push(Shared({"one\n", std::string(4 << 20, 'x') + "\n", "two\n"}));
  ASSERT_TRUE(test::Eventually([&] { return reader.Read() == "one\ntwo\n"; }));
  EXPECT_EQ(reader.messages(), 2);
  EXPECT_TRUE(test::Eventually([&] { return LostTo(queue.state(), Loss::kTooLong) == 1; }));
}

TEST_F(UnixSinkTest, TwoSensorsOnOneSocketAreFoundOut) {
  auto first = Open();
  OutputOptions output;
  output.socket.path = Path("s");
  const auto second = OpenUnixSink(output);
  ASSERT_FALSE(second);
  EXPECT_NE(second.error().cause.find("another sensor"), std::string::npos);
  first.reset();
  EXPECT_TRUE(OpenUnixSink(output));
}

TEST(Syslog, AFrameIsRfc5424InCountedOctets) {
  SyslogHeader header;
  header.host = "sensor 1";
  header.version = "0.1.0";
  const auto framer = NewSyslogFramer(header);
  EventBatch batch = BatchOf({"{\"a\":1}\n"}, "alert", true);  // high: severity 4
  std::string frame;
  framer->Append(batch, 0, 0, frame);
  const std::string message = "<107>1 2026-11-24T09:30:00.000000Z sensor_1 gander " + std::to_string(::getpid()) +
                              " alert - {\"a\":1}";
  EXPECT_EQ(frame, std::to_string(message.size()) + " " + message);
}

TEST(Syslog, StructuredDataCountsMessages) {
  SyslogHeader header;
  header.host = "h";
  header.version = "0.1.0";
  header.structured = true;
  const auto framer = NewSyslogFramer(header);
  const EventBatch batch = BatchOf({"a\n", "b\n", "c\n"});
  std::string first, second, again;
  framer->Append(batch, 0, 0, first);
  framer->Append(batch, 1, 1, second);
  framer->Next();
  framer->Append(batch, 1, 0, again);
  EXPECT_EQ(second, again) << "asked again, it says the same";
  EXPECT_NE(first.find("[origin software=\"gander\" swVersion=\"0.1.0\"][meta sequenceId=\"1\"] a"), std::string::npos);
  EXPECT_NE(second.find("sequenceId=\"2\"] b"), std::string::npos);
}

TEST(Syslog, SeverityFollowsTheAlert) {
  const int expected[] = {6, 6, 5, 4, 3, 2};
  for (std::uint8_t severity = 0; severity < 6; ++severity) EXPECT_EQ(SyslogSeverity(severity), expected[severity]);
}

TEST_F(UnixSinkTest, CertificatesThatCannotBeReadAreAnErrorAtTheStart) {
  OutputOptions output;
  output.type = OutputType::kSyslog;
  output.name = "syslog";
  output.where = "gander.yaml";
  output.line = 7;
  output.syslog.host = "localhost";
  output.syslog.tls.ca_file = Path("absent.pem");
  Outputs outputs{Outputs::Options{}};
  const auto opened = outputs.Open({output});
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().file, "gander.yaml");
  EXPECT_EQ(opened.error().line, 7);
  EXPECT_NE(opened.error().cause.find("absent.pem"), std::string::npos);
}

}  // namespace
}  // namespace gander::report
