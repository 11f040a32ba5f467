// SPDX-License-Identifier: Apache-2.0
#include "protocol/http2/stream.h"

namespace gander::protocol::http2 {
namespace {

void AddHeaders(const char* key, const Message& message, Record& out) {
  if (message.headers.empty()) return;
  out.BeginArray(key).Append(message.headers).EndArray();
}

}  // namespace

void Describe(const Stream& stream, Direction client, Record& out) {
  const Message& request = stream.messages[Index(client)];
  const Message& response = stream.messages[Index(Opposite(client))];
  out.BeginObject("http").String("version", "2").String("protocol", "HTTP/2");
  AddHeaders("request_headers", request, out);
  AddHeaders("response_headers", response, out);
  out.Append(stream.facts);
  if (response.begun) {
    const bool declared = response.declared_length >= 0;
    out.Integer("length", declared ? response.declared_length : static_cast<std::int64_t>(response.body_bytes));
  }
  out.BeginObject("http2").Integer("stream_id", stream.id);
  out.BeginObject("request").Append(stream.request).EndObject();
  out.BeginObject("response").Append(stream.response).EndObject();
  out.EndObject().EndObject();
}

}  // namespace gander::protocol::http2
