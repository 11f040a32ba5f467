// SPDX-License-Identifier: Apache-2.0
#include "bundle/store.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <filesystem>

namespace gander::bundle {
namespace {

namespace disk = std::filesystem;

constexpr const char* kManifestFile = ".manifest";
constexpr const char* kGenerations = "generations";

std::string GenerationsOf(const std::string& directory) { return directory + "/" + kGenerations; }

Failure OnDisk(const std::string& path, const char* what) {
  return Fail(path, 0, std::string(what) + std::strerror(errno), "let this user write there, and make room");
}

bool WriteNew(const std::string& path, std::string_view bytes) {
  File file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0644));
  return file.is_open() && WriteAll(file.fd(), bytes) && ::fsync(file.fd()) == 0 && file.Close();
}

// Folders of `path` below `top`, which exists.
bool MakeFolders(const std::string& top, const std::string& path) {
  for (std::size_t slash = path.find('/'); slash != std::string::npos; slash = path.find('/', slash + 1)) {
    const std::string folder = top + "/" + path.substr(0, slash);
    if (::mkdir(folder.c_str(), 0755) != 0 && errno != EEXIST) return false;
  }
  return true;
}

bool SyncFoldersBelow(const std::string& top) {
  std::error_code error;
  bool good = SyncDirectory(top);
  for (const auto& entry : disk::recursive_directory_iterator(top, error)) {
    if (entry.is_directory(error)) good = good && SyncDirectory(entry.path().string());
  }
  return good && !error;
}

}  // namespace

Result<std::vector<evidence::PublicKey>> ReadTrusted(const Options& options) {
  std::vector<evidence::PublicKey> keys;
  for (const std::string& path : options.trust) {
    auto key = evidence::PublicKey::Read(path);
    if (!key) {
      return Fail(path, 0, "fleet.trust: " + key.error().cause, "`gander bundle key` prints the key of who signs bundles");
    }
    keys.push_back(*key);
  }
  if (!keys.empty()) return keys;
  return Fail("fleet.trust", 0, "names no key: nothing that is signed can be told from a forgery",
              "name the public key that `gander bundle key` prints where bundles are signed");
}

Result<std::optional<Applied>> ReadApplied(const Options& options, std::span<const evidence::PublicKey> trusted) {
  const std::string link = options.directory + "/current";
  std::error_code error;
  const disk::path target = disk::read_symlink(link, error);
  if (error == std::errc::no_such_file_or_directory) return std::optional<Applied>{};
  const std::string name = target.filename().string();
  if (error || target != disk::path(kGenerations) / name) {
    return Fail(link, 0, error ? "cannot be read: " + error.message() : "leads to somewhere else than a generation",
                "remove it and apply a bundle");
  }
  Applied out;
  out.folder = GenerationsOf(options.directory) + "/" + name;
  const std::string path = out.folder + "/" + kManifestFile;
  std::string note;
  if (!ReadFile(path, note, kMostManifestBytes)) {
    return Fail(path, 0, std::string("cannot be read: ") + std::strerror(errno), "apply a bundle");
  }
  auto read = ReadManifest(path, note, trusted);
  if (!read) return Failure(read.error());
  if (std::to_string(read->manifest.serial) != name) {
    return Fail(path, 0, "is of serial " + std::to_string(read->manifest.serial) + ", not of generation " + name,
                "apply a bundle");
  }
  out.manifest = std::move(read->manifest);
  out.key = read->key;
  return std::optional<Applied>(std::move(out));
}

Result<bool> CheckFolder(const std::string& folder, const Manifest& manifest) {
  constexpr const char* kRemedy = "apply the bundle again, or a newer one; what is changed by hand is not read";
  std::error_code error;
  for (const auto& entry : disk::recursive_directory_iterator(folder, error)) {  // FilesBelow passes hidden ones by
    const std::string name = entry.path().filename().string();
    if (!name.starts_with('.') || entry.path() == disk::path(folder) / kManifestFile) continue;
    return Fail(entry.path().string(), 0, "fleet.trust: no bundle has brought it", kRemedy);
  }
  const auto there = FilesBelow(folder);
  if (!there) return Fail(there.error().file, 0, "fleet.trust: " + there.error().cause, kRemedy);
  // Both in order of paths.
  auto signed_file = manifest.files.begin();
  for (const FileEntry& f : *there) {
    if (signed_file == manifest.files.end() || f.path < signed_file->path) {
      return Fail(folder + "/" + f.path, 0, "fleet.trust: no bundle has brought it", kRemedy);
    }
    if (f.path == signed_file->path && f == *signed_file) {
      ++signed_file;
      continue;
    }
    return Fail(folder + "/" + signed_file->path, 0,
                f.path == signed_file->path ? "fleet.trust: is not what was signed" : "fleet.trust: was signed and is missing",
                kRemedy);
  }
  if (signed_file == manifest.files.end()) return true;
  return Fail(folder + "/" + signed_file->path, 0, "fleet.trust: was signed and is missing", kRemedy);
}

