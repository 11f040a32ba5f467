// SPDX-License-Identifier: Apache-2.0
// The data of one ZIP member: unpacked and handed on, or counted as what nobody can read; up to where it ends, whether
// the header told that, the packed stream does, or the data descriptor behind it.
#ifndef GANDER_CONTENT_ZIP_MEMBER_H_
#define GANDER_CONTENT_ZIP_MEMBER_H_

#include <array>

#include "content/archive/zip_entry.h"
#include "content/archive/zip_search.h"
#include "content/coding/coding.h"

namespace gander::content {

class ZipMember {
 public:
  // `meta`: of the file inside.
  void Open(Body& body, const ZipEntry& entry, const EntityMeta& meta) noexcept;
  // Takes what belongs to the member from the front of `in`, until over().
  Uninspected Feed(Bytes& in) noexcept;
  bool over() const noexcept { return at_ == At::kOver; }
  // What was taken and stands behind the member, once it is over or ended.
  Bytes behind() const noexcept { return at_ == At::kSearching ? Bytes() : Bytes(behind_.data(), behind_size_); }
  // `end`: of the archive, should the member not be over. Returns what only now is known of bytes fed before.
  Uninspected End(protocol::BodyEnd end) noexcept;

  // Once over: header, data and descriptor say the same.
  bool sound() const noexcept { return sound_; }
  // A cap ended it: what stands up to the next record is lost.
  bool capped() const noexcept { return capped_; }
  // What is packed could not be unpacked up to its end.
  bool damaged() const noexcept { return damaged_; }
  std::uint64_t packed() const noexcept { return packed_; }
  std::uint64_t size() const noexcept { return size_; }

 private:
  enum class Kind : std::uint8_t { kStored, kCoded, kLocked, kUndecodable };
  enum class At : std::uint8_t {
    kSized,       // `left_` bytes are to come
    kToItsEnd,    // up to where the packed stream ends
    kSearching,   // up to a descriptor
    kOverrun,     // the size told is used up and the packed stream is not over
    kDescriptor,  // gathering one
    kOver,
  };

  void OpenInside(const EntityMeta& meta) noexcept;
  Uninspected Sized(Bytes& in) noexcept;
  Uninspected Coded(Bytes& in) noexcept;
  Uninspected Search(Bytes& in) noexcept;
  Uninspected Overrun(Bytes& in) noexcept;
  void Describe(Bytes& in) noexcept;
  Uninspected Put(Bytes data) noexcept;
  void AllRead() noexcept;
  void Stop(bool sound) noexcept;

  Body* body_ = nullptr;
  ZipEntry entry_;
  EntityMeta meta_;
  Kind kind_ = Kind::kStored;
  At at_ = At::kOver;
  bool sound_ = true;
  bool capped_ = false;
  bool damaged_ = false;
  bool cut_ = false;               // the archive goes on where data was to come
  CodingLayer* coding_ = nullptr;  // `inner_`, when the member is packed
  LayerPtr inner_;
  std::uint64_t left_ = 0;
  std::uint64_t packed_ = 0;  // bytes of data so far
  std::uint64_t size_ = 0;    // of the file, when known
  std::size_t buffer_ = 0;    // where the search looks
  ZipSearch search_;
  std::array<std::byte, ZipSearch::kMaxHeld> behind_;
  std::size_t behind_size_ = 0;
};

}  // namespace gander::content

#endif  // GANDER_CONTENT_ZIP_MEMBER_H_
