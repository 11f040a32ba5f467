// SPDX-License-Identifier: Apache-2.0
// Looks at the headers of a RAR 5 archive on its way to libarchive, which takes a file that needs a password for a
// damaged one and gives an archive up at the first file whose dictionary is too large for it. Such files are taken out
// of what it gets to see; it reads the others.
//
// RAR 5.0 archive format, https://www.rarlab.com/technote.htm: blocks of a CRC-32, a size, a header and data.
#ifndef GANDER_CONTENT_RAR5_FILTER_H_
#define GANDER_CONTENT_RAR5_FILTER_H_

#include <cstdint>
#include <string_view>

#include "base/bytes.h"
#include "content/archive/archive_memory.h"
#include "content/memory.h"

namespace gander::content {

class Rar5Filter {
 public:
  // A larger header is handed on unread. Names have at most 2 KiB.
  static constexpr std::size_t kMaxHeader = 8 * 1024;
  // libarchive makes two windows of it.
  static constexpr std::uint64_t kMaxDictionary = 16u << 20;
  static_assert(2 * kMaxDictionary < ArchiveMemory::kMaxBytes);

  enum class Fate : std::uint8_t {
    kRead,
    kLocked,     // a file that needs a password
    kTooLarge,   // a file that wants a larger dictionary
    kAllLocked,  // the headers need a password: this and all that follows
  };
  struct Piece {
    Bytes bytes;
    Fate fate = Fate::kRead;
    bool file_begins = false;  // name() and size() are of the file that is left out
  };

  void Begin(Memory& memory) noexcept;
  // What to do with the front of `in`, which is taken off; no bytes while a header is incomplete. Views are good up to
  // the next call.
  Piece Next(Bytes& in) noexcept;
  // Of a header that was cut off by the end.
  Bytes Held() const noexcept { return header_out_ ? Bytes() : header_.bytes(); }
  void Release() noexcept { header_.Release(); }

  std::string_view name() const noexcept { return name_; }
  std::uint64_t size() const noexcept { return size_; }  // unpacked

 private:
  enum class At : std::uint8_t { kMark, kHeader, kData, kUnknown };

  Piece Header(Bytes& in) noexcept;
  Piece WholeHeader() noexcept;
  Piece PassOn() noexcept;  // what cannot be read as a header, and all that follows
  Fate FateOfFile(Bytes fields, Bytes extra_area) noexcept;

  At at_ = At::kMark;
  Fate fate_ = Fate::kRead;  // of the data at hand
  std::uint64_t left_ = 0;   // bytes of the mark or the data
  HeldBytes header_;
  bool header_out_ = false;  // `header_` was handed on
  std::string_view name_;
  std::uint64_t size_ = 0;
};

}  // namespace gander::content

#endif  // GANDER_CONTENT_RAR5_FILTER_H_
