// SPDX-License-Identifier: Apache-2.0
// A text or message in any notation, cut anyhow: what is said of it must not depend on the cuts. First byte: media
// type; second: size of the parts; the rest: text.
#include "content_file.h"

namespace {

using namespace gander;

constexpr const char* kTypes[] = {"application/json",
                                  "text/html",
                                  "application/x-www-form-urlencoded",
                                  "text/vcard",
                                  "text/ldif",
                                  "application/x-protobuf",
                                  "application/msgpack",
                                  "application/cbor",
                                  "application/grpc",
                                  "text/plain",
                                  "text/csv",
                                  "",
                                  "application/octet-stream",
                                  "text/javascript",
                                  "application/soap+xml",
                                  "text/calendar"};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  protocol::BodyMeta meta;
  meta.where = "http.request.body";
  meta.content_type = kTypes[data[0] & 0xf];
  const std::size_t step = 1 + (data[1] & 0x3fu) * (data[1] & 0x3fu);
  content::ExpectTheSame(meta, Bytes(reinterpret_cast<const std::byte*>(data) + 2, size - 2), step);
  return 0;
}
