// SPDX-License-Identifier: Apache-2.0
#include "bundle/package.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <filesystem>

namespace gander::bundle {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kFirst = "gander-bundle 1 ";
constexpr std::size_t kMostFirstLine = 32;

Failure Unreadable(const std::string& path) {
  return Fail(path, 0, std::string("cannot be read: ") + std::strerror(errno), "name a bundle that this user may read");
}
Failure NoBundle(const std::string& path, const char* cause) {
  return Fail(path, 0, std::string("refused: ") + cause, "bring it again from where it was signed");
}

// `size` octets from `at` on; false at an end before that.
bool ReadAt(int fd, std::uint64_t at, std::uint64_t size, std::string& out) {
  return ::lseek(fd, static_cast<off_t>(at), SEEK_SET) >= 0 && ReadAll(fd, out, size);
}

// A file that is written whole or not at all.
class NewFile {
 public:
  explicit NewFile(const std::string& path)
      : path_(path), part_(path + ".part"),
        file_(::open(part_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0644)) {}
  ~NewFile() {
    if (file_.is_open()) ::unlink(part_.c_str());
  }
  NewFile(const NewFile&) = delete;
  NewFile& operator=(const NewFile&) = delete;
  bool Write(std::string_view bytes) { return good_ = good_ && file_.is_open() && WriteAll(file_.fd(), bytes); }
  Result<bool> Finish() {
    if (good_ && file_.is_open() && ::fsync(file_.fd()) == 0 && ::rename(part_.c_str(), path_.c_str()) == 0) {
      (void)file_.Close();
      return true;
    }
    return Fail(path_, 0, std::string("cannot be written: ") + std::strerror(errno), "name another file, or make room");
  }

 private:
  std::string path_, part_;
  File file_;
  bool good_ = true;
};

std::string FirstLine(const std::string& note) { return std::string(kFirst) + std::to_string(note.size()) + "\n"; }

}  // namespace

Result<std::vector<FileEntry>> FilesBelow(const std::string& folder) {
  std::vector<FileEntry> out;
  std::error_code error;
  const auto wrong = [](const std::string& path, std::string cause) {
    return Fail(path, 0, std::move(cause), "leave it out of the folder, or rename it");
  };
  for (fs::recursive_directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    const std::string path = at->path().string(), name = at->path().filename().string();
    if (name.starts_with('.')) {
      at.disable_recursion_pending();
      continue;
    }
    const fs::file_status status = at->symlink_status(error);
    if (error || fs::is_directory(status)) continue;
    if (!fs::is_regular_file(status)) return wrong(path, "is neither a plain file nor a folder");
    FileEntry f;
    f.path = at->path().lexically_relative(folder).generic_string();
    if (!IsPath(f.path)) return wrong(path, "has a name that no bundle may have");
    if (out.size() == kMostFiles) return wrong(folder, "holds more than 4,096 files");
    std::string bytes;
    if (!ReadFile(path, bytes, kMostFileBytes)) {
      return wrong(path, errno == EFBIG ? "is larger than 64 MiB" : std::string("cannot be read: ") + std::strerror(errno));
    }
    f.size = bytes.size();
    f.digest = evidence::Sha256(bytes);
    out.push_back(std::move(f));
  }
  if (error) return Fail(folder, 0, "cannot be read: " + error.message(), "name a folder that this user may read");
  std::sort(out.begin(), out.end(), [](const FileEntry& a, const FileEntry& b) { return a.path < b.path; });
  return out;
}

Result<bool> WritePackage(Manifest& manifest, const std::string& folder, const evidence::SigningKey& key,
                          const std::string& out) {
  auto files = FilesBelow(folder);
  if (!files) return Failure(files.error());
  manifest.files = std::move(*files);
  const auto note = SignManifest(manifest, key);
  if (!note) return Failure(note.error());
  NewFile file(out);
  file.Write(FirstLine(*note) + *note);
  for (const FileEntry& f : manifest.files) {
    std::string bytes;
    const std::string path = folder + "/" + f.path;
    if (!ReadFile(path, bytes, kMostFileBytes) || bytes.size() != f.size || evidence::Sha256(bytes) != f.digest) {
      return Fail(path, 0, "changed while it was signed", "sign it again");
    }
    file.Write(bytes);
  }
  return file.Finish();
}

Result<Package> Package::Open(const std::string& path, std::span<const evidence::PublicKey> trusted) {
  Package p;
  p.path_ = path;
  p.file_ = File(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  struct stat info {};
  if (!p.file_.is_open() || ::fstat(p.file_.fd(), &info) != 0) return Unreadable(path);
  if (!S_ISREG(info.st_mode)) return NoBundle(path, "it is no plain file");
  const auto size = static_cast<std::uint64_t>(info.st_size);
  if (size > kMostFirstLine + kMostManifestBytes + kMostContentBytes) {
    return NoBundle(path, "it is larger than any bundle may be");
  }
  std::string head;
  if (!ReadAt(p.file_.fd(), 0, std::min<std::uint64_t>(size, kMostFirstLine), head)) return Unreadable(path);
  const std::size_t line = head.find('\n');
  std::uint64_t note_size = 0;
  if (!head.starts_with(kFirst) || line == std::string::npos) return NoBundle(path, "it is no bundle");
  const auto [end, wrong] = std::from_chars(head.data() + kFirst.size(), head.data() + line, note_size);
  if (wrong != std::errc() || end != head.data() + line || note_size == 0 || note_size > kMostManifestBytes ||
      note_size > size - line - 1) {
    return NoBundle(path, "it is no bundle");
  }
  if (!ReadAt(p.file_.fd(), line + 1, note_size, p.note_)) return Unreadable(path);
  auto read = ReadManifest(path, p.note_, trusted);
  if (!read) return Failure(read.error());
  p.signed_ = std::move(*read);
  p.contents_at_ = line + 1 + note_size;
  const std::uint64_t expected = p.contents_at_ + p.manifest().content_bytes();
  if (size < expected) return NoBundle(path, "it ends before its last file: it was cut short");
  if (size > expected) return NoBundle(path, "more stands in it than was signed");
  return p;
}

Result<bool> Package::ForEachFile(const std::function<bool(const FileEntry&, std::string_view)>& take) const {
  std::uint64_t at = contents_at_;
  std::string bytes;
  for (const FileEntry& f : manifest().files) {
    bytes.clear();
    if (!ReadAt(file_.fd(), at, f.size, bytes)) return Unreadable(path_);
    if (evidence::Sha256(bytes) != f.digest) return NoBundle(path_, (f.path + " in it is not what was signed").c_str());
    if (!take(f, bytes)) return false;
    at += f.size;
  }
  return true;
}

Result<bool> SignAnew(const Package& old, const Manifest& manifest, const evidence::SigningKey& key,
                      const std::string& out) {
  const auto note = SignManifest(manifest, key);
  if (!note) return Failure(note.error());
  NewFile file(out);
  file.Write(FirstLine(*note) + *note);
  auto copied = old.ForEachFile([&](const FileEntry&, std::string_view bytes) { return file.Write(bytes); });
  if (!copied) return copied;
  return file.Finish();
}

}  // namespace gander::bundle
