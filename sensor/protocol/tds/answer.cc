// SPDX-License-Identifier: Apache-2.0
#include "protocol/tds/answer.h"

#include "base/renew.h"
#include "protocol/tds/tds.h"

namespace gander::protocol::tds {
namespace {

enum : std::uint8_t {
  kOffset = 0x78,
  kReturnStatus = 0x79,
  kColMetadata = 0x81,
  kTabName = 0xa4,
  kColInfo = 0xa5,
  kOrder = 0xa9,
  kError = 0xaa,
  kInfo = 0xab,
  kReturnValue = 0xac,
  kLoginAck = 0xad,
  kFeatureExtAck = 0xae,
  kRow = 0xd1,
  kNbcRow = 0xd2,
  kEnvChange = 0xe3,
  kSessionState = 0xe4,
  kSspi = 0xed,
  kFedAuthInfo = 0xee,
  kDone = 0xfd,
  kDoneProc = 0xfe,
  kDoneInProc = 0xff
};
constexpr std::uint16_t kNoColumns = 0xffff;
constexpr std::size_t kMaxError = 512;

}  // namespace

void Answer::Begin(Direction server, std::uint32_t tx_id) noexcept {
  server_ = server;
  tx_id_ = tx_id;
  broken_ = false;
  rows_ = 0;
  error_.clear();
  columns_.clear();
}

void Answer::Feed(Bytes in, MessageSink& sink) noexcept {
  if (broken_) return sink.OnFate(ByteFate::kLostParserCap, in.size());
  Bytes all = in;
  const bool held = !held_.empty();
  if (held) {
    held_ += AsText(in);
    all = AsBytes(held_);
  }
  while (!all.empty()) {
    LittleReader reader(all);
    const Outcome outcome = Token(reader, sink);
    if (outcome == Outcome::kRead) {
      all = reader.rest();
      continue;
    }
    const bool over = outcome == Outcome::kIncomplete && all.size() > kMaxToken;
    if (outcome == Outcome::kBad || over) {
      if (outcome == Outcome::kBad) sink.OnAnomaly("malformed_response");
      sink.OnFate(ByteFate::kLostParserCap, all.size());
      broken_ = true;
      all = {};
    }
    break;
  }
  if (held) {
    held_.erase(0, held_.size() - all.size());
  } else {
    held_.assign(AsText(all));
  }
  table_.Flush(sink);
}

Answer::Outcome Answer::Token(LittleReader& in, MessageSink& sink) noexcept {
  const auto token = static_cast<std::uint8_t>(in.Integer(1));
  const auto whole = [&] { return in.failed() ? Outcome::kIncomplete : Outcome::kRead; };
  switch (token) {
    case kColMetadata: return Columns(in, sink);
    case kRow: return Row(in, false, sink);
    case kNbcRow: return Row(in, true, sink);
    case kReturnValue: return ReturnValue(in, sink);
    case kDone:
    case kDoneProc:
    case kDoneInProc: {
      in.Take(old_ ? 8 : 12);  // status, command, count
      if (in.failed()) return Outcome::kIncomplete;
      table_.End(BodyEnd::kComplete, sink);
      return Outcome::kRead;
    }
    case kOffset:
    case kReturnStatus: in.Take(4); return whole();
    case kError:
    case kInfo:
    case kLoginAck:
    case kEnvChange:
    case kOrder:
    case kTabName:
    case kColInfo:
    case kSspi: {
      const Bytes body = in.Take(in.Integer(2));
      return in.failed() ? Outcome::kIncomplete : Message(token, body, sink);
    }
    case kSessionState:
    case kFedAuthInfo: in.Take(in.Integer(4)); return whole();
    case kFeatureExtAck:
      while (!in.failed() && in.Integer(1) != 0xff) in.Take(in.Integer(4));
      return whole();
    default: return Outcome::kBad;
  }
}

Answer::Outcome Answer::Columns(LittleReader& in, MessageSink& sink) noexcept {
  const std::uint64_t count = in.Integer(2);
  if (in.failed()) return Outcome::kIncomplete;
  std::vector<Type> columns;
  std::vector<std::string> names;
  if (count != kNoColumns && count > kMaxColumns) return Outcome::kBad;
  for (std::uint64_t i = 0; count != kNoColumns && i < count; ++i) {
    in.Take((old_ ? 2u : 4u) + 2u);  // user type, flags
    Type type;
    if (!ReadType(in, type)) return Outcome::kBad;
    if (NamesTable(type)) {
      const std::uint64_t parts = old_ ? 1 : in.Integer(1);
      for (std::uint64_t p = 0; p < parts && !in.failed(); ++p) in.Take(2 * in.Integer(2));
    }
    names.push_back(ReadString(in, 1));
    if (in.failed()) return Outcome::kIncomplete;
    columns.push_back(type);
  }
  table_.End(BodyEnd::kComplete, sink);
  table_.Begin("tds.rows", server_, tx_id_);
  for (const std::string& name : names) table_.Column(name);
  columns_ = std::move(columns);
  return Outcome::kRead;
}

Answer::Outcome Answer::Row(LittleReader& in, bool with_nulls, MessageSink& sink) noexcept {
  if (columns_.empty()) return Outcome::kBad;
  const Bytes nulls = with_nulls ? in.Take((columns_.size() + 7) / 8) : Bytes{};
  values_.resize(columns_.size());
  for (std::size_t i = 0; i < columns_.size() && !in.failed(); ++i) {
    values_[i].clear();
    const bool null = with_nulls && (Octets(nulls)[i / 8] >> (i % 8) & 1) != 0;
    if (!null) ReadValue(columns_[i], in, values_[i]);
  }
  if (in.failed()) return Outcome::kIncomplete;
  for (const std::string& value : values_) table_.Value(value, sink);
  table_.EndRow(sink);
  ++rows_;
  return Outcome::kRead;
}

Answer::Outcome Answer::ReturnValue(LittleReader& in, MessageSink& sink) noexcept {
  in.Take(2);  // ordinal
  const std::string name = ReadString(in, 1);
  in.Take(1 + (old_ ? 2u : 4u) + 2u);  // status, user type, flags
  Type type;
  if (!ReadType(in, type)) return Outcome::kBad;
  ReadValue(type, in, text_);
  if (in.failed()) return Outcome::kIncomplete;
  if (!text_.empty()) sink.OnField("tds.return_value", name, server_, AsBytes(text_));
  return Outcome::kRead;
}

Answer::Outcome Answer::Message(std::uint8_t token, Bytes body, MessageSink& sink) noexcept {
  LittleReader in(body);
  if (token == kError || token == kInfo) {
    in.Take(4 + 1 + 1);  // number, state, class
    const std::string text = ReadString(in, 2);
    const std::string server = ReadString(in, 1);
    if (!text.empty()) sink.OnField("tds.message", {}, server_, AsBytes(text));
    if (token == kError && error_.empty()) error_ = text.substr(0, kMaxError);
    if (token == kError && error_.empty()) error_ = "error";
    if (!server.empty()) sink.OnServerName(server);
  } else if (token == kLoginAck) {
    constexpr std::uint8_t kVersion72 = 0x72;
    in.Take(1);  // interface
    old_ = in.Integer(1) < kVersion72;
    in.Take(3);
    version_ = ReadString(in, 1).substr(0, kMaxError);
    while (!version_.empty() && version_.back() == '\0') version_.pop_back();
  }
  return Outcome::kRead;
}

void Answer::End(BodyEnd end, MessageSink& sink) noexcept {
  table_.End(end, sink);
  if (!held_.empty()) std::string().swap(held_);
  std::vector<std::string>().swap(values_);
}

void Answer::Reset() noexcept { Renew(*this, {}, &Answer::table_, &Answer::error_, &Answer::version_, &Answer::text_); }

}  // namespace gander::protocol::tds
