// SPDX-License-Identifier: Apache-2.0
// Whatever has a media type: a whole body, a MIME part, the inside of a gzip file. Hashes it when it is a
// file, finds out what it is, and then either opens the next wrapping or is the leaf that hands on text.
#ifndef GANDER_CONTENT_ENTITY_H_
#define GANDER_CONTENT_ENTITY_H_

#include <array>

#include "content/charset/charset.h"
#include "content/file_hash.h"
#include "content/kept_file.h"
#include "content/layer.h"

namespace gander::content {

// So much of a leaf is looked at before it is called text or binary, and again at the start of each block of one that
// is not text by declaration: an archive with a text inside, a text behind a binary head.
inline constexpr std::size_t kSniffBytes = 128;

// So much where the first bytes may be those of a format that says what it is further in (tar).
inline constexpr std::size_t kLookBytes = 512;

// Where these bytes are gathered when they come in pieces. Few leaves need it, and none for long.
struct SniffBuffer {
  std::array<std::byte, kLookBytes> bytes;
};

class Entity final : public Layer {
 public:
  void Open(Body& body, const EntityMeta& meta) noexcept;
  // A leaf that is known to be text (a preamble, what comes out of a conversion). `segment` as in Path::Push(), may be
  // empty; `offset` is told of its first byte.
  void OpenText(Body& body, std::string_view segment, std::string_view name, std::uint64_t offset) noexcept;

  // A leaf that is judged block by block: what a format could not read. `content_type`: of what it is a stretch of,
  // whose place in the path is taken.
  void OpenLeaf(Body& body, std::string_view name, std::string_view content_type) noexcept;
  // A leaf whose bytes are counted as lost: a cap forbids to look at them.
  void OpenLost(Body& body) noexcept;

  // `bytes` of it are missing here. It is still one file, without digests; what follows is another text, or whatever it
  // looks like.
  void OnGap(std::uint64_t bytes) noexcept;

  Uninspected Feed(Bytes in) noexcept override;
  void EndPart() noexcept override { ReportPart(protocol::BodyEnd::kComplete); }
  void End(protocol::BodyEnd end) noexcept override;
  void GiveBack() noexcept override;
  // The name became known late: it is that of what is still to be said. The view outlives the entity.
  void Rename(std::string_view name) noexcept { meta_.name = name; }

 private:
  static constexpr std::size_t kBlockBytes = 4096;

  enum class Kind : std::uint8_t {
    kUnknown,  // not enough bytes yet
    kText,
    kMixed,   // judged block by block; `inside_` takes those that are text
    kInside,  // `inside_` takes the bytes
    kLost,    // one wrapping too many
  };

  void Begin(Body& body, std::string_view name) noexcept;
  void Hold(Bytes& in, std::size_t up_to) noexcept;
  Bytes Held() const noexcept { return {hold_->bytes.data(), held_}; }
  void Release() noexcept;
  void Start() noexcept;
  bool IsHashed(std::string_view type) const noexcept;
  void OpenDeclared() noexcept;
  void EndInside(protocol::BodyEnd end) noexcept;
  void Settle(Bytes prefix) noexcept;
  Uninspected TakeHeld() noexcept;
  Uninspected Take(Bytes in) noexcept;
  Uninspected TakeMixed(Bytes in) noexcept;
  Uninspected Judge(Bytes block_head) noexcept;
  Uninspected HandOn(Bytes in) noexcept;
  Uninspected Emit(Bytes in) noexcept;
  void CloseText() noexcept;
  void ReportPart(protocol::BodyEnd end) noexcept;
  void ReportFile(protocol::BodyEnd end) noexcept;
  FileFacts Facts(protocol::BodyEnd end) const noexcept;
  void OpenPart() noexcept;

  // What each piece of a text needs stands first.
  Body* body_ = nullptr;
  Kind kind_ = Kind::kUnknown;
  bool pushed_ = false;
  bool text_open_ = false;
  bool block_is_text_ = false;
  bool behind_gap_ = false;
  std::uint16_t block_left_ = 0;  // kMixed: bytes up to the next look
  std::uint16_t held_ = 0;        // bytes in `hold_`
  FileHash* hash_ = nullptr;      // of the pool
  KeptFile* kept_ = nullptr;      // of the pool
  std::uint64_t size_ = 0;        // bytes of the entity so far
  std::uint64_t offset_ = 0;      // of the next byte to hand on
  LayerPtr inside_;
  const Charset* form_ = nullptr;  // kMixed: of the text at hand, when it is UTF-16 or UTF-32
  EntityMeta meta_;
  std::string_view magic_;
  SniffBuffer* hold_ = nullptr;  // of the pool
  FilePart* part_ = nullptr;     // of the pool; of a file that comes in parts
  std::size_t path_before_ = 0;
};

}  // namespace gander::content

#endif  // GANDER_CONTENT_ENTITY_H_
