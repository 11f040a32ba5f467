// SPDX-License-Identifier: Apache-2.0
// What libarchive finds in place of the C library: our copy of its archive file has the names of libarchive_symbols.txt
// changed (objcopy --redefine-syms), so that
//   * it allocates from the memory of the archive at hand, also in the zlib, liblzma and libbz2 decoders it makes;
//   * out of memory or at odds with itself, it gives up its archive instead of the process;
//   * it opens no file, loads no character set, asks for no time zone (locks, disk), writes nothing to standard error;
//   * names are UTF-8 whatever the locale.
// tests/content/libarchive_symbols_test.py fails when a new libarchive asks for anything else.
#ifndef GANDER_CONTENT_LIBARCHIVE_HOOKS_H_
#define GANDER_CONTENT_LIBARCHIVE_HOOKS_H_

#include "content/archive_memory.h"

namespace gander::content {

// Whose call into libarchive is going on.
struct LibarchiveCaller {
  ArchiveMemory* memory = nullptr;
  // Leaves libarchive for good, in the middle of whatever it does. Never returns.
  void (*give_up)(void* self) = nullptr;
  void* self = nullptr;
};

// Of this thread; set while libarchive runs on it.
extern thread_local LibarchiveCaller libarchive_caller;

}  // namespace gander::content

#endif  // GANDER_CONTENT_LIBARCHIVE_HOOKS_H_
