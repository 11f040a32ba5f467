// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "base/renew.h"
#include "protocol/framing/printable.h"
#include "protocol/mime/header_value.h"
#include "protocol/telnet/command_filter.h"

namespace gander::protocol {
namespace telnet {
namespace {

constexpr std::uint16_t kPort = 23;

enum Option : std::uint8_t { kTerminalType = 24, kEncrypt = 38, kNewEnvironment = 39, kCompress = 85, kCompress2 = 86 };

struct OptionName {
  std::uint8_t option;
  const char* name;
};
// Of IANA's list; an event names those that were asked for or offered.
constexpr OptionName kOptionNames[] = {
    {0, "binary"},           {1, "echo"},           {3, "suppress_go_ahead"}, {5, "status"},
    {6, "timing_mark"},      {24, "terminal_type"}, {31, "window_size"},      {32, "terminal_speed"},
    {33, "flow_control"},    {34, "linemode"},      {35, "x_display"},        {36, "environment"},
    {37, "authentication"},  {38, "encryption"},    {39, "new_environment"},  {42, "charset"},
    {kCompress, "compress"}, {kCompress2, "compress"},
};
static_assert(std::size(kOptionNames) <= 32);

enum class Asked : std::uint8_t { kNothing, kUser, kPassword };

// What the unfinished line of one side asks of the other.
Asked WhatIsAsked(std::string_view line) noexcept {
  while (!line.empty() && static_cast<unsigned char>(line.back()) <= ' ') line.remove_suffix(1);
  if (!line.ends_with(':') && !line.ends_with('>') && !line.ends_with('?')) return Asked::kNothing;
  line.remove_suffix(1);
  const auto holds = [&](std::string_view word) {
    const auto same = [](char a, char b) { return (a | 0x20) == b; };
    return std::search(line.begin(), line.end(), word.begin(), word.end(), same) != line.end();
  };
  const auto ends = [&](std::string_view word) {
    return line.size() >= word.size() && mime::EqualsIgnoreCase(line.substr(line.size() - word.size()), word);
  };
  if (holds("password") || holds("passwd") || holds("passcode") || holds("passphrase")) return Asked::kPassword;
  for (const std::string_view word : {"login", "login name", "user", "user name", "username", "userid", "account"}) {
    if (ends(word)) return Asked::kUser;
  }
  return Asked::kNothing;
}

// Working memory of a thread.
thread_local Record record;

class TelnetParser final : public Parser {
 public:
  ParseStatus OnChunk(const stream::StreamChunk& chunk, MessageSink& sink) noexcept override;
  void OnEnd(Direction direction, MessageSink& sink) noexcept override;
  void Reset() noexcept override;

 private:
  struct Side {
    CommandFilter filter;
    std::string line;  // the end of what stands behind the last line end; an answer to a prompt as a whole
    Asked answers = Asked::kNothing;
    bool line_begun = false, body_open = false, ended = false;
    ByteFate unreadable = ByteFate::kInspected;  // another one: the rest is ciphertext or compressed

    void Keep(std::string_view text) noexcept;
    void Type(std::string_view text) noexcept;
  };

  void OnText(Direction direction, Bytes text, MessageSink& sink) noexcept;
  void OnLineEnd(Side& side, Direction direction, MessageSink& sink) noexcept;
  void OnNegotiation(Side& side, Direction direction, Bytes bytes, MessageSink& sink) noexcept;
  void PassOn(Side& side, Direction direction, Bytes text, MessageSink& sink) noexcept;
  void Close(Side& side, Direction direction, BodyEnd end, MessageSink& sink) noexcept;
  void WriteLogin(std::string_view password, Direction direction, MessageSink& sink) noexcept;
  void WriteSession(MessageSink& sink) noexcept;
  void Emit(Direction direction, MessageSink& sink) noexcept;

