// SPDX-License-Identifier: Apache-2.0
// What the client sends.
#include <algorithm>

#include "protocol/framing/printable.h"
#include "protocol/pgsql/names.h"
#include "protocol/pgsql/parser.h"
#include "protocol/plain_text/plain_text.h"
#include "protocol/rowset/sql_text.h"

namespace gander::protocol::pgsql {
namespace {

using framing::Printable;

std::string_view ReadCString(ByteReader& in) noexcept {
  const std::string_view rest = AsText(in.rest());
  const std::size_t end = rest.find('\0');
  in.Skip(end == std::string_view::npos ? rest.size() + 1 : end + 1);
  return rest.substr(0, std::min(end, rest.size()));
}

// Queries end with a zero byte; of a long one only the front is here.
std::string_view ToZero(Bytes bytes) noexcept {
  const std::string_view text = AsText(bytes);
  return text.substr(0, std::min(text.find('\0'), text.size()));
}

const char* Mechanism(std::string_view name) noexcept {
  if (name == "SCRAM-SHA-256") return "scram_SHA256";
  return name == "SCRAM-SHA-256-PLUS" ? "scram_SHA256_plus" : "unknown";
}

}  // namespace

void PgsqlParser::OnStartup(Bytes packet, MessageSink& sink) noexcept {
  ByteReader in(packet);
  in.Skip(4);
  const std::uint32_t code = in.U32();
  exchange_.Open(client_, sink);
  Record& request = exchange_.request();
  if (code == kSslRequest || code == kGssRequest) {
    answer_awaited_ = true;
    request.String("message", code == kSslRequest ? "SSL Request" : "GSSENC Request");
    return;
  }
  if (code == kCancelRequest) {
    request.String("message", "cancel_request").Integer("process_id", in.U32()).Integer("secret_key", in.U32());
    return exchange_.Write(sink);
  }
  scratch_ = std::to_string(code >> 16) + "." + std::to_string(code & 0xffff);
  request.String("protocol_version", scratch_).BeginObject("startup_parameters");
  const std::size_t parameters = in.position();
  for (int pass = 0; pass < 2; ++pass) {
    // "user" stands beside the others.
    ByteReader list(packet.subspan(parameters));
    bool open = false;
    for (int n = 0; n < kMaxListed && list.remaining() > 1; ++n) {
      const std::string_view name = ReadCString(list), value = ReadCString(list);
      if (list.failed() || name.empty()) break;
      const bool user = name == "user";
      if (pass == 0) sink.OnField("pgsql.startup", name, client_, AsBytes(value));
      if (user != (pass == 0)) continue;
      if (user) {
        request.String("user", Printable(value, scratch_), Privacy::kPersonal);
        continue;
      }
      const char* const known = ParameterName(name);
      if (known == nullptr) continue;
      if (!open) request.BeginArray("optional_parameters");
      open = true;
      request.BeginObject().String(known, Printable(value, scratch_), Privacy::kIdentifier).EndObject();
    }
    if (open) request.EndArray();
  }
  request.EndObject();
}

void PgsqlParser::OnRequest(Side& side, char type, Bytes body, MessageSink& sink) noexcept {
  switch (type) {
    case 'Q': exchange_.Open(client_, sink); return OnQuery(side, "simple_query", body, sink);
    case 'P': return OnParse(side, body, sink);
    case 'B': return OnBind(body, sink);
    case 'D': {
      if (!body.empty() && AsText(body)[0] == 'S') result_.OnDescribe(ToZero(body.subspan(1)));
      return;
    }
    case 'p': return OnLogin(body, sink);
    case 'd':
      if (!copy_in_) {
        exchange_.Open(client_, sink);
        copy_in_ = true;
      }
      ++exchange_.rows;
      exchange_.row_bytes += side.frames.frame_length() - 5;
      return OnCopyData(side, client_, body, sink);
    case 'c': return CloseCopyIn("copy_done", {}, sink);
    case 'f': return CloseCopyIn("copy_fail", ToZero(body), sink);
    case 'X':
      exchange_.Open(client_, sink);
      exchange_.request().String("message", "termination_message");
      return exchange_.Write(sink);
    default: return;
  }
}

void PgsqlParser::OnQuery(Side& side, const char* key, Bytes text, MessageSink& sink) noexcept {
  const std::string_view query = ToZero(text);
  exchange_.request().String(key, Printable(query.substr(0, Record::kMaxString), scratch_), Privacy::kIdentifier);
  rowset::CopyColumns(query, copy_header_);
  if (side.frames.frame_is_whole()) {
    if (!query.empty()) sink.OnField("pgsql.query", {}, client_, AsBytes(query));
    if (!query.empty()) sink.OnRequest({.method = "query", .target = query});
    return;
  }
  EndBody(side, client_, BodyEnd::kTruncated, sink);
  BodyMeta meta;
  meta.where = "pgsql.query";
  meta.direction = client_;
  meta.content_type = "application/sql";
  meta.tx_id = exchange_.tx_id();
  meta.is_file = false;
  sink.OnBodyBegin(meta);
  sink.OnBodyPart(client_, text);
  side.query_open = true;
  side.rest = Long::kBody;
}

void PgsqlParser::OnParse(Side& side, Bytes body, MessageSink& sink) noexcept {
  ByteReader in(body);
  const std::string_view name = ReadCString(in);
  auto parsed = std::find_if(parsed_.begin(), parsed_.end(), [&](const Parsed& p) { return p.statement == name; });
  if (parsed == parsed_.end()) {
    if (parsed_.size() == kMaxStatements) parsed_.erase(parsed_.begin());
    parsed = parsed_.insert(parsed_.end(), Parsed{std::string(name), {}});
  }
  parsed->parameters.Read(ToZero(in.rest()));
  exchange_.Open(client_, sink);
  OnQuery(side, "query", in.rest(), sink);
}

void PgsqlParser::OnBind(Bytes body, MessageSink& sink) noexcept {
  ByteReader in(body);
  ReadCString(in);  // portal
  const std::string_view statement = ReadCString(in);
  const auto parsed =
      std::find_if(parsed_.begin(), parsed_.end(), [&](const Parsed& p) { return p.statement == statement; });
  const std::size_t codes = in.U16();
  bool binary = false;
  for (std::size_t i = 0; i < codes && !in.failed(); ++i) binary |= in.U16() == 1;
  const std::size_t count = in.U16();
  for (std::size_t i = 0; i < count && !in.failed(); ++i) {
    const std::uint32_t length = in.U32();
    if (length > INT32_MAX) continue;  // NULL
    const Bytes value = in.Take(length);
    if (value.empty() || (binary && !ReadsAsText(value))) continue;
    sink.OnField("pgsql.bind", parsed == parsed_.end() ? std::string_view() : parsed->parameters.NameOf(i), client_,
                 value);
  }
  Formats formats;
  const std::size_t results = in.U16();
  for (std::size_t i = 0; i < results && i < kMaxColumns && !in.failed(); ++i) formats.binary.push_back(in.U16() == 1);
  result_.OnBind(statement, std::move(formats));
}

void PgsqlParser::OnLogin(Bytes body, MessageSink& sink) noexcept {
  exchange_.Open(client_, sink);
  Record& request = exchange_.request();
  const std::string_view text = AsText(body);
  // Where the server is not heard, what is sent tells.
  if (login_ == Login::kUnknown && text.substr(0, 6) == "SCRAM-") login_ = Login::kSaslFirst;
  if (login_ == Login::kUnknown && text.substr(0, 2) == "c=") login_ = Login::kSaslNext;
  if (login_ == Login::kSaslFirst) {
    ByteReader in(body);
    const std::string_view mechanism = ReadCString(in);
    in.Skip(4);
    request.String("sasl_authentication_mechanism", Mechanism(mechanism));
    request.String("sasl_param", Printable(AsText(in.rest()), scratch_), Privacy::kIdentifier);
    return;
  }
  if (login_ == Login::kSaslNext) {
    request.String("sasl_response", Printable(text, scratch_), Privacy::kSecret);
    return;
  }
  const std::string_view password = ToZero(body);
  request.Boolean("password_redacted", true);
  if (!password.empty()) sink.OnField("pgsql.password", "password", client_, AsBytes(password));
}

void PgsqlParser::CloseCopyIn(const char* message, std::string_view reason, MessageSink& sink) noexcept {
  Record& request = exchange_.request();
  if (!copy_in_) exchange_.Open(client_, sink);
  request.BeginObject("copy_data_in")
      .Integer("msg_count", static_cast<std::int64_t>(exchange_.rows))
      .Integer("data_size", static_cast<std::int64_t>(exchange_.row_bytes))
      .EndObject();
  if (reason.empty()) {
    request.String("message", message);
  } else {
    request.String(message, Printable(reason, scratch_), Privacy::kIdentifier);
  }
  exchange_.rows = exchange_.row_bytes = 0;
  copy_in_ = false;
  EndBody(SideOf(client_), client_, BodyEnd::kComplete, sink);
}

}  // namespace gander::protocol::pgsql
