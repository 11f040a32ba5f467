// SPDX-License-Identifier: Apache-2.0
// libarchive reading one archive, as a stream, on a fiber. Whoever owns the run feeds it bytes and takes what it meets;
// what is done with a member happens on the owner's stack.
//
// Formats are read forwards only. What is behind the last member, and from a place on that cannot be read as the
// format, is told as kRest as far as it was fed; then the run is over.
#ifndef GANDER_CONTENT_ARCHIVE_RUN_H_
#define GANDER_CONTENT_ARCHIVE_RUN_H_

#include <cstdint>
#include <string_view>

#include "base/bytes.h"
#include "content/archive/archive_memory.h"
#include "content/archive/fiber.h"

struct archive;
struct archive_entry;

namespace gander::content {

// Views are good up to the next Step().
struct ArchiveMember {
  std::string_view name;   // UTF-8 where the format says how it is written, else as it stands
  std::uint64_t size = 0;  // as declared, 0 when it is not
  bool is_file = true;     // no folder, link or device
  bool locked = false;     // its data need a password
};

class ArchiveRun {
 public:
  enum class Format : std::uint8_t { kRar, kRar5, kCab, kLha, kCpio, kAr, kIso9660, kXar, kWarc, kSevenZip };
  enum class Event : std::uint8_t {
    kWantsInput,   // all that was fed is taken
    kMember,       // member(): a new one begins
    kBlock,        // block(): bytes of it
    kMemberEnd,    // it is complete
    kMemberWrong,  // it is not: damaged, cut, or of a kind that libarchive cannot decode
    kLocked,       // nothing can be told of what follows without a password
    kDamaged,      // what follows is not the format
    kSlowWork,     // slow_work(): so much was done, and nothing else happened
    kRest,         // block(): bytes that belong to no member
    kGivenUp,      // libarchive ran out of memory or at odds with itself; this is the end
    kEnd,
  };

  // False when there is no memory for it. `whole`: all of the archive, for formats that are not read forwards.
  bool Start(Format format, Memory& memory, Bytes whole = {}) noexcept;
  // Only after kWantsInput. `in` is read until the next kWantsInput.
  void Feed(Bytes in) noexcept { in_ = in; }
  // Nothing follows.
  void FeedEnd() noexcept { ended_ = true; }
  // Goes on to the next event. Not after the end.
  Event Step() noexcept;
  // Ends it, wherever it stands, without decoding anything more.
  void Stop() noexcept;

  const ArchiveMember& member() const noexcept { return member_; }
  Bytes block() const noexcept { return block_; }
  // Zeros that stand before block() and are not in it: a hole in a sparse file.
  std::uint64_t hole() const noexcept { return hole_; }
  // In bytes that deflate decodes in the same time.
  std::uint64_t slow_work() const noexcept { return slow_work_; }
  // Bytes of the archive that are read so far; no more than were fed.
  std::uint64_t position() const noexcept { return position_; }
  // Memory was refused: the worker's is used up or one archive wants too much.
  bool out_of_memory() const noexcept { return memory_.refused(); }
  std::size_t peak_memory() const noexcept { return memory_.peak(); }

 private:
  static void Enter(void* self) noexcept;
  static void GiveUp(void* self) noexcept;
  static void OnSlowWork(void* self, std::uint32_t symbols) noexcept;
  static long OnRead(archive*, void* self, const void** out) noexcept;
  static std::int64_t OnSeek(archive*, void* self, std::int64_t offset, int whence) noexcept;

  void ReadAll() noexcept;
  bool Open(archive* a) noexcept;
  void ReadMembers(archive* a) noexcept;
  // Whether the next member may be looked for.
  bool ReadMember(archive* a, archive_entry* entry) noexcept;
  // Whether the member's data are complete.
  bool ReadData(archive* a) noexcept;
  void PassOnRest(archive* a) noexcept;
  // On the fiber: tells the owner.
  void Say(Event event) noexcept;
  void NotePosition() noexcept;

  Bytes in_;
  Bytes whole_;
  std::size_t seek_ = 0;  // in `whole_`
  Format format_ = Format::kRar;
  Event event_ = Event::kEnd;
  bool ended_ = false;
  bool stopping_ = false;
  bool rest_only_ = false;  // no member follows
  ArchiveMember member_;
  Bytes block_;
  std::uint64_t hole_ = 0;
  std::uint64_t slow_work_ = 0;
  std::uint32_t symbols_ = 0;  // LibarchiveCaller::symbols between two steps
  std::uint64_t position_ = 0;
  archive* archive_ = nullptr;
  ArchiveMemory memory_;
  Fiber fiber_;
};

}  // namespace gander::content

#endif  // GANDER_CONTENT_ARCHIVE_RUN_H_
