// SPDX-License-Identifier: Apache-2.0
// Archives that libarchive reads, cut anyhow. First byte: size of the parts, and in its high bit whether the body is
// said to be cut; the rest: the archive. Checks order, accounts, that all is given back and that memory keeps to its
// bound.
#include <cstdlib>

#include "content/archive/archive_run.h"
#include "content/body_reader.h"
#include "content/decoder_pool.h"

namespace {

using namespace gander;

class CheckingSink final : public content::TextSink {
 public:
  void OnText(const content::TextPiece& piece) noexcept override {
    if (piece.first == open_ || piece.path.size() > 256) std::abort();
    if (!piece.first && piece.offset != next_) std::abort();
    next_ = piece.offset + piece.text.size();
    open_ = !piece.last;
  }
  void OnFile(const content::FileFacts&) noexcept override {}
  void OnFate(ByteFate, std::uint64_t bytes) noexcept override { fates += bytes; }
  void OnAnomaly(const char*) noexcept override {}

  std::uint64_t fates = 0;

 private:
  bool open_ = false;
  std::uint64_t next_ = 0;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 1) return 0;
  content::DecoderPool pool;
  content::Counters counters{};
  content::Options options;
  options.sha256 = false;
  content::BodyReader reader(options, counters, pool);
  CheckingSink sink;
  protocol::BodyMeta meta;
  meta.where = "http.request.body";
  meta.is_file = true;
  const std::size_t step = 1 + (data[0] & 0x7f) * (data[0] & 0x7f);
  reader.Begin(meta, sink);
  Bytes rest(reinterpret_cast<const std::byte*>(data) + 1, size - 1);
  while (!rest.empty()) {
    const Bytes part = TakeFront(rest, step);
    sink.fates = 0;
    reader.Feed(part, sink);
    if (sink.fates > part.size()) std::abort();
  }
  const bool cut = (data[0] & 0x80) != 0;
  reader.End(cut ? protocol::BodyEnd::kTruncated : protocol::BodyEnd::kComplete, sink);
  if (pool.open() != 0 || pool.memory.peak() > pool.memory.budget()) std::abort();
  return 0;
}
