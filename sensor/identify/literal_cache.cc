// SPDX-License-Identifier: Apache-2.0
// The folder and its files. Everything goes through a descriptor of the folder, so that what was checked is
// what is used.
#include "identify/literal_cache.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "base/file.h"
#include "identify/literal_cache_file.h"

namespace gander::identify {
namespace {

constexpr std::string_view kEnding = ".hsdb", kTemporary = ".part";
constexpr time_t kAbandoned = 3600;  // seconds after which an unfinished file is nobody's

std::string HexOf(const unsigned char* bytes, std::size_t n) {
  constexpr char kHex[] = "0123456789abcdef";
  std::string hex;
  for (std::size_t i = 0; i < n; ++i) {
    hex += kHex[bytes[i] >> 4];
    hex += kHex[bytes[i] & 15];
  }
  return hex;
}

// Empty when only root and we can have written there.
std::string Distrust(const struct stat& s) {
  if (s.st_uid != geteuid() && s.st_uid != 0) return "it belongs to another user";
  if ((s.st_mode & (S_IWGRP | S_IWOTH)) != 0) return "others may write to it";
  return {};
}

std::string SystemWords() { return std::strerror(errno); }

bool MakeFolder(const std::string& path) {
  for (std::size_t at = path.find('/', 1);; at = path.find('/', at + 1)) {
    if (mkdir(path.substr(0, at).c_str(), 0700) != 0 && errno != EEXIST) return false;
    if (at == std::string::npos) return true;
  }
}

// Removes what we wrote and no longer need: all but the files used last, and what a process left unfinished.
void Prune(int folder) {
  struct Used {
    time_t at;
    std::string name;
  };
  DIR* list = fdopendir(dup(folder));
  if (list == nullptr) return;
  std::vector<Used> files;
  const time_t now = time(nullptr);
  rewinddir(list);
  while (const dirent* entry = readdir(list)) {
    const std::string_view name = entry->d_name;
    struct stat s;
    if (fstatat(folder, entry->d_name, &s, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG(s.st_mode) ||
        s.st_uid != geteuid())
      continue;
    if (name.ends_with(kEnding) && name.size() == 64 + kEnding.size())
      files.push_back({s.st_mtime, std::string(name)});
    if (name.ends_with(kTemporary) && s.st_mtime < now - kAbandoned) unlinkat(folder, entry->d_name, 0);
  }
  closedir(list);
  if (files.size() <= LiteralCache::kMaxFiles) return;
  std::sort(files.begin(), files.end(), [](const Used& a, const Used& b) { return a.at > b.at; });
  for (std::size_t i = LiteralCache::kMaxFiles; i < files.size(); ++i)
    unlinkat(folder, files[i].name.c_str(), 0);
}

}  // namespace

std::string CacheFolder(const std::string& setting) {
  if (setting == "off") return {};
  if (!setting.empty()) return setting;
  const auto absolute = [](const char* name) -> std::string {
    const char* value = std::getenv(name);
    return value != nullptr && value[0] == '/' ? value : "";
  };
  if (const std::string caches = absolute("XDG_CACHE_HOME"); !caches.empty()) return caches + "/gander";
  if (const std::string home = absolute("HOME"); !home.empty()) return home + "/.cache/gander";
  return geteuid() == 0 ? "/var/cache/gander" : "";
}

std::string LiteralCache::PathOf(const Key& key) const {
  return folder_ + '/' + HexOf(key.data(), key.size()) + std::string(kEnding);
}

int LiteralCache::OpenFolder(bool create) {
  if (create && !MakeFolder(folder_)) {
    Note("cannot be made: " + SystemWords());
    return -1;
  }
  const int fd = open(folder_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) {
    if (create || errno != ENOENT) Note("cannot be opened: " + SystemWords());
    return -1;
  }
  struct stat s;
  const std::string distrust = fstat(fd, &s) == 0 ? Distrust(s) : SystemWords();
  if (distrust.empty()) return fd;
  Note("not used: " + distrust);
  close(fd);
  return -1;
}

bool LiteralCache::Load(const Key& key, Entry& out) {
  if (!enabled()) return false;
  const File folder(OpenFolder(false));
  if (folder.fd() < 0) return false;
  const std::string name = HexOf(key.data(), key.size()) + std::string(kEnding);
  const auto refuse = [&](const std::string& why) {
    Note(name.substr(0, 8) + "... not used: " + why);
    return false;
  };
  // O_NONBLOCK: a FIFO of that name must not hold us up.
  const File file(openat(folder.fd(), name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  if (file.fd() < 0) return errno == ENOENT ? false : refuse(SystemWords());
  struct stat s;
  if (fstat(file.fd(), &s) != 0) return refuse(SystemWords());
  if (!S_ISREG(s.st_mode)) return refuse("it is no regular file");
  if (const std::string distrust = Distrust(s); !distrust.empty()) return refuse(distrust);
  if (s.st_size < 0 || static_cast<std::uint64_t>(s.st_size) > kMaxFileBytes) return refuse("it is too long");
  std::string bytes;
  if (!ReadAll(file.fd(), bytes, static_cast<std::uint64_t>(s.st_size))) return refuse("it cannot be read");
  if (const std::string wrong = DecodeCacheFile(bytes, key, out); !wrong.empty()) return refuse(wrong);
  (void)futimens(file.fd(), nullptr);  // used now: Prune goes by it
  return true;
}

void LiteralCache::Store(const Key& key, const Entry& entry) {
  if (!enabled() || entry.blobs.size() > kMaxBlobs) return;
  const std::string bytes = EncodeCacheFile(key, entry);
  if (bytes.size() > kMaxFileBytes) return;
  const File folder(OpenFolder(true));
  if (folder.fd() < 0) return;
  unsigned char random[8] = {};
  if (getrandom(random, sizeof random, GRND_NONBLOCK) != sizeof random) return;
  const std::string hex = HexOf(key.data(), key.size());
  const std::string name = hex + std::string(kEnding);
  const std::string part = hex + '.' + HexOf(random, sizeof random) + std::string(kTemporary);
  {
    const File file(
        openat(folder.fd(), part.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (file.fd() < 0) return Note("cannot be written: " + SystemWords());
    if (!WriteAll(file.fd(), bytes) || fsync(file.fd()) != 0) {
      Note("cannot be written: " + SystemWords());
      unlinkat(folder.fd(), part.c_str(), 0);
      return;
    }
  }
  if (renameat(folder.fd(), part.c_str(), folder.fd(), name.c_str()) != 0) {
    Note("cannot be written: " + SystemWords());
    unlinkat(folder.fd(), part.c_str(), 0);
    return;
  }
  (void)fsync(folder.fd());
  Prune(folder.fd());
}

}  // namespace gander::identify
