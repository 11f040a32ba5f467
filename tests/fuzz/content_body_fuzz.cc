// SPDX-License-Identifier: Apache-2.0
// Any bytes under any label, cut anyhow. First byte: type and coding; second: size of the parts; the rest:
// body.
#include "content_file.h"

namespace {

using namespace gander;

constexpr const char* kTypes[] = {"",
                                  "text/plain",
                                  "message/rfc822",
                                  "multipart/form-data; boundary=b",
                                  "application/x-www-form-urlencoded",
                                  "application/octet-stream",
                                  "multipart/mixed; boundary*0=\"b\"; boundary*1*=%62",
                                  "message/rfc822; name*=utf-8''%e2"};
constexpr const char* kEncodings[] = {"",         "gzip",          "deflate", "br",
                                      "gzip, br", "deflate, gzip", "zstd",    "x-gzip,,identity"};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  static content::DecoderPool pool;
  static content::Counters counters{};
  content::Options options;
  options.max_parts = 50;
  options.md5 = (data[1] & 0x80) != 0;
  content::BodyReader reader(options, counters, pool);
  content::CheckingSink sink;
  protocol::BodyMeta meta;
  meta.where = (data[0] & 0x40) != 0 ? "smtp.data" : "http.request.body";
  meta.content_type = kTypes[data[0] & 7];
  meta.content_encoding = kEncodings[data[0] >> 3 & 7];
  const std::size_t step = 1 + (data[1] & 0x7f) * (data[1] & 0x7f);
  reader.Begin(meta, sink);
  content::FeedInParts(reader, Bytes(reinterpret_cast<const std::byte*>(data) + 2, size - 2), step, sink);
  if (pool.open() != 0)
    std::abort();
  return 0;
}
