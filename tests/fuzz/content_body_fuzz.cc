// SPDX-License-Identifier: Apache-2.0
// Any bytes under any label, cut anyhow. First byte: type and coding; second: size of the parts; the rest:
// body.
#include <cstdlib>

#include "content/body_reader.h"
#include "content/decoder_pool.h"

namespace {

using namespace gander;

// Checks what the doorway promises about order; anything else aborts.
class CheckingSink final : public content::TextSink {
 public:
  void OnText(const content::TextPiece& piece) noexcept override {
    if (piece.first == open_ || piece.path.size() > 256) std::abort();
    if (!piece.first && piece.offset != next_) std::abort();
    next_ = piece.offset + piece.text.size();
    open_ = !piece.last;
  }
  void OnFile(const content::FileFacts& file) noexcept override {
    if (file.size == 0 && file.has_sha256) std::abort();
  }
  void OnFate(ByteFate, std::uint64_t bytes) noexcept override { fates += bytes; }
  void OnAnomaly(const char*) noexcept override {}

  std::uint64_t fates = 0;

 private:
  bool open_ = false;
  std::uint64_t next_ = 0;
};

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
  CheckingSink sink;
  protocol::BodyMeta meta;
  meta.where = (data[0] & 0x40) != 0 ? "smtp.data" : "http.request.body";
  meta.content_type = kTypes[data[0] & 7];
  meta.content_encoding = kEncodings[data[0] >> 3 & 7];
  const std::size_t step = 1 + (data[1] & 0x7f) * (data[1] & 0x7f);
  reader.Begin(meta, sink);
  Bytes rest(reinterpret_cast<const std::byte*>(data) + 2, size - 2);
  while (!rest.empty()) {
    const Bytes part = TakeFront(rest, step);
    sink.fates = 0;
    reader.Feed(part, sink);
    if (sink.fates > part.size()) std::abort();
  }
  reader.End(protocol::BodyEnd::kComplete, sink);
  if (pool.open() != 0)
    std::abort();
  return 0;
}
