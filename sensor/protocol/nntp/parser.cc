// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

#include "base/renew.h"
#include "base/pool.h"
#include "protocol/framing/dot_reader.h"
#include "protocol/framing/line_reader.h"
#include "protocol/framing/printable.h"
#include "protocol/mime/header_value.h"
#include "protocol/mime/mail_headers.h"
#include "protocol/nntp/nntp.h"

namespace gander::protocol {
namespace nntp {
namespace {

using mime::EqualsIgnoreCase;
using mime::Trim;

constexpr std::uint16_t kPorts[] = {119, 433};

struct Request {
  std::string verb, arguments;
  bool is(std::string_view name) const noexcept { return EqualsIgnoreCase(verb, name); }
};

// Working memory of a thread.
thread_local Record record;

// The code of a reply; 0 when `line` is none.
int ReplyCode(std::string_view line) noexcept {
  if (line.size() < 3 || line[0] < '1' || line[0] > '5') return 0;
  const auto digit = [&](std::size_t i) { return line[i] >= '0' && line[i] <= '9' ? line[i] - '0' : -1; };
  if (digit(1) < 0 || digit(2) < 0 || (line.size() > 3 && line[3] != ' ')) return 0;
  return digit(0) * 100 + digit(1) * 10 + digit(2);
}

bool IsSecret(std::string_view verb, std::string_view arguments) noexcept {
  if (EqualsIgnoreCase(verb, "PASS")) return true;
  return EqualsIgnoreCase(verb, "AUTHINFO") && !mime::StartsWithIgnoreCase(arguments, "USER");
}

// What follows a reply of the server up to a lone dot.
enum class Follows : std::uint8_t { kNothing, kArticle, kLines };

Follows WhatFollows(int code, const Request* request) noexcept {
  switch (code) {
    case 220:
    case 221:
      return request != nullptr && (request->is("XHDR") || request->is("HDR")) ? Follows::kLines : Follows::kArticle;
    case 100:
    case 101:
    case 215:
    case 218:
    case 222:
    case 224:
    case 225:
    case 230:
    case 231:
    case 282: return Follows::kLines;
    case 211: return request != nullptr && request->is("LISTGROUP") ? Follows::kLines : Follows::kNothing;
    default: return Follows::kNothing;
  }
}

class NntpParser final : public Parser {
 public:
  ParseStatus OnChunk(const stream::StreamChunk& chunk, MessageSink& sink) noexcept override;
  void OnEnd(Direction direction, MessageSink& sink) noexcept override;
  void Reset() noexcept override;
  std::size_t consumed() const noexcept override { return consumed_; }

 private:
  // Text up to a lone dot, of one direction.
  struct Text {
    framing::DotReader dots;
    bool open = false, article = false;
  };

  ParseStatus OnLine(std::string_view line, bool bare_lf, Direction direction, MessageSink& sink) noexcept;
  void OnCommand(std::string_view line, bool bare_lf, MessageSink& sink) noexcept;
  ParseStatus OnReply(int code, std::string_view text, bool bare_lf, MessageSink& sink) noexcept;
  void BeginText(Direction direction, bool article, bool bare_lf, MessageSink& sink) noexcept;
  void ReadText(Direction direction, Bytes& in, MessageSink& sink) noexcept;
  void CloseText(Direction direction, BodyEnd end, MessageSink& sink) noexcept;
  void WriteEvent(MessageSink& sink) noexcept;
  Direction server() const noexcept { return Opposite(client_); }

