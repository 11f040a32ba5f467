// SPDX-License-Identifier: Apache-2.0
#include "content/body_reader.h"

#include <utility>

#include "content/announced_body.h"
#include "content/open.h"

namespace gander::content {
namespace {

// Takes what still comes out of a body whose reader is destroyed.
class NoSink final : public TextSink {
 public:
  void OnText(const TextPiece&) noexcept override {}
  void OnFile(const FileFacts&) noexcept override {}
  void OnFate(ByteFate, std::uint64_t) noexcept override {}
  void OnAnomaly(const char*) noexcept override {}
};

}  // namespace

const CounterName<Counters> Counters::kNames[31] = {
    {"bodies", "Bodies begun.", &Counters::bodies},
    {"files", "Files reported.", &Counters::files},
    {"gzip", "gzip codings taken off.", &Counters::gzip},
    {"deflate", "zlib and bare deflate codings taken off.", &Counters::deflate},
    {"brotli", "Brotli codings taken off.", &Counters::brotli},
    {"zstd", "Zstandard codings taken off.", &Counters::zstd},
    {"compress", "compress (LZW) codings taken off.", &Counters::compress},
    {"bzip2", "bzip2 codings taken off.", &Counters::bzip2},
    {"lzma", "LZMA and lzip codings taken off.", &Counters::lzma},
    {"xz", "xz codings taken off.", &Counters::xz},
    {"lz4", "LZ4 codings taken off.", &Counters::lz4},
    {"base64", "base64 parts decoded.", &Counters::base64},
    {"quoted_printable", "Quoted-printable parts decoded.", &Counters::quoted_printable},
    {"encoded_files", "Files decoded that were written into a text: uuencode, yEnc, base64.", &Counters::encoded_files},
    {"multipart", "Multiparts taken apart.", &Counters::multipart},
    {"form", "URL-encoded forms decoded.", &Counters::form},
    {"archives", "Archives taken apart.", &Counters::archives},
    {"charset", "Texts brought to UTF-8 from another character set.", &Counters::charset},
    {"protobuf", "Messages of protobuf walked.", &Counters::protobuf},
    {"charset_label", "Texts that are not in the character set they are labelled with.", &Counters::charset_label},
    {"charset_malformed", "Texts with bytes that mean nothing in their character set.", &Counters::charset_malformed},
    {"undecodable", "Codings that were corrupt or are not supported.", &Counters::undecodable},
    {"locked", "Files that cannot be read without a password or a key.", &Counters::locked},
    {"kept_too_large", "Files too large to be kept, or no memory for it.", &Counters::kept_too_large},
    {"cap_ratio", "Bodies given up because they expand too much.", &Counters::cap_ratio},
    {"cap_burst", "Bodies given up because too much came out of one packet.", &Counters::cap_burst},
    {"cap_output", "Bodies given up because too much came out of them.", &Counters::cap_output},
    {"cap_memory", "Wrappings not taken off because the memory for it was used up.", &Counters::cap_memory},
    {"cap_depth", "Bodies with more wrappings inside each other than are taken off.", &Counters::cap_depth},
    {"cap_parts", "Bodies with more parts than are read.", &Counters::cap_parts},
    {"cap_files", "Bodies with more files than are reported.", &Counters::cap_files},
};

BodyReader::BodyReader(const Options& options, Counters& counters)
    : announced_(std::make_unique<AnnouncedBody>(std::make_shared<const Options>(options), counters, nullptr)) {}

BodyReader::BodyReader(const Options& options, Counters& counters, DecoderPool& pool)
    : BodyReader(counters, pool, std::make_shared<const Options>(options)) {}

BodyReader::BodyReader(Counters& counters, DecoderPool& pool, std::shared_ptr<const Options> options)
    : announced_(std::make_unique<AnnouncedBody>(std::move(options), counters, &pool)) {}

BodyReader::~BodyReader() {
  NoSink sink;
  End(protocol::BodyEnd::kTruncated, sink);
}

void BodyReader::Prefetch() const noexcept {
  if (body_ == nullptr) return __builtin_prefetch(announced_.get());
  const char* const begin = reinterpret_cast<const char*>(body_);
  for (std::size_t line = 0; line < 4; ++line) __builtin_prefetch(begin + line * 64);
}

void BodyReader::Begin(const protocol::BodyMeta& meta, TextSink& sink) noexcept {
  if (meta.continues && announced_->open()) return announced_->GoOn(meta, body_);
  End(protocol::BodyEnd::kTruncated, sink);
  announced_->Begin(meta);
  if (announced_->has_coded_name()) body_ = announced_->Open(sink);  // it is a text of its own
}

// False where no body is open.
bool BodyReader::Open(TextSink& sink) noexcept {
  if (body_ == nullptr) {
    if (!announced_->open()) return false;
    body_ = announced_->Open(sink);
  }
  body_->body.sink = &sink;
  return true;
}

void BodyReader::Feed(Bytes part, TextSink& sink) noexcept {
  if (part.empty() || !Open(sink)) return;
  OpenBody& open = *body_;
  open.body.wire += part.size();
  if (announced_->owns_pool()) open.body.pool->burst.Renew();
  open.body.pool->burst.Grant(part.size() * BurstBudget::kPerByte);
  open.owed += open.root->Feed(part);
  open.body.awaited += part.size();
  std::uint64_t left = part.size();
  open.Tell(ByteFate::kLostUnwrapCap, open.owed.lost, left);
  open.Tell(ByteFate::kOpaqueUndecodable, open.owed.undecodable, left);
  open.Tell(ByteFate::kOpaqueLocked, open.owed.locked, left);
  open.Tell(ByteFate::kOpaqueBinary, open.owed.opaque, left);
}

// A coding cannot go on; what is behind the gap is another entity then.
void BodyReader::Gap(std::uint64_t bytes, TextSink& sink) noexcept {
  if (bytes == 0 || !Open(sink)) return;
  OpenBody& open = *body_;
  if (open.plain == nullptr) {
    open.root->End(protocol::BodyEnd::kGap);
    open.root = OpenEntity(open.body, {});
    open.plain = static_cast<Entity*>(open.root.get());
  }
  open.plain->OnGap(bytes);
  open.owed += open.body.TakeLate();  // told with what comes behind
}

void BodyReader::End(protocol::BodyEnd end, TextSink& sink) noexcept {
  if (!Open(sink)) return;
  if (end == protocol::BodyEnd::kPart) return body_->root->EndPart();
  body_->root->End(end);
  body_->root.reset();
  announced_->pool().Give(std::exchange(body_, nullptr));
  announced_->Close();
}

}  // namespace gander::content
