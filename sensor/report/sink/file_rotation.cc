// SPDX-License-Identifier: Apache-2.0
#include "report/sink/file_rotation.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <ctime>
#include <fstream>

namespace gander::report {
namespace {

constexpr std::size_t kMaxKept = 100'000;  // lines of a manifest
constexpr int kMaxNumber = 10'000;         // files of one second

std::string StampOf(std::int64_t ns) {
  const std::time_t seconds = ns / 1'000'000'000;
  std::tm utc{};
  ::gmtime_r(&seconds, &utc);
  char text[32];
  return {text, std::strftime(text, sizeof text, "%Y%m%dT%H%M%SZ", &utc)};
}

bool Exists(const std::string& path) {
  struct stat status {};
  return ::lstat(path.c_str(), &status) == 0;
}

}  // namespace

bool ParseManifestLine(std::string_view line, FileRotation::Kept& out) {
  const std::size_t space = line.find(' ');
  if (space == std::string_view::npos) return false;
  const auto [end, error] = std::from_chars(line.data(), line.data() + space, out.inode);
  if (error != std::errc{} || end != line.data() + space) return false;
  out.name = line.substr(space + 1);
  return !out.name.empty() && out.name.find('/') == std::string::npos && out.name != "." && out.name != "..";
}

std::string FileRotation::Folder() const {
  const std::size_t slash = path_.rfind('/');
  return slash == std::string::npos ? std::string("./") : path_.substr(0, slash + 1);
}

bool FileRotation::IsStillOurs(const Kept& file) const {
  struct stat status {};
  return ::lstat((Folder() + file.name).c_str(), &status) == 0 && S_ISREG(status.st_mode) &&
         status.st_ino == file.inode;
}

void FileRotation::Load() {
  kept_.clear();
  std::ifstream in(path_ + ".manifest");
  const std::string stem = path_.substr(path_.rfind('/') + 1) + ".";
  for (std::string line; kept_.size() < kMaxKept && std::getline(in, line);) {
    Kept file;
    if (!ParseManifestLine(line, file) || !file.name.starts_with(stem) || !IsStillOurs(file)) continue;
    struct stat status {};
    if (::lstat((Folder() + file.name).c_str(), &status) != 0) continue;
    file.bytes = static_cast<std::uint64_t>(status.st_size);
    kept_.push_back(std::move(file));
  }
}

bool FileRotation::SetAside(std::int64_t wall_clock_ns) {
  struct stat status {};
  if (::lstat(path_.c_str(), &status) != 0) return false;
  const std::string stem = path_ + "." + StampOf(wall_clock_ns) + "-";
  int number = 0;
  while (number < kMaxNumber && Exists(stem + std::to_string(number))) ++number;
  const std::string name = stem + std::to_string(number);
  if (number == kMaxNumber || ::rename(path_.c_str(), name.c_str()) != 0) return false;
  kept_.push_back({name.substr(name.rfind('/') + 1), status.st_ino, static_cast<std::uint64_t>(status.st_size)});
  if (kept_.size() > kMaxKept) kept_.pop_front();
  Save();
  return true;
}

void FileRotation::Keep(std::uint64_t total, std::uint64_t current) {
  if (total == 0) return;
  std::uint64_t sum = current;
  for (const Kept& file : kept_) sum += file.bytes;
  bool changed = false;
  while (sum > total && !kept_.empty()) {
    const Kept& oldest = kept_.front();
    if (IsStillOurs(oldest) && ::unlink((Folder() + oldest.name).c_str()) != 0 && errno != ENOENT) break;
    sum -= std::min(sum, oldest.bytes);
    kept_.pop_front();
    changed = true;
  }
  if (changed) Save();
}

// Written beside and renamed, so that a crash leaves the old list or the new one.
void FileRotation::Save() const {
  const std::string path = path_ + ".manifest", beside = path + ".new";
  {
    std::ofstream out(beside, std::ios::trunc);
    for (const Kept& file : kept_) out << file.inode << ' ' << file.name << '\n';
    if (!out.flush()) return;
  }
  (void)::rename(beside.c_str(), path.c_str());
}

}  // namespace gander::report
