// SPDX-License-Identifier: Apache-2.0
// The control connection.
#include <algorithm>
#include <array>
#include <vector>

#include "base/renew.h"
#include "protocol/ftp/endpoint.h"
#include "protocol/ftp/exchange.h"
#include "protocol/ftp/ftp.h"
#include "protocol/ftp/line_reader.h"
#include "protocol/mime/header_value.h"

namespace gander::protocol {
namespace {

using ftp::Endpoint;
using ftp::Exchange;
using ftp::Mode;

constexpr std::size_t kMaxCommand = 12;

constexpr char Upper(char c) noexcept { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; }
constexpr bool IsLetter(char c) noexcept { return Upper(c) >= 'A' && Upper(c) <= 'Z'; }
constexpr bool IsDigit(char c) noexcept { return c >= '0' && c <= '9'; }

// The command word of a line, in capitals; empty when it does not start with one.
std::string_view TakeCommand(std::string_view& line, std::array<char, kMaxCommand>& capitals) noexcept {
  // ABOR and STAT may come behind Telnet's interrupt signals (RFC 959 §4.1.3).
  while (!line.empty() && static_cast<std::uint8_t>(line.front()) >= 0x80) line.remove_prefix(1);
  std::size_t n = 0;
  while (n < line.size() && n < kMaxCommand && IsLetter(line[n])) {
    capitals[n] = Upper(line[n]);
    ++n;
  }
  if (n < 3 || (n < line.size() && line[n] != ' ')) return {};
  line.remove_prefix(n);
  while (!line.empty() && line.front() == ' ') line.remove_prefix(1);
  return {capitals.data(), n};
}

bool StartsReply(std::string_view line) noexcept {
  return line.size() >= 3 && line[0] >= '1' && line[0] <= '6' && IsDigit(line[1]) && IsDigit(line[2]) &&
         (line.size() == 3 || line[3] == ' ' || line[3] == '-');
}

bool OpensDataConnection(std::string_view command) noexcept {
  constexpr std::string_view kCommands[] = {"RETR", "STOR", "STOU", "APPE", "LIST", "NLST", "MLSD"};
  return std::find(std::begin(kCommands), std::end(kCommands), command) != std::end(kCommands);
}
bool CarriesFile(std::string_view command) noexcept {
  return command == "RETR" || command == "STOR" || command == "STOU" || command == "APPE";
}

class FtpParser final : public Parser {
 public:
  ParseStatus OnChunk(const stream::StreamChunk& chunk, MessageSink& sink) noexcept override {
    ftp::LineReader& lines = lines_[Index(chunk.direction)];
    if (chunk.gap_before > 0)
      lines.Clear();  // the line at hand cannot be completed; the next one is whole again
    Bytes rest = chunk.bytes;
    consumed_ = 0;
    while (!rest.empty()) {
      std::string_view line;
      std::uint64_t dropped = 0;
      const bool whole = lines.Next(rest, ftp::kMaxLine, line, dropped);
      if (dropped > 0) sink.OnFate(ByteFate::kLostParserCap, dropped);
      if (!whole) break;
      const ParseStatus status = OnLine(line, chunk.direction, sink);
      if (status == ParseStatus::kContinue) continue;
      consumed_ = chunk.bytes.size() - rest.size();
      return status;
    }
    return ParseStatus::kContinue;
  }

  void OnEnd(Direction direction, MessageSink& sink) noexcept override {
    ftp::LineReader& lines = lines_[Index(direction)];
    const std::string last(lines.rest());
    lines.Clear();
    if (!last.empty()) OnLine(last, direction, sink);
    ended_[Index(direction)] = true;
    if (!ended_[0] || !ended_[1]) return;
    while (!pending_.empty()) EmitFront(sink);
  }

  void Reset() noexcept override { Renew(*this, {}, &FtpParser::pending_); }

  std::size_t consumed() const noexcept override { return consumed_; }

 private:
  ParseStatus OnLine(std::string_view line, Direction direction, MessageSink& sink) noexcept {
    if (direction == Direction::kToClient) return OnReply(line, sink);
    OnCommand(line, sink);
    return ParseStatus::kContinue;
  }

