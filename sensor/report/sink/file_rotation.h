// SPDX-License-Identifier: Apache-2.0
// The files an output has set aside: their list, which outlives the process, and the budget they share.
#ifndef GANDER_REPORT_SINK_FILE_ROTATION_H_
#define GANDER_REPORT_SINK_FILE_ROTATION_H_

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>

namespace gander::report {

class FileRotation {
 public:
  explicit FileRotation(std::string path) : path_(std::move(path)) {}

  // Reads <path>.manifest. What is not there any more, or is another file now, is forgotten. Lines that are none are
  // passed over.
  void Load();
  // Renames <path> to a name of its own and notes it. False when that fails: `errno` says why, and nothing changed.
  bool SetAside(std::int64_t wall_clock_ns);
  // Deletes the oldest of its own files until they and `current` bytes fit into `total` (0 = no limit).
  void Keep(std::uint64_t total, std::uint64_t current);

  struct Kept {
    std::string name;  // in the folder of <path>
    std::uint64_t inode = 0, bytes = 0;
  };
  const std::deque<Kept>& kept() const noexcept { return kept_; }  // oldest first

 private:
  std::string Folder() const;
  bool IsStillOurs(const Kept& file) const;
  void Save() const;

  const std::string path_;
  std::deque<Kept> kept_;
};

// One line of a manifest, "<inode> <name>". False for anything else: a name with a slash, no number.
bool ParseManifestLine(std::string_view line, FileRotation::Kept& out);

}  // namespace gander::report

#endif  // GANDER_REPORT_SINK_FILE_ROTATION_H_