  Direction client_ = Direction::kToServer;
  bool sides_known_ = false, compressed_ = false;
  bool has_request_ = false, has_email_ = false, email_whole_ = false;
  std::array<framing::LineReader, 2> lines_;
  std::array<Text, 2> texts_;
  std::vector<Request> outstanding_;
  Request request_;  // the one being answered
  int code_ = 0;
  std::string reply_;
  Borrowed<mime::MailHeaders, 64> headers_;  // of an article
  int strange_ = 0;
  std::uint32_t replies_ = 0, tx_id_ = 0;
  std::size_t consumed_ = 0;
};

void NntpParser::Reset() noexcept { Renew(*this, {}, &NntpParser::lines_); }

ParseStatus NntpParser::OnChunk(const stream::StreamChunk& chunk, MessageSink& sink) noexcept {
  const Direction direction = chunk.direction;
  Bytes in = chunk.bytes;
  consumed_ = in.size();
  if (compressed_) {
    sink.OnFate(ByteFate::kOpaqueUndecodable, in.size());
    return ParseStatus::kContinue;
  }
  if (!sides_known_ && !in.empty()) {
    const char first = static_cast<char>(in[0]);
    client_ = first >= '0' && first <= '9' ? Opposite(direction) : direction;
    sides_known_ = true;
  }
  framing::LineReader& lines = lines_[Index(direction)];
  if (chunk.gap_before > 0) {
    lines.Resync();
    CloseText(direction, BodyEnd::kGap, sink);
    outstanding_.clear();
  }
  ParseStatus status = ParseStatus::kContinue;
  while (!in.empty() && status == ParseStatus::kContinue && !compressed_) {
    if (texts_[Index(direction)].open) {
      ReadText(direction, in, sink);
      continue;
    }
    std::string_view line;
    const bool whole = lines.Next(in, &line);
    if (const std::uint64_t dropped = lines.TakeDropped(); dropped > 0) sink.OnFate(ByteFate::kLostParserCap, dropped);
    if (whole) status = OnLine(line, lines.bare_lf(), direction, sink);
  }
  if (status == ParseStatus::kContinue && !in.empty()) sink.OnFate(ByteFate::kOpaqueUndecodable, in.size());
  if (status != ParseStatus::kContinue) consumed_ = chunk.bytes.size() - in.size();
  return status;
}

ParseStatus NntpParser::OnLine(std::string_view line, bool bare_lf, Direction direction, MessageSink& sink) noexcept {
  if (direction == client_) {
    OnCommand(line, bare_lf, sink);
    return ParseStatus::kContinue;
  }
  const int code = ReplyCode(line);
  if (code != 0) return OnReply(code, Trim(line.substr(3)), bare_lf, sink);
  if (!line.empty()) sink.OnField("nntp.reply", "", direction, AsBytes(line));
  if (replies_ > 0) sink.OnAnomaly("invalid_reply");
  return replies_ == 0 && ++strange_ >= kMaxStrange ? ParseStatus::kNotThis : ParseStatus::kContinue;
}

void NntpParser::OnCommand(std::string_view line, bool bare_lf, MessageSink& sink) noexcept {
  line = Trim(line);
  if (line.empty()) return;
  const std::size_t space = std::min(line.find(' '), line.size());
  if (outstanding_.size() == kMaxOutstanding) outstanding_.clear();
  constexpr std::size_t kMaxVerb = 16;
  Request& r = outstanding_.emplace_back();
  r.verb.assign(line.substr(0, std::min(space, kMaxVerb)));
  r.arguments.assign(Trim(line.substr(space)).substr(0, kMaxArgument));
  if (!r.arguments.empty()) {
    // "AUTHINFO USER name", "AUTHINFO PASS password"
    std::string_view value = r.arguments;
    const bool auth = r.is("AUTHINFO");
    const char* const name = !auth ? "" : mime::StartsWithIgnoreCase(value, "USER ") ? "user" : "password";
    if (auth) value = Trim(value.substr(std::min(value.find(' '), value.size())));
    const bool sasl = auth && mime::StartsWithIgnoreCase(r.arguments, "SASL");
    if (!value.empty() && !sasl) sink.OnField("nntp.command", name, client_, AsBytes(value));
  }
  // A feed sends the article behind the command, whatever the answer will be.
  if (r.is("TAKETHIS")) BeginText(client_, true, bare_lf, sink);
}

ParseStatus NntpParser::OnReply(int code, std::string_view text, bool bare_lf, MessageSink& sink) noexcept {
  ++replies_;
  code_ = code;
  reply_.assign(text.substr(0, kMaxArgument));
  if (!text.empty()) sink.OnField("nntp.reply", "", server(), AsBytes(text));
  constexpr int kSendArticle = 340, kSendTransfer = 335, kTlsFollows = 382, kCompressionActive = 206;
  if (code == kSendArticle || code == kSendTransfer) {
    // The command's answer comes when the article has.
    BeginText(client_, true, bare_lf, sink);
    return ParseStatus::kContinue;
  }
  has_request_ = !outstanding_.empty();
  if (has_request_) {
    request_ = std::move(outstanding_.front());
    outstanding_.erase(outstanding_.begin());
  }
  const Follows follows = WhatFollows(code, has_request_ ? &request_ : nullptr);
  if (follows != Follows::kNothing) {
    BeginText(server(), follows == Follows::kArticle, bare_lf, sink);
    return ParseStatus::kContinue;
  }
  WriteEvent(sink);
  compressed_ = code == kCompressionActive && has_request_ && request_.is("COMPRESS");
  return code == kTlsFollows ? ParseStatus::kSwitch : ParseStatus::kContinue;
}

void NntpParser::BeginText(Direction direction, bool article, bool bare_lf, MessageSink& sink) noexcept {
  CloseText(direction, BodyEnd::kTruncated, sink);
  Text& text = texts_[Index(direction)];
  text.dots.Begin(bare_lf);
  text.open = true;
  text.article = article;
  BodyMeta meta;
  meta.where = article ? "nntp.article" : "nntp.lines";
  meta.direction = direction;
  meta.content_type = article ? "message/rfc822" : "text/plain";
  meta.tx_id = tx_id_;
  meta.is_file = article;
  if (article) {
    headers_.GiveBack();
    has_email_ = email_whole_ = false;
  }
  sink.OnBodyBegin(meta);
}

void NntpParser::ReadText(Direction direction, Bytes& in, MessageSink& sink) noexcept {
  Text& text = texts_[Index(direction)];
  const Bytes part = text.dots.Next(in);
  if (!part.empty()) {
    if (text.article && sink.WantsEvent("nntp")) headers_.Take().Feed(part);
    sink.OnBodyPart(direction, part);
  }
  if (text.dots.done()) CloseText(direction, BodyEnd::kComplete, sink);
}

void NntpParser::CloseText(Direction direction, BodyEnd end, MessageSink& sink) noexcept {
  Text& text = texts_[Index(direction)];
  if (!std::exchange(text.open, false)) return;
  sink.OnBodyEnd(direction, end);
  if (text.article) {
    has_email_ = true;
    email_whole_ = end == BodyEnd::kComplete;
  }
  if (direction != client_) WriteEvent(sink);  // what a client sent is answered yet
}

void NntpParser::WriteEvent(MessageSink& sink) noexcept {
  const bool has_email = std::exchange(has_email_, false);
  if (!sink.WantsEvent("nntp")) {
    ++tx_id_;
    return;
  }
  std::string scratch;
  record.Clear();
  record.BeginObject("nntp");
  if (has_request_) {
    record.BeginObject("request").String("command", framing::Printable(request_.verb, scratch), Privacy::kIdentifier);
    record.BeginArray("args");
    const bool secret = IsSecret(request_.verb, request_.arguments);
    const bool user = !secret && request_.is("AUTHINFO");
    bool first = true;
    for (std::string_view rest = request_.arguments; !rest.empty(); first = false) {
      const std::size_t end = std::min(rest.find(' '), rest.size());
      record.String(nullptr, framing::Printable(rest.substr(0, end), scratch),
                    first               ? Privacy::kIdentifier
                    : secret            ? Privacy::kSecret
                    : user              ? Privacy::kPersonal
                                        : Privacy::kIdentifier);
      rest = Trim(rest.substr(end));
    }
    record.EndArray().EndObject();
  }
  record.BeginObject("response").Integer("code", code_);
  if (!reply_.empty()) record.String("text", framing::Printable(reply_, scratch), Privacy::kIdentifier);
  record.EndObject().EndObject();
  if (has_email) {
    headers_.Take().Write(email_whole_, record);
    headers_.GiveBack();
  }
  sink.OnEvent("nntp", tx_id_++, client_, record);
}

void NntpParser::OnEnd(Direction direction, MessageSink& sink) noexcept {
  CloseText(direction, BodyEnd::kTruncated, sink);
}

// A greeting of 200 or 201 that speaks of news, else the first command; a port decides what others say too.
Probe ProbeNntp(const ProbeInput& input) noexcept {
  const std::string_view text = AsText(input.bytes).substr(0, kProbeBytes);
  const bool on_port = std::any_of(std::begin(kPorts), std::end(kPorts), [&](std::uint16_t p) {
    return p == input.server_port || p == input.client_port;
  });
  const std::size_t end = text.find('\n');
  std::string_view line = text.substr(0, end);
  if (line.ends_with('\r')) line.remove_suffix(1);
  const bool whole = end != std::string_view::npos;
  if (!line.empty() && line[0] >= '0' && line[0] <= '9') {
    const int code = ReplyCode(line);
    if (code == 0) return line.size() < 4 && on_port ? Probe::kNeedMore : Probe::kNo;
    if (on_port) return Probe::kYes;
    if (code != 200 && code != 201) return Probe::kNo;
    const auto holds = [&](std::string_view word) {
      const auto same = [](char a, char b) { return (a | 0x20) == (b | 0x20); };
      return std::search(line.begin(), line.end(), word.begin(), word.end(), same) != line.end();
    };
    if (holds("nntp") || holds("news") || holds("posting") || holds(" inn ")) return Probe::kYes;
    return whole || text.size() == kProbeBytes ? Probe::kNo : Probe::kNeedMore;
  }
  const std::size_t space = std::min(line.find(' '), line.size());
  const std::string_view verb = line.substr(0, space), rest = Trim(line.substr(space));
  const auto is = [&](std::string_view name) { return EqualsIgnoreCase(verb, name); };
  const bool plain = (is("MODE") && (EqualsIgnoreCase(rest, "READER") || EqualsIgnoreCase(rest, "STREAM"))) ||
                     (is("AUTHINFO") && mime::StartsWithIgnoreCase(rest, "USER ")) ||
                     (is("CAPABILITIES") && rest.empty()) ||
                     ((is("IHAVE") || is("CHECK") || is("TAKETHIS") || is("ARTICLE")) && rest.starts_with('<')) ||
                     ((is("XOVER") || is("XHDR") || is("NEWNEWS") || is("LISTGROUP")) && !rest.empty());
  const bool known = plain || is("GROUP") || is("ARTICLE") || is("LIST") || is("POST") || is("HEAD") || is("BODY") ||
                     is("STAT") || is("NEWGROUPS") || is("AUTHINFO");
  if (!plain && !(known && on_port)) return Probe::kNo;
  return whole ? Probe::kYes : Probe::kNeedMore;
}

}  // namespace
}  // namespace nntp

const ProtocolInfo kNntp = {"nntp", true, false, nntp::ProbeNntp,
                            []() -> std::unique_ptr<Parser> { return std::make_unique<nntp::NntpParser>(); },
                            FirstOctets::Text()};

}  // namespace gander::protocol
