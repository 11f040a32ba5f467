// SPDX-License-Identifier: Apache-2.0
#include "protocol/pop3/pop3.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "base/renew.h"
#include "protocol/framing/dot_reader.h"
#include "protocol/framing/line_reader.h"
#include "protocol/mime/header_value.h"

namespace gander::protocol {
namespace pop3 {
namespace {

using mime::EqualsIgnoreCase;
using mime::Trim;

constexpr std::uint16_t kPort = 110;
constexpr std::size_t kMaxOutstanding = 64;  // pipelined commands
constexpr std::size_t kMaxArgument = 512;    // RFC 2449 §4 allows lines of 255
constexpr std::size_t kMaxListing = 16 * 1024;

struct Request {
  std::string verb, argument;
  void Clear() noexcept {
    verb.clear();
    argument.clear();
  }
};

class Pop3Parser final : public Parser {
 public:
  ParseStatus OnChunk(const stream::StreamChunk& chunk, MessageSink& sink) noexcept override;
  void OnEnd(Direction direction, MessageSink& sink) noexcept override;
  void Reset() noexcept override;
  std::size_t consumed() const noexcept override { return consumed_; }

 private:
  enum class State : std::uint8_t { kReplies, kMessage, kListing };

  void OnGap(Direction direction, MessageSink& sink) noexcept;
  void FromClient(Bytes& in, MessageSink& sink) noexcept;
  ParseStatus FromServer(Bytes& in, MessageSink& sink) noexcept;
  void OnCommand(std::string_view line, MessageSink& sink) noexcept;
  ParseStatus OnReply(std::string_view line, MessageSink& sink) noexcept;
  void ReadMessage(Bytes& in, MessageSink& sink) noexcept;
  void OnListingLine(std::string_view line, MessageSink& sink) noexcept;
  void WriteEvent(MessageSink& sink) noexcept;
  void CloseMessage(BodyEnd end, MessageSink& sink) noexcept;
  void TellDropped(framing::LineReader& lines, MessageSink& sink) noexcept;
  Direction server() const noexcept { return Opposite(client_); }

