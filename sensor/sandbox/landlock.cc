// SPDX-License-Identifier: Apache-2.0
#include "sandbox/landlock.h"

#include <fcntl.h>
#include <linux/landlock.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

namespace gander::sandbox {
namespace {

namespace fs = std::filesystem;

// Rights that came after the headers of Debian 12.
constexpr std::uint64_t kTruncate = 1u << 14;      // ABI 3
constexpr std::uint64_t kDeviceControl = 1u << 15;  // ABI 5

constexpr std::uint64_t kReadFile = LANDLOCK_ACCESS_FS_READ_FILE;
constexpr std::uint64_t kRead = kReadFile | LANDLOCK_ACCESS_FS_READ_DIR;
constexpr std::uint64_t kWriteFile = LANDLOCK_ACCESS_FS_WRITE_FILE | kTruncate;
constexpr std::uint64_t kWrite = kWriteFile | LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_REMOVE_DIR |
                                 LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_MAKE_DIR |
                                 LANDLOCK_ACCESS_FS_MAKE_SOCK |
                                 LANDLOCK_ACCESS_FS_REFER;  // a damaged log goes into a folder of its own
constexpr std::uint64_t kEver = (LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1;  // all of ABI 1

// What libraries open: name resolution, time zones, converters, certificates; devices that give zeros and randomness.
constexpr const char* kSystem[] = {"/etc", "/usr", "/lib", "/proc", "/sys", "/run/systemd/resolve", "/run/resolvconf"};

// As linux/landlock.h has it in 6.12, the fields that an older kernel does not know being left out by `size`.
struct RulesetAttributes {
  std::uint64_t files, network, scoped;
};
constexpr std::uint64_t kScopes = 3;  // abstract Unix sockets and signals beyond this process, ABI 6

class Ruleset {
 public:
  explicit Ruleset(int version, bool devices) {
    handled_ = kEver;
    if (version >= 2) handled_ |= LANDLOCK_ACCESS_FS_REFER;
    if (version >= 3) handled_ |= kTruncate;
    if (version >= 5 && !devices) handled_ |= kDeviceControl;
    const RulesetAttributes attributes{handled_, 0, version >= 6 ? kScopes : 0};
    const std::size_t size = version >= 6 ? sizeof attributes : sizeof attributes.files;
    fd_ = static_cast<int>(::syscall(SYS_landlock_create_ruleset, &attributes, size, 0));
  }
  Ruleset(const Ruleset&) = delete;
  Ruleset& operator=(const Ruleset&) = delete;
  ~Ruleset() {
    if (fd_ >= 0) ::close(fd_);
  }

  bool good() const noexcept { return fd_ >= 0; }

  void Allow(const std::string& path, std::uint64_t rights) noexcept {
    const int fd = ::open(path.c_str(), O_PATH | O_CLOEXEC);
    if (fd < 0) return;
    struct stat status {};
    if (::fstat(fd, &status) == 0) {
      if (!S_ISDIR(status.st_mode)) rights &= kReadFile | kWriteFile;
      const landlock_path_beneath_attr beneath{rights & handled_, fd};
      (void)::syscall(SYS_landlock_add_rule, fd_, LANDLOCK_RULE_PATH_BENEATH, &beneath, 0);
    }
    ::close(fd);
  }

  bool Enforce() const noexcept { return ::syscall(SYS_landlock_restrict_self, fd_, 0) == 0; }

 private:
  std::uint64_t handled_ = 0;
  int fd_ = -1;
};

// The folder itself, or that of a file; the nearest above that is there.
std::string FolderOf(const std::string& path) {
  std::error_code fault;
  std::error_code ignored;
  // Absolute first: a relative name that is not there yet would stay one. /dev/stdout is where it leads.
  const fs::path whole = fs::absolute(path, ignored);
  fs::path p = fs::weakly_canonical(whole, fault);
  if (fault) p = whole;
  if (!fs::is_directory(p, ignored)) p = p.parent_path();
  while (!fs::exists(p, ignored) && p.has_relative_path()) p = p.parent_path();
  return p.string();
}

}  // namespace

int LandlockVersion() noexcept {
  const long version = ::syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION);
  return version > 0 ? static_cast<int>(version) : 0;
}

int RestrictFiles(const Access& access, std::vector<std::string>& warnings) {
  const int version = LandlockVersion();
  if (version == 0) {
    warnings.emplace_back("this kernel has no Landlock: files are guarded by their modes alone");
    return 0;
  }
  Ruleset rules(version, access.dpdk);
  if (!rules.good()) {
    warnings.push_back(std::string("Landlock is not in force: ") + std::strerror(errno));
    return 0;
  }
  for (const char* path : kSystem) rules.Allow(path, kRead);
  rules.Allow("/dev", access.dpdk ? kRead | kWrite : kRead | LANDLOCK_ACCESS_FS_WRITE_FILE);
  // A port that comes back reads its device and maps huge pages from wherever they are mounted.
  if (access.dpdk) {
    rules.Allow("/", kRead);
    for (const char* path : {"/sys", "/run", "/proc/self"}) rules.Allow(path, kRead | kWrite);
  }
  // A file may be replaced by a new one of its name.
  for (const std::string& path : access.reads) rules.Allow(FolderOf(path), kRead);
  for (const std::string& path : access.writes) rules.Allow(FolderOf(path), kRead | kWrite);
  if (!access.cache.empty()) rules.Allow(FolderOf(access.cache), kRead | kWrite);
  if (!rules.Enforce()) {
    warnings.push_back(std::string("Landlock is not in force: ") + std::strerror(errno));
    return 0;
  }
  return version;
}

}  // namespace gander::sandbox