  std::array<Side, 2> sides_;
  std::string user_, terminal_;
  std::uint32_t options_ = 0;  // bits as in kOptionNames
  std::uint32_t logins_ = 0, tx_id_ = 0;
};

void TelnetParser::Side::Keep(std::string_view text) noexcept {
  if (text.size() >= kMaxLine) {
    line.assign(text.substr(text.size() - kMaxLine));
    return;
  }
  if (line.size() + text.size() > kMaxLine) line.erase(0, line.size() + text.size() - kMaxLine);
  line += text;
}

void TelnetParser::Side::Type(std::string_view text) noexcept {
  constexpr char kBackspace = 8, kDelete = 127;
  for (const char c : text) {
    if (c == kBackspace || c == kDelete) {
      if (!line.empty()) line.pop_back();
    } else if (line.size() < kMaxLine) {
      line += c;
    }
  }
}

ParseStatus TelnetParser::OnChunk(const stream::StreamChunk& chunk, MessageSink& sink) noexcept {
  const Direction direction = chunk.direction;
  Side& side = sides_[Index(direction)];
  if (chunk.gap_before > 0) {
    side.filter.Resync();
    side.line.clear();
    side.line_begun = false;
    Close(side, direction, BodyEnd::kGap, sink);
  }
  Bytes in = chunk.bytes;
  while (side.unreadable == ByteFate::kInspected) {
    switch (side.filter.Next(in)) {
      case CommandFilter::Step::kNeedMore: return ParseStatus::kContinue;
      case CommandFilter::Step::kText: OnText(direction, side.filter.text(), sink); break;
      case CommandFilter::Step::kOption:
        for (std::size_t i = 0; i < std::size(kOptionNames); ++i) {
          const bool asks = side.filter.command() == kWill || side.filter.command() == kDo;
          if (asks && kOptionNames[i].option == side.filter.option()) options_ |= 1u << i;
        }
        break;
      case CommandFilter::Step::kNegotiation: OnNegotiation(side, direction, side.filter.negotiation(), sink); break;
    }
  }
  sink.OnFate(side.unreadable, in.size());
  return ParseStatus::kContinue;
}

// Lines that answer a prompt are kept back, the rest is passed on in stretches as long as it goes.
void TelnetParser::OnText(Direction direction, Bytes text, MessageSink& sink) noexcept {
  Side& side = sides_[Index(direction)];
  Side& other = sides_[Index(Opposite(direction))];
  const std::string_view all = AsText(text);
  std::size_t passed = 0, at = 0;  // bytes passed on, bytes looked at
  while (at < all.size()) {
    const bool line_end = all[at] == '\r' || all[at] == '\n';
    if (line_end) {
      if (std::exchange(side.line_begun, false)) OnLineEnd(side, direction, sink);
      ++at;
      continue;
    }
    if (!std::exchange(side.line_begun, true)) {
      side.answers = WhatIsAsked(other.line);
      if (side.answers != Asked::kNothing) {
        other.line.clear();
        PassOn(side, direction, text.subspan(passed, at - passed), sink);
      }
    }
    const std::size_t end = std::min(all.find_first_of("\r\n", at), all.size());
    const std::string_view part = all.substr(at, end - at);
    at = end;
    if (side.answers == Asked::kNothing) {
      side.Keep(part);
    } else {
      side.Type(part);
      passed = at;
    }
  }
  PassOn(side, direction, text.subspan(passed), sink);
}

void TelnetParser::OnLineEnd(Side& side, Direction direction, MessageSink& sink) noexcept {
  const Asked answered = std::exchange(side.answers, Asked::kNothing);
  if (answered == Asked::kUser) {
    if (!user_.empty()) WriteLogin({}, direction, sink);
    user_ = side.line;
    if (!user_.empty()) sink.OnField("telnet.login", "user", direction, AsBytes(user_));
  } else if (answered == Asked::kPassword) {
    if (!side.line.empty()) sink.OnField("telnet.login", "password", direction, AsBytes(side.line));
    WriteLogin(side.line, direction, sink);
  }
  side.line.clear();
}

void TelnetParser::OnNegotiation(Side& side, Direction direction, Bytes bytes, MessageSink& sink) noexcept {
  if (bytes.empty()) return;
  constexpr char kIs = 0, kStart = 3;
  const auto option = static_cast<std::uint8_t>(bytes[0]);
  const std::string_view rest = AsText(bytes.subspan(1));
  switch (option) {
    case kTerminalType:
      if (rest.size() > 1 && rest[0] == kIs) terminal_.assign(rest.substr(1, kMaxTerminal));
      break;
    case kNewEnvironment:
      // Variables by name: USER, DISPLAY, and whatever a client tells of its own.
      sink.OnField("telnet.environment", "", direction, AsBytes(rest));
      break;
    case kEncrypt:
      if (rest.empty() || rest[0] != kStart) break;
      side.unreadable = ByteFate::kEncrypted;
      Close(side, direction, BodyEnd::kComplete, sink);
      break;
    case kCompress:
    case kCompress2:
      side.unreadable = ByteFate::kOpaqueUndecodable;
      Close(side, direction, BodyEnd::kComplete, sink);
      break;
    default: break;
  }
}

void TelnetParser::PassOn(Side& side, Direction direction, Bytes text, MessageSink& sink) noexcept {
  if (text.empty()) return;
  if (!std::exchange(side.body_open, true)) {
    BodyMeta meta;
    meta.where = "telnet.text";
    meta.direction = direction;
    meta.tx_id = tx_id_;
    meta.is_file = false;
    sink.OnBodyBegin(meta);
  }
  sink.OnBodyPart(direction, text);
}

void TelnetParser::Close(Side& side, Direction direction, BodyEnd end, MessageSink& sink) noexcept {
  if (std::exchange(side.body_open, false)) sink.OnBodyEnd(direction, end);
}

void TelnetParser::WriteLogin(std::string_view password, Direction direction, MessageSink& sink) noexcept {
  ++logins_;
  std::string scratch;
  record.Clear();
  record.BeginObject("telnet").BeginObject("login");
  if (!user_.empty()) record.String("username", framing::Printable(user_, scratch), Privacy::kPersonal);
  if (!password.empty()) record.String("password", framing::Printable(password, scratch), Privacy::kSecret);
  record.EndObject();
  user_.clear();
  Emit(direction, sink);
}

void TelnetParser::WriteSession(MessageSink& sink) noexcept {
  if (!user_.empty()) WriteLogin({}, Direction::kToServer, sink);
  record.Clear();
  record.BeginObject("telnet").BeginObject("session").Integer("logins", logins_).BeginArray("options");
  for (std::size_t i = 0; i < std::size(kOptionNames); ++i) {
    if ((options_ >> i & 1) != 0) record.String(nullptr, kOptionNames[i].name);
  }
  record.EndArray().EndObject();
  Emit(Direction::kToServer, sink);
}

void TelnetParser::Emit(Direction direction, MessageSink& sink) noexcept {
  std::string scratch;
  if (!terminal_.empty()) record.String("terminal_type", framing::Printable(terminal_, scratch));
  record.EndObject();
  sink.OnEvent("telnet", tx_id_++, direction, record);
}

void TelnetParser::OnEnd(Direction direction, MessageSink& sink) noexcept {
  Side& side = sides_[Index(direction)];
  Close(side, direction, BodyEnd::kComplete, sink);
  if (std::exchange(side.ended, true) || !sides_[Index(Opposite(direction))].ended) return;
  WriteSession(sink);
}

void TelnetParser::Reset() noexcept { Renew(*this, {}, &TelnetParser::user_, &TelnetParser::terminal_); }

// A negotiation that names a known option; text only on the port.
Probe ProbeTelnet(const ProbeInput& input) noexcept {
  if (input.bytes.empty()) return Probe::kNo;
  const bool on_port = input.server_port == kPort || input.client_port == kPort;
  const std::uint8_t* const octets = Octets(input.bytes);
  if (octets[0] != kIac) {
    const bool text = octets[0] < 0x80;
    return on_port && text ? Probe::kYes : Probe::kNo;
  }
  if (input.bytes.size() < 3) return input.bytes.size() < 2 || octets[1] >= kSb ? Probe::kNeedMore : Probe::kNo;
  constexpr std::uint8_t kLastOption = 49;
  const bool known = octets[2] <= kLastOption || octets[2] == kCompress || octets[2] == kCompress2;
  return octets[1] >= kSb && octets[1] != kIac && (known || on_port) ? Probe::kYes : Probe::kNo;
}

}  // namespace
}  // namespace telnet

const ProtocolInfo kTelnet = {"telnet", true, false, telnet::ProbeTelnet,
                              []() -> std::unique_ptr<Parser> { return std::make_unique<telnet::TelnetParser>(); },
                              FirstOctets::AnyOf("\xff\r\n\x1b\a\b").Range(' ', '~')};

}  // namespace gander::protocol
