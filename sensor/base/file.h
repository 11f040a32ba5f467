// SPDX-License-Identifier: Apache-2.0
// Files that hold what must not be lost or read by others: keys, snapshots, evidence. Never on the packet path.
#ifndef GANDER_BASE_FILE_H_
#define GANDER_BASE_FILE_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace gander {

// A descriptor that closes itself; -1 = none.
class File {
 public:
  File() noexcept = default;
  explicit File(int fd) noexcept : fd_(fd) {}
  File(File&& other) noexcept : fd_(other.Release()) {}
  File& operator=(File&& other) noexcept;
  ~File();

  int fd() const noexcept { return fd_; }
  bool is_open() const noexcept { return fd_ >= 0; }
  int Release() noexcept { return std::exchange(fd_, -1); }
  bool Close() noexcept;  // false as close(2) says

 private:
  int fd_ = -1;
};

// All of it, whatever signals come between. errno says why not.
bool WriteAll(int fd, std::string_view bytes) noexcept;
bool ReadAll(int fd, std::string& out, std::uint64_t size);

// The plain file at `path`, if it is no larger than `most`. errno says why not; EFBIG for one that is larger.
bool ReadFile(const std::string& path, std::string& out, std::uint64_t most);

// Whole or not at all, also after a loss of power: under another name first, then renamed. Mode 0600.
bool ReplaceFile(const std::string& path, std::string_view bytes);

// Names that were made or removed in `directory` are on the disk.
bool SyncDirectory(const std::string& directory) noexcept;

}  // namespace gander

#endif  // GANDER_BASE_FILE_H_
