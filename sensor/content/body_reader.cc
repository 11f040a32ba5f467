// SPDX-License-Identifier: Apache-2.0
#include "content/body_reader.h"

#include <algorithm>
#include <string>

#include "content/coding/codings.h"
#include "content/decoder_pool.h"
#include "content/entity.h"
#include "content/mail/header_words.h"
#include "content/open.h"
#include "protocol/framing/printable.h"
#include "protocol/mime/header_value.h"

namespace gander::content {
namespace {

constexpr std::size_t kMaxHeaderValue = 2048;  // of a declared type or name
constexpr std::uint64_t kRatioFloor = 1u << 20;

// Bodies that are not files even when they are a leaf: pieces of a conversation rather than documents.
bool IsFile(const protocol::BodyMeta& meta) noexcept {
  const std::string_view where = meta.where;
  const std::string_view type = protocol::mime::MainValue(meta.content_type);
  if (!meta.is_file || where == "payload") return false;
  const bool composite = protocol::mime::StartsWithIgnoreCase(type, "message/") ||
                         protocol::mime::StartsWithIgnoreCase(type, "multipart/");
  // A mail is known by its own event, and its attachments are the files.
  return !composite || where.starts_with("http.");
}

bool IsEncodedName(std::string_view name) noexcept {
  return name.find("=?") != std::string_view::npos || !protocol::framing::IsUtf8(name);
}

// Whether the message brings a stretch of a larger body.
bool IsStretch(const protocol::BodyRange& range) noexcept {
  return range.start >= 0 && (range.start > 0 || range.end + 1 != range.size);
}

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

bool Body::MayOutput(std::uint64_t produced, std::uint32_t cost) noexcept {
  output += produced;
  pool->burst.Spend(produced * cost);
  if (capped) return false;
  if (pool->burst.used_up(options->max_burst)) {
    ++counters->cap_burst;
    sink->OnAnomaly("decompression_burst_cap");
    capped = true;
  } else if (output > options->max_output) {
    ++counters->cap_output;
    sink->OnAnomaly("decompression_size_cap");
    capped = true;
  } else if (output > kRatioFloor && output / options->max_ratio > wire) {
    ++counters->cap_ratio;
    sink->OnAnomaly("compression_bomb");
    capped = true;
  }
  return !capped;
}

void Body::Spend(std::uint64_t work) noexcept { pool->burst.Spend(work); }

void Body::GrantAwaited(std::uint64_t bytes) noexcept {
  pool->burst.Grant(std::min(bytes, std::exchange(awaited, 0)) * BurstBudget::kPerAwaitedByte);
}

bool Body::MayNest() noexcept {
  if (depth < options->max_depth) {
    ++depth;
    return true;
  }
  if (!told_depth) {
    ++counters->cap_depth;
    sink->OnAnomaly("wrapping_depth_cap");
    told_depth = true;
  }
  return false;
}

bool Body::MayBeginPart() noexcept {
  if (parts < options->max_parts) {
    ++parts;
    Spend(BurstBudget::kPart);
    return true;
  }
  if (!told_parts) {
    ++counters->cap_parts;
    sink->OnAnomaly("mime_too_many_parts");
    told_parts = true;
  }
  return false;
}

bool Body::MayReportFile() noexcept {
  if (files < options->max_files) {
    ++files;
    Spend(BurstBudget::kFile);
    return true;
  }
  if (!told_files) {
    ++counters->cap_files;
    sink->OnAnomaly("too_many_files");
    told_files = true;
  }
  return false;
}

void Body::ReportLocked(std::string_view name, std::uint64_t size, std::string_view magic) noexcept {
  ++counters->locked;
  ReportUnread(name, size, magic, true, protocol::BodyEnd::kComplete);
}

void Body::ReportUndecodable(std::string_view name, std::uint64_t size, std::string_view magic) noexcept {
  ++counters->undecodable;
  ReportUnread(name, size, magic, false, protocol::BodyEnd::kTruncated);  // none of it was seen
}

void Body::ReportListed(std::string_view name, std::uint64_t size, std::string_view magic) noexcept {
  ReportUnread(name, size, magic, false, protocol::BodyEnd::kComplete);
}

void Body::ReportUnread(std::string_view name, std::uint64_t size, std::string_view magic, bool locked,
                        protocol::BodyEnd end) noexcept {
  if (!MayReportFile()) return;
  FileFacts facts;
  facts.name = name;
  facts.path = path.text();
  facts.magic = magic;
  facts.size = size;
  facts.encrypted = locked;
  facts.end = end;
  facts.direction = direction;
  facts.tx_id = tx_id;
  ++counters->files;
  sink->OnFile(facts);
}

class BodyReader::Impl {
 public:
  Impl(const Options& options, Counters& counters, DecoderPool* pool)
      : options_(options) {
    if (pool == nullptr) own_pool_ = std::make_unique<DecoderPool>(PoolLimits{options.memory, options.keep_memory});
    body_.options = &options_;
    body_.counters = &counters;
    body_.pool = pool == nullptr ? own_pool_.get() : pool;
    options_.max_ratio = std::max(options.max_ratio, 1u);
  }

  bool open() const noexcept { return root_ != nullptr; }

