// SPDX-License-Identifier: Apache-2.0
// What the server sends.
#include <algorithm>

#include "protocol/pgsql/names.h"
#include "protocol/pgsql/parser.h"

namespace gander::protocol::pgsql {
namespace {

// AuthenticationRequest codes.
constexpr std::uint32_t kOk = 0, kCleartext = 3, kMd5 = 5, kSspi = 9, kSasl = 10, kSaslContinue = 11, kSaslFinal = 12;

std::string_view ReadCString(ByteReader& in) noexcept {
  const std::string_view rest = AsText(in.rest());
  const std::size_t end = rest.find('\0');
  in.Skip(end == std::string_view::npos ? rest.size() + 1 : end + 1);
  return rest.substr(0, std::min(end, rest.size()));
}

}  // namespace

ParseStatus PgsqlParser::OnResponse(Side& side, char type, Bytes body, MessageSink& sink) noexcept {
  const Direction server = server_side();
  const bool whole = side.frames.frame_is_whole();
  ByteReader in(body);
  if (type != 'N' && type != 'S' && type != 'A' && type != 'Z') exchange_.EnsureOpen(client_, sink);
  switch (type) {
    case 'R': OnAuthentication(body, sink); break;
    case 'S': {
      const std::string_view name = ReadCString(in), value = ReadCString(in);
      exchange_.Parameter(ParameterName(name), value);
      break;
    }
    case 'K':
      exchange_.Integer("process_id", in.U32());
      exchange_.Integer("secret_key", in.U32());
      break;
    case 'T': {
      const int count = result_.Describe(body, server, exchange_.tx_id(), sink);
      if (count < 0) sink.OnAnomaly("malformed_response");
      if (count >= 0) exchange_.Integer("field_count", count);
      break;
    }
    case 't': result_.StatementDescribed(); break;
    case '2': result_.BindComplete(server, exchange_.tx_id(), sink); break;
    case 'D':
      if (side.copy_open) EndBody(side, server, BodyEnd::kTruncated, sink);  // COPY that nothing ended
      ++exchange_.rows;
      exchange_.row_bytes += result_.Row(body, whole, sink);
      if (!whole) side.rest = Long::kRow;
      break;
    case 'C':
      EndResult(BodyEnd::kComplete, sink);
      exchange_.String("command_completed", ReadCString(in));
      break;
    case 'I':
    case 's': EndResult(BodyEnd::kComplete, sink); break;
    case 'E':
      EndResult(BodyEnd::kComplete, sink);
      result_.ForgetAwaited();
      OnError(body, sink);
      break;
    case 'N': OnError(body, sink); break;
    case 'A': OnNotification(body, sink); break;
    case 'G':
      OnCopyResponse("copy_in_response", body);
      exchange_.Write(sink);
      break;
    case 'H':
    case 'W': OnCopyResponse("copy_out_response", body); break;
    case 'd':
      EndResult(BodyEnd::kComplete, sink);
      ++exchange_.rows;
      exchange_.row_bytes += side.frames.frame_length() - 5;
      OnCopyData(side, server, body, sink);
      break;
    case 'c':
      EndBody(side, server, BodyEnd::kComplete, sink);
      exchange_.Counts("copy_data_out", "row_count", exchange_.rows, "data_size", exchange_.row_bytes);
      exchange_.String("message", "copy_done");
      exchange_.rows = exchange_.row_bytes = 0;
      break;
    case 'Z':
      EndResult(BodyEnd::kComplete, sink);
      EndBody(side, server, BodyEnd::kComplete, sink);
      exchange_.Write(sink);
      break;
    default: break;
  }
  return ParseStatus::kContinue;
}

void PgsqlParser::OnAuthentication(Bytes body, MessageSink& sink) noexcept {
  ByteReader in(body);
  switch (in.U32()) {
    case kOk: exchange_.String("message", "authentication_ok"); return;
    case kCleartext:
      login_ = Login::kPassword;
      exchange_.String("message", "authentication_cleartext_password");
      break;
    case kMd5:
      login_ = Login::kPassword;
      exchange_.String("authentication_md5_password", AsText(in.Take(4)));
      break;
    case kSspi: exchange_.String("authentication_sspi", AsText(in.rest()), Privacy::kIdentifier); return;
    case kSasl:
      login_ = Login::kSaslFirst;
      exchange_.String("message", "authentication_sasl");
      break;
    case kSaslContinue:
      login_ = Login::kSaslNext;
      exchange_.String("message", "authentication_sasl_continue");
      break;
    case kSaslFinal: exchange_.String("authentication_sasl_final", AsText(in.rest()), Privacy::kSecret); return;
    default: return;
  }
  exchange_.Write(sink);  // the client's answer is a request of its own
}

void PgsqlParser::OnError(Bytes body, MessageSink& sink) noexcept {
  ByteReader in(body);
  for (int n = 0; n < kMaxListed && in.remaining() > 1; ++n) {
    const char code = static_cast<char>(in.U8());
    const std::string_view value = ReadCString(in);
    const char* const name = ErrorFieldName(code);
    if (name == nullptr || in.failed()) continue;
    exchange_.String(name, value, Privacy::kIdentifier);
    // "Key (email)=(ada@example.com) already exists."
    if (code == 'M' || code == 'D' || code == 'W') sink.OnField("pgsql.error", name, server_side(), AsBytes(value));
  }
}

void PgsqlParser::OnNotification(Bytes body, MessageSink& sink) noexcept {
  ByteReader in(body);
  const std::uint32_t pid = in.U32();
  const std::string_view channel = ReadCString(in), payload = ReadCString(in);
  exchange_.Integer("pid", pid);
  exchange_.String("channel_name", channel, Privacy::kIdentifier);
  exchange_.String("payload", payload, Privacy::kIdentifier);
  if (!payload.empty()) sink.OnField("pgsql.notification", channel, server_side(), AsBytes(payload));
}

void PgsqlParser::OnCopyResponse(const char* key, Bytes body) noexcept {
  ByteReader in(body);
  copy_binary_ = in.U8() != 0;
  exchange_.Counts(key, "columns", in.U16(), nullptr, 0);
}

void PgsqlParser::EndResult(BodyEnd end, MessageSink& sink) noexcept {
  result_.End(end, sink);
  if (exchange_.rows == 0 || sides_[Index(server_side())].copy_open || copy_in_) return;
  exchange_.Integer("data_rows", static_cast<std::int64_t>(exchange_.rows));
  exchange_.Integer("data_size", static_cast<std::int64_t>(exchange_.row_bytes));
  exchange_.rows = exchange_.row_bytes = 0;
}

}  // namespace gander::protocol::pgsql