  Exchange& Push(MessageSink& sink) {
    if (pending_.size() == ftp::kMaxPending) EmitFront(sink);
    Exchange& exchange = pending_.emplace_back();
    exchange.tx_id = next_tx_++;
    return exchange;
  }

  void OnCommand(std::string_view line, MessageSink& sink) {
    std::array<char, kMaxCommand> capitals;
    const std::string_view command = TakeCommand(line, capitals);
    if (command.empty()) {
      if (!line.empty()) sink.OnField("ftp.request.line", {}, Direction::kToServer, AsBytes(line));
      return;
    }
    Exchange& exchange = Push(sink);
    exchange.command = command;
    exchange.argument = line;
    if (!line.empty()) sink.OnField("ftp.command", command, Direction::kToServer, AsBytes(line));
    if (command == "USER") guest_ = mime::EqualsIgnoreCase(line, "anonymous") || mime::EqualsIgnoreCase(line, "ftp");
    // RFC 1635: whoever comes as "anonymous" sends no secret.
    if (command == "PASS" && !line.empty()) sink.OnCredential({"ftp.pass", guest_ ? "anonymous" : "", AsBytes(line)});
    Endpoint endpoint;
    if ((command == "PORT" && ftp::ParseHostPort(line, endpoint)) ||
        (command == "EPRT" && ftp::ParseExtended(line, endpoint))) {
      SetData(endpoint, Mode::kActive, exchange, sink);
    } else if (data_.port != 0 && OpensDataConnection(command)) {
      Expect(command, CarriesFile(command) ? line : std::string_view(), sink);
      data_ = {};  // each data connection is announced anew
    }
  }

  ParseStatus OnReply(std::string_view line, MessageSink& sink) {
    const bool within = multiline_[0] != '\0';
    const std::string_view wanted(multiline_.data(), 3);
    const bool last =
        StartsReply(line) && (line.size() == 3 || line[3] == ' ') && (!within || line.substr(0, 3) == wanted);
    if (!within && !StartsReply(line)) {
      if (!line.empty()) sink.OnField("ftp.reply", {}, Direction::kToClient, AsBytes(line));
      return ParseStatus::kContinue;
    }
    if (pending_.empty()) Push(sink);  // the greeting, or a notice such as 421
    Exchange& exchange = pending_.front();
    const bool coded = !within || last;
    const std::string_view code = coded ? line.substr(0, 3) : std::string_view();
    const std::string_view text = coded ? line.substr(std::min<std::size_t>(4, line.size())) : line;
    exchange.AddReply(within ? std::string_view() : code, text);
    if (!text.empty()) sink.OnField("ftp.reply", {}, Direction::kToClient, AsBytes(text));
    if (!last) {
      if (!within) line.copy(multiline_.data(), 3);
      return ParseStatus::kContinue;
    }
    multiline_ = {};
    return OnLastLine(code, text, sink);
  }

  // A reply is complete.
  ParseStatus OnLastLine(std::string_view code, std::string_view text, MessageSink& sink) {
    Exchange& exchange = pending_.front();
    Endpoint endpoint;
    if ((code == "227" && ftp::ParseHostPort(text, endpoint)) ||
        (code == "229" && ftp::ParseExtended(text, endpoint))) {
      SetData(endpoint, Mode::kPassive, exchange, sink);
    }
    const bool secured = exchange.command == "AUTH" && (code == "234" || code == "334");
    if (code[0] != '1' || exchange.command.empty()) EmitFront(sink);  // 1yz announces another reply
    return secured ? ParseStatus::kSwitch : ParseStatus::kContinue;
  }

  void SetData(const Endpoint& endpoint, Mode mode, Exchange& exchange, MessageSink& sink) {
    data_ = endpoint;
    data_mode_ = mode;
    exchange.dynamic_port = endpoint.port;
    exchange.mode = mode;
    Expect({}, {}, sink);
    // With pipelining the transfer command is here before the 227 that it builds on.
    if (mode != Mode::kPassive) return;
    for (const Exchange& later : pending_) {
      if (!OpensDataConnection(later.command)) continue;
      Expect(later.command,
             CarriesFile(later.command) ? std::string_view(later.argument) : std::string_view(), sink);
      data_ = {};
      return;
    }
  }

