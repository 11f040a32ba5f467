// SPDX-License-Identifier: Apache-2.0
#include "protocol/pgsql/exchange.h"

#include "base/renew.h"
#include "protocol/framing/printable.h"
#include "protocol/pgsql/pgsql.h"

namespace gander::protocol::pgsql {
namespace {

// Tokens of a response that are written: a server may send any number of parameters and notices.
constexpr std::size_t kMaxTokens = 256;

thread_local Record event;

}  // namespace

void Exchange::Open(Direction client, MessageSink& sink) noexcept {
  Write(sink);
  open_ = true;
  client_ = client;
  ++count_;
}

void Exchange::Write(MessageSink& sink) noexcept {
  if (open_ && sink.WantsEvent("pgsql")) {
    if (parameters_open_) response_.EndArray();
    event.Clear();
    event.BeginObject("pgsql").Integer("tx_id", count_);
    if (!request_.empty()) event.BeginObject("request").Append(request_).EndObject();
    if (!response_.empty()) event.BeginObject("response").Append(response_).EndObject();
    event.EndObject();
    sink.OnEvent("pgsql", tx_id(), client_, event);
  }
  open_ = parameters_open_ = false;
  request_.Clear();
  response_.Clear();
  rows = row_bytes = 0;
}

void Exchange::Reset() noexcept { Renew(*this, {}, &Exchange::scratch_); }

bool Exchange::Begin(const char* key) noexcept {
  if (!open_) return false;
  if (parameters_open_) response_.EndArray();
  parameters_open_ = false;
  if (response_.tokens().size() >= kMaxTokens) return false;
  int depth = 0;
  for (const Record::Token& t : response_.tokens()) {
    if (depth == 0 && t.key != nullptr && std::string_view(t.key) == key) return false;
    depth += t.kind == Record::Kind::kBeginObject || t.kind == Record::Kind::kBeginArray;
    depth -= t.kind == Record::Kind::kEndObject || t.kind == Record::Kind::kEndArray;
  }
  return true;
}

void Exchange::String(const char* key, std::string_view value, Privacy privacy) noexcept {
  if (Begin(key)) response_.String(key, framing::Printable(value, scratch_), privacy);
}
void Exchange::Integer(const char* key, std::int64_t value) noexcept {
  if (Begin(key)) response_.Integer(key, value);
}
void Exchange::Boolean(const char* key, bool value) noexcept {
  if (Begin(key)) response_.Boolean(key, value);
}
void Exchange::Counts(const char* key, const char* first, std::uint64_t one, const char* second,
                      std::uint64_t two) noexcept {
  if (!Begin(key)) return;
  response_.BeginObject(key).Integer(first, static_cast<std::int64_t>(one));
  if (second != nullptr) response_.Integer(second, static_cast<std::int64_t>(two));
  response_.EndObject();
}

void Exchange::Parameter(const char* name, std::string_view value) noexcept {
  if (name == nullptr || !open_) return;
  if (!parameters_open_) {
    if (!Begin("parameter_status")) return;
    response_.BeginArray("parameter_status");
    parameters_open_ = true;
  }
  if (response_.tokens().size() >= kMaxTokens) return;
  response_.BeginObject().String(name, framing::Printable(value, scratch_), Privacy::kIdentifier).EndObject();
}

}  // namespace gander::protocol::pgsql
