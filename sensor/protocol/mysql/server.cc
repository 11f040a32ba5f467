// SPDX-License-Identifier: Apache-2.0
// What the server sends: its greeting, answers, result sets.
#include "protocol/mysql/parser.h"

namespace gander::protocol::mysql {
namespace {

constexpr std::uint8_t kOk = 0x00, kInfileRequest = 0xfb, kEof = 0xfe, kError = 0xff, kAuthMore = 0x01;
constexpr std::size_t kMaxEof = 9;           // payload of an EOF packet is shorter than a row that begins so
constexpr std::size_t kEofSize = 5;          // an OK in its place has two octets more
constexpr std::uint16_t kMoreResults = 0x8;  // server status
constexpr std::size_t kMaxVersion = 64;
constexpr std::uint64_t kMaxResultColumns = 4096;  // MySQL's own bound

}  // namespace

void MysqlParser::OnServerPacket(Side& side, std::uint8_t sequence, Bytes payload, MessageSink& sink) noexcept {
  if (payload.empty()) return;
  const std::uint8_t first = Octets(payload)[0];
  switch (state_) {
    case State::kLogin:
      if (sequence == 0 && first == 10) {
        WireReader in(payload.subspan(1));
        version_.assign(in.ZeroEnded().substr(0, kMaxVersion));
        sink.OnSoftware({"mysql.server", Opposite(client_), version_});
        return;
      }
      return OnLoginAnswer(payload, sink);
    case State::kIdle:
      // An answer to what was not seen begins with sequence number 1.
      if (sequence == 1) OnResponse(payload, sink);
      return;
    case State::kResponse:
    case State::kInfile: return OnResponse(payload, sink);
    case State::kColumns:
      if (!result_.Column(payload)) {
        sink.OnAnomaly("malformed_response");
        EndResult(BodyEnd::kTruncated, sink);
        state_ = State::kIdle;
        return;
      }
      if (--definitions_left_ == 0) state_ = State::kRows;
      return;
    case State::kRows: return OnRow(side, payload, sink);
    case State::kDefinitions:
    case State::kFieldList:
      // Definitions of a prepared statement are told again with each result.
      if (first == kError) return OnError(payload, sink);
      if (state_ == State::kDefinitions && first != kEof && definitions_left_ > 0) --definitions_left_;
      if ((first == kEof && payload.size() < kMaxEof && definitions_left_ == 0) ||
          (state_ == State::kFieldList && first == kEof && payload.size() < kMaxEof)) {
        state_ = State::kIdle;
      }
      return;
    case State::kOpaque: return;
  }
}

void MysqlParser::OnLoginAnswer(Bytes payload, MessageSink& sink) noexcept {
  switch (Octets(payload)[0]) {
    case kOk:
      success_ = 1;
      state_ = compress_asked_ ? State::kOpaque : State::kIdle;
      return CloseExchange(sink);
    case kError:
      OnError(payload, sink);
      state_ = State::kLogin;
      return;
    case kAuthMore:
    case kEof: return;  // the exchange goes on
    default: sink.OnAnomaly("malformed_response");
  }
}

void MysqlParser::OnResponse(Bytes payload, MessageSink& sink) noexcept {
  if (!open_) OpenExchange(kNone, {}, sink);
  if (command_ == kStatistics) {
    success_ = 1;
    response_.assign(AsText(payload).substr(0, kMaxMessage));
    state_ = State::kIdle;
    return CloseExchange(sink);
  }
  switch (Octets(payload)[0]) {
    case kOk: return OnOk(payload, sink);
    case kError: return OnError(payload, sink);
    case kInfileRequest: state_ = State::kInfile; return;
    case kEof: return EndOfRows(payload, sink);
    default: break;
  }
  WireReader in(payload);
  const std::uint64_t columns = in.Encoded();
  if (in.failed() || in.remaining() > 1 || columns == 0 || columns > kMaxResultColumns) {
    sink.OnAnomaly("malformed_response");
    state_ = State::kIdle;
    return CloseExchange(sink);
  }
  definitions_left_ = columns;
  state_ = State::kColumns;
  result_.Begin(Opposite(client_), tx_id_);
}

void MysqlParser::OnOk(Bytes payload, MessageSink& sink) noexcept {
  WireReader in(payload.subspan(1));
  success_ = 1;
  state_ = State::kIdle;
  if (command_ == kPrepare) {
    const auto id = static_cast<std::uint32_t>(in.Integer(4));
    const std::uint64_t columns = in.Integer(2);
    const auto parameters = static_cast<std::uint16_t>(in.Integer(2));
    definitions_left_ = columns + parameters;
    if (statements_.size() == kMaxStatements) statements_.erase(statements_.begin());
    statements_.push_back({id, parameters, {}});
    statements_.back().names.Read(argument_);
    if (definitions_left_ > 0) state_ = State::kDefinitions;
    return CloseExchange(sink);
  }
  rows_ += in.Encoded();
  in.Encoded();  // last insert id
  if ((in.Integer(2) & kMoreResults) != 0) {
    state_ = State::kResponse;
    return;
  }
  CloseExchange(sink);
}

void MysqlParser::OnError(Bytes payload, MessageSink& sink) noexcept {
  if (!open_) OpenExchange(kNone, {}, sink);
  std::string_view text = AsText(payload.subspan(payload.size() < 3 ? payload.size() : 3));
  constexpr std::size_t kSqlState = 6;  // with its '#'
  if (!text.empty() && text[0] == '#') text.remove_prefix(text.size() < kSqlState ? text.size() : kSqlState);
  success_ = 0;
  response_.assign(text.substr(0, kMaxMessage));
  if (!text.empty()) sink.OnField("mysql.error", {}, Opposite(client_), AsBytes(text));
  EndResult(BodyEnd::kComplete, sink);
  state_ = State::kIdle;
  CloseExchange(sink);
}

void MysqlParser::OnRow(Side& side, Bytes payload, MessageSink& sink) noexcept {
  const std::uint8_t first = Octets(payload)[0];
  if (first == kError) return OnError(payload, sink);
  if (first == kEof && side.frames.frame_is_whole()) {
    // The definitions may end in an EOF of their own: then rows are still to come.
    if (payload.size() <= kEofSize && result_.rows() == 0 && !definitions_ended_ && command_ != kFetch) {
      definitions_ended_ = true;
      return;
    }
    return EndOfRows(payload, sink);
  }
  definitions_ended_ = true;
  const bool whole = side.frames.frame_is_whole();
  const bool binary = command_ == kExecute || command_ == kFetch;
  result_.Row(payload, binary, whole, sink);
  if (!whole && !binary) side.rest = Long::kRow;
}

void MysqlParser::EndOfRows(Bytes payload, MessageSink& sink) noexcept {
  EndResult(BodyEnd::kComplete, sink);
  success_ = 1;
  // EOF: warnings, status. OK in its place: affected rows, last insert id, status.
  WireReader in(payload.subspan(1));
  if (payload.size() <= kEofSize) {
    in.Take(2);
  } else {
    in.Encoded();
    in.Encoded();
  }
  if ((in.Integer(2) & kMoreResults) != 0) {
    state_ = State::kResponse;
    return;
  }
  state_ = State::kIdle;
  CloseExchange(sink);
}

void MysqlParser::EndResult(BodyEnd end, MessageSink& sink) noexcept {
  rows_ += result_.rows();
  result_.End(end, sink);
  definitions_ended_ = false;
}

}  // namespace gander::protocol::mysql