  void Expect(std::string_view command, std::string_view file_name, MessageSink& sink) {
    ExpectedFlow flow;
    flow.server = data_.address;
    flow.server_port = data_.port;
    flow.listener_is_client = data_mode_ == Mode::kActive;
    flow.file_name = file_name;
    flow.command = command;
    sink.OnExpectedFlow(flow);
  }

  void EmitFront(MessageSink& sink) {
    const Exchange& exchange = pending_.front();
    thread_local Record record;  // written and read within this call
    record.Clear();
    exchange.Write(record);
    sink.OnEvent("ftp", exchange.tx_id,
                 exchange.command.empty() ? Direction::kToClient : Direction::kToServer, record);
    pending_.erase(pending_.begin());
  }

  std::array<ftp::LineReader, 2> lines_;
  std::vector<Exchange> pending_;
  std::array<bool, 2> ended_{};
  Endpoint data_;
  Mode data_mode_ = Mode::kNone;
  std::array<char, 3> multiline_{};  // code of a reply whose last line is to come
  std::uint32_t next_tx_ = 0;
  bool guest_ = false;  // the latest USER was anonymous
  std::size_t consumed_ = 0;
};

bool ContainsNoCase(std::string_view text, std::string_view capitals) noexcept {
  return std::search(text.begin(), text.end(), capitals.begin(), capitals.end(),
                     [](char a, char b) { return Upper(a) == b; }) != text.end();
}

// "220" greets in FTP and SMTP alike: the words, then the port, then what the client says decide.
Probe ProbeGreeting(std::string_view text, std::uint16_t port) noexcept {
  constexpr std::string_view kCode = "220";
  if (text.size() <= kCode.size()) return kCode.starts_with(text) ? Probe::kNeedMore : Probe::kNo;
  if (!text.starts_with(kCode) || (text[3] != ' ' && text[3] != '-')) return Probe::kNo;
  if (ContainsNoCase(text, "SMTP") || ContainsNoCase(text, "MAIL")) return Probe::kNo;
  if (ContainsNoCase(text, "FTP") || port == 21) return Probe::kYes;
  return port == 25 || port == 465 || port == 587 ? Probe::kNo : Probe::kNeedMore;
}

Probe ProbeCommand(std::string_view text, std::uint16_t port) noexcept {
  std::array<char, kMaxCommand> capitals;
  const std::size_t end = text.find('\n');
  std::string_view line = text.substr(0, end);
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  const std::string_view command = TakeCommand(line, capitals);
  constexpr std::string_view kFirst[] = {"USER", "FEAT", "AUTH", "OPTS", "SYST", "CLNT", "HOST", "PASS"};
  if (std::find(std::begin(kFirst), std::end(kFirst), command) == std::end(kFirst)) return Probe::kNo;
  if (port == 21) return end == text.npos ? Probe::kNeedMore : Probe::kYes;
  // USER opens POP3 and IRC too, where the server or the form of the argument tells.
  if (command == "PASS" || port == 110 || line.find(' ') != line.npos) return Probe::kNo;
  if (command == "AUTH" && line != "TLS" && line != "SSL" && line != "TLS-C") return Probe::kNo;
  return end == text.npos ? Probe::kNeedMore : Probe::kYes;
}

Probe ProbeFtp(const ProbeInput& input) noexcept {
  const std::string_view text = AsText(input.bytes);
  return input.direction == Direction::kToClient ? ProbeGreeting(text, input.server_port)
                                                 : ProbeCommand(text, input.server_port);
}

std::unique_ptr<Parser> Create() { return std::make_unique<FtpParser>(); }

}  // namespace

const ProtocolInfo kFtp = {"ftp", true, false, ProbeFtp, Create, FirstOctets::Text()};

}  // namespace gander::protocol
