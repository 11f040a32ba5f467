// SPDX-License-Identifier: Apache-2.0
#include "evidence/log_files.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <filesystem>

#include "base/file.h"

namespace gander::evidence {
namespace {

constexpr std::string_view kRecords = "records-", kRecordsEnd = ".jsonl";
constexpr std::string_view kLeaves = "leaves-", kLeavesEnd = ".sha256";
constexpr std::size_t kDigits = 20;
constexpr std::uint64_t kMostLeavesBytes = std::uint64_t{1} << 32;

std::string Numbered(const std::string& directory, std::string_view begin, std::uint64_t n, std::string_view end) {
  std::string digits = std::to_string(n);
  digits.insert(0, kDigits - digits.size(), '0');
  return directory + "/" + std::string(begin) + digits + std::string(end);
}

bool ReadName(std::string_view name, std::string_view begin, std::string_view end, std::uint64_t& out) {
  if (!name.starts_with(begin) || !name.ends_with(end) || name.size() != begin.size() + kDigits + end.size()) {
    return false;
  }
  const char* from = name.data() + begin.size();
  const auto [stop, error] = std::from_chars(from, from + kDigits, out);
  return error == std::errc() && stop == from + kDigits;
}

}  // namespace

std::string RecordsPath(const std::string& directory, std::uint64_t first) {
  return Numbered(directory, kRecords, first, kRecordsEnd);
}
std::string LeavesPath(const std::string& directory, std::uint64_t first) {
  return Numbered(directory, kLeaves, first, kLeavesEnd);
}
std::string CheckpointsPath(const std::string& directory) { return directory + "/checkpoints"; }
std::string FrontierPath(const std::string& directory) { return directory + "/frontier"; }
std::string PublicKeyPath(const std::string& directory) { return directory + "/public.pem"; }

Result<std::vector<Segment>> ListSegments(const std::string& directory) {
  std::vector<Segment> segments;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(directory, error)) {
    const std::string name = entry.path().filename().string();
    std::uint64_t first = 0;
    if (ReadName(name, kRecords, kRecordsEnd, first)) segments.push_back({first, entry.path().string(), false});
    if (ReadName(name, kLeaves, kLeavesEnd, first)) segments.push_back({first, entry.path().string(), true});
  }
  if (error) {
    return Fail(directory, 0, "cannot be read: " + error.message(), "name the folder that evidence.directory names");
  }
  // A crash between the two steps of a deletion leaves both: the records are the better half.
  std::sort(segments.begin(), segments.end(), [](const Segment& a, const Segment& b) {
    return a.first != b.first ? a.first < b.first : a.leaves_only < b.leaves_only;
  });
  const auto same = [](const Segment& a, const Segment& b) { return a.first == b.first; };
  segments.erase(std::unique(segments.begin(), segments.end(), same), segments.end());
  return segments;
}

LineReader::LineReader(const std::string& path, std::uint64_t offset)
    : file_(std::fopen(path.c_str(), "re")), offset_(offset) {
  if (file_ != nullptr && offset > 0 && fseeko(file_.get(), static_cast<off_t>(offset), SEEK_SET) != 0) file_.reset();
}

bool LineReader::Next(std::string_view& line, bool& whole) {
  if (file_ == nullptr) return false;
  line_.clear();
  whole = false;
  int c = 0;
  while (line_.size() < kMostLineBytes && (c = getc_unlocked(file_.get())) != EOF) {
    if (c == '\n') {
      whole = true;
      break;
    }
    line_ += static_cast<char>(c);
  }
  if (line_.empty() && !whole) return false;
  ++number_;
  offset_ += line_.size() + (whole ? 1 : 0);
  line = line_;
  return true;
}

std::vector<Hash> ReadLeaves(const std::string& path) {
  std::string bytes;
  if (!ReadFile(path, bytes, kMostLeavesBytes) || bytes.size() % sizeof(Hash) != 0) return {};
  std::vector<Hash> leaves(bytes.size() / sizeof(Hash));
  std::memcpy(leaves.data(), bytes.data(), bytes.size());
  return leaves;
}

}  // namespace gander::evidence
