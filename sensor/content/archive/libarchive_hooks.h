// SPDX-License-Identifier: Apache-2.0
// What libarchive finds in place of the C library: our copy of its archive file has the names of libarchive_symbols.txt
// changed (objcopy --redefine-syms), so that
//   * it allocates from the memory of the archive at hand, also in the zlib, liblzma and libbz2 decoders it makes;
//   * out of memory or at odds with itself, it gives up its archive instead of the process;
//   * it opens no file, loads no character set, asks for no time zone (locks, disk), writes nothing to standard error;
//   * names are UTF-8 whatever the locale;
//   * the symbols that PPMd decodes are counted: they are the slowest thing it does, 60 times as slow as deflate.
// tests/content/libarchive_symbols_test.py fails when a new libarchive asks for anything else.
#ifndef GANDER_CONTENT_LIBARCHIVE_HOOKS_H_
#define GANDER_CONTENT_LIBARCHIVE_HOOKS_H_

#include <cstdint>

#include "content/archive/archive_memory.h"

namespace gander::content {

// Whose call into libarchive is going on.
struct LibarchiveCaller {
  ArchiveMemory* memory = nullptr;
  // Leaves libarchive for good, in the middle of whatever it does. Never returns.
  void (*give_up)(void* self) = nullptr;
  // So many symbols were decoded since the last time.
  void (*on_slow_work)(void* self, std::uint32_t symbols) = nullptr;
  void* self = nullptr;
  std::uint32_t symbols = 0;  // not told yet
};

// About 2.5 ms of work.
inline constexpr std::uint32_t kSlowWorkStep = 16 * 1024;

// Of this thread; set while libarchive runs on it.
extern thread_local LibarchiveCaller libarchive_caller;

}  // namespace gander::content

#endif  // GANDER_CONTENT_LIBARCHIVE_HOOKS_H_
