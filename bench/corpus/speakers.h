// SPDX-License-Identifier: Apache-2.0
// Who talks on the invented network: web, mail, TLS and DNS, each conversation whole and new.
#ifndef GANDER_BENCH_CORPUS_SPEAKERS_H_
#define GANDER_BENCH_CORPUS_SPEAKERS_H_

#include <memory>
#include <string>

#include "corpus/conversation.h"
#include "corpus/person.h"
#include "corpus/text.h"

namespace gander::bench {

// Clients are 10.0.0.0/16, so that a replay can move them to 10.1.0.0/16, 10.2.0.0/16 ...; servers
// 192.168.0.0/24.
class Network {
 public:
  explicit Network(Random random) noexcept : random_(random) {}
  TcpConnection NewConnection(std::uint16_t port);
  Endpoint NewClient();
  Endpoint Server(std::uint16_t port) { return {0xc0a80000 + random_.Between(1, 250), port}; }
  std::uint64_t flows() const noexcept { return flows_; }
  Random& random() noexcept { return random_; }

 private:
  Random random_;
  std::uint64_t flows_ = 0;
};

// HTTP/1.1 with keep-alive: 40 % pages, 35 % JSON, 15 % logs, 10 % scripts.
class WebSpeaker {
 public:
  struct Planting {
    std::size_t every = 0;  // bytes of text between two people, 0 = none
    double share = 0;       // or: this share of the bytes is people; 1 = tables of people and nothing else
  };
  WebSpeaker(Network& network, TextMaker& text, Truth& truth, Planting planting)
      : network_(network), text_(text), people_(text, truth), planting_(planting) {}
  std::unique_ptr<Conversation> Next();

 private:
  void Exchange(Conversation& talk, const std::string& host);
  std::string Body(TextKind kind, std::size_t size);
  void Plant(TextKind kind, std::string& body);

  Network& network_;
  TextMaker& text_;
  PersonMaker people_;
  Planting planting_;
  double written_ = 0, planted_ = 0;  // bytes of bodies, of people in them
  std::size_t body_seen_ = 0;         // of the body at hand
};

std::unique_ptr<Conversation> NextMail(Network& network, TextMaker& text);
// A handshake shaped as TLS 1.3, then records of random bytes.
std::unique_ptr<Conversation> NextTls(Network& network, TextMaker& text);
// One query and its answer.
void AskDns(Network& network, TextMaker& text, FrameWriter& out);
// A few lines of log in one datagram, often larger than a packet.
void SendSyslog(Network& network, TextMaker& text, FrameWriter& out);

}  // namespace gander::bench

#endif  // GANDER_BENCH_CORPUS_SPEAKERS_H_
