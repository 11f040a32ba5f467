// SPDX-License-Identifier: Apache-2.0
// A new corpus is a function and a row in kCorpora.
#include "corpus/corpora.h"

#include <algorithm>
#include <charconv>
#include <vector>

#include "corpus/speakers.h"

namespace gander::bench {
namespace {

constexpr std::size_t kInterleaved = 64;
constexpr std::size_t kSparseEvery = 100'000;  // bytes for each person

struct Order {
  std::uint64_t bytes;
  std::string argument;  // what stands behind the name's dash
  Random random;
  CaptureFile& file;
  Truth& truth;

  bool Enough() const { return file.file_bytes() >= bytes; }
};

void Web(Order& order, FrameSink& sink, WebSpeaker::Planting planting) {
  Network network(order.random.Fork());
  TextMaker text(order.random.Fork());
  WebSpeaker web(network, text, order.truth, planting);
  FrameWriter out(sink);
  Interleave(
      out, order.random.Fork(), kInterleaved, [&] { return web.Next(); }, [&] { return order.Enough(); });
  order.truth["flows"] = network.flows();
}

void Clean(Order& order) { Web(order, order.file, {}); }
void Sparse(Order& order) { Web(order, order.file, {.every = kSparseEvery}); }
void Dense(Order& order) { Web(order, order.file, {.share = 1}); }
void Density(Order& order) { Web(order, order.file, {.share = std::stod(order.argument) / 100}); }
void Vxlan(Order& order) {
  VxlanSink tunnel(order.file);
  Web(order, tunnel, {});
}

void Tls(Order& order) {
  Network network(order.random.Fork());
  TextMaker text(order.random.Fork());
  FrameWriter out(order.file);
  Interleave(
      out, order.random.Fork(), kInterleaved, [&] { return NextTls(network, text); },
      [&] { return order.Enough(); });
  order.truth["flows"] = network.flows();
}

void Dns(Order& order) {
  Network network(order.random.Fork());
  TextMaker text(order.random.Fork());
  FrameWriter out(order.file);
  while (!order.Enough()) AskDns(network, text, out);
  order.truth["flows"] = network.flows();
}

// Every packet another flow: a counter, spread over addresses and ports.
void Flood(Order& order) {
  FrameWriter out(order.file);
  std::uint32_t n = 0;
  for (; !order.Enough(); ++n) {
    const std::uint32_t spread = n * 2654435761u;
    out.Udp({0x0a000000 + (spread >> 8), static_cast<std::uint16_t>(1024 + (spread & 0xff) * 199 + n % 199)},
            {0xc0a80001, 9}, order.random.Bytes(18));
  }
  order.truth["flows"] = n;
}

// A day's mixture. Every connection ends, so that a replay in a loop meets new ones only.
void Mixed(Order& order) {
  Network network(order.random.Fork());
  TextMaker text(order.random.Fork());
  Random choice = order.random.Fork();
  WebSpeaker web(network, text, order.truth, {.every = kSparseEvery});
  VxlanSink tunnel(order.file);
  FrameWriter out(order.file), mirrored(tunnel);
  const auto next = [&]() -> std::unique_ptr<Conversation> {
    const std::uint32_t k = choice.Below(100);
    for (int i = 0; i < 4; ++i) AskDns(network, text, out);
    if (k % 4 == 0) SendSyslog(network, text, out);
    return k < 55 ? web.Next() : k < 75 ? NextMail(network, text) : NextTls(network, text);
  };
  Interleave(out, order.random.Fork(), kInterleaved, next,
             [&] { return order.file.file_bytes() * 5 >= order.bytes * 4; });
  Interleave(mirrored, order.random.Fork(), kInterleaved, next, [&] { return order.Enough(); });
  order.truth["flows"] = network.flows();
}

// N connections stay open. First each is set up as far as the corpus goes: a handshake (`bare`), a request and the head
// of an answer too (`idle`, `waiting`), and the begin of what it answers (`flows`), as long as what is kept of a text.
// Then (`flows`, `waiting`) the same text in the same segments for every N, each segment to a connection drawn by lot.
// Of `waiting` most segments are the first of their bodies where N is large, and none where it is small.
class LongLived {
 public:
  LongLived(Order& order, std::uint32_t count)
      : order_(order),
        lots_(order.random.Fork()),
        text_(order.random.Fork()),
        sequences_(order.random.Fork()),
        out_(order.file) {
    connections_.reserve(count);
    for (std::uint32_t n = 0; n < count; ++n) {
      connections_.emplace_back(
          Endpoint{0x0a000000 + (n & 0xffff), static_cast<std::uint16_t>(1024 + (n >> 16))},
          Endpoint{0xc0a80001 + n % 250, 80}, sequences_);
    }
  }

