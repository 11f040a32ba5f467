// SPDX-License-Identifier: Apache-2.0
// Snapshots and their key as files.
#include "detect/state/snapshot_file.h"

#include <fcntl.h>
#include <openssl/rand.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "base/file.h"

namespace gander::detect {
namespace {

constexpr std::string_view kKeyWord = "gander-snapshot-key-1 ";
constexpr std::size_t kKeyBytes = 32 + sizeof(HashKey);

Failure CannotKey(const std::string& path, std::string cause, std::string remedy) {
  return Fail(path, 0, "detect.snapshot.key_file " + std::move(cause), std::move(remedy));
}

std::string NewKeyLine() {
  std::array<unsigned char, kKeyBytes> random;
  if (RAND_bytes(random.data(), static_cast<int>(random.size())) != 1) return {};
  std::string line(kKeyWord);
  char hex[3];
  for (unsigned char b : random) {
    std::snprintf(hex, sizeof hex, "%02x", b);
    line += hex;
  }
  return line + "\n";
}

int HexDigit(char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool ParseKeyLine(std::string_view line, SnapshotKey& key) noexcept {
  if (!line.starts_with(kKeyWord) || line.size() != kKeyWord.size() + 2 * kKeyBytes + 1 || line.back() != '\n') {
    return false;
  }
  std::array<std::uint8_t, kKeyBytes> bytes;
  for (std::size_t i = 0; i < kKeyBytes; ++i) {
    const int high = HexDigit(line[kKeyWord.size() + 2 * i]), low = HexDigit(line[kKeyWord.size() + 2 * i + 1]);
    if (high < 0 || low < 0) return false;
    bytes[i] = static_cast<std::uint8_t>(high << 4 | low);
  }
  std::memcpy(key.seal.data(), bytes.data(), 32);
  std::memcpy(&key.tags.k0, bytes.data() + 32, 8);
  std::memcpy(&key.tags.k1, bytes.data() + 40, 8);
  return true;
}

}  // namespace

Result<SnapshotKey> OpenSnapshotKey(const std::string& path) {
  if (path.empty()) {
    return CannotKey("", "is missing: a snapshot is kept encrypted only",
                     "name a file in detect.snapshot.key_file; it is made where there is none");
  }
  SnapshotKey key;
  File fresh(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (fresh.is_open()) {
    const std::string line = NewKeyLine();
    if (ParseKeyLine(line, key) && WriteAll(fresh.fd(), line) && ::fsync(fresh.fd()) == 0) return key;
    ::unlink(path.c_str());
    return CannotKey(path, std::string("cannot be written: ") + std::strerror(errno), "make room for it");
  }
  if (errno != EEXIST) {
    return CannotKey(path, std::string("cannot be made: ") + std::strerror(errno),
                     "name a file in a folder that this user may write to");
  }
  File file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  struct stat info {};
  if (file.fd() < 0 || ::fstat(file.fd(), &info) != 0) {
    return CannotKey(path, std::string("cannot be read: ") + std::strerror(errno), "let this user own it");
  }
  if (!S_ISREG(info.st_mode) || (info.st_mode & 077) != 0) {
    return CannotKey(path, "may be read by others than its owner, or is no plain file", "chmod 600 " + path);
  }
  std::string line;
  if (info.st_size > 4096 || !ReadAll(file.fd(), line, static_cast<std::uint64_t>(info.st_size)) ||
      !ParseKeyLine(line, key)) {
    return CannotKey(path, "holds no snapshot key", "name another file, or remove this one to have a key made");
  }
  return key;
}

Result<bool> WriteSnapshot(const std::string& path, const SnapshotKey& key, std::string_view state) {
  const std::string sealed = SealSnapshot(key, state);
  if (!sealed.empty() && ReplaceFile(path, sealed)) return true;
  return Fail(path, 0,
              std::string("the snapshot of the detectors' state cannot be written: ") +
                  (sealed.empty() ? "no encryption" : std::strerror(errno)),
              "make room or let this user write there; the run goes on and tries again");
}

Result<std::optional<std::string>> ReadSnapshot(const std::string& path, const SnapshotKey& key, std::uint64_t most) {
  File file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (!file.is_open() && errno == ENOENT) return std::optional<std::string>{};
  struct stat info {};
  std::string bytes;
  if (file.fd() < 0 || ::fstat(file.fd(), &info) != 0 || !S_ISREG(info.st_mode)) {
    return Fail(path, 0, std::string("cannot be read: ") + (file.fd() < 0 ? std::strerror(errno) : "no plain file"),
                "let this user own it; the run begins without it");
  }
  if (static_cast<std::uint64_t>(info.st_size) > most) {
    return Fail(path, 0, "is larger than any snapshot under this detect.memory", "the run begins without it");
  }
  if (!ReadAll(file.fd(), bytes, static_cast<std::uint64_t>(info.st_size))) {
    return Fail(path, 0, std::string("cannot be read: ") + std::strerror(errno), "the run begins without it");
  }
  auto state = UnsealSnapshot(path, key, bytes);
  if (!state) return Failure(state.error());
  return std::optional<std::string>(std::move(*state));
}

}  // namespace gander::detect
