// SPDX-License-Identifier: Apache-2.0
// The memory of one archive that a C library reads. Whatever the library allocates comes from here, is counted in the
// worker's Memory, and is gone when the archive is, also what the library forgot or was stopped in the middle of.
#ifndef GANDER_CONTENT_ARCHIVE_MEMORY_H_
#define GANDER_CONTENT_ARCHIVE_MEMORY_H_

#include <cstddef>

#include "content/memory.h"

namespace gander::content {

class ArchiveMemory {
 public:
  // Of one archive, at any time. The archive says how much its decoder takes. 36 MiB hold what the RAR packer takes
  // unless told otherwise: a PPMd model of 25 MiB beside a window of 4 (RAR 4), a dictionary of 16 MiB, of which
  // libarchive makes two (RAR 5). LZX takes 2 MiB, LHA 0.2.
  static constexpr std::size_t kMaxBytes = 36u << 20;

  ArchiveMemory() noexcept = default;
  ~ArchiveMemory() { ReleaseAll(); }
  ArchiveMemory(const ArchiveMemory&) = delete;
  ArchiveMemory& operator=(const ArchiveMemory&) = delete;

  void Begin(Memory& memory) noexcept;
  // As malloc(3) and calloc(3): aligned for any type; null beyond the cap or the worker's budget.
  void* Allocate(std::size_t bytes) noexcept;
  void* AllocateZeroed(std::size_t count, std::size_t size) noexcept;
  void* Resize(void* block, std::size_t bytes) noexcept;
  static void Free(void* block) noexcept;
  void ReleaseAll() noexcept;

  std::size_t in_use() const noexcept { return in_use_; }
  std::size_t peak() const noexcept { return peak_; }
  // Something was refused since Begin().
  bool refused() const noexcept { return refused_; }

 private:
  struct Head;

  void* Take(std::size_t bytes) noexcept;

  Memory* memory_ = nullptr;
  Head* blocks_ = nullptr;
  std::size_t in_use_ = 0;  // heads included
  std::size_t peak_ = 0;
  bool refused_ = false;
};

}  // namespace gander::content

#endif  // GANDER_CONTENT_ARCHIVE_MEMORY_H_
