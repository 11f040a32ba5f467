// SPDX-License-Identifier: Apache-2.0
// Texts made to be slow, as bodies of HTTP requests.
#include <memory>

#include "attacks/attack.h"
#include "corpus/conversation.h"
#include "identify/hostile_texts.h"

namespace gander::bench {
namespace {

constexpr std::size_t kTextBytes = 256 << 10;

Sender Posted(Random random, std::shared_ptr<const std::string> text) {
  return [random, text, n = 0u](FrameWriter& out) mutable {
    TcpConnection connection(ClientOf(++n), kVictim, random);
    connection.Open(out);
    const std::string message = "POST /a HTTP/1.1\r\nHost: a.example\r\nContent-Type: text/plain\r\nContent-Length: " +
                                std::to_string(text->size()) + "\r\n\r\n" + *text;
    for (std::size_t sent = 0; sent < message.size();) {
      sent += connection.Send(out, true, std::string_view(message).substr(sent), 64);
    }
    connection.Close(out);
  };
}

}  // namespace

std::vector<Attack> TextAttacks() {
  std::vector<Attack> attacks;
  for (HostileText& hostile : PlainHostileTexts(kTextBytes)) {
    auto text = std::make_shared<const std::string>(std::move(hostile.text));
    attacks.push_back({"text-" + hostile.name, hostile.name, [text](Random r) { return Posted(r, text); }});
  }
  return attacks;
}

}  // namespace gander::bench