  enum class Until { kHandshake, kHead, kText };
  void SetUp(Until until) {
    for (TcpConnection& c : connections_) c.Open(out_);
    if (until != Until::kHandshake) {
      for (TcpConnection& c : connections_) {
        c.Send(out_, true,
               "GET /item?q=garden HTTP/1.1\r\nHost: shop.example.com\r\nUser-Agent: bench/1\r\n\r\n", 1);
        c.Send(out_, false, "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 900000000\r\n\r\n",
               1);
      }
    }
    if (until == Until::kText) {
      constexpr std::size_t kKeptOfAText = 700;
      const std::string body = text_.Body(TextKind::kPage, 2 * kKeptOfAText, [](std::string&) {});
      for (TcpConnection& c : connections_) c.SendOne(out_, false, std::string_view(body).substr(0, kKeptOfAText));
    }
    order_.truth["flows"] = connections_.size();
    order_.truth["setup_packets"] = order_.file.packets();
  }

  void Talk() {
    const std::uint64_t end = order_.file.file_bytes() + order_.bytes;
    std::string body;
    while (order_.file.file_bytes() < end) {
      body = text_.Body(TextKind::kPage, 256 * kSegment, [](std::string&) {});
      for (std::size_t at = 0; at + kSegment <= body.size(); at += kSegment) {
        TcpConnection& c = connections_[lots_.Below(static_cast<std::uint32_t>(connections_.size()))];
        c.SendOne(out_, false, std::string_view(body).substr(at, kSegment));
        if (at / kSegment % 2 == 1) c.Acknowledge(out_, true);  // the same packets for every N
      }
    }
  }

 private:
  Order& order_;
  Random lots_;
  TextMaker text_;
  Random sequences_;
  FrameWriter out_;
  std::vector<TcpConnection> connections_;
};

std::uint32_t Count(const Order& order) { return static_cast<std::uint32_t>(std::stoul(order.argument)); }

void Bare(Order& order) { LongLived(order, Count(order)).SetUp(LongLived::Until::kHandshake); }
void Idle(Order& order) { LongLived(order, Count(order)).SetUp(LongLived::Until::kHead); }
void Talking(Order& order, LongLived::Until until) {
  LongLived world(order, Count(order));
  world.SetUp(until);
  world.Talk();
}
void Flows(Order& order) { Talking(order, LongLived::Until::kText); }
void Waiting(Order& order) { Talking(order, LongLived::Until::kHead); }

struct Corpus {
  const char* name;
  bool takes_number;  // name-NUMBER
  const char* help;
  void (*write)(Order&);
};
constexpr Corpus kCorpora[] = {
    {"clean", false, "web text without personal data: 40 % pages, 35 % JSON, 15 % logs, 10 % scripts", Clean},
    {"sparse", false, "the same with one person in 100 KB", Sparse},
    {"dense", false, "tables of people and nothing else", Dense},
    {"density", true, "density-P: P % of the text is people, 0 to 100", Density},
    {"tls", false, "handshakes shaped as TLS 1.3, then random bytes", Tls},
    {"dns", false, "queries and answers, each a new flow", Dns},
    {"udp64", false, "60-byte frames, each a new flow", Flood},
    {"mixed", false, "web, mail, DNS, TLS, fragmented syslog, a fifth in VXLAN; can be replayed in a loop",
     Mixed},
    {"vxlan", false, "clean inside VXLAN", Vxlan},
    {"flows", true, "flows-N: N open connections with text, then the same text goes to them by lot", Flows},
    {"waiting", true, "waiting-N: the same, but when it begins none has had text yet", Waiting},
    {"idle", true, "idle-N: N connections with a request and the head of its answer", Idle},
    {"bare", true, "bare-N: N handshakes", Bare},
};

}  // namespace

std::string DescribeCorpora() {
  std::string all;
  for (const Corpus& c : kCorpora)
    all += "  " + std::string(c.name) + std::string(9 - std::string(c.name).size(), ' ') + c.help + '\n';
  return all;
}

bool WriteCorpus(const std::string& name, std::uint64_t bytes, std::uint64_t seed, CaptureFile& file,
                 Truth& truth) {
  const std::size_t dash = name.find('-');
  const std::string stem = name.substr(0, dash),
                    argument = dash == std::string::npos ? "" : name.substr(dash + 1);
  const auto* corpus =
      std::find_if(std::begin(kCorpora), std::end(kCorpora), [&](const Corpus& c) { return stem == c.name; });
  if (corpus == std::end(kCorpora)) return false;
  double number = 0;
  const auto [end, error] = std::from_chars(argument.data(), argument.data() + argument.size(), number);
  const bool whole = error == std::errc() && end == argument.data() + argument.size();
  const double limit = stem == "density" ? 100 : 16e6;
  if (corpus->takes_number ? !whole || number < (stem == "density" ? 0 : 1) || number > limit
                           : !argument.empty())
    return false;
  Order order{bytes, argument, Random(seed), file, truth};
  corpus->write(order);
  truth["packets"] = file.packets();
  truth["frame_bytes"] = file.frame_bytes();
  return true;
}

}  // namespace gander::bench
