// SPDX-License-Identifier: Apache-2.0
// What a worker tells detectors beside findings: volumes of flows by epoch, and what parsers notice.
#include <algorithm>
#include <memory>

#include "replay.h"
#include "runtime/worker.h"
#include "support/pcap_builder.h"

namespace gander::runtime {
namespace {

using test::TcpDialog;
using test::Tuple;

// Hears of everything and writes it down.
class Listener final : public detect::Meter {
 public:
  explicit Listener(std::vector<std::string>& heard) : heard_(heard) {}
  ObservationMask observes() const noexcept override { return ~ObservationMask{0}; }
  void OnRequest(const detect::FlowFacts& flow, const RequestSeen& r) noexcept override {
    Note("request", flow, std::string(r.method) + " " + std::string(r.target) + " " + std::to_string(r.status) + " " +
                              std::string(r.host) + " " + std::string(r.forwarded_for) + " " +
                              std::string(AsText(r.credential)));
  }
  void OnDnsName(const detect::FlowFacts& flow, const DnsNameSeen& n) noexcept override {
    Note("dns", flow, std::string(n.name) + " " + std::to_string(n.type) + (n.answer ? " answer " : " question ") +
                          std::to_string(n.data.size()));
  }
  void OnIcmpMessage(const detect::FlowFacts& flow, const IcmpMessageSeen& m) noexcept override {
    Note("icmp", flow, std::to_string(m.type) + " " + std::to_string(m.id) + " " + std::to_string(m.sequence) + " " +
                           std::string(AsText(m.data)) + (m.direction == Direction::kToServer ? " >" : " <"));
  }
  void OnCredential(const detect::FlowFacts& flow, const CredentialSeen& c) noexcept override {
    Note("credential", flow, std::string(c.kind) + " " + std::string(c.user) + " " + std::string(AsText(c.secret)));
  }
  void OnSoftware(const detect::FlowFacts& flow, const SoftwareSeen& s) noexcept override {
    Note("software", flow, std::string(s.where) + " " + std::string(s.text));
  }
  void OnOpening(const detect::FlowFacts& flow, const OpeningSeen& o) noexcept override {
    Note("opening", flow, std::to_string(o.bytes.size()) + (o.direction == Direction::kToServer ? " >" : " <"));
  }
  void OnTunnelled(const TunnelledSeen& t) noexcept override {
    heard_.push_back(std::string("tunnel ") + t.kind + " " + t.outer_source.ToString() + " " +
                     t.outer_destination.ToString() + " " + t.inner.source.ToString());
  }
  bool reads_files() const noexcept override { return true; }
  void OnFile(const detect::FlowFacts& flow, const detect::FileSeen& f) noexcept override {
    Note("file", flow, std::string(f.name) + " " + std::string(f.magic) + " " + std::to_string(f.size) +
                           (f.direction == Direction::kToServer ? " >" : " <"));
  }
  void Merge(const Meter&) override {}
  void Clear() noexcept override {}

 private:
  void Note(const char* what, const detect::FlowFacts& flow, const std::string& text) {
    heard_.push_back(std::string(what) + " " + flow.tuple.source.ToString() + " " + text);
  }
  std::vector<std::string>& heard_;
};

// A worker whose epochs a listener attends.
class Attended {
 public:
  Attended() : worker_(snapshot_, context_) { (void)worker_.Seal({}, {}, false, Epoch()); }

  void Packet(const std::string& frame, Timestamp time = kStart) {
    capture::Packet p;
    p.frame = AsBytes(frame);
    p.time = time;
    p.number = ++packets_;
    p.wire_length = static_cast<std::uint32_t>(frame.size());
    p.link = LinkType::kEthernet;
    worker_.Process({&p, 1});
  }
  void Packets(const TcpDialog& dialog, Timestamp time = kStart) {
    for (const std::string& frame : dialog.frames()) Packet(frame, time);
  }
  std::unique_ptr<SealedEpoch> Seal(Timestamp end, bool final = false) {
    return worker_.Seal({}, end, final, Epoch());
  }
  std::vector<std::string> heard;

