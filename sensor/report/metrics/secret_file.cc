// SPDX-License-Identifier: Apache-2.0
#include "report/metrics/secret_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace gander::report {
namespace {

Result<std::string> ReadOpen(int fd, const std::string& path, std::size_t max_bytes, bool secret) {
  struct stat about{};
  if (fstat(fd, &about) != 0 || !S_ISREG(about.st_mode)) {
    return Fail(path, 0, "this is no file", "name a file");
  }
  if (secret && (about.st_mode & S_IROTH) != 0) {
    return Fail(path, 0, "everybody on this machine may read it", "chmod 0640 " + path);
  }
  std::string out(max_bytes + 1, '\0');
  std::size_t done = 0;
  while (done < out.size()) {
    const ssize_t n = read(fd, out.data() + done, out.size() - done);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return Fail(path, 0, std::string("cannot be read: ") + std::strerror(errno), "check the disk");
    if (n == 0) break;
    done += static_cast<std::size_t>(n);
  }
  if (done > max_bytes) {
    return Fail(path, 0, "larger than " + std::to_string(max_bytes) + " bytes", "is it the right file?");
  }
  out.resize(done);
  return out;
}

Result<std::string> ReadAny(const std::string& path, std::size_t max_bytes, bool secret) {
  // Not blocking: a FIFO would wait for whoever writes.
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) {
    return Fail(path, 0, std::string("cannot be opened: ") + std::strerror(errno),
                "check the name, and that the sensor's user may read it");
  }
  auto out = ReadOpen(fd, path, max_bytes, secret);
  close(fd);
  return out;
}

}  // namespace

Result<std::string> ReadSecretFile(const std::string& path, std::size_t max_bytes) {
  return ReadAny(path, max_bytes, true);
}

Result<std::string> ReadSmallFile(const std::string& path, std::size_t max_bytes) {
  return ReadAny(path, max_bytes, false);
}

}  // namespace gander::report
