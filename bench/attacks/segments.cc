// SPDX-License-Identifier: Apache-2.0
// TCP that keeps to the rules and brings little, or leaves holes that are never filled.
#include <algorithm>
#include <memory>
#include <numeric>

#include "attacks/attack.h"
#include "corpus/conversation.h"

namespace gander::bench {
namespace {

constexpr std::uint32_t kConnections = 256;

struct Lines {
  explicit Lines(Random& random) {
    for (std::uint32_t n = 0; n < kConnections; ++n) all.emplace_back(ClientOf(n + 1), kVictim, random);
  }
  std::vector<TcpConnection> all;
};

const std::string& Upload() {
  static const std::string text = [] {
    std::string body =
        "POST /upload HTTP/1.1\r\nHost: a.example\r\nContent-Type: text/plain\r\nContent-Length: 99999999\r\n\r\n";
    while (body.size() < 64'000) body += "the quick brown fox jumps over the lazy dog, 17 times on 2026-11-24; ";
    return body;
  }();
  return text;
}

// The same text on every connection, `size` bytes a segment, and `skip` bytes that nobody sees behind each.
Sender Cut(Random random, std::size_t size, std::size_t skip, bool acknowledged) {
  auto lines = std::make_shared<Lines>(random);
  return [lines, size, skip, acknowledged, at = std::size_t{0}, opened = false](FrameWriter& out) mutable {
    for (TcpConnection& line : lines->all) {
      if (!opened) line.Open(out);
      line.SendOne(out, true, std::string_view(Upload()).substr(at, size));
      line.Skip(true, skip);
      if (acknowledged) line.Acknowledge(out, false);
    }
    opened = true;
    at += size + skip;
    if (at + size > Upload().size()) at = 200;  // on with the body
  };
}

// Every second byte of a window of 100 kB in an order drawn by lot: each falls somewhere between what is held.
Sender Shuffled(Random random) {
  constexpr std::uint32_t kBytes = 50'000;
  return [random, n = 0u](FrameWriter& out) mutable {
    const Endpoint client = ClientOf(++n);
    TcpConnection connection(client, kVictim, random);
    connection.Open(out);
    std::vector<std::uint32_t> places(kBytes);
    std::iota(places.begin(), places.end(), 0u);
    for (std::uint32_t i = kBytes - 1; i > 0; --i) std::swap(places[i], places[random.Below(i + 1)]);
    const auto first = static_cast<std::uint32_t>(random.Next());
    out.Tcp({client, {kVictim.address, 81}, first, 1, kAck}, "x");
    for (const std::uint32_t place : places) {
      out.Tcp({client, {kVictim.address, 81}, first + 2 + 2 * place, 1, kAck}, "x");
    }
  };
}

// The same segment of text again and again.
Sender Repeated(Random random) {
  auto lines = std::make_shared<Lines>(random);
  return [lines, opened = false](FrameWriter& out) mutable {
    for (TcpConnection& line : lines->all) {
      if (!opened) line.Open(out);
      line.SendOne(out, true, std::string_view(Upload()).substr(0, 1000));
      line.Skip(true, std::size_t{0} - 1000);
    }
    opened = true;
  };
}

}  // namespace

std::vector<Attack> SegmentAttacks() {
  return {{"one-byte", "text at one byte a segment", [](Random r) { return Cut(r, 1, 0, false); }},
          {"holes", "every second segment of 1,460 bytes missing", [](Random r) { return Cut(r, 1460, 1460, false); }},
          {"holes-acknowledged", "the same, acknowledged", [](Random r) { return Cut(r, 1460, 1460, true); }},
          {"one-byte-holes", "every second byte missing", [](Random r) { return Cut(r, 1, 1, false); }},
          {"shuffled-holes", "every second byte of 100 kB, in any order", Shuffled},
          {"repeated", "one segment over and over", Repeated}};
}

}  // namespace gander::bench