  Direction client_ = Direction::kToServer;
  bool sides_known_ = false, auth_ = false, body_open_ = false, has_request_ = false, success_ = false;
  State state_ = State::kReplies;
  framing::LineReader client_lines_, server_lines_;
  framing::DotReader dots_;
  std::array<Request, kMaxOutstanding> ring_;
  std::size_t head_ = 0, count_ = 0;
  Request request_;               // the one being answered
  std::string header_, listing_;  // listing: lines with a zero byte behind each
  std::uint32_t tx_id_ = 0;
  Record record_;
  std::size_t consumed_ = 0;
};

void Pop3Parser::Reset() noexcept {
  Renew(*this, {}, &Pop3Parser::client_lines_, &Pop3Parser::server_lines_, &Pop3Parser::ring_,
        &Pop3Parser::header_, &Pop3Parser::listing_, &Pop3Parser::record_);
}

ParseStatus Pop3Parser::OnChunk(const stream::StreamChunk& chunk, MessageSink& sink) noexcept {
  Bytes in = chunk.bytes;
  if (!sides_known_ && !in.empty()) {
    const bool reply = in[0] == std::byte{'+'} || in[0] == std::byte{'-'};
    client_ = reply ? Opposite(chunk.direction) : chunk.direction;
    sides_known_ = true;
  }
  if (chunk.gap_before > 0) OnGap(chunk.direction, sink);
  ParseStatus status = ParseStatus::kContinue;
  if (chunk.direction == client_) {
    FromClient(in, sink);
  } else {
    status = FromServer(in, sink);
  }
  consumed_ = chunk.bytes.size() - in.size();
  return status;
}

void Pop3Parser::OnGap(Direction direction, MessageSink& sink) noexcept {
  count_ = 0;
  if (direction == client_) return client_lines_.Resync();
  server_lines_.Resync();
  if (state_ == State::kMessage) CloseMessage(BodyEnd::kGap, sink);
  state_ = State::kReplies;
}

void Pop3Parser::FromClient(Bytes& in, MessageSink& sink) noexcept {
  while (!in.empty()) {
    std::string_view line;
    const bool whole = client_lines_.Next(in, &line);
    TellDropped(client_lines_, sink);
    if (whole) OnCommand(line, sink);
  }
}

void Pop3Parser::OnCommand(std::string_view line, MessageSink& sink) noexcept {
  if (std::exchange(auth_, false)) return;  // an answer to a challenge: a secret
  line = Trim(line);
  if (line.empty()) return;
  const std::size_t space = std::min(line.find(' '), line.size());
  if (count_ == kMaxOutstanding) count_ = 0;
  Request& r = ring_[(head_ + count_++) % kMaxOutstanding];
  r.verb.assign(line.substr(0, std::min<std::size_t>(space, 16)));
  r.argument.assign(Trim(line.substr(space)).substr(0, kMaxArgument));
  const char* const name = EqualsIgnoreCase(r.verb, "USER")   ? "user"
                           : EqualsIgnoreCase(r.verb, "PASS") ? "password"
                                                              : "";
  if (!r.argument.empty()) sink.OnField("pop3.command", name, client_, AsBytes(r.argument));
}

ParseStatus Pop3Parser::FromServer(Bytes& in, MessageSink& sink) noexcept {
  while (!in.empty()) {
    if (state_ == State::kMessage) {
      ReadMessage(in, sink);
      continue;
    }
    std::string_view line;
    const bool whole = server_lines_.Next(in, &line);
    TellDropped(server_lines_, sink);
    if (!whole) break;
    if (state_ == State::kListing) {
      OnListingLine(line, sink);
    } else if (OnReply(line, sink) == ParseStatus::kSwitch) {
      return ParseStatus::kSwitch;
    }
  }
  return ParseStatus::kContinue;
}

ParseStatus Pop3Parser::OnReply(std::string_view line, MessageSink& sink) noexcept {
  success_ = line.starts_with("+OK");
  if (!success_ && !line.starts_with("-ERR")) {
    auth_ = line == "+" || line.starts_with("+ ");
    if (!line.empty()) sink.OnField("pop3.reply", "", server(), AsBytes(line));
    return ParseStatus::kContinue;
  }
  header_.assign(Trim(line.substr(success_ ? 3 : 4)).substr(0, kMaxArgument));
  if (!header_.empty()) sink.OnField("pop3.reply", "", server(), AsBytes(header_));
  listing_.clear();
  has_request_ = count_ > 0;
  if (has_request_) {
    --count_;
    std::swap(request_, ring_[std::exchange(head_, (head_ + 1) % kMaxOutstanding)]);
  }
  const auto asked = [&](std::string_view verb) {
    return has_request_ && EqualsIgnoreCase(request_.verb, verb);
  };
  if (success_ && asked("STLS")) {
    WriteEvent(sink);
    return ParseStatus::kSwitch;
  }
  if (success_ && (asked("RETR") || asked("TOP"))) {
    state_ = State::kMessage;
    dots_.Begin(server_lines_.bare_lf());
    body_open_ = true;
    BodyMeta meta;
    meta.where = "pop3.retr";
    meta.direction = server();
    meta.content_type = "message/rfc822";
    meta.tx_id = tx_id_;
    sink.OnBodyBegin(meta);
  } else if (success_ && (asked("CAPA") || ((asked("LIST") || asked("UIDL")) && request_.argument.empty()))) {
    state_ = State::kListing;
  } else {
    WriteEvent(sink);
  }
  return ParseStatus::kContinue;
}

void Pop3Parser::ReadMessage(Bytes& in, MessageSink& sink) noexcept {
  const Bytes part = dots_.Next(in);
  if (!part.empty()) sink.OnBodyPart(server(), part);
  if (!dots_.done()) return;
  CloseMessage(BodyEnd::kComplete, sink);
  state_ = State::kReplies;
}

void Pop3Parser::CloseMessage(BodyEnd end, MessageSink& sink) noexcept {
  if (!std::exchange(body_open_, false)) return;
  sink.OnBodyEnd(server(), end);
  WriteEvent(sink);
}

void Pop3Parser::OnListingLine(std::string_view line, MessageSink& sink) noexcept {
  if (line == ".") {
    state_ = State::kReplies;
    return WriteEvent(sink);
  }
  if (!line.empty()) sink.OnField("pop3.reply", "", server(), AsBytes(line));
  if (listing_.size() + line.size() < kMaxListing && line.find('\0') == std::string_view::npos) {
    listing_.append(line).push_back('\0');
  }
}

void Pop3Parser::WriteEvent(MessageSink& sink) noexcept {
  record_.Clear();
  record_.BeginObject("pop3");
  if (has_request_) {
    const bool secret = EqualsIgnoreCase(request_.verb, "PASS") || EqualsIgnoreCase(request_.verb, "APOP") ||
                        EqualsIgnoreCase(request_.verb, "AUTH");
    record_.BeginObject("request").String("command", request_.verb, Privacy::kIdentifier).BeginArray("args");
    const bool user = EqualsIgnoreCase(request_.verb, "USER");
    for (std::string_view rest = request_.argument; !rest.empty();) {
      const std::size_t end = std::min(rest.find(' '), rest.size());
      record_.String(nullptr, rest.substr(0, end),
                     secret ? Privacy::kSecret
                     : user ? Privacy::kPersonal
                            : Privacy::kIdentifier);
      rest = Trim(rest.substr(end));
    }
    record_.EndArray().EndObject();
  }
  record_.BeginObject("response")
      .Boolean("success", success_)
      .String("status", success_ ? "OK" : "ERR")
      .String("header", header_, Privacy::kIdentifier)
      .BeginArray("data");
  for (std::string_view rest = listing_; !rest.empty();) {
    const std::size_t end = rest.find('\0');
    record_.String(nullptr, rest.substr(0, end), Privacy::kIdentifier);
    rest.remove_prefix(end + 1);
  }
  record_.EndArray().EndObject().EndObject();
  sink.OnEvent("pop3", tx_id_++, client_, record_);
}

void Pop3Parser::TellDropped(framing::LineReader& lines, MessageSink& sink) noexcept {
  if (const std::uint64_t dropped = lines.TakeDropped(); dropped > 0)
    sink.OnFate(ByteFate::kLostParserCap, dropped);
}

void Pop3Parser::OnEnd(Direction direction, MessageSink& sink) noexcept {
  if (direction == client_) return;
  if (state_ == State::kMessage) CloseMessage(BodyEnd::kTruncated, sink);
  if (state_ == State::kListing) WriteEvent(sink);
  state_ = State::kReplies;
}

// Redis answers "+OK" too, but never with words, and never speaks first.
Probe ProbePop3(const ProbeInput& input) noexcept {
  const std::string_view text = AsText(input.bytes);
  if (text.empty()) return Probe::kNeedMore;
  if (text[0] == '+' || text[0] == '-') {
    constexpr std::string_view kOk = "+OK ";
    if (input.server_port == kPort) return Probe::kYes;
    if (text.size() < kOk.size()) return kOk.starts_with(text) ? Probe::kNeedMore : Probe::kNo;
    return text.starts_with(kOk) ? Probe::kYes : Probe::kNo;
  }
  const std::size_t end = text.find_first_of(" \r\n");
  if (end == std::string_view::npos)
    return input.server_port == kPort && text.size() <= 4 ? Probe::kNeedMore : Probe::kNo;
  const std::string_view verb = text.substr(0, end);
  if (EqualsIgnoreCase(verb, "CAPA") || EqualsIgnoreCase(verb, "APOP") || EqualsIgnoreCase(verb, "STLS"))
    return Probe::kYes;
  if (input.server_port != kPort) return Probe::kNo;
  return EqualsIgnoreCase(verb, "USER") || EqualsIgnoreCase(verb, "AUTH") || EqualsIgnoreCase(verb, "QUIT")
             ? Probe::kYes
             : Probe::kNo;
}

}  // namespace
}  // namespace pop3

const ProtocolInfo kPop3 = {"pop3", true, false, pop3::ProbePop3,
                            []() -> std::unique_ptr<Parser> { return std::make_unique<pop3::Pop3Parser>(); },
                            FirstOctets::Text()};

}  // namespace gander::protocol
