// SPDX-License-Identifier: Apache-2.0
// Lines into a file or standard output, by write(2): no stdio buffer stands between a counted event and the disk.
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "report/sink/sink.h"

namespace gander::report {
namespace {

constexpr int kStallMillis = 10'000;  // a non-blocking reader may stall so long before its lines count as failed

class FileSink final : public Sink {
 public:
  FileSink(int fd, std::string path) : fd_(fd), path_(std::move(path)), name_(owned() ? path_ : "stdout") {}
  FileSink(const FileSink&) = delete;
  FileSink& operator=(const FileSink&) = delete;
  ~FileSink() override {
    if (owned()) ::close(fd_);
  }

  bool Write(std::string_view lines) noexcept override {
    std::size_t done = 0;
    while (done < lines.size()) {
      const ssize_t n = ::write(fd_, lines.data() + done, lines.size() - done);
      if (n > 0) {
        done += static_cast<std::size_t>(n);
      } else if (n == 0 || (errno != EINTR && !(errno == EAGAIN && WaitForRoom()))) {
        TakeBack(done);
        return false;
      }
    }
    return true;
  }

  void Flush() noexcept override {}

  void Reopen() noexcept override {
    if (!owned()) return;
    const int fd = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0640);
    if (fd < 0) return;  // better the rotated file than none
    ::close(fd_);
    fd_ = fd;
  }

  const std::string& name() const noexcept override { return name_; }

 private:
  bool owned() const noexcept { return path_ != "-"; }

  bool WaitForRoom() const noexcept {
    pollfd waiting{fd_, POLLOUT, 0};
    return ::poll(&waiting, 1, kStallMillis) > 0;
  }

  // A full disk stops in the middle of a line; the file must still end with a whole one. What cannot be taken
  // back (a pipe) stays as it is.
  void TakeBack(std::size_t written) const noexcept {
    struct stat status {};
    if (written == 0 || ::fstat(fd_, &status) != 0 || !S_ISREG(status.st_mode)) return;
    const off_t end = ::lseek(fd_, 0, SEEK_CUR);
    const auto start = end - static_cast<off_t>(written);
    if (start < 0 || ::ftruncate(fd_, start) != 0) return;
    (void)::lseek(fd_, start, SEEK_SET);
  }

  int fd_;
  std::string path_;
  std::string name_;
};

}  // namespace

Result<std::unique_ptr<Sink>> OpenFileSink(const std::string& path, bool append) {
  if (path.empty()) return Fail("events", 0, "no path given", "name a file, or - for standard output");
  if (path == "-") return std::make_unique<FileSink>(STDOUT_FILENO, path);
  const int flags = O_WRONLY | O_CREAT | O_CLOEXEC | O_NOCTTY | (append ? O_APPEND : O_TRUNC);
  const int fd = ::open(path.c_str(), flags, 0640);
  if (fd < 0) {
    return Fail(path, 0, std::string("cannot be opened for writing: ") + std::strerror(errno),
                "check that the directory exists and that this user may write there");
  }
  return std::make_unique<FileSink>(fd, path);
}

}  // namespace gander::report
