// SPDX-License-Identifier: Apache-2.0
// Takes the wrappings off one body at a time: content codings, MIME, multipart, forms.
#ifndef GANDER_CONTENT_BODY_READER_H_
#define GANDER_CONTENT_BODY_READER_H_

#include <memory>

#include "base/counters.h"
#include "content/text_piece.h"
#include "protocol/parser.h"

namespace gander::content {

enum class HashFiles : std::uint8_t {
  kDocuments,  // all but what pages are made of (IsPagePart)
  kAll,
};

struct Options {
  std::uint32_t max_depth = 12;             // wrappings inside each other
  std::uint64_t max_output = 256ull << 20;  // decoded bytes of one body
  std::uint32_t max_ratio = 200;            // decoded : wire, looked at once 1 MiB came out
  std::uint64_t max_burst = 2ull << 20;     // decoded bytes for one packet, of all its bodies: BurstBudget
  std::uint32_t max_parts = 1000;           // MIME and multipart parts and embedded values of one body
  std::uint32_t max_files = 1000;           // files reported of one body; further ones are read, not reported
  std::uint64_t memory = 64ull << 20;       // of a worker, for all its bodies: PoolLimits
  std::uint64_t keep_file = 0;              // bytes of the largest file handed to the sink whole; 0 = none is
  std::uint64_t keep_memory = 0;            // of a worker, for files that are gathered for that
  HashFiles hash_files = HashFiles::kDocuments;  // of all, a quarter of the throughput of clear text is hashing
  bool sha256 = true;                       // for fileinfo events
  bool md5 = false;                         // costs about 1.5 ns a byte
};

struct Counters {
  std::uint64_t bodies, files, gzip, deflate, brotli, zstd, compress, bzip2, lzma, xz, lz4, base64, quoted_printable,
      encoded_files, multipart, form, archives, protobuf, charset, charset_label, charset_malformed, undecodable,
      locked, kept_too_large, cap_ratio, cap_burst, cap_output, cap_memory, cap_depth, cap_parts, cap_files;
  static const CounterName<Counters> kNames[31];
};

class AnnouncedBody;
class DecoderPool;
struct OpenBody;

// One per flow direction, pooled by the worker. Decoders are taken from a DecoderPool
// (content/decoder_pool.h) when they are needed and given back when the body ends.
class BodyReader {
 public:
  // With a decoder pool of its own; each part is a packet.
  BodyReader(const Options& options, Counters& counters);
  // With the worker's, which must outlive it, and whose burst budget the worker renews for each packet.
  BodyReader(const Options& options, Counters& counters, DecoderPool& pool);
  // The same with options that many readers share.
  BodyReader(Counters& counters, DecoderPool& pool, std::shared_ptr<const Options> options);
  ~BodyReader();
  // A body that is still open is ended as truncated, unless this one `continues` it.
  void Begin(const protocol::BodyMeta& meta, TextSink& sink) noexcept;
  // All bytes of `part` count as inspected but for those said otherwise by OnFate() within this call.
  void Feed(Bytes part, TextSink& sink) noexcept;
  // `bytes` of the body are missing, and what is fed next stands behind them. Of a body with a content coding that is
  // then read as it stands.
  void Gap(std::uint64_t bytes, TextSink& sink) noexcept;
  void End(protocol::BodyEnd end, TextSink& sink) noexcept;
  // Asks for the memory that Feed() begins with.
  void Prefetch() const noexcept;

 private:
  bool Open(TextSink& sink) noexcept;

  std::unique_ptr<AnnouncedBody> announced_;
  OpenBody* body_ = nullptr;  // null until the body has a byte: a million connections may wait for one
};

}  // namespace gander::content

#endif  // GANDER_CONTENT_BODY_READER_H_
