// SPDX-License-Identifier: Apache-2.0
// What the client sends: its login, commands, values of prepared statements.
#include <algorithm>

#include "protocol/framing/printable.h"
#include "protocol/mysql/parser.h"

namespace gander::protocol::mysql {
namespace {

thread_local Record event;

constexpr std::size_t kMaxName = 256;  // of a user or database in an event

}  // namespace

ParseStatus MysqlParser::OnLogin(Bytes payload, MessageSink& sink) noexcept {
  WireReader in(payload);
  const auto capabilities = static_cast<std::uint32_t>(in.Integer(4));
  if ((capabilities & kSsl) != 0 && payload.size() == kSslRequest) return ParseStatus::kSwitch;
  in.Take(4 + 1 + 23);  // largest packet, character set, reserved
  const std::string_view user = in.ZeroEnded();
  if ((capabilities & kLengthEncodedAuth) != 0) {
    in.EncodedString();
  } else if ((capabilities & kSecureConnection) != 0) {
    in.Take(in.Integer(1));
  } else {
    in.ZeroEnded();
  }
  const std::string_view database = (capabilities & kConnectWithDb) != 0 ? in.ZeroEnded() : std::string_view();
  if ((capabilities & kPluginAuth) != 0) in.ZeroEnded();
  query_attributes_ = (capabilities & kQueryAttributes) != 0;
  compress_asked_ = (capabilities & (kCompress | kZstd)) != 0;
  OpenExchange(kLogin, user, sink);
  user_.assign(user.substr(0, kMaxName));
  database_.assign(database.substr(0, kMaxName));
  if (!user.empty()) sink.OnField("mysql.login", "user", client_, AsBytes(user));
  if (!database.empty()) sink.OnField("mysql.login", "database", client_, AsBytes(database));
  if ((capabilities & kConnectAttributes) == 0) return ParseStatus::kContinue;
  WireReader attributes(in.Take(in.Encoded()));
  while (attributes.remaining() > 0 && !attributes.failed()) {
    const std::string_view name = attributes.EncodedString(), value = attributes.EncodedString();
    if (!attributes.failed() && !value.empty()) sink.OnField("mysql.login", name, client_, AsBytes(value));
  }
  return ParseStatus::kContinue;
}

void MysqlParser::OnCommand(Side& side, Bytes payload, MessageSink& sink) noexcept {
  if (payload.empty()) return;
  EndResult(BodyEnd::kTruncated, sink);
  const std::uint8_t command = Octets(payload)[0];
  const Bytes argument = payload.subspan(1);
  if (command == kQuery || command == kPrepare) return OnStatement(side, command, argument, sink);
  const bool text = command == kInitDb || command == kFieldList;
  OpenExchange(command, text ? AsText(argument) : std::string_view(), sink);
  state_ = State::kResponse;
  switch (command) {
    case kExecute: return OnExecute(argument, sink);
    case kChangeUser: {
      WireReader in(argument);
      const std::string_view user = in.ZeroEnded();
      user_.assign(user.substr(0, kMaxName));
      argument_.assign(user_);
      if (!user.empty()) sink.OnField("mysql.login", "user", client_, AsBytes(user));
      state_ = State::kLogin;
      return;
    }
    case kBinlogDump:
    case kBinlogDumpGtid:
      CloseExchange(sink);
      state_ = State::kOpaque;  // the rows of a replication stream
      return;
    case kFetch: state_ = State::kRows; return;
    case kFieldList: state_ = State::kFieldList; return;
    case kQuit:
    case kCloseStatement:
    case kSendLongData:
      CloseExchange(sink);
      state_ = State::kIdle;
      return;
    default: return;
  }
}

void MysqlParser::OnStatement(Side& side, std::uint8_t command, Bytes argument, MessageSink& sink) noexcept {
  // No statement begins with a zero: where the login was not seen this tells.
  const bool attributes = query_attributes_ || AsText(argument).substr(0, 2) == std::string_view("\0\1", 2);
  if (command == kQuery && attributes) {
    WireReader in(argument);
    const std::uint64_t count = in.Encoded();
    in.Encoded();  // sets of parameters: one
    if (count > 0 && count <= kMaxColumns) ReadParameters(static_cast<std::size_t>(count), nullptr, in, sink);
    if (!in.failed()) argument = in.rest();
  }
  OpenExchange(command, AsText(argument), sink);
  state_ = State::kResponse;
  if (side.frames.frame_is_whole()) {
    if (!argument.empty()) sink.OnField("mysql.query", {}, client_, argument);
    if (!argument.empty()) sink.OnRequest({.method = "query", .target = AsText(argument)});
    return;
  }
  BeginBody("mysql.query", "application/sql", client_, sink);
  sink.OnBodyPart(client_, argument);
  side.rest = Long::kBody;
}

void MysqlParser::OnExecute(Bytes payload, MessageSink& sink) noexcept {
  constexpr std::uint64_t kCountAvailable = 8;
  WireReader in(payload);
  const auto id = static_cast<std::uint32_t>(in.Integer(4));
  const bool counted = (in.Integer(1) & kCountAvailable) != 0;
  in.Take(4);  // iterations
  const auto statement =
      std::find_if(statements_.begin(), statements_.end(), [&](const Statement& s) { return s.id == id; });
  if (statement == statements_.end() && !(query_attributes_ && counted)) return;
  std::uint64_t count = statement == statements_.end() ? 0 : statement->parameters;
  if (query_attributes_ && (count > 0 || counted)) count = in.Encoded();
  if (count == 0 || count > UINT16_MAX) return;
  ReadParameters(static_cast<std::size_t>(count), statement == statements_.end() ? nullptr : &statement->names, in,
                 sink);
}

// NULL bitmap, whether types follow, types (with names, where statements have attributes), values.
void MysqlParser::ReadParameters(std::size_t count, const rowset::ParameterNames* names, WireReader& in,
                                 MessageSink& sink) noexcept {
  const Bytes nulls = in.Take((count + 7) / 8);
  if (in.Integer(1) != 1) return;  // types as bound before: not remembered
  struct Bound {
    ColumnType type;
    std::string_view name;
  };
  std::vector<Bound> bound(std::min(count, in.remaining() / 2));
  for (Bound& b : bound) {
    b.type.type = static_cast<std::uint8_t>(in.Integer(1));
    b.type.is_unsigned = (in.Integer(1) & 0x80) != 0;
    if (query_attributes_) b.name = in.EncodedString();
  }
  if (bound.size() < count) return;
  for (std::size_t i = 0; i < count && !in.failed(); ++i) {
    if ((Octets(nulls)[i / 8] >> (i % 8) & 1) != 0) continue;
    ReadBinaryValue(bound[i].type, in, scratch_);
    if (in.failed() || scratch_.empty()) continue;
    sink.OnField("mysql.execute", names != nullptr ? names->NameOf(i) : bound[i].name, client_, AsBytes(scratch_));
  }
}

void MysqlParser::OpenExchange(std::uint8_t command, std::string_view argument, MessageSink& sink) noexcept {
  CloseExchange(sink);
  open_ = true;
  command_ = command;
  argument_.assign(argument.substr(0, kMaxArgument));
}

void MysqlParser::CloseExchange(MessageSink& sink) noexcept {
  if (!open_) return;
  open_ = false;
  if (sink.WantsEvent("mysql")) {
    event.Clear();
    event.BeginObject("mysql").String("cmd", CommandName(command_));
    const bool login = command_ == kLogin;
    if (!argument_.empty())
      event.String("arg", framing::Printable(argument_, scratch_), login ? Privacy::kPersonal : Privacy::kIdentifier);
    if (login) {
      if (!user_.empty()) event.String("user", framing::Printable(user_, scratch_), Privacy::kPersonal);
      if (!database_.empty()) event.String("database", framing::Printable(database_, scratch_), Privacy::kIdentifier);
      if (!version_.empty()) event.String("server_version", version_);
      if (state_ == State::kOpaque) event.Boolean("compressed", true);
    }
    if (success_ >= 0) event.Boolean("success", success_ > 0).Integer("rows", static_cast<std::int64_t>(rows_));
    if (!response_.empty()) event.String("response", framing::Printable(response_, scratch_), Privacy::kIdentifier);
    event.EndObject();
    sink.OnEvent("mysql", tx_id_, client_, event);
  }
  ++tx_id_;
  success_ = -1;
  rows_ = 0;
  argument_.clear();
  response_.clear();
  if (argument_.capacity() > kMaxName) std::string().swap(argument_);
}

}  // namespace gander::protocol::mysql
