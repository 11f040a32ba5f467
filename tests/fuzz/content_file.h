// SPDX-License-Identifier: Apache-2.0
// Reads a file as a body, whole and in parts, and aborts when the doorway's promises are broken.
#ifndef GANDER_TESTS_FUZZ_CONTENT_FILE_H_
#define GANDER_TESTS_FUZZ_CONTENT_FILE_H_

#include <cstdlib>
#include <string>

#include "base/hash.h"
#include "content/body_reader.h"
#include "content/decoder_pool.h"

namespace gander::content {

// Checks what the doorway promises about order, and keeps a digest of all that was said.
class CheckingSink final : public TextSink {
 public:
  void OnText(const TextPiece& piece) noexcept override {
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
  void OnFile(const FileFacts& file) noexcept override {
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

// Feeds `body`, begun in `reader`, in parts of `step` bytes, and ends it.
inline void FeedInParts(BodyReader& reader, Bytes body, std::size_t step, CheckingSink& sink) {
  while (!body.empty()) {
    const Bytes part = TakeFront(body, step);
    sink.fates = 0;
    reader.Feed(part, sink);
    if (sink.fates > part.size()) std::abort();
  }
  reader.End(protocol::BodyEnd::kComplete, sink);
}

// Of damaged brotli and xz it depends on how they came how much of it is said (`exact`): their libraries keep some
// back, or read ahead. Where memory was short (not `roomy`) it depends on what idle decoders of the pool hold.
struct Said {
  std::uint64_t digest = 0;
  bool exact = true, roomy = true;
};

// What is said of `body`, read in parts of `step` bytes by readers of `pool`.
inline Said ReadInParts(const protocol::BodyMeta& meta, Bytes body, std::size_t step, DecoderPool& pool) {
  Counters counters{};
  Options options;
  // Caps that look at how much came with one part, or so far, are out of the way: they do depend on it.
  options.max_burst = options.max_output = std::uint64_t{1} << 40;
  options.max_ratio = 1u << 30;
  BodyReader reader(options, counters, pool);
  CheckingSink sink;
  reader.Begin(meta, sink);
  FeedInParts(reader, body, step, sink);
  if (pool.open() != 0) std::abort();
  return {sink.said, counters.undecodable == 0 || counters.brotli + counters.xz == 0, counters.cap_memory == 0};
}

// What is said of a body must not depend on how it came, nor on what the readers of the pool read before.
// `step`: 0 = all at once.
inline void ExpectTheSame(const protocol::BodyMeta& meta, Bytes body, std::size_t step) {
  static DecoderPool used;
  DecoderPool fresh;
  const Said whole = ReadInParts(meta, body, SIZE_MAX, used), first = ReadInParts(meta, body, SIZE_MAX, fresh);
  if (whole.roomy && first.roomy && whole.digest != first.digest) std::abort();
  if (step == 0) return;
  const Said parts = ReadInParts(meta, body, step, used);
  if (whole.exact && parts.exact && whole.digest != parts.digest) std::abort();
}

inline void ExpectTheSame(Bytes file, std::size_t step) {
  protocol::BodyMeta meta;
  meta.where = "http.request.body";
  ExpectTheSame(meta, file, step);
}

}  // namespace gander::content

#endif  // GANDER_TESTS_FUZZ_CONTENT_FILE_H_
