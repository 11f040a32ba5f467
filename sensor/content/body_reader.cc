// SPDX-License-Identifier: Apache-2.0
#include "content/body_reader.h"

#include <algorithm>
#include <string>
#include <utility>

#include "base/renew.h"
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
  } else if (output > kRatioFloor && output / std::max(options->max_ratio, 1u) > wire) {
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

// What a body takes from its first byte on; of the pool. What each part needs stands first, up to the front of the body.
struct BodyReader::Unwrapping {
  LayerPtr root;
  Entity* plain = nullptr;  // root, where there is no content coding
  Uninspected owed;
  Body body;

  // What a layer held back and only now knows the fate of may be more than this part has; the next part tells it.
  void Tell(ByteFate fate, std::uint64_t& bytes, std::uint64_t& left) noexcept {
    const std::uint64_t told = std::min(bytes, left);
    if (told == 0) return;
    bytes -= told;
    left -= told;
    body.sink->OnFate(fate, told);
  }
};

// What was said of a body before its first byte, which many a connection waits for.
class BodyReader::Announced {
 public:
  Announced(std::shared_ptr<const Options> options, Counters& counters, DecoderPool* pool)
      : options_(std::move(options)), counters_(&counters), pool_(pool) {
    if (pool_ != nullptr) return;
    own_pool_ = std::make_unique<DecoderPool>(PoolLimits{options_->memory, options_->keep_memory});
    pool_ = own_pool_.get();
  }

  // A body was begun and has not ended.
  bool open() const noexcept { return open_; }
  void Close() noexcept { open_ = false; }
  DecoderPool& pool() noexcept { return *pool_; }
  bool owns_pool() const noexcept { return own_pool_ != nullptr; }
  bool has_coded_name() const noexcept { return IsEncodedName(name()); }

  void Begin(const protocol::BodyMeta& meta) noexcept {
    open_ = true;
    where_ = meta.where;
    direction_ = meta.direction;
    tx_id_ = meta.tx_id;
    range_ = meta.range;
    messages_ = 0;
    from_start_ = meta.range.start <= 0;
    is_file_ = IsFile(meta);
    in_parts_ = IsStretch(meta.range);
    const std::string_view type = meta.content_type.substr(0, kMaxHeaderValue);
    const std::string_view coding = meta.content_encoding.substr(0, kMaxHeaderValue);
    type_size_ = static_cast<std::uint16_t>(type.size());
    coding_size_ = static_cast<std::uint16_t>(coding.size());
    words_.assign(type).append(coding).append(meta.file_name.substr(0, kMaxHeaderValue));
    ++counters_->bodies;
  }

  // Another message goes on with the body.
  void GoOn(const protocol::BodyMeta& meta, Unwrapping* unwrapping) noexcept {
    tx_id_ = meta.tx_id;
    range_ = meta.range;
    ++messages_;
    if (unwrapping != nullptr) Describe(unwrapping->body);
  }

  Unwrapping* Unwrap(TextSink& sink) noexcept {
    Unwrapping* const u = pool_->Take<Unwrapping>();
    u->owed = {};
    Body& body = u->body;
    Renew(body, {}, &Body::path);
    body.sink = &sink;
    body.direction = direction_;
    body.options = options_.get();
    body.counters = counters_;
    body.pool = pool_;
    body.from_start = from_start_;
    Describe(body);
    body.path.Begin(where_);
    if (has_coded_name()) DecodeName(body);
    EntityMeta entity;
    entity.content_type = content_type();
    entity.name = name();
    entity.is_file = entity.keep = is_file_;
    entity.in_parts = in_parts_;
    LayerPtr inner = OpenEntity(body, entity);
    u->plain = static_cast<Entity*>(inner.get());
    u->root = OpenCodings(body, coding(), std::move(inner));
    if (u->root.get() != u->plain) u->plain = nullptr;
    return u;
  }

 private:
  std::string_view content_type() const noexcept { return std::string_view(words_).substr(0, type_size_); }
  std::string_view coding() const noexcept { return std::string_view(words_).substr(type_size_, coding_size_); }
  std::string_view name() const noexcept { return std::string_view(words_).substr(type_size_ + coding_size_); }

  void Describe(Body& body) const noexcept {
    body.tx_id = tx_id_;
    body.range = range_;
    body.messages = messages_;
  }

  // Browsers undo what mail does to names (RFC 2047), and take names in any charset.
  void DecodeName(Body& body) noexcept {
    HeaderWords words;
    words.Begin(body);
    std::string decoded;
    protocol::mime::DecodeWords(name(), decoded, &words);
    if (decoded == name()) return;
    words_.replace(type_size_ + coding_size_, std::string::npos, decoded);
    TextPiece piece;
    piece.text = AsBytes(name());
    piece.path = body.path.text();
    piece.name = "filename";
    piece.direction = body.direction;
    body.sink->OnText(piece);
  }

  std::shared_ptr<const Options> options_;
  Counters* counters_;
  DecoderPool* pool_;
  std::unique_ptr<DecoderPool> own_pool_;
  std::string words_;  // content type, content coding and file name, one behind the other
  std::uint16_t type_size_ = 0, coding_size_ = 0;
  const char* where_ = "";
  protocol::BodyRange range_;
  std::uint32_t tx_id_ = 0, messages_ = 0;
  Direction direction_ = Direction::kToServer;
  bool open_ = false, from_start_ = true, is_file_ = false, in_parts_ = false;
};

BodyReader::BodyReader(const Options& options, Counters& counters)
    : announced_(std::make_unique<Announced>(std::make_shared<const Options>(options), counters, nullptr)) {}

BodyReader::BodyReader(const Options& options, Counters& counters, DecoderPool& pool)
    : BodyReader(counters, pool, std::make_shared<const Options>(options)) {}

BodyReader::BodyReader(Counters& counters, DecoderPool& pool, std::shared_ptr<const Options> options)
    : announced_(std::make_unique<Announced>(std::move(options), counters, &pool)) {}

BodyReader::~BodyReader() {
  NoSink sink;
  End(protocol::BodyEnd::kTruncated, sink);
}

void BodyReader::Prefetch() const noexcept {
  if (unwrapping_ == nullptr) return __builtin_prefetch(announced_.get());
  const char* const begin = reinterpret_cast<const char*>(unwrapping_);
  for (std::size_t line = 0; line < 4; ++line) __builtin_prefetch(begin + line * 64);
}

void BodyReader::Begin(const protocol::BodyMeta& meta, TextSink& sink) noexcept {
  if (meta.continues && announced_->open()) return announced_->GoOn(meta, unwrapping_);
  End(protocol::BodyEnd::kTruncated, sink);
  announced_->Begin(meta);
  if (announced_->has_coded_name()) unwrapping_ = announced_->Unwrap(sink);  // it is a text of its own
}

// False where no body is open.
bool BodyReader::Unwrap(TextSink& sink) noexcept {
  if (unwrapping_ == nullptr) {
    if (!announced_->open()) return false;
    unwrapping_ = announced_->Unwrap(sink);
  }
  unwrapping_->body.sink = &sink;
  return true;
}

void BodyReader::Feed(Bytes part, TextSink& sink) noexcept {
  if (part.empty() || !Unwrap(sink)) return;
  Unwrapping& u = *unwrapping_;
  u.body.wire += part.size();
  if (announced_->owns_pool()) u.body.pool->burst.Renew();
  u.body.pool->burst.Grant(part.size() * BurstBudget::kPerByte);
  u.owed += u.root->Feed(part);
  u.body.awaited += part.size();
  std::uint64_t left = part.size();
  u.Tell(ByteFate::kLostUnwrapCap, u.owed.lost, left);
  u.Tell(ByteFate::kOpaqueUndecodable, u.owed.undecodable, left);
  u.Tell(ByteFate::kOpaqueLocked, u.owed.locked, left);
  u.Tell(ByteFate::kOpaqueBinary, u.owed.opaque, left);
}

// A coding cannot go on; what is behind the gap is another entity then.
void BodyReader::Gap(std::uint64_t bytes, TextSink& sink) noexcept {
  if (bytes == 0 || !Unwrap(sink)) return;
  Unwrapping& u = *unwrapping_;
  if (u.plain == nullptr) {
    u.root->End(protocol::BodyEnd::kGap);
    u.root = OpenEntity(u.body, {});
    u.plain = static_cast<Entity*>(u.root.get());
  }
  u.plain->OnGap(bytes);
  u.owed += u.body.TakeLate();  // told with what comes behind
}

void BodyReader::End(protocol::BodyEnd end, TextSink& sink) noexcept {
  if (!Unwrap(sink)) return;
  if (end == protocol::BodyEnd::kPart) return unwrapping_->root->EndPart();
  unwrapping_->root->End(end);
  unwrapping_->root.reset();
  announced_->pool().Give(std::exchange(unwrapping_, nullptr));
  announced_->Close();
}

}  // namespace gander::content
