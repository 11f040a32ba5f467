// SPDX-License-Identifier: Apache-2.0
// Archives and documents, damaged anyhow and cut anyhow. First byte: size of the parts, 0 = all at once; the rest: the
// file. What is said of it must not depend on how it came.
#include <cstdlib>
#include <string>

#include "base/hash.h"
#include "content/body_reader.h"
#include "content/decoder_pool.h"

namespace {

using namespace gander;

// Checks what the doorway promises about order, and keeps a digest of all that was said.
class CheckingSink final : public content::TextSink {
 public:
  void OnText(const content::TextPiece& piece) noexcept override {
    if (piece.first == open_ || piece.path.size() > 256) std::abort();
    if (!piece.first && piece.offset != next_) std::abort();
    if (piece.first) {
      Say(piece.path);
      Say(piece.name);
    }
    for (const std::byte b : piece.text) said = Mix64(said ^ static_cast<std::uint64_t>(b));
    next_ = piece.offset + piece.text.size();
    open_ = !piece.last;
  }
  void OnFile(const content::FileFacts& file) noexcept override {
    if (file.size == 0 && file.has_sha256) std::abort();
    Say(file.name);
    Say(file.path);
    said = Mix64(said ^ file.size);
  }
  void OnFate(ByteFate, std::uint64_t bytes) noexcept override { fates += bytes; }
  void OnAnomaly(const char* name) noexcept override { Say(name); }

  std::uint64_t fates = 0, said = 0;

 private:
  void Say(std::string_view s) noexcept { said = Mix64(said ^ SipHash13(HashKey{}, AsBytes(s))); }
  bool open_ = false;
  std::uint64_t next_ = 0;
};

std::uint64_t Read(Bytes file, std::size_t step) {
  static content::DecoderPool pool;
  static content::Counters counters{};
  content::Options options;
  // Caps that look at how much came with one part, or so far, are out of the way: they do depend on it.
  options.max_burst = options.max_output = std::uint64_t{1} << 40;
  options.max_ratio = 1u << 30;
  content::BodyReader reader(options, counters, pool);
  CheckingSink sink;
  protocol::BodyMeta meta;
  meta.where = "http.request.body";
  reader.Begin(meta, sink);
  while (!file.empty()) {
    const Bytes part = TakeFront(file, step);
    sink.fates = 0;
    reader.Feed(part, sink);
    if (sink.fates > part.size()) std::abort();
  }
  reader.End(protocol::BodyEnd::kComplete, sink);
  if (pool.open() != 0) std::abort();
  return sink.said;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const Bytes file(reinterpret_cast<const std::byte*>(data) + 1, size - 1);
  const std::uint64_t whole = Read(file, SIZE_MAX);
  const std::size_t step = data[0] == 0 ? SIZE_MAX : data[0];
  if (Read(file, step) != whole) std::abort();
  return 0;
}
