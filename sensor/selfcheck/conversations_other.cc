// SPDX-License-Identifier: Apache-2.0
// Files, chats, stores and datagrams.
#include <algorithm>

#include "selfcheck/conversations.h"

namespace gander::selfcheck {
namespace {

std::string Number(std::uint64_t value, int octets) {
  std::string out;
  for (int i = octets - 1; i >= 0; --i) out += static_cast<char>(value >> (8 * i) & 0xff);
  return out;
}

std::string Counted(const std::string& text) { return Number(static_cast<std::uint32_t>(text.size()), 2) + text; }

void SayFtp(const Planted& planted, Frames& frames) {
  Frames::Connection c = frames.Connect(21);
  c.Server("220 ready\r\n");
  c.Client("USER " + OneLine(planted.values.front().value) + "\r\n");
  c.Server("331 password\r\n");
  c.Client("PASS " + OneLine(planted.values.back().value) + "\r\n");
  c.Server("230 in\r\n");
  c.Client("PASV\r\n");
  c.Server("227 Entering Passive Mode (198,51,100,1,195,80)\r\n");
  c.Client("STOR " + OneLine(planted.values.front().value) + ".csv\r\n");
  c.Server("150 go on\r\n");
  Frames::Connection data = frames.ConnectAgain(40'001, 195 * 256 + 80, false);
  data.Client(planted.document);
  data.Close();
  c.Server("226 done\r\n");
  c.Close();
}

void SayIrc(const Planted& planted, Frames& frames) {
  Frames::Connection c = frames.Connect(6667);
  c.Client("NICK ward\r\nUSER ward 0 * :" + OneLine(planted.values.front().value) + "\r\n");
  c.Server(":irc.example.net 001 ward :Welcome\r\n");
  for (const MarkedValue& v : planted.values) c.Client("PRIVMSG #ward :" + OneLine(v.text).substr(0, 400) + "\r\n");
  c.Close();
}

void SayXmpp(const Planted& planted, Frames& frames) {
  Frames::Connection c = frames.Connect(5222);
  c.Client("<?xml version='1.0'?><stream:stream to='example.net' xmlns='jabber:client' "
           "xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>");
  c.Server("<?xml version='1.0'?><stream:stream from='example.net' id='1' xmlns='jabber:client' "
           "xmlns:stream='http://etherx.jabber.org/streams' version='1.0'><stream:features/>");
  for (const MarkedValue& v : planted.values) {
    c.Client("<message to='" + Percent(v.value) + "@example.net' type='chat'><body>" + OneLine(v.text) + "</body></message>");
  }
  c.Close();
}

void SayTelnet(const Planted& planted, Frames& frames) {
  Frames::Connection c = frames.Connect(23);
  c.Server("\xff\xfd\x18login: ");
  c.Client(OneLine(planted.values.front().value) + "\r\n");
  c.Server("Password: ");
  c.Client(OneLine(planted.values.back().value) + "\r\n");
  c.Server("\r\n$ " + planted.document);
  c.Close();
}

void SayRedis(const Planted& planted, Frames& frames) {
  const auto bulk = [](const std::string& s) { return "$" + std::to_string(s.size()) + "\r\n" + s + "\r\n"; };
  Frames::Connection c = frames.Connect(6379);
  for (const MarkedValue& v : planted.values) {
    c.Client("*3\r\n" + bulk("SET") + bulk("person:" + v.value) + bulk(v.text));
    c.Server("+OK\r\n");
  }
  c.Close();
}

void SayMemcached(const Planted& planted, Frames& frames) {
  Frames::Connection c = frames.Connect(11211);
  for (const MarkedValue& v : planted.values) {
    c.Client("set " + Percent(v.value) + " 0 0 " + std::to_string(v.text.size()) + "\r\n" + v.text + "\r\n");
    c.Server("STORED\r\n");
  }
  c.Close();
}

void SayPostgres(const Planted& planted, Frames& frames) {
  const auto message = [](char kind, const std::string& body) {
    return std::string(1, kind) + Number(static_cast<std::uint32_t>(body.size() + 4), 4) + body;
  };
  const std::string zero(1, '\0');
  Frames::Connection c = frames.Connect(5432);
  const std::string start = Number(196'608, 4) + "user" + zero + OneLine(planted.values.front().value) + zero + "database" +
                            zero + "wards" + zero + zero;
  c.Client(Number(static_cast<std::uint32_t>(start.size() + 4), 4) + start);
  c.Server(message('R', Number(0, 4)) + message('Z', "I"));
  for (const MarkedValue& v : planted.values) {
    std::string text = OneLine(v.text);
    std::replace(text.begin(), text.end(), '\'', ' ');
    c.Client(message('Q', "INSERT INTO person (note) VALUES ('" + text + "')" + zero));
    c.Server(message('C', "INSERT 0 1" + zero) + message('Z', "I"));
  }
  c.Close();
}

void SayMqtt(const Planted& planted, Frames& frames) {
  const auto packet = [](int kind, const std::string& body) {
    std::string out(1, static_cast<char>(kind));
    for (std::size_t n = body.size();;) {
      const std::size_t part = n % 128;
      n /= 128;
      out += static_cast<char>(n > 0 ? part | 0x80 : part);
      if (n == 0) break;
    }
    return out + body;
  };
  Frames::Connection c = frames.Connect(1883);
  c.Client(packet(0x10, Counted("MQTT") + std::string("\x04\xc2\x00\x3c", 4) + Counted("ward-1") +
                            Counted(planted.values.front().value) + Counted(planted.values.back().value)));
  c.Server(std::string("\x20\x02\x00\x00", 4));
  for (const MarkedValue& v : planted.values) c.Client(packet(0x30, Counted("ward/" + Percent(v.value)) + v.text));
  c.Close();
}

// Nobody's protocol: text is text.
void SayText(const Planted& planted, Frames& frames) {
  Frames::Connection c = frames.Connect(9100);
  c.Client(planted.document);
  c.Close();
}

void SaySip(const Planted& planted, Frames& frames) {
  for (const MarkedValue& v : planted.values) {
    const std::string who = Percent(v.value), text = v.text.substr(0, 800);
    frames.Datagram(5060, "MESSAGE sip:" + who + "@example.net SIP/2.0\r\nVia: SIP/2.0/UDP 10.77.0.1:5060;branch=z9hG4bK1\r\n"
                          "From: \"" + OneLine(v.value) + "\" <sip:" + who + "@example.net>;tag=1\r\nTo: <sip:desk@example.net>\r\n"
                          "Call-ID: " + who + "@10.77.0.1\r\nCSeq: 1 MESSAGE\r\nContent-Type: text/plain\r\nContent-Length: " +
                          std::to_string(text.size()) + "\r\n\r\n" + text,
                    "SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP 10.77.0.1:5060;branch=z9hG4bK1\r\nFrom: <sip:" + who +
                        "@example.net>;tag=1\r\nTo: <sip:desk@example.net>;tag=2\r\nCall-ID: 1\r\nCSeq: 1 MESSAGE\r\n"
                        "Content-Length: 0\r\n\r\n");
  }
}

void SaySyslog(const Planted& planted, Frames& frames) {
  for (const MarkedValue& v : planted.values) {
    frames.Datagram(514, "<13>1 2026-11-24T09:30:00Z ward-1 app 77 - - " + OneLine(v.text).substr(0, 900));
  }
}

// Values as labels: what a tunnel or a careless resolver would carry.
void SayDns(const Planted& planted, Frames& frames) {
  for (const MarkedValue& v : planted.values) {
    std::string label = v.value.substr(0, 63), name;
    std::replace_if(label.begin(), label.end(), [](char c) { return c == '.' || c == ' ' || c == '@' || c == '/'; }, '-');
    name = std::string(1, static_cast<char>(label.size())) + label + "\x07" "example\x03net" + std::string(1, '\0');
    const std::string question = name + Number(1, 2) + Number(1, 2);
    frames.Datagram(53, Number(0x1234, 2) + Number(0x0100, 2) + Number(1, 2) + Number(0, 6) + question,
                    Number(0x1234, 2) + Number(0x8183, 2) + Number(1, 2) + Number(0, 6) + question);
  }
}

void SayTftp(const Planted& planted, Frames& frames) {
  frames.Datagram(69, Number(2, 2) + OneLine(planted.values.front().value) + ".txt" + std::string(1, '\0') + "octet" +
                          std::string(1, '\0'));
}

}  // namespace

std::span<const Conversation> Conversations() noexcept {
  static constexpr Conversation kAll[] = {
      {"HTTP names", SayHttpNames}, {"HTTP bodies", SayHttpBodies}, {"WebSocket", SayWebSocket}, {"SMTP", SaySmtp},
      {"POP3", SayPop3},            {"IMAP", SayImap},              {"NNTP", SayNntp},           {"FTP", SayFtp},
      {"IRC", SayIrc},              {"XMPP", SayXmpp},              {"Telnet", SayTelnet},       {"Redis", SayRedis},
      {"memcached", SayMemcached},  {"PostgreSQL", SayPostgres},    {"MQTT", SayMqtt},           {"plain text", SayText},
      {"SIP", SaySip},              {"syslog", SaySyslog},          {"DNS", SayDns},             {"TFTP", SayTftp},
  };
  return kAll;
}

}  // namespace gander::selfcheck
