// SPDX-License-Identifier: Apache-2.0
// HTTP/1.1, and who connects to whom.
#include <algorithm>
#include <cmath>

#include "corpus/speakers.h"

namespace gander::bench {
namespace {

// Sizes of bodies: e^(8.3 +- 2), some 4 KB in the middle.
constexpr double kSizeCentre = 8.3, kSizeSpread = 2.0;
constexpr std::size_t kSmallest = 1500, kLargest = 400'000, kForm = 600;

TextKind PickKind(Random& r) {
  const std::uint32_t k = r.Below(100);
  return k < 40 ? TextKind::kPage : k < 75 ? TextKind::kJson : k < 90 ? TextKind::kLog : TextKind::kScript;
}

}  // namespace

Endpoint Network::NewClient() {
  const std::uint64_t n = flows_++;
  // An odd multiplier visits all 65,536 addresses before one comes again.
  const auto host = static_cast<std::uint32_t>(n * 40503 & 0xffff);
  return {0x0a000000 + host, static_cast<std::uint16_t>(1024 + (n + n / 65536 * 7919) % 60000)};
}

TcpConnection Network::NewConnection(std::uint16_t port) {
  const Endpoint client = NewClient();
  return TcpConnection(client, Server(port), random_);
}

std::unique_ptr<Conversation> WebSpeaker::Next() {
  auto talk = std::make_unique<Conversation>(network_.NewConnection(80));
  const std::string host = text_.Word() + ".example.net";
  for (std::uint32_t n = text_.random().Between(1, 8); n > 0; --n) Exchange(*talk, host);
  return talk;
}

void WebSpeaker::Exchange(Conversation& talk, const std::string& host) {
  Random& r = text_.random();
  const TextKind kind = PickKind(r);
  const double size = std::exp(kSizeCentre + kSizeSpread * (r.Unit() + r.Unit() + r.Unit() - 1.0));
  const std::size_t wanted = std::clamp(static_cast<std::size_t>(size), kSmallest, kLargest);
  const bool post = r.OneIn(10);
  std::string request =
      std::string(post ? "POST" : "GET") + " /" + text_.Word() + '/' + text_.Word() + "?id=" + r.Number(6) +
      "&t=" + r.Number(10) + " HTTP/1.1\r\nHost: " + host +
      "\r\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0\r\n"
      "Accept: text/html,application/json;q=0.9,*/*;q=0.8\r\nAccept-Language: en;q=0.5\r\n"
      "Cookie: session=" +
      r.Hex(32) + "; seen=" + r.Number(6) + "\r\n";
  if (post) {
    const std::string form = text_.Body(TextKind::kJson, kForm, [](std::string&) {});
    request += "Content-Type: application/json\r\nContent-Length: " + std::to_string(form.size()) +
               "\r\n\r\n" + form;
  } else {
    request += "\r\n";
  }
  talk.Say(true, std::move(request));
  const std::string body = Body(kind, wanted);
  talk.Say(false,
           "HTTP/1.1 200 OK\r\nServer: nginx\r\nDate: Thu, 01 Jan 2026 00:00:00 GMT\r\nContent-Type: " +
               std::string(planting_.share >= 1 ? "text/csv" : MediaType(kind)) +
               "\r\nContent-Length: " + std::to_string(body.size()) + "\r\nETag: \"" + r.Hex(16) +
               "\"\r\nCache-Control: max-age=600\r\nConnection: keep-alive\r\n\r\n" + body);
}

std::string WebSpeaker::Body(TextKind kind, std::size_t size) {
  if (planting_.share >= 1) {
    std::string table = PersonMaker::kCsvHeader;
    while (table.size() < size) table += people_.CsvRow();
    return table;
  }
  body_seen_ = 0;
  return text_.Body(kind, size, [&](std::string& body) { Plant(kind, body); });
}

void WebSpeaker::Plant(TextKind kind, std::string& body) {
  written_ += static_cast<double>(body.size() - body_seen_);
  const auto due = [&] {
    if (planting_.every > 0) return written_ >= static_cast<double>(planting_.every);
    return planted_ < planting_.share * written_;
  };
  while (due()) {
    const std::string person = people_.Labelled(kind);
    body += person;
    planted_ += static_cast<double>(person.size());
    if (planting_.every > 0) {
      written_ -= static_cast<double>(planting_.every);
    } else {
      written_ += static_cast<double>(person.size());
    }
  }
  body_seen_ = body.size();
}

}  // namespace gander::bench
