// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <string>

#include "base/net.h"
#include "base/renew.h"
#include "protocol/framing/line_reader.h"
#include "protocol/framing/printable.h"
#include "protocol/irc/message.h"
#include "protocol/mime/header_value.h"
#include "protocol/mime/plain_login.h"

namespace gander::protocol {
namespace irc {
namespace {

using mime::EqualsIgnoreCase;

// Working memory of a thread: a line is read at a time.
thread_local Record record;
thread_local std::string decoded;

bool IsAnyOf(std::string_view word, std::initializer_list<std::string_view> words) noexcept {
  return std::any_of(words.begin(), words.end(), [&](std::string_view w) { return EqualsIgnoreCase(word, w); });
}

// What a message means, beside who sent it.
struct Said {
  std::string_view target, text, user, realname, password;
  bool text_is_secret = false;
  bool is_dcc = false;
  DccOffer dcc;
};

// "IDENTIFY password" to the services that keep names and channels.
bool IsServiceLogin(std::string_view target, std::string_view text) noexcept {
  const std::string_view service = target.substr(0, target.find('@'));
  if (!IsAnyOf(service, {"nickserv", "chanserv", "authserv", "userserv", "q", "x"})) return false;
  const std::string_view verb = text.substr(0, text.find(' '));
  return IsAnyOf(verb, {"identify", "id", "register", "login", "auth", "ghost", "recover", "release", "regain", "set"});
}

Said Understand(const Message& m) noexcept {
  Said said;
  const std::string_view c = m.command;
  if (EqualsIgnoreCase(c, "PASS")) {
    said.password = m.parameter(0);
  } else if (EqualsIgnoreCase(c, "OPER")) {
    said.user = m.parameter(0);
    said.password = m.parameter(1);
  } else if (EqualsIgnoreCase(c, "USER")) {
    said.user = m.parameter(0);
    if (m.count >= 4) said.realname = m.last();
  } else if (EqualsIgnoreCase(c, "JOIN")) {
    said.target = m.parameter(0);
    if (m.nick.empty()) said.password = m.parameter(1);  // keys of channels; what a server tells has none
  } else if (IsAnyOf(c, {"NICKSERV", "NS", "CHANSERV", "CS", "IDENTIFY", "DIE", "RESTART"})) {
    said.password = m.last();
  } else {
    said.target = m.parameter(0);
    if (m.count > 1) said.text = m.last();
    if (m.count == 1 && m.trailing && IsAnyOf(c, {"QUIT", "AWAY", "WALLOPS", "ERROR"}))
      std::swap(said.target, said.text);
    said.text_is_secret = IsServiceLogin(said.target, said.text);
    said.is_dcc = ReadDcc(said.text, said.dcc);
  }
  return said;
}

void WriteDcc(const DccOffer& dcc) {
  std::string scratch;
  record.BeginObject("dcc").String("type", framing::Printable(dcc.type, scratch), Privacy::kIdentifier);
  if (!dcc.file.empty()) record.String("file", framing::Printable(dcc.file, scratch), Privacy::kIdentifier);
  if (dcc.address != 0) {
    record.String("address", IpAddress::FromV4(static_cast<std::uint32_t>(dcc.address)).ToString(),
                  Privacy::kIdentifier);
  }
  record.Integer("port", static_cast<std::int64_t>(dcc.port & 0xffff));
  if (dcc.size > 0) record.Integer("size", static_cast<std::int64_t>(std::min<std::uint64_t>(dcc.size, INT64_MAX)));
  record.EndObject();
}

class IrcParser final : public Parser {
 public:
  ParseStatus OnChunk(const stream::StreamChunk& chunk, MessageSink& sink) noexcept override {
    framing::LineReader& lines = lines_[Index(chunk.direction)];
    if (chunk.gap_before > 0) lines.Resync();
    Bytes in = chunk.bytes;
    ParseStatus status = ParseStatus::kContinue;
    while (!in.empty() && status == ParseStatus::kContinue) {
      std::string_view line;
      const bool whole = lines.Next(in, &line);
      if (const std::uint64_t dropped = lines.TakeDropped(); dropped > 0) {
        sink.OnAnomaly("line_too_long");
        sink.OnFate(ByteFate::kLostParserCap, dropped);
      }
      if (whole && !line.empty()) status = OnLine(line, chunk.direction, sink);
    }
    consumed_ = chunk.bytes.size() - in.size();
    return status;
  }

