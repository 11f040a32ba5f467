// SPDX-License-Identifier: Apache-2.0
// The folder of an evidence log:
//
//   records-<first sequence, 20 digits>.jsonl   one record a line, in segments
//   leaves-<first sequence>.sha256              32 bytes a record, left behind by a segment whose time was over
//   checkpoints                                 signed notes, one after another
//   frontier                                    where the tree stands, so that a start reads the end only; no evidence
//   public.pem                                  the key that checks the notes; take it from elsewhere to trust it
//   set-aside-<n>/                              a log that could not be continued, as it was found
#ifndef GANDER_EVIDENCE_LOG_FILES_H_
#define GANDER_EVIDENCE_LOG_FILES_H_

#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "evidence/tree.h"

namespace gander::evidence {

inline constexpr std::size_t kMostLineBytes = std::size_t{16} << 20;      // of a record
inline constexpr std::uint64_t kMostNotesBytes = std::uint64_t{1} << 30;  // of the file of checkpoints

struct Segment {
  std::uint64_t first = 0;
  std::string path;
  bool leaves_only = false;  // its records were deleted; `path` holds their hashes
};

std::string RecordsPath(const std::string& directory, std::uint64_t first);
std::string LeavesPath(const std::string& directory, std::uint64_t first);
std::string CheckpointsPath(const std::string& directory);
std::string FrontierPath(const std::string& directory);
std::string PublicKeyPath(const std::string& directory);

// In the order of their first sequence. Errors: the folder cannot be read.
Result<std::vector<Segment>> ListSegments(const std::string& directory);

// Lines of a file, one after another. A line that is longer than kMostLineBytes comes in pieces of that size.
class LineReader {
 public:
  explicit LineReader(const std::string& path, std::uint64_t offset = 0);
  bool is_open() const noexcept { return file_ != nullptr; }
  // False at the end. `whole`: it had a line end.
  bool Next(std::string_view& line, bool& whole);
  std::uint64_t line_number() const noexcept { return number_; }  // of the line Next() gave, from 1
  std::uint64_t offset() const noexcept { return offset_; }       // of the byte behind it

 private:
  struct Close {
    void operator()(std::FILE* f) const noexcept { std::fclose(f); }
  };
  std::unique_ptr<std::FILE, Close> file_;
  std::string line_;
  std::uint64_t number_ = 0, offset_ = 0;
};

// 32 bytes each; empty when the file is none.
std::vector<Hash> ReadLeaves(const std::string& path);

}  // namespace gander::evidence

#endif  // GANDER_EVIDENCE_LOG_FILES_H_
