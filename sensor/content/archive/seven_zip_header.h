// SPDX-License-Identifier: Apache-2.0
// The header of a 7z archive, which stands at its end: what its folders are (chains of coders, each giving the contents
// of some files one behind the other) and the files' names and sizes. Read where it lies, file by file: nothing is
// copied.
//
// 7zFormat.txt of the LZMA SDK.
#ifndef GANDER_CONTENT_SEVEN_ZIP_HEADER_H_
#define GANDER_CONTENT_SEVEN_ZIP_HEADER_H_

#include <cstdint>

#include "base/bytes.h"

namespace gander::content {

// Reads from the front of some bytes. Behind the end everything is zero and bad() is set.
class SevenZipCursor {
 public:
  SevenZipCursor() noexcept = default;
  explicit SevenZipCursor(Bytes bytes) noexcept : rest_(bytes) {}
  std::uint8_t Octet() noexcept;
  std::uint64_t Number() noexcept;  // of one to nine bytes
  Bytes Take(std::uint64_t bytes) noexcept;
  void Fail() noexcept { bad_ = true; }
  bool bad() const noexcept { return bad_; }
  Bytes rest() const noexcept { return rest_; }

 private:
  Bytes rest_;
  bool bad_ = false;
};

// Bits, the high one of each byte first.
class SevenZipBits {
 public:
  static SevenZipBits Same(bool value) noexcept;
  explicit SevenZipBits(Bytes bits = {}) noexcept : bits_(bits) {}
  bool Next() noexcept;

 private:
  Bytes bits_;
  std::uint64_t at_ = 0;
  bool same_ = false, value_ = false;
};

struct SevenZipFolder {
  enum class Kind : std::uint8_t {
    kLzma2,   // perhaps with one filter behind it
    kLzma1,   // alone
    kLocked,  // needs a password
    kOther,
  };
  Kind kind = Kind::kOther;
  std::uint64_t filter = 0;    // as liblzma numbers them, 0 = none
  std::uint32_t distance = 0;  // of the delta filter
  Bytes properties;            // of the LZMA coder
  std::uint64_t size = 0;      // decoded
  std::uint64_t files = 0;     // in it
  std::uint32_t cost = 0;      // of a decoded byte, against one of deflate
};

// "Streams info": where what is packed lies, and the folders.
class SevenZipStreams {
 public:
  bool Read(SevenZipCursor& in) noexcept;
  // False behind the last one, or when it cannot be read.
  bool NextFolder(SevenZipFolder& folder) noexcept;
  // Of the next file of the folder at hand, of which `left` files follow and `rest` bytes.
  std::uint64_t NextSize(std::uint64_t left, std::uint64_t rest) noexcept;
  std::uint64_t packed_at() const noexcept { return packed_at_; }      // behind the start header
  std::uint64_t first_packed() const noexcept { return first_packed_; }  // bytes of the first packed stream

 private:
  void ReadPacked(SevenZipCursor& in) noexcept;
  void ReadFolders(SevenZipCursor& in) noexcept;
  void ReadSubStreams(SevenZipCursor& in) noexcept;

  std::uint64_t packed_at_ = 0, first_packed_ = 0;
  std::uint64_t count_ = 0, done_ = 0;  // of folders
  SevenZipCursor folders_, folder_sizes_, file_counts_, file_sizes_;
  SevenZipBits folder_sums_;
  bool counted_ = false;  // file_counts_ is there; else each folder holds one
};

class SevenZipHeader {
 public:
  struct File {
    Bytes name;  // UTF-16, little endian
    bool has_data = false;
    bool begins_folder = false;
    std::uint64_t size = 0;
  };

  // `header` outlives this. False when it is damaged.
  bool Read(Bytes header) noexcept;
  // In the order of their contents. False behind the last one.
  bool NextFile(File& file) noexcept;
  // Of the file at hand.
  const SevenZipFolder& folder() const noexcept { return folder_; }
  // From the first file on again.
  void Restart() noexcept;

 private:
  bool ReadFiles(SevenZipCursor& in) noexcept;

  SevenZipStreams streams_, all_streams_;
  SevenZipFolder folder_;
  std::uint64_t files_left_ = 0, bytes_left_ = 0;  // of the folder
  std::uint64_t file_count_ = 0, file_ = 0;
  SevenZipCursor names_, all_names_;
  SevenZipBits empty_, all_empty_;
};

}  // namespace gander::content

#endif  // GANDER_CONTENT_SEVEN_ZIP_HEADER_H_