  void OnEnd(Direction, MessageSink&) noexcept override {}

  void Reset() noexcept override { Renew(*this, {}, &IrcParser::lines_, &IrcParser::nick_); }
  std::size_t consumed() const noexcept override { return consumed_; }

 private:
  ParseStatus OnLine(std::string_view line, Direction direction, MessageSink& sink) noexcept {
    Message m;
    if (!ReadMessage(line, m)) {
      if (messages_ == 0 && ++strange_ >= kMaxStrange) return ParseStatus::kNotThis;
      sink.OnAnomaly("invalid_message");
      sink.OnField("irc.message", "", direction, AsBytes(line));
      return ParseStatus::kContinue;
    }
    ++messages_;
    constexpr std::string_view kStartTls = "670";
    if (m.numeric()) {
      OnReply(m, direction, sink);
      return m.command == kStartTls ? ParseStatus::kSwitch : ParseStatus::kContinue;
    }
    if (EqualsIgnoreCase(m.command, "AUTHENTICATE")) {
      OnAuthenticate(m, direction, sink);
    } else if (!IsAnyOf(m.command, {"PING", "PONG", "CAP"})) {
      OnMessage(m, direction, sink);
    }
    return ParseStatus::kContinue;
  }

  // Numbers of replies that hold a person's name in their last parameter: WHOIS, WHOWAS, WHO.
  static bool NamesAPerson(std::string_view number) noexcept {
    return number == "311" || number == "314" || number == "352";
  }

  void OnReply(const Message& m, Direction direction, MessageSink& sink) noexcept {
    if (m.command == "001" && m.count > 0) SetNick(m.parameter(0));
    if (m.count < 2) return;
    std::string_view text = m.last();
    const bool person = NamesAPerson(m.command);
    // "352 ... :hops name"
    if (m.command == "352") text.remove_prefix(std::min(text.find(' ') + 1, text.size()));
    sink.OnField("irc.reply", person ? "realname" : "", direction, AsBytes(text));
  }

  // RFC 4616's form of it; what other mechanisms send tells nothing.
  void OnAuthenticate(const Message& m, Direction direction, MessageSink& sink) noexcept {
    const std::string_view text = m.parameter(0);
    if (EqualsIgnoreCase(text, "PLAIN")) sasl_plain_ = true;
    if (!sasl_plain_ || text.size() < 4) return;
    std::string_view user, password;
    mime::DecodeCredentials(text, decoded);
    if (!mime::SplitPlain(decoded, &user, &password)) return;
    sasl_plain_ = false;
    Said said;
    said.user = user;
    said.password = password;
    Tell(m, said, direction, sink);
  }

  void OnMessage(const Message& m, Direction direction, MessageSink& sink) noexcept {
    const Said said = Understand(m);
    if (EqualsIgnoreCase(m.command, "NICK") && m.nick.empty()) SetNick(m.parameter(0));
    Tell(m, said, direction, sink);
    if (EqualsIgnoreCase(m.command, "NICK") && m.nick == nick_ && !m.nick.empty()) SetNick(m.parameter(0));
  }

  void Tell(const Message& m, const Said& said, Direction direction, MessageSink& sink) noexcept {
    const auto field = [&](const char* where, const char* name, std::string_view value) {
      if (!value.empty()) sink.OnField(where, name, direction, AsBytes(value));
    };
    field("irc.command", "user", said.user);
    field("irc.command", "realname", said.realname);
    field("irc.command", "password", said.password);
    if (said.is_dcc) {
      field("irc.dcc", "file", said.dcc.file);
    } else if (!said.text_is_secret) {
      field("irc.message", "", said.text);
    }
    if (sink.WantsEvent("irc")) Write(m, said);
    if (sink.WantsEvent("irc")) sink.OnEvent("irc", tx_id_, direction, record);
    ++tx_id_;
  }

  void Write(const Message& m, const Said& said) {
    std::string scratch;
    record.Clear();
    record.BeginObject("irc").String("command", m.command);
    const auto text = [&](const char* key, std::string_view value, Privacy privacy) {
      if (!value.empty()) record.String(key, framing::Printable(value, scratch), privacy);
    };
    text("nick", m.nick.empty() ? std::string_view(nick_) : m.nick, Privacy::kPersonal);
    text("user", said.user.empty() ? m.user : said.user, Privacy::kPersonal);
    text("host", m.host, Privacy::kPersonal);
    text("target", said.target, Privacy::kPersonal);
    text("realname", said.realname, Privacy::kPersonal);
    text("password", said.password, Privacy::kSecret);
    if (said.is_dcc) {
      WriteDcc(said.dcc);
    } else {
      text("text", said.text, said.text_is_secret ? Privacy::kSecret : Privacy::kPersonal);
    }
    record.EndObject();
  }

