// SPDX-License-Identifier: Apache-2.0
// Bodies that are what they are by their media type alone, damaged anyhow and cut anyhow. First byte: the type; second:
// size of the parts, 0 = all at once; the rest: the body. What is said of it must not depend on how it came.
#include "content_file.h"

using namespace gander;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 3) return 0;
  constexpr const char* kTypes[] = {
      "application/msgpack", "application/cbor",          "application/x-protobuf", "application/grpc-web+proto",
      "text/vcard",          "application/grpc-web-text", "text/x-ldif",            "application/connect+json",
      "application/json",    "text/html",                 "application/x-br",       "application/x-www-form-urlencoded",
      "text/calendar",       "application/grpc",
  };
  protocol::BodyMeta meta;
  meta.where = "http.request.body";
  meta.content_type = kTypes[data[0] % std::size(kTypes)];
  content::ExpectTheSame(meta, {reinterpret_cast<const std::byte*>(data) + 2, size - 2}, data[1]);
  return 0;
}
