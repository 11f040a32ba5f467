// SPDX-License-Identifier: Apache-2.0
// An archive that libarchive reads: RAR 4 and 5, CAB, LHA, cpio, ar, ISO 9660, XAR, WARC. Each member is an entity of
// its own, a file with its name. What stands behind the last member, or cannot be read, is a leaf: text in it is found.
#ifndef GANDER_CONTENT_LIBARCHIVE_LAYER_H_
#define GANDER_CONTENT_LIBARCHIVE_LAYER_H_

#include <string>

#include "content/archive/archive_layer.h"
#include "content/archive/archive_run.h"
#include "content/archive/rar5_filter.h"

namespace gander::content {

// One line a format: its magic (MagicOf()) and how it is read.
struct ArchiveKind {
  std::string_view magic;
  ArchiveRun::Format format;
  // What a decoded byte costs against one of deflate (Body::MayOutput()). 0: members are stored as they are, and only
  // what comes out beyond what went in counts.
  std::uint32_t cost;
};

class LibarchiveLayer final : public ArchiveLayer {
 public:
  // Read at the same time in one worker: each holds a stack, and of the worker's memory what its decoder takes. Further
  // ones are leaves. Where a connection's end is that of the archive, it is open until the flow is given up.
  static constexpr std::size_t kMaxOpen = 16;

  LibarchiveLayer() = default;
  // Before Open().
  void SetKind(const ArchiveKind& kind, std::uint32_t cost) noexcept {
    kind_ = &kind;
    cost_ = cost;
  }
  void GiveBack() noexcept override { body().pool->Give(this); }

 protected:
  void Begin() noexcept override;
  Uninspected Read(Bytes in) noexcept override;
  void Finish(protocol::BodyEnd end) noexcept override;

 private:
  // What bytes of the archive are that give no text.
  enum class Unread : std::uint8_t { kNot, kLocked, kUndecodable, kLost };

  void StartRun(Bytes whole) noexcept;
  void ReadRar5(Bytes in) noexcept;
  void LeaveOut(const Rar5Filter::Piece& piece) noexcept;
  void ReadOn(Bytes in) noexcept;
  void ReadWhole(Bytes archive) noexcept;
  void Pump() noexcept;
  void OnEvent(ArchiveRun::Event event) noexcept;
  void OnMember() noexcept;
  void TakeBlock(Bytes block) noexcept;
  void GiveMember(Bytes bytes) noexcept;
  void TakeRest(Bytes rest) noexcept;
  void EndMember(protocol::BodyEnd end) noexcept;
  bool Allowed(std::uint64_t produced) noexcept;
  void StopReading() noexcept;
  Unread TellWrong() noexcept;
  void TellMemory() noexcept;
  void AllLocked() noexcept;
  Uninspected InArchiveBytes(std::uint64_t read) noexcept;
  void Count(Unread as, std::uint64_t bytes) noexcept;

  const ArchiveKind* kind_ = nullptr;
  std::uint32_t cost_ = 0;
  ArchiveRun* run_ = nullptr;  // of the pool; null when nothing more is read as an archive
  LayerPtr member_;
  Rar5Filter filter_;
  std::string name_;  // of the member
  bool whole_ = false;  // of a format that is not read forwards: all of it comes at once
  bool is_file_ = false;
  bool capped_ = false;
  bool locked_ = false;  // all of it, from the headers on
  bool ending_ = false, cut_ = false;
  bool told_memory_ = false;
  Unread skips_ = Unread::kNot;    // bytes that are read and give nothing
  Unread rest_is_ = Unread::kNot;  // of the rest what is no text; kNot: opaque
  std::uint64_t size_ = 0;     // of the archive so far
  std::uint64_t fed_ = 0;      // bytes that the run was to read
  std::uint64_t read_to_ = 0;  // of them, those that it has read
  std::uint64_t produced_ = 0, expanded_ = 0;  // bytes of members; of them, beyond what went in
  // In bytes of the archive: what the part at hand gave beside members.
  Uninspected apart_;
  std::uint64_t apart_bytes_ = 0;
  // In bytes of members, and from how many bytes of the archive they came.
  Uninspected of_members_;
  std::uint64_t member_bytes_ = 0;
  std::uint64_t of_members_from_ = 0;
};

}  // namespace gander::content

#endif  // GANDER_CONTENT_LIBARCHIVE_LAYER_H_