  void SetNick(std::string_view nick) noexcept { nick_.assign(nick.substr(0, kMaxNick)); }

  std::array<framing::LineReader, 2> lines_;
  std::string nick_;         // of the client
  bool sasl_plain_ = false;  // the credentials come next
  std::uint32_t messages_ = 0, tx_id_ = 0;
  int strange_ = 0;
  std::size_t consumed_ = 0;
};

constexpr bool IsIrcPort(std::uint16_t port) noexcept { return (port >= 6660 && port <= 6669) || port == 7000; }

// Whether one whole line can be nothing but IRC.
bool IsPlainlyIrc(std::string_view line, bool on_port) noexcept {
  Message m;
  if (!ReadMessage(line, m)) return false;
  const bool prefixed = !m.nick.empty();
  if (m.numeric()) return prefixed && m.count >= 2;
  const std::string_view c = m.command;
  if (EqualsIgnoreCase(c, "NICK")) return m.count >= 1 && m.count <= 2 && !m.parameter(0).empty();
  // FTP and POP3 name a user with one word.
  if (EqualsIgnoreCase(c, "USER")) return m.count >= 4;
  if (EqualsIgnoreCase(c, "CAP")) return IsAnyOf(m.parameter(prefixed ? 1 : 0), {"LS", "REQ", "LIST", "END", "ACK"});
  if (EqualsIgnoreCase(c, "NOTICE")) return m.count == 2 && m.trailing;
  if (EqualsIgnoreCase(c, "PRIVMSG")) return m.count == 2 && m.trailing;
  if (EqualsIgnoreCase(c, "JOIN")) return m.count >= 1 && m.parameter(0).find_first_of("#&+!") == 0;
  if (EqualsIgnoreCase(c, "SERVER")) return m.count >= 3 && m.trailing;
  const bool known =
      IsAnyOf(c, {"PING", "PONG", "QUIT", "PART", "MODE", "TOPIC", "KICK", "PROTOCTL", "AUTHENTICATE", "WHO", "WHOIS",
                  "INVITE", "ISON", "USERHOST", "ERROR", "LIST", "NAMES", "OPER", "STARTTLS"});
  return known && (on_port || prefixed);
}

Probe ProbeIrc(const ProbeInput& input) noexcept {
  const bool on_port = IsIrcPort(input.server_port) || IsIrcPort(input.client_port);
  std::string_view text = AsText(input.bytes);
  const bool full = text.size() >= kProbeBytes;
  for (;;) {
    while (text.starts_with('\r') || text.starts_with('\n')) text.remove_prefix(1);
    const std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (end == std::string_view::npos && !full) {
      // Only what may become a message is waited for.
      constexpr std::size_t kShortest = 4;
      if (!line.empty() && (line[0] < ' ' || line[0] > '~')) return Probe::kNo;
      Message m;
      const bool may_be = line.size() < kShortest || line[0] == ':' || line[0] == '@' || ReadMessage(line, m);
      return may_be && (on_port || line.starts_with(':') || IsPlainlyIrc(line, on_port)) ? Probe::kNeedMore
                                                                                         : Probe::kNo;
    }
    // A password, and a user in one word, open sessions of others as well: the next line tells.
    const std::string_view verb = line.substr(0, 5);
    const bool shared =
        EqualsIgnoreCase(verb, "PASS ") || (EqualsIgnoreCase(verb, "USER ") && !IsPlainlyIrc(line, on_port));
    if (end != std::string_view::npos && line.size() > 5 && shared) {
      text.remove_prefix(end + 1);
      if (text.empty()) return on_port ? Probe::kYes : EqualsIgnoreCase(verb, "PASS ") ? Probe::kNeedMore : Probe::kNo;
      continue;
    }
    return IsPlainlyIrc(line, on_port) ? Probe::kYes : Probe::kNo;
  }
}

}  // namespace
}  // namespace irc

const ProtocolInfo kIrc = {"irc", true, false, irc::ProbeIrc,
                           []() -> std::unique_ptr<Parser> { return std::make_unique<irc::IrcParser>(); },
                           FirstOctets::Text()};

}  // namespace gander::protocol
