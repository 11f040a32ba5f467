// SPDX-License-Identifier: Apache-2.0
#include "protocol/http_message/head.h"

#include <openssl/evp.h>

#include <algorithm>
#include <charconv>
#include <string>

#include "protocol/content_coding.h"
#include "protocol/http_message/syntax.h"

namespace gander::protocol::http {
namespace {

enum class Name : std::uint8_t {
  kOther,
  kAuthorization,
  kContentDisposition,
  kContentEncoding,
  kContentLength,
  kContentRange,
  kContentType,
  kCookie,
  kEtag,
  kHost,
  kLocation,
  kRange,
  kReferer,
  kTransferEncoding,
  kUpgrade,
  kWebSocketExtensions,
  kUserAgent,
  kForwardedFor,
  kServer,
  kDull,  // protocol machinery whose values never hold personal data
};

struct KnownName {
  std::string_view text;
  Name name;
};
constexpr KnownName kNames[] = {
    {"authorization", Name::kAuthorization},
    {"proxy-authorization", Name::kAuthorization},
    {"content-disposition", Name::kContentDisposition},
    {"content-encoding", Name::kContentEncoding},
    {"content-length", Name::kContentLength},
    {"content-type", Name::kContentType},
    {"cookie", Name::kCookie},
    {"set-cookie", Name::kCookie},
    {"host", Name::kHost},
    {"location", Name::kLocation},
    {"referer", Name::kReferer},
    {"transfer-encoding", Name::kTransferEncoding},
    {"upgrade", Name::kUpgrade},
    {"sec-websocket-extensions", Name::kWebSocketExtensions},
    {"user-agent", Name::kUserAgent},
    {"x-forwarded-for", Name::kForwardedFor},
    {"accept", Name::kDull},
    {"accept-charset", Name::kDull},
    {"accept-encoding", Name::kDull},
    {"accept-language", Name::kDull},
    {"accept-ranges", Name::kDull},
    {"access-control-allow-headers", Name::kDull},
    {"access-control-allow-methods", Name::kDull},
    {"age", Name::kDull},
    {"cache-control", Name::kDull},
    {"connection", Name::kDull},
    {"content-language", Name::kDull},
    {"content-range", Name::kContentRange},
    {"date", Name::kDull},
    {"dnt", Name::kDull},
    {"etag", Name::kEtag},
    {"expect", Name::kDull},
    {"expires", Name::kDull},
    {"if-modified-since", Name::kDull},
    {"if-none-match", Name::kDull},
    {"keep-alive", Name::kDull},
    {"last-modified", Name::kDull},
    {"pragma", Name::kDull},
    {"proxy-connection", Name::kDull},
    {"range", Name::kRange},
    {"sec-fetch-dest", Name::kDull},
    {"sec-fetch-mode", Name::kDull},
    {"sec-fetch-site", Name::kDull},
    {"sec-fetch-user", Name::kDull},
    {"sec-websocket-accept", Name::kDull},
    {"sec-websocket-key", Name::kDull},
    {"sec-websocket-version", Name::kDull},
    {"server", Name::kServer},
    {"strict-transport-security", Name::kDull},
    {"te", Name::kDull},
    {"trailer", Name::kDull},
    {"upgrade-insecure-requests", Name::kDull},
    {"vary", Name::kDull},
    {"x-content-type-options", Name::kDull},
    {"x-frame-options", Name::kDull},
    {"x-powered-by", Name::kDull},
    {"x-xss-protection", Name::kDull},
};

bool IsNameChar(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

// Without what is neither printable nor ASCII: "chu\0nked" is "chunked" to some.
std::string Printable(std::string_view s) {
  std::string out;
  for (const char c : s) {
    if (c >= ' ' && c < 0x7f) out += c;
  }
  return out;
}

Name LookupExact(std::string_view name) noexcept {
  for (const KnownName& known : kNames) {
    if (EqualsNoCase(name, known.text)) return known.name;
  }
  return Name::kOther;
}

// A name with a NUL or such in it is taken without.
Name Lookup(std::string_view name) {
  const Name exact = LookupExact(name);
  if (exact != Name::kOther || std::all_of(name.begin(), name.end(), [](char c) { return c > ' ' && c < 0x7f; })) {
    return exact;
  }
  return LookupExact(Printable(name));
}

bool HasToken(std::string_view list, std::string_view token) noexcept {
  while (!list.empty()) {
    const std::size_t comma = std::min(list.find(','), list.size());
    const std::string_view item = list.substr(0, comma);
    if (EqualsNoCase(Trim(item.substr(0, item.find(';'))), token)) return true;
    list.remove_prefix(std::min(comma + 1, list.size()));
  }
  return false;
}

void SetFirst(std::string_view& slot, std::string_view value) noexcept {
  if (slot.empty()) slot = value;
}

bool ContainsNoCase(std::string_view s, std::string_view word) noexcept {
  for (std::size_t i = 0; i + word.size() <= s.size(); ++i) {
    if (EqualsNoCase(s.substr(i, word.size()), word)) return true;
  }
  return false;
}

constexpr std::size_t kMaxCodings = 128;  // bytes of their list

// Adds the words of `value` that name a coding.
void AddCodings(std::string_view value, std::string& out) {
  while (!value.empty() && out.size() < kMaxCodings) {
    std::size_t n = 0;
    while (n < value.size() && IsNameChar(value[n])) ++n;
    for (const std::string_view coding : kContentCodings) {
      if (EqualsNoCase(value.substr(0, n), coding)) out.append(out.empty() ? "" : ", ").append(coding);
    }
    value.remove_prefix(std::max<std::size_t>(n, 1));
  }
}

void ReadContentEncoding(std::string_view value, HeadFacts& facts) {
  const bool clean = std::all_of(value.begin(), value.end(), [](char c) { return IsNameChar(c) || c == ','; });
  if (clean && facts.content_encoding.empty()) {
    facts.content_encoding = value;
    return;
  }
  if (facts.codings.empty()) AddCodings(facts.content_encoding, facts.codings);
  AddCodings(Printable(value), facts.codings);
  if (!facts.codings.empty()) {
    facts.content_encoding = facts.codings;
  } else if (facts.content_encoding.empty()) {
    facts.content_encoding = value;
  }
}

void ReadContentLength(std::string_view value, bool request, HeadFacts& facts, MessageSink& sink) noexcept {
  if (!value.empty() && value.front() == '+') value.remove_prefix(1);
  std::int64_t length = -1;
  const auto parsed = std::from_chars(value.data(), value.data() + value.size(), length);
  // "5, 5" is one length that a proxy folded together.
  const bool list = parsed.ptr != value.data() + value.size() && *parsed.ptr == ',';
  if (parsed.ec != std::errc{} || length < 0 || (parsed.ptr != value.data() + value.size() && !list)) {
    sink.OnAnomaly(request ? "invalid_content_length_field_in_request"
                           : "invalid_content_length_field_in_response");
    facts.length_ambiguous = true;
    if (parsed.ec != std::errc{} || length < 0) return;
  }
  if (facts.has_length && facts.content_length != length) {
    sink.OnAnomaly(request ? "duplicate_content_length_field_in_request"
                           : "duplicate_content_length_field_in_response");
    facts.length_ambiguous = true;
    return;
  }
  facts.has_length = true;
  facts.content_length = length;
}

void ReadTransferEncoding(std::string_view value, bool request, HeadFacts& facts,
                          MessageSink& sink) noexcept {
  if (HasToken(value, "chunked")) {
    facts.chunked = true;
  } else if (!EqualsNoCase(value, "identity")) {
    sink.OnAnomaly(request ? "invalid_transfer_encoding_value_in_request"
                           : "invalid_transfer_encoding_value_in_response");
    if (ContainsNoCase(Printable(value), "chunked")) facts.chunked = true;
  }
}

// "Basic" credentials decoded to user:password, others as they are.
std::string_view Credentials(std::string_view value, std::string& scratch) {
  if (!StartsWithNoCase(value, "basic ")) return value;
  std::string_view code = Trim(value.substr(6));
  code = code.substr(0, code.size() / 4 * 4);
  scratch.resize(code.size() / 4 * 3);
  const int n =
      EVP_DecodeBlock(reinterpret_cast<unsigned char*>(scratch.data()),
                      reinterpret_cast<const unsigned char*>(code.data()), static_cast<int>(code.size()));
  if (n <= 0) return value;
  const std::size_t padding = static_cast<std::size_t>(std::count(code.end() - 2, code.end(), '='));
  return std::string_view(scratch).substr(0, static_cast<std::size_t>(n) - padding);
}

// RFC 7617 sends name and password together; a bearer (RFC 6750) is what lets him in who holds it. The other schemes
// prove knowledge of a secret and do not send it.
void ReadAuthorization(std::string_view value, Direction direction, std::string& scratch, MessageSink& sink) {
  const std::string_view shown = Credentials(value, scratch);
  sink.OnField("http.request.authorization", "authorization", direction, AsBytes(shown));
  if (!sink.Observes(Observation::kCredential)) return;
  if (StartsWithNoCase(value, "basic ")) {
    const std::size_t colon = shown.find(':');
    if (colon == shown.npos) return;
    sink.OnCredential({"http.basic", shown.substr(0, colon), AsBytes(shown.substr(colon + 1))});
  } else if (StartsWithNoCase(value, "bearer ")) {
    sink.OnCredential({"http.bearer", {}, AsBytes(Trim(value.substr(7)))});
  }
}

}  // namespace

void TellRequest(std::string_view method, std::string_view target, std::string_view host, const HeadFacts& facts,
                 MessageSink& sink) {
  if (sink.Observes(Observation::kRequest)) {
    RequestSeen request;
    request.method = method;
    request.target = target;
    request.host = host;
    request.credential = AsBytes(facts.authorization.empty() ? facts.cookie : facts.authorization);
    request.forwarded_for = Trim(facts.forwarded_for.substr(0, facts.forwarded_for.find(',')));
    request.user_agent = facts.user_agent;
    sink.OnRequest(request);
  }
  if (!facts.user_agent.empty()) sink.OnSoftware({"http.user_agent", Direction::kToServer, facts.user_agent});
}

void TellAnswer(std::string_view target, int status, const HeadFacts& facts, MessageSink& sink) {
  if (status > 0 && sink.Observes(Observation::kRequest)) {
    RequestSeen answer;
    answer.target = target;
    answer.status = static_cast<std::uint16_t>(status);
    sink.OnRequest(answer);
  }
  if (!facts.server.empty()) sink.OnSoftware({"http.server", Direction::kToClient, facts.server});
}

void ReadHeaders(std::string_view lines, bool request, Direction direction, HeadFacts& facts,
                 std::string& scratch, MessageSink& sink) {
  const char* const where = request ? "http.request.header" : "http.response.header";
  while (!lines.empty()) {
    const std::string_view line = TakeHeaderLine(lines);
    if (line.empty()) continue;
    const std::size_t colon = line.find(':');
    if (colon == line.npos) {
      sink.OnAnomaly(request ? "request_field_missing_colon" : "response_field_missing_colon");
      sink.OnField(where, {}, direction, AsBytes(Trim(line)));
      continue;
    }
    const std::string_view name = Trim(line.substr(0, colon));
    const std::string_view value = Trim(line.substr(colon + 1));
    if (value.empty()) continue;
    switch (Lookup(name)) {
      case Name::kDull:
        break;
      case Name::kContentLength:
        ReadContentLength(value, request, facts, sink);
        break;
      case Name::kTransferEncoding:
        ReadTransferEncoding(value, request, facts, sink);
        break;
      case Name::kContentRange:
        SetFirst(facts.content_range, value);
        break;
      case Name::kEtag:
        SetFirst(facts.etag, value);
        break;
      case Name::kRange:
        SetFirst(facts.range, value);
        break;
      case Name::kContentEncoding:
        ReadContentEncoding(value, facts);
        break;
      case Name::kContentType:
        SetFirst(facts.content_type, value);
        break;
      case Name::kUpgrade:
        SetFirst(facts.upgrade, value);
        break;
      case Name::kWebSocketExtensions:
        SetFirst(facts.websocket_extensions, value);
        break;
      case Name::kHost:
        if (!facts.host.empty() && !EqualsNoCase(facts.host, value)) sink.OnAnomaly("host_header_ambiguous");
        SetFirst(facts.host, value);
        break;
      case Name::kAuthorization:
        SetFirst(facts.authorization, value);
        ReadAuthorization(value, direction, scratch, sink);
        break;
      case Name::kContentDisposition:
        SetFirst(facts.disposition, value);
        sink.OnField(where, name, direction, AsBytes(value));
        break;
      case Name::kUserAgent:
        SetFirst(facts.user_agent, value);
        sink.OnField(where, name, direction, AsBytes(value));
        break;
      case Name::kReferer:
      case Name::kLocation:
        SetFirst(request ? facts.referer : facts.location, value);
        sink.OnField(where, name, direction, AsBytes(PercentDecode(value, true, scratch)));
        break;
      case Name::kServer:
        SetFirst(facts.server, value);
        break;
      case Name::kForwardedFor:
        SetFirst(facts.forwarded_for, value);
        sink.OnField(where, name, direction, AsBytes(value));
        break;
      case Name::kCookie:
        SetFirst(facts.cookie, value);
        [[fallthrough]];
      case Name::kOther:
        sink.OnField(where, name, direction, AsBytes(PercentDecode(value, false, scratch)));
        break;
    }
  }
}

std::string_view MediaType(std::string_view content_type) noexcept {
  return Trim(content_type.substr(0, content_type.find_first_of(";,")));
}

}  // namespace gander::protocol::http
