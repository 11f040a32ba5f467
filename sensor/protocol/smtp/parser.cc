// SPDX-License-Identifier: Apache-2.0
#include "protocol/smtp/parser.h"

#include <algorithm>
#include <utility>

#include "base/renew.h"
#include "protocol/mime/header_value.h"
#include "protocol/mime/plain_login.h"

namespace gander::protocol::smtp {
namespace {

// So many lines without one known command or reply, and this is no SMTP.
constexpr std::uint32_t kMaxUnknownLines = 16;
constexpr std::uint8_t kTlsHandshake = 0x16;  // first byte of a TLS record, never of a command

}  // namespace

void SmtpParser::Outstanding::Push(Verb verb) noexcept {
  if (count_ == ring_.size()) return Clear();
  ring_[(head_ + count_++) % ring_.size()] = verb;
}

Verb SmtpParser::Outstanding::Pop() noexcept {
  if (count_ == 0) return Verb::kUnknown;
  --count_;
  return ring_[std::exchange(head_, (head_ + 1) % ring_.size())];
}

void SmtpParser::Reset() noexcept {
  Renew(*this, {}, &SmtpParser::client_lines_, &SmtpParser::server_lines_, &SmtpParser::outstanding_,
        &SmtpParser::decoded_, &SmtpParser::mail_);
}

ParseStatus SmtpParser::OnChunk(const stream::StreamChunk& chunk, MessageSink& sink) noexcept {
  Bytes in = chunk.bytes;
  if (!sides_known_ && !in.empty()) {
    // A reply begins with a digit, a command with a letter: who is who may have been guessed wrong.
    const bool reply = in[0] >= std::byte{'0'} && in[0] <= std::byte{'9'};
    client_ = reply ? Opposite(chunk.direction) : chunk.direction;
    sides_known_ = true;
  }
  if (chunk.gap_before > 0) OnGap(chunk, sink);
  const ParseStatus status = chunk.direction == client_ ? FromClient(in, sink) : FromServer(in, sink);
  consumed_ = chunk.bytes.size() - in.size();
  return status;
}

void SmtpParser::OnGap(const stream::StreamChunk& chunk, MessageSink& sink) noexcept {
  outstanding_.Clear();
  if (chunk.direction != client_) return server_lines_.Resync();
  switch (state_) {
    case State::kCommands:
    case State::kAuth:
      client_lines_.Resync();
      return;
    case State::kData:
      mail_.Gap(client_, sink);
      lost_in_data_ = true;
      return;
    case State::kChunk:
      mail_.Gap(client_, sink);
      if (chunk.gap_before > chunk_left_) {
        state_ = State::kCommands;
        client_lines_.Resync();
        if (last_chunk_) EndOfMail(sink);
        return;
      }
      chunk_left_ -= chunk.gap_before;
  }
}

ParseStatus SmtpParser::FromClient(Bytes& in, MessageSink& sink) noexcept {
  while (!in.empty()) {
    if (state_ == State::kData) {
      ReadData(in, sink);
      continue;
    }
    if (state_ == State::kChunk) {
      ReadChunk(in, sink);
      continue;
    }
    if (tls_asked_ && client_lines_.empty() && Octets(in)[0] == kTlsHandshake) return ParseStatus::kSwitch;
    std::string_view line;
    const bool whole = client_lines_.Next(in, &line);
    TellDropped(client_lines_, "max_command_line_len_exceeded", sink);
    if (!whole) break;
    const ParseStatus status = OnCommandLine(line, sink);
    if (status != ParseStatus::kContinue) return status;
  }
  return ParseStatus::kContinue;
}

ParseStatus SmtpParser::OnCommandLine(std::string_view line, MessageSink& sink) noexcept {
  const Command command = ParseCommand(line);
  if (state_ == State::kAuth) {
    // Without the server's replies only a command tells that the exchange is over.
    if (command.verb == Verb::kUnknown) {
      OnAuthLine(line, sink);
      return ParseStatus::kContinue;
    }
    state_ = State::kCommands;
  }
  command_seen_ |= command.verb != Verb::kUnknown;
  tls_asked_ = command.verb == Verb::kStartTls;
  if (command.verb != Verb::kBdat) outstanding_.Push(command.verb);
  const auto field = [&](const char* where, const char* name, std::string_view value) {
    if (!value.empty()) sink.OnField(where, name, client_, AsBytes(value));
  };
  switch (command.verb) {
    case Verb::kHelo:
      mail_.SetHelo(command.argument);
      field("smtp.helo", "helo", command.argument);
      break;
    case Verb::kMail:
      mail_.Finish(false, client_, sink);
      mail_.SetSender(AddressOf(command.argument));
      field("smtp.mail_from", "mail_from", command.argument);
      break;
    case Verb::kRcpt:
      if (!mail_.AddRecipient(AddressOf(command.argument))) sink.OnAnomaly("smtp_too_many_recipients");
      field("smtp.rcpt_to", "rcpt_to", command.argument);
      break;
    case Verb::kData:
      state_ = State::kData;
      lost_in_data_ = false;
      dots_.Begin(client_lines_.bare_lf());
      break;
    case Verb::kBdat:
      OnBdat(command.argument, sink);
      break;
    case Verb::kRset:
    case Verb::kQuit:
      mail_.Finish(false, client_, sink);
      break;
    case Verb::kAuth:
      OnAuth(command.argument, sink);
      break;
    case Verb::kStartTls:
      break;
    case Verb::kOther:
      field("smtp.command", "", command.argument);
      break;
    case Verb::kUnknown:
    case Verb::kEndOfData:
      field("smtp.command", "", line);
      if (!command_seen_ && ++unknown_lines_ > kMaxUnknownLines) return ParseStatus::kNotThis;
  }
  return ParseStatus::kContinue;
}

void SmtpParser::OnBdat(std::string_view argument, MessageSink& sink) noexcept {
  std::uint64_t size = 0;
  std::size_t digits = 0;
  for (; digits < argument.size() && argument[digits] >= '0' && argument[digits] <= '9'; ++digits) {
    if (size > UINT32_MAX) break;
    size = size * 10 + static_cast<std::uint64_t>(argument[digits] - '0');
  }
  const std::string_view rest = mime::Trim(argument.substr(digits));
  if (digits == 0 || size > UINT32_MAX || (!rest.empty() && !mime::EqualsIgnoreCase(rest, "LAST"))) {
    sink.OnAnomaly("invalid_bdat");
    return;
  }
  last_chunk_ = !rest.empty();
  chunk_left_ = size;
  outstanding_.Push(last_chunk_ ? Verb::kEndOfData : Verb::kBdat);
  mail_.Message({}, client_, sink);
  if (size > 0) {
    state_ = State::kChunk;
  } else if (last_chunk_) {
    EndOfMail(sink);
  }
}

void SmtpParser::ReadChunk(Bytes& in, MessageSink& sink) noexcept {
  const Bytes part = TakeFront(in, chunk_left_);
  chunk_left_ -= part.size();
  mail_.Message(part, client_, sink);
  if (chunk_left_ > 0) return;
  state_ = State::kCommands;
  if (last_chunk_) EndOfMail(sink);
}

void SmtpParser::ReadData(Bytes& in, MessageSink& sink) noexcept {
  const Bytes part = dots_.Next(in);
  mail_.Message(part, client_, sink);
  if (!dots_.done()) return;
  state_ = State::kCommands;
  outstanding_.Push(Verb::kEndOfData);
  EndOfMail(sink);
}

void SmtpParser::EndOfMail(MessageSink& sink) noexcept {
  mail_.Finish(true, client_, sink);
  lost_in_data_ = false;
}

void SmtpParser::OnAuth(std::string_view argument, MessageSink& sink) noexcept {
  const std::size_t space = std::min(argument.find(' '), argument.size());
  const std::string_view mechanism = argument.substr(0, space);
  const std::string_view initial = mime::Trim(argument.substr(space));
  auth_login_ = mime::EqualsIgnoreCase(mechanism, "LOGIN");
  auth_lines_ = 0;
  state_ = State::kAuth;
  if (!initial.empty()) OnAuthLine(initial, sink);
}

void SmtpParser::OnAuthLine(std::string_view line, MessageSink& sink) noexcept {
  mime::DecodeCredentials(line, decoded_);
  ++auth_lines_;
  if (decoded_.empty()) return;
  if (auth_login_) {
    sink.OnField("smtp.auth", auth_lines_ == 1 ? "user" : "password", client_, AsBytes(decoded_));
    return;
  }
  // Other mechanisms than PLAIN are scanned as they are.
  std::string_view user, password;
  if (!mime::SplitPlain(decoded_, &user, &password)) {
    sink.OnField("smtp.auth", "", client_, AsBytes(decoded_));
    return;
  }
  sink.OnField("smtp.auth", "user", client_, AsBytes(user));
  sink.OnField("smtp.auth", "password", client_, AsBytes(password));
}

ParseStatus SmtpParser::FromServer(Bytes& in, MessageSink& sink) noexcept {
  while (!in.empty()) {
    std::string_view line;
    const bool whole = server_lines_.Next(in, &line);
    TellDropped(server_lines_, "max_reply_line_len_exceeded", sink);
    if (!whole) break;
    Reply reply;
    if (!ParseReply(line, &reply)) {
      if (!line.empty()) sink.OnField("smtp.reply", "", Opposite(client_), AsBytes(line));
      if (!command_seen_ && ++unknown_lines_ > kMaxUnknownLines) return ParseStatus::kNotThis;
      continue;
    }
    if (!reply.text.empty()) sink.OnField("smtp.reply", "", Opposite(client_), AsBytes(reply.text));
    if (!greeted_ && (reply.code == 220 || reply.code == 250)) {
      greeted_ = true;
      const std::string_view host = reply.text.substr(0, reply.text.find(' '));
      if (LooksLikeHost(host)) sink.OnServerName(host);
    }
    if (reply.last && OnReply(reply, sink)) return ParseStatus::kSwitch;
  }
  return ParseStatus::kContinue;
}

// True when TLS begins behind this reply.
bool SmtpParser::OnReply(const Reply& reply, MessageSink& sink) noexcept {
  const Verb verb = outstanding_.Pop();
  const bool refused = reply.code >= 400;
  switch (verb) {
    case Verb::kStartTls:
      if (reply.code == 220) mail_.TellSession(client_, sink);
      return reply.code == 220;
    case Verb::kData:
      // The client goes on with commands, unless it was faster than the reply.
      if (refused && state_ == State::kData && !mail_.data_open()) state_ = State::kCommands;
      break;
    case Verb::kAuth:
      if (reply.code / 100 == 3) {
        outstanding_.Push(Verb::kAuth);
      } else if (state_ == State::kAuth) {
        state_ = State::kCommands;
      }
      break;
    case Verb::kUnknown:
      // The end of the data was in what is missing: the server has it.
      if (state_ == State::kData && lost_in_data_ && reply.code != 354) {
        state_ = State::kCommands;
        client_lines_.Reset();
        mail_.Finish(false, client_, sink);
      }
      break;
    default:
      break;
  }
  return false;
}

void SmtpParser::TellDropped(framing::LineReader& lines, const char* anomaly, MessageSink& sink) noexcept {
  const std::uint64_t dropped = lines.TakeDropped();
  if (dropped == 0) return;
  sink.OnFate(ByteFate::kLostParserCap, dropped);
  if (!told_long_line_) sink.OnAnomaly(anomaly);
  told_long_line_ = true;
}

void SmtpParser::OnEnd(Direction direction, MessageSink& sink) noexcept {
  if (direction != client_) return;
  std::string_view line = client_lines_.Rest();
  if (!line.empty() && state_ != State::kAuth) OnCommandLine(line, sink);
  mail_.Finish(false, client_, sink);
  state_ = State::kCommands;
}

}  // namespace gander::protocol::smtp

namespace gander::protocol {

const ProtocolInfo kSmtp = {"smtp", true, false, smtp::ProbeSmtp,
                            []() -> std::unique_ptr<Parser> { return std::make_unique<smtp::SmtpParser>(); },
                            FirstOctets::Text()};

}  // namespace gander::protocol
