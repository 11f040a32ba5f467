// SPDX-License-Identifier: Apache-2.0
// Mail, TLS, DNS, syslog.
#include "corpus/speakers.h"

namespace gander::bench {
namespace {

std::string TlsRecord(char type, const std::string& body) {
  return type + std::string("\x03\x03", 2) + Be16(static_cast<std::uint32_t>(body.size())) + body;
}

std::string Counted16(const std::string& s) { return Be16(static_cast<std::uint32_t>(s.size())) + s; }

std::string Handshake(char type, const std::string& body) {
  return type + Be24(static_cast<std::uint32_t>(body.size())) + body;
}

constexpr char kHandshake = 0x16, kChangeCipher = 0x14, kApplicationData = 0x17;

// RFC 8446, section 4.1.2.
std::string ClientHello(Random& r, const std::string& host) {
  const std::string name = Counted16(std::string(1, '\0') + Counted16(host));
  std::string extensions = Be16(0) + Counted16(name);
  extensions += Be16(10) + Counted16(Counted16(Be16(0x1d) + Be16(0x17)));
  extensions += Be16(13) + Counted16(Counted16(Be16(0x0403) + Be16(0x0804)));
  extensions += Be16(16) + Counted16(Counted16("\x02h2\x08http/1.1"));
  extensions += Be16(43) + Counted16("\x02" + Be16(0x0304));
  extensions += Be16(51) + Counted16(Counted16(Be16(0x1d) + Counted16(r.Bytes(32))));
  return Handshake(1, Be16(0x0303) + r.Bytes(32) + '\x20' + r.Bytes(32) +
                          Counted16(Be16(0x1301) + Be16(0x1302) + Be16(0x1303) + Be16(0xc02f)) +
                          std::string("\x01\x00", 2) + Counted16(extensions));
}

std::string ServerHello(Random& r) {
  const std::string extensions =
      Be16(43) + Counted16(Be16(0x0304)) + Be16(51) + Counted16(Be16(0x1d) + Counted16(r.Bytes(32)));
  return Handshake(
      2, Be16(0x0303) + r.Bytes(32) + '\x20' + r.Bytes(32) + Be16(0x1301) + '\0' + Counted16(extensions));
}

std::string DnsName(const std::string& host) {
  std::string out;
  for (std::size_t at = 0; at < host.size();) {
    std::size_t dot = host.find('.', at);
    if (dot == std::string::npos) dot = host.size();
    out += static_cast<char>(dot - at) + host.substr(at, dot - at);
    at = dot + 1;
  }
  return out + '\0';
}

constexpr std::uint32_t kA = 1, kTxt = 16, kAaaa = 28;

std::string DnsData(std::uint32_t type, Random& r, TextMaker& text) {
  if (type == kA) return r.Bytes(4);
  if (type == kAaaa) return r.Bytes(16);
  const std::string value = "v=spf1 include:" + text.Word() + ".example.com ~all";
  return static_cast<char>(value.size()) + value;
}

}  // namespace

std::unique_ptr<Conversation> NextTls(Network& network, TextMaker& text) {
  Random& r = text.random();
  auto talk = std::make_unique<Conversation>(network.NewConnection(443));
  const std::string hello = ClientHello(r, text.Word() + '.' + text.Word() + ".example.org");
  talk->Say(true, TlsRecord(kHandshake, hello));
  talk->Say(false, TlsRecord(kHandshake, ServerHello(r)) + TlsRecord(kChangeCipher, "\x01") +
                       TlsRecord(kApplicationData, r.Bytes(3200)));
  talk->Say(true, TlsRecord(kChangeCipher, "\x01") + TlsRecord(kApplicationData, r.Bytes(74)));
  for (std::uint32_t n = r.Between(1, 5); n > 0; --n) {
    talk->Say(true, TlsRecord(kApplicationData, r.Bytes(r.Between(300, 800))));
    std::string answer;
    for (std::uint32_t k = r.Between(1, 12); k > 0; --k)
      answer += TlsRecord(kApplicationData, r.Bytes(16401));
    talk->Say(false, std::move(answer));
  }
  return talk;
}

std::unique_ptr<Conversation> NextMail(Network& network, TextMaker& text) {
  Random& r = text.random();
  auto talk = std::make_unique<Conversation>(network.NewConnection(25));
  talk->Say(false, "220 mx.example.org ESMTP ready\r\n");
  talk->Say(true, "EHLO " + text.Word() + ".example.net\r\n");
  talk->Say(false, "250-mx.example.org\r\n250-SIZE 10485760\r\n250 8BITMIME\r\n");
  for (std::uint32_t n = r.Between(1, 3); n > 0; --n) {
    const std::string from = text.Word() + '.' + text.Word() + "@example.net",
                      to = text.Word() + "@example.org";
    talk->Say(true, "MAIL FROM:<" + from + ">\r\n");
    talk->Say(false, "250 2.1.0 Ok\r\n");
    talk->Say(true, "RCPT TO:<" + to + ">\r\n");
    talk->Say(false, "250 2.1.5 Ok\r\n");
    talk->Say(true, "DATA\r\n");
    talk->Say(false, "354 End data with <CR><LF>.<CR><LF>\r\n");
    std::string message = "From: <" + from + ">\r\nTo: <" + to + ">\r\nSubject: " + text.Sentence() +
                          "\r\nMessage-ID: <" + r.Hex(16) +
                          "@example.net>\r\nMIME-Version: 1.0\r\n"
                          "Content-Type: text/plain; charset=utf-8\r\n\r\n";
    for (std::uint32_t lines = r.Between(20, 400); lines > 0; --lines) message += text.Sentence() + "\r\n";
    talk->Say(true, message + ".\r\n");
    talk->Say(false, "250 2.0.0 Ok: queued as " + r.Hex(10) + "\r\n");
  }
  talk->Say(true, "QUIT\r\n");
  talk->Say(false, "221 2.0.0 Bye\r\n");
  return talk;
}

void AskDns(Network& network, TextMaker& text, FrameWriter& out) {
  Random& r = text.random();
  const Endpoint client = network.NewClient(), server{0xc0a80035, 53};
  const std::uint32_t kind = r.Below(20), type = kind < 14 ? kA : kind < 17 ? kAaaa : kTxt;
  const std::string id = r.Bytes(2), name = DnsName(text.Word() + '.' + text.Word() + ".example.com");
  const std::string question = name + Be16(type) + Be16(1);
  out.Udp(client, server, id + Be16(0x0100) + Be16(1) + Be16(0) + Be16(0) + Be16(0) + question);
  const std::uint32_t answers = type == kTxt ? 1 : r.Between(1, 4);
  std::string answer = id + Be16(0x8180) + Be16(1) + Be16(answers) + Be16(0) + Be16(0) + question;
  for (std::uint32_t i = 0; i < answers; ++i) {
    answer += Be16(0xc00c) + Be16(type) + Be16(1) + Be32(300) + Counted16(DnsData(type, r, text));
  }
  out.Udp(server, client, answer);
}

void SendSyslog(Network& network, TextMaker& text, FrameWriter& out) {
  Random& r = text.random();
  out.Udp(network.NewClient(), network.Server(514),
          "<134>1 " + text.Body(TextKind::kLog, r.Between(400, 4000), [](std::string&) {}));
}

}  // namespace gander::bench