  std::vector<std::string> Heard(std::string_view what) const {
    std::vector<std::string> out;
    std::copy_if(heard.begin(), heard.end(), std::back_inserter(out),
                 [&](const std::string& line) { return line.starts_with(what); });
    return out;
  }

 private:
  std::unique_ptr<SealedEpoch> Epoch() {
    auto epoch = worker_.NewEpoch();
    auto listener = std::make_unique<Listener>(heard);
    for (auto& observers : epoch->observers) observers = {listener.get()};
    epoch->file_readers = {listener.get()};
    listeners_.push_back(std::move(listener));
    return epoch;
  }

  std::shared_ptr<const config::Snapshot> snapshot_ = SnapshotWith(SmallSettings());
  RunContext context_{HashKey{1, 2}};
  Worker worker_;
  std::vector<std::unique_ptr<Listener>> listeners_;
  std::uint64_t packets_ = 0;
};

Timestamp After(std::int64_t seconds) { return kStart + Duration::Seconds(seconds); }

TEST(TrafficTest, AFlowIsToldEpochByEpochAndSumsToItsPayload) {
  Attended worker;
  TcpDialog dialog(Tuple("10.0.0.1", 40000, "10.0.0.2", 9999));
  dialog.Handshake().ClientSays(std::string(1000, 'a'));
  const std::size_t first = dialog.frames().size();
  dialog.ClientSays(std::string(300, 'b')).ServerSays("thanks");
  const std::size_t second = dialog.frames().size();
  dialog.Close();
  std::size_t sent = 0;
  const auto send = [&](std::size_t until, Timestamp at) {
    for (; sent < until; ++sent) worker.Packet(dialog.frames()[sent], at);
  };
  send(first, kStart);
  const auto one = worker.Seal(After(5));
  ASSERT_EQ(one->traffic->paths().size(), 1u);
  EXPECT_EQ(one->traffic->paths()[0].payload[0], 1000u);
  EXPECT_EQ(one->traffic->paths()[0].flows_opened, 1u);
  EXPECT_EQ(one->traffic->paths()[0].key.server_port, 9999);
  send(second, After(7));
  const auto two = worker.Seal(After(10));
  ASSERT_EQ(two->traffic->paths().size(), 1u);
  EXPECT_EQ(two->traffic->paths()[0].payload[0], 300u);
  EXPECT_EQ(two->traffic->paths()[0].payload[1], 6u);
  EXPECT_EQ(two->traffic->paths()[0].flows_opened, 0u);
  EXPECT_EQ(two->traffic->paths()[0].first_seen, After(7));
  EXPECT_TRUE(worker.Seal(After(15))->traffic->paths().empty());
  send(dialog.frames().size(), After(16));
  const auto last = worker.Seal(After(20), true);
  ASSERT_EQ(last->traffic->paths().size(), 1u);
  EXPECT_EQ(last->traffic->paths()[0].payload[0], 0u);
}

TEST(TrafficTest, ALonePacketIsToldAtTheEndOfItsFlow) {
  Attended worker;
  worker.Packet(test::UdpFrame(Tuple("10.0.0.1", 40000, "10.0.0.2", 9999), "hello"));
  EXPECT_TRUE(worker.Seal(After(5))->traffic->paths().empty());
  const auto last = worker.Seal(After(10), true);
  ASSERT_EQ(last->traffic->paths().size(), 1u);
  EXPECT_EQ(last->traffic->paths()[0].payload[0], 5u);
  EXPECT_EQ(last->traffic->paths()[0].first_opened, kStart);
}

TEST(TrafficTest, ASlotThatIsUsedAgainBeginsAnew) {
  Attended worker;
  for (int round = 0; round < 3; ++round) {
    TcpDialog dialog(Tuple("10.0.0.1", 40000, "10.0.0.2", 9999), 1000u + 100000u * static_cast<unsigned>(round));
    dialog.Handshake().ClientSays("twelve bytes").Close();
    worker.Packets(dialog, After(round));
  }
  const auto sealed = worker.Seal(After(10), true);
  ASSERT_EQ(sealed->traffic->paths().size(), 1u);
  EXPECT_EQ(sealed->traffic->paths()[0].payload[0], 36u);
  EXPECT_EQ(sealed->traffic->paths()[0].flows_opened, 3u);
}

TEST(ObservationsTest, ARequestIsToldWhenAskedAndWhenAnswered) {
  Attended worker;
  TcpDialog dialog(Tuple("10.0.0.1", 40000, "10.0.0.2", 80));
  dialog.Handshake()
      .ClientSays("GET /patient/1234?x=1 HTTP/1.1\r\nHost: api.example\r\nUser-Agent: agent/1.0\r\n"
                  "X-Forwarded-For: 192.0.2.7, 10.0.0.1\r\nAuthorization: Basic bWFyeTpzZXNhbWU=\r\n\r\n")
      .ServerSays("HTTP/1.1 404 Not Found\r\nServer: nginx/1.22.1\r\nContent-Length: 0\r\n\r\n")
      .Close();
  worker.Packets(dialog);
  EXPECT_EQ(worker.Heard("request"),
            (std::vector<std::string>{"request 10.0.0.1 GET /patient/1234?x=1 0 api.example 192.0.2.7 Basic bWFyeTpzZXNhbWU=",
                                      "request 10.0.0.1  /patient/1234?x=1 404   "}));
  EXPECT_EQ(worker.Heard("credential"), (std::vector<std::string>{"credential 10.0.0.1 http.basic mary sesame"}));
  EXPECT_EQ(worker.Heard("software"), (std::vector<std::string>{"software 10.0.0.1 http.user_agent agent/1.0",
                                                                "software 10.0.0.1 http.server nginx/1.22.1"}));
}

TEST(ObservationsTest, PasswordsOfLoginsAreTold) {
  Attended worker;
  TcpDialog ftp(Tuple("10.0.0.1", 40001, "10.0.0.2", 21));
  ftp.Handshake().ServerSays("220 FTP ready\r\n").ClientSays("USER mary\r\n").ServerSays("331 go on\r\n").ClientSays("PASS sesame\r\n");
  worker.Packets(ftp);
  TcpDialog pop(Tuple("10.0.0.1", 40002, "10.0.0.2", 110));
  pop.Handshake().ServerSays("+OK ready\r\n").ClientSays("USER mary\r\n").ServerSays("+OK\r\n").ClientSays("PASS sesame\r\n");
  worker.Packets(pop);
  EXPECT_EQ(worker.Heard("credential"), (std::vector<std::string>{"credential 10.0.0.1 ftp.pass  sesame",
                                                                  "credential 10.0.0.1 pop3.command  sesame"}));
}

TEST(ObservationsTest, NamesAskedForAndDataOfAnswers) {
  Attended worker;
  const std::string name = std::string("\3AbC\7example\3org\0", 17);
  const std::string question = name + test::Hex("00 10 00 01");
  const std::string query = test::Hex("12 34 01 00 00 01 00 00 00 00 00 00") + question;
  const std::string answer = test::Hex("12 34 81 80 00 01 00 02 00 00 00 00") + question + test::Hex("c0 0c 00 10 00 01 00 00 00 3c 00 06") +
                             std::string("\5hello") + test::Hex("c0 0c 00 01 00 01 00 00 00 3c 00 04 0a 00 00 09");
  const FiveTuple tuple = Tuple("10.0.0.1", 40000, "10.0.0.53", 53, ip_proto::kUdp);
  worker.Packet(test::UdpFrame(tuple, query));
  worker.Packet(test::UdpFrame(tuple.Reversed(), answer));
  EXPECT_EQ(worker.Heard("dns"), (std::vector<std::string>{"dns 10.0.0.1 abc.example.org 16 question 0",
                                                           "dns 10.0.0.1 abc.example.org 16 answer 6"}));
}

TEST(ObservationsTest, EchoesWithTheirNumbersAndData) {
  Attended worker;
  const auto echo = [](const char* type, const char* from, const char* to) {
    return test::EthernetFrame(test::IpPacket(from, to, ip_proto::kIcmp, test::Hex(type) + test::Hex("00 00 00 00 07 00 03") + "data"));
  };
  worker.Packet(echo("08", "10.0.0.1", "10.0.0.2"));
  worker.Packet(echo("00", "10.0.0.2", "10.0.0.1"));
  EXPECT_EQ(worker.Heard("icmp"), (std::vector<std::string>{"icmp 10.0.0.1 8 7 3 data >", "icmp 10.0.0.1 0 7 3 data <"}));
}

TEST(ObservationsTest, TheFirstBytesOfWhatNobodyReads) {
  Attended worker;
  const std::string noise = test::Hex("9f 3c 81 d7 02 e5 bb 70 1a c4 66 93 f8 2d 5e a1");
  TcpDialog dialog(Tuple("10.0.0.1", 40000, "10.0.0.2", 9999));
  dialog.Handshake().ClientSays(noise).ClientSays(noise + noise).ServerSays(noise + noise);
  worker.Packets(dialog);
  const FiveTuple datagrams = Tuple("10.0.0.3", 40000, "10.0.0.2", 9998, ip_proto::kUdp);
  worker.Packet(test::UdpFrame(datagrams, noise));
  worker.Packet(test::UdpFrame(datagrams, noise + noise));
  EXPECT_EQ(worker.Heard("opening"), (std::vector<std::string>{"opening 10.0.0.1 16 >", "opening 10.0.0.1 32 <", "opening 10.0.0.3 16 >"}));
}

TEST(ObservationsTest, FilesWithTheirNamesAndFirstBytes) {
  Attended worker;
  TcpDialog dialog(Tuple("10.0.0.1", 40000, "10.0.0.2", 80));
  const std::string drawing = "AC1032" + std::string(26, '\0');
  const std::string body = "--b\r\nContent-Disposition: form-data; name=\"f\"; filename=\"hall.dwg\"\r\n"
                           "Content-Type: application/octet-stream\r\n\r\n" + drawing + "\r\n--b--\r\n";
  dialog.Handshake()
      .ClientSays("POST /up HTTP/1.1\r\nHost: a.example\r\nContent-Type: multipart/form-data; boundary=b\r\n"
                  "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body)
      .ServerSays("HTTP/1.1 200 OK\r\nContent-Disposition: attachment; filename=\"x.scd\"\r\nContent-Length: 6\r\n\r\n<SCL/>")
      .Close();
  worker.Packets(dialog);
  EXPECT_EQ(worker.Heard("file"),
            (std::vector<std::string>{"file 10.0.0.1 hall.dwg dwg 32 >", "file 10.0.0.1 /up  151 >",
                                      "file 10.0.0.1 x.scd text 6 <"}));
}

TEST(ObservationsTest, TunnelledPacketsWithBothPairsOfAddresses) {
  Attended worker;
  const std::string inner = test::UdpPacket(Tuple("192.168.1.1", 1000, "192.168.1.2", 2000, ip_proto::kUdp), "inside");
  worker.Packet(test::EthernetFrame(test::IpPacket("10.0.0.1", "203.0.113.9", ip_proto::kGre, test::Hex("00 00 08 00") + inner)));
  const std::string sniffed = test::Hex("01 00 00 01 01") + test::EthernetFrame(inner);
  worker.Packet(test::UdpFrame(Tuple("10.0.0.1", 40000, "203.0.113.9", 37008, ip_proto::kUdp), sniffed));
  EXPECT_EQ(worker.Heard("tunnel"), (std::vector<std::string>{"tunnel gre 10.0.0.1 203.0.113.9 192.168.1.1",
                                                              "tunnel tzsp 10.0.0.1 203.0.113.9 192.168.1.1"}));
}

}  // namespace
}  // namespace gander::runtime