Result<bool> Admits(const Package& package, const std::optional<Applied>& applied, Timestamp now,
                    std::string_view version) {
  const Manifest& m = package.manifest();
  const auto refuse = [&](std::string cause, std::string remedy) {
    return Fail(m.name + " " + std::to_string(m.serial), 0, "refused: " + std::move(cause), std::move(remedy));
  };
  if (applied && m.name != applied->manifest.name) {
    return refuse("this sensor takes bundles of the name " + applied->manifest.name, "bring it one of those");
  }
  if (applied && m.serial <= applied->manifest.serial) {
    return refuse("its serial is not higher than " + std::to_string(applied->manifest.serial) +
                      ", which is in force: an old bundle played again",
                  "older content comes back under a new serial: `gander bundle rollback` where bundles are signed");
  }
  if (now < m.from) return refuse("it holds from " + FormatEveTime(m.from) + " on", "apply it then");
  if (now >= m.until) return refuse("it ended on " + FormatEveTime(m.until), "bring one that is signed for today");
  if (IsLater(m.version, version)) {
    return refuse("it needs gander " + m.version + ", and this is " + std::string(version), "install a newer gander first");
  }
  return true;
}

Result<Staging> Staging::Open(const Options& options, const Package& package) {
  Staging s;
  s.directory_ = options.directory;
  s.serial_ = package.manifest().serial;
  const std::string generations = GenerationsOf(options.directory);
  if (::mkdir(options.directory.c_str(), 0755) != 0 && errno != EEXIST) return OnDisk(options.directory, "cannot be made: ");
  if (::mkdir(generations.c_str(), 0755) != 0 && errno != EEXIST) return OnDisk(generations, "cannot be made: ");
  const std::string lock = options.directory + "/.lock";
  s.lock_ = File(::open(lock.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!s.lock_.is_open()) return OnDisk(lock, "cannot be opened: ");
  if (::flock(s.lock_.fd(), LOCK_EX | LOCK_NB) != 0) {
    return Fail(lock, 0, "another `gander bundle apply` is at it", "wait for its end");
  }
  s.folder_ = generations + "/.new";
  std::error_code error;
  disk::remove_all(s.folder_, error);  // of one that was interrupted
  if (::mkdir(s.folder_.c_str(), 0755) != 0) return OnDisk(s.folder_, "cannot be made: ");
  if (auto laid = s.Lay(package); !laid) return Failure(laid.error());
  return s;
}

Result<bool> Staging::Lay(const Package& package) {
  const auto written = package.ForEachFile([&](const FileEntry& f, std::string_view bytes) {
    return MakeFolders(folder_, f.path) && WriteNew(folder_ + "/" + f.path, bytes);
  });
  if (!written) return written;
  if (*written && WriteNew(folder_ + "/" + kManifestFile, package.note()) && SyncFoldersBelow(folder_)) return true;
  return OnDisk(folder_, "cannot be written: ");
}

Staging::~Staging() {
  std::error_code error;
  if (!folder_.empty()) disk::remove_all(folder_, error);
}

Result<bool> Staging::Commit(std::uint64_t keep) {
  const std::string generations = GenerationsOf(directory_), name = std::to_string(serial_);
  const std::string target = std::string(kGenerations) + "/" + name, fresh = directory_ + "/.current.new";
  std::error_code error;
  disk::remove_all(generations + "/" + name, error);  // of a commit that was interrupted
  if (::rename(folder_.c_str(), (generations + "/" + name).c_str()) != 0) return OnDisk(generations, "cannot be changed: ");
  folder_ = generations + "/" + name;
  ::unlink(fresh.c_str());
  if (!SyncDirectory(generations) || ::symlink(target.c_str(), fresh.c_str()) != 0 ||
      ::rename(fresh.c_str(), (directory_ + "/current").c_str()) != 0) {
    return OnDisk(directory_, "cannot be changed: ");
  }
  folder_.clear();
  (void)SyncDirectory(directory_);
  std::vector<disk::path> old;
  for (const auto& entry : disk::directory_iterator(generations, error)) {
    const std::string other = entry.path().filename().string();
    if (other != name && other != std::to_string(keep)) old.push_back(entry.path());
  }
  for (const disk::path& path : old) disk::remove_all(path, error);
  return true;
}

}  // namespace gander::bundle