  void Begin(const protocol::BodyMeta& meta, TextSink& sink) noexcept {
    body_.sink = &sink;
    body_.direction = meta.direction;
    body_.tx_id = meta.tx_id;
    body_.range = meta.range;
    body_.messages = 0;
    body_.from_start = meta.range.start <= 0;
    body_.wire = body_.output = body_.awaited = body_.coding_memory = 0;
    body_.depth = body_.buffers = body_.parts = body_.files = 0;
    body_.capped = body_.told_depth = body_.told_parts = body_.told_files = false;
    owed_ = body_.late = {};
    body_.path.Begin(meta.where);
    content_type_.assign(meta.content_type.substr(0, kMaxHeaderValue));
    name_.assign(meta.file_name.substr(0, kMaxHeaderValue));
    if (IsEncodedName(name_)) DecodeName();
    ++body_.counters->bodies;
    EntityMeta entity;
    entity.content_type = content_type_;
    entity.name = name_;
    entity.is_file = entity.keep = IsFile(meta);
    entity.in_parts = IsStretch(meta.range);
    LayerPtr inner = OpenEntity(body_, entity);
    plain_ = static_cast<Entity*>(inner.get());
    root_ = OpenCodings(body_, meta.content_encoding, std::move(inner));
    if (root_.get() != plain_) plain_ = nullptr;
  }

  // Another message goes on with the body.
  void GoOn(const protocol::BodyMeta& meta) noexcept {
    body_.tx_id = meta.tx_id;
    body_.range = meta.range;
    ++body_.messages;
  }

  void Feed(Bytes part, TextSink& sink) noexcept {
    if (root_ == nullptr || part.empty()) return;
    body_.sink = &sink;
    body_.wire += part.size();
    if (own_pool_ != nullptr) own_pool_->burst.Renew();
    body_.pool->burst.Grant(part.size() * BurstBudget::kPerByte);
    owed_ += root_->Feed(part);
    body_.awaited += part.size();
    std::uint64_t left = part.size();
    Tell(ByteFate::kLostUnwrapCap, owed_.lost, left);
    Tell(ByteFate::kOpaqueUndecodable, owed_.undecodable, left);
    Tell(ByteFate::kOpaqueLocked, owed_.locked, left);
    Tell(ByteFate::kOpaqueBinary, owed_.opaque, left);
  }

  // A coding cannot go on; what is behind the gap is another entity then.
  void Gap(std::uint64_t bytes, TextSink& sink) noexcept {
    if (root_ == nullptr || bytes == 0) return;
    body_.sink = &sink;
    if (plain_ == nullptr) {
      root_->End(protocol::BodyEnd::kGap);
      root_ = OpenEntity(body_, {});
      plain_ = static_cast<Entity*>(root_.get());
    }
    plain_->OnGap(bytes);
    owed_ += body_.TakeLate();  // told with what comes behind
  }

  void End(protocol::BodyEnd end, TextSink& sink) noexcept {
    if (root_ == nullptr) return;
    body_.sink = &sink;
    if (end == protocol::BodyEnd::kPart) return root_->EndPart();
    root_->End(end);
    root_.reset();
    plain_ = nullptr;
  }

 private:
  // Browsers undo what mail does to names (RFC 2047), and take names in any charset.
  void DecodeName() noexcept {
    HeaderWords words;
    words.Begin(body_);
    std::string decoded;
    protocol::mime::DecodeWords(name_, decoded, &words);
    if (decoded == name_) return;
    name_.swap(decoded);
    TextPiece piece;
    piece.text = AsBytes(name_);
    piece.path = body_.path.text();
    piece.name = "filename";
    piece.direction = body_.direction;
    body_.sink->OnText(piece);
  }

  // What a layer held back and only now knows the fate of may be more than this part has; the next part tells
  // it.
  void Tell(ByteFate fate, std::uint64_t& owed, std::uint64_t& left) noexcept {
    const std::uint64_t bytes = std::min(owed, left);
    if (bytes == 0) return;
    owed -= bytes;
    left -= bytes;
    body_.sink->OnFate(fate, bytes);
  }

  // What each part needs stands first, up to the front of the body.
  LayerPtr root_;
  Entity* plain_ = nullptr;  // root_, where there is no content coding
  Uninspected owed_;
  Body body_;
  std::string content_type_, name_;
  Options options_;
  std::unique_ptr<DecoderPool> own_pool_;
};

BodyReader::BodyReader(const Options& options, Counters& counters)
    : impl_(std::make_unique<Impl>(options, counters, nullptr)) {}

BodyReader::BodyReader(const Options& options, Counters& counters, DecoderPool& pool)
    : impl_(std::make_unique<Impl>(options, counters, &pool)) {}

void BodyReader::Prefetch() const noexcept {
  const char* const begin = reinterpret_cast<const char*>(impl_.get());
  for (std::size_t line = 0; line < 4; ++line) __builtin_prefetch(begin + line * 64);
}

BodyReader::~BodyReader() {
  NoSink sink;
  impl_->End(protocol::BodyEnd::kTruncated, sink);
}

void BodyReader::Begin(const protocol::BodyMeta& meta, TextSink& sink) noexcept {
  if (meta.continues && impl_->open()) return impl_->GoOn(meta);
  impl_->End(protocol::BodyEnd::kTruncated, sink);
  impl_->Begin(meta, sink);
}

void BodyReader::Feed(Bytes part, TextSink& sink) noexcept { impl_->Feed(part, sink); }

void BodyReader::Gap(std::uint64_t bytes, TextSink& sink) noexcept { impl_->Gap(bytes, sink); }

void BodyReader::End(protocol::BodyEnd end, TextSink& sink) noexcept { impl_->End(end, sink); }

}  // namespace gander::content
