// SPDX-License-Identifier: Apache-2.0
// By write(2): no stdio buffer stands between a counted event and the disk.
#include "report/sink/file_sink.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <utility>

#include "report/sink/file_rotation.h"

namespace gander::report {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kWaitMillis = 200;          // for a non-blocking reader, each time Write is asked
constexpr int kStallMillis = 10'000;      // offline, before lines such a reader does not take count as lost
constexpr auto kRotateAgain = std::chrono::seconds(2);  // where the folder takes no new file
constexpr auto kLookEvery = std::chrono::seconds(1);  // whether the file is still there

std::int64_t WallClock() {
  const auto since = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::nanoseconds>(since).count();
}

Failure Unopenable(const std::string& path, int error) {
  return Fail(path, 0, std::string("cannot be opened for writing: ") + std::strerror(error),
              "check that the directory exists and that this user may write there");
}

class FileSink final : public Sink {
 public:
  FileSink(FileOptions options, std::string name)
      : Sink(std::move(name), NameOf(OutputType::kFile)), options_(std::move(options)), rotation_(options_.path) {}
  ~FileSink() override {
    if (owned() && fd_ >= 0) ::close(fd_);
  }

  Result<bool> Open() {
    if (!owned()) {
      fd_ = STDOUT_FILENO;
      meter().Connected(true);
      return true;
    }
    const int fd = ::open(options_.path.c_str(), kFlags, 0640);
    if (fd < 0) return Unopenable(options_.path, errno);
    if (!Take(fd)) {
      ::close(fd);
      return Fail(options_.path, 0, "another sensor writes to this file",
                  "give each sensor, and each output, a file of its own");
    }
    if (!regular_) return true;
    if (rotates() || options_.total > 0) rotation_.Load();
    if (!options_.append && !rotates() && ::ftruncate(fd_, 0) != 0) return Unopenable(options_.path, errno);
    if (!options_.append && !rotates()) size_ = 0;
    rotation_.Keep(options_.total, size_);
    return true;
  }

  std::size_t Write(const EventBatch& batch, std::size_t from) noexcept override {
    while (from < batch.lines.size()) {
      std::size_t to = LinesThatFit(batch, from);
      if (to == from) {
        Rotate();
        to = std::max(LinesThatFit(batch, from), from + 1);
      }
      const std::size_t next = WriteLines(batch, from, to);
      if (next == from) return from;
      from = next;
    }
    return from;
  }

  void Tick() noexcept override {
    if (!regular_) return;
    if (options_.rotate_every_s > 0 && WallClock() >= next_rotation_) {
      if (size_ > 0) Rotate();
      SetNextRotation();
    }
    const Clock::time_point now = Clock::now();
    if (now < next_look_) return;
    next_look_ = now + kLookEvery;
    if (!IsStillThere()) Reopen();
  }

  void Reopen() noexcept override {
    if (!owned() || !regular_) return;
    const int fd = ::open(options_.path.c_str(), kFlags, 0640);
    // Better the rotated file than none.
    if (fd < 0) return Complain(errno);
    struct stat before {}, after {};
    if (::fstat(fd_, &before) == 0 && ::fstat(fd, &after) == 0 && before.st_ino == after.st_ino &&
        before.st_dev == after.st_dev) {
      ::close(fd);
      return;
    }
    const int old = fd_;
    if (!Take(fd)) {
      ::close(fd);
      return meter().Problem("another sensor writes to " + options_.path + "; this one goes on in the file it has");
    }
    ::close(old);
  }

  int patience_ms() const noexcept override { return meter().blocked() == Loss::kStalled ? kStallMillis : 0; }

 private:
  static constexpr int kFlags = O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOCTTY;

  bool owned() const noexcept { return options_.path != "-"; }
  bool rotates() const noexcept { return options_.rotate_size > 0 || options_.rotate_every_s > 0; }

  // Makes `fd` the file that is written, unless somebody holds it.
  bool Take(int fd) {
    struct stat status {};
    if (::fstat(fd, &status) != 0) return false;
    const bool regular = S_ISREG(status.st_mode);
    if (regular && ::flock(fd, LOCK_EX | LOCK_NB) != 0) return false;
    fd_ = fd;
    regular_ = regular;
    stuck_ = false;
    size_ = static_cast<std::uint64_t>(status.st_size);
    if (regular) EndCutLine();
    meter().Connected(false);
    meter().Connected(true);
    SetNextRotation();
    return true;
  }

  // A power cut may have left a line without its end: the next event is no part of it.
  void EndCutLine() noexcept {
    const int in = size_ > 0 ? ::open(options_.path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY) : -1;
    if (in < 0) return;
    char last = '\n';
    if (::pread(in, &last, 1, static_cast<off_t>(size_) - 1) == 1 && last != '\n' && ::write(fd_, "\n", 1) == 1) ++size_;
    ::close(in);
  }

  void SetNextRotation() {
    const std::int64_t span = std::int64_t{options_.rotate_every_s} * 1'000'000'000;
    if (span > 0) next_rotation_ = (WallClock() / span + 1) * span;
  }

  std::size_t LinesThatFit(const EventBatch& batch, std::size_t from) const noexcept {
    if (!regular_ || options_.rotate_size == 0 || (stuck_ && Clock::now() < rotate_again_)) return batch.lines.size();
    std::uint64_t size = size_;
    std::size_t to = from;
    while (to < batch.lines.size() && size + batch.lines[to].length <= options_.rotate_size) {
      size += batch.lines[to++].length;
    }
    return to;
  }

  // Where it cannot be set aside, the file grows on: better a large one than none.
  void Rotate() noexcept {
    if (size_ == 0) return;
    stuck_ = !rotation_.SetAside(WallClock());
    if (stuck_) {
      Complain(errno);
      rotate_again_ = Clock::now() + kRotateAgain;
      return;
    }
    Reopen();
    rotation_.Keep(options_.total, size_ + options_.rotate_size);
  }

  std::size_t WriteLines(const EventBatch& batch, std::size_t from, std::size_t to) noexcept {
    const std::size_t begin = batch.lines[from].offset;
    const std::size_t end = batch.lines[to - 1].offset + batch.lines[to - 1].length;
    const char* line = batch.text.data() + begin;
    std::size_t done = begin + (std::exchange(partial_of_, nullptr) == line ? partial_ : 0);
    while (done < end) {
      const ssize_t n = ::write(fd_, batch.text.data() + done, end - done);
      if (n > 0) {
        done += static_cast<std::size_t>(n);
      } else if (n == 0 || (errno != EINTR && !(errno == EAGAIN && WaitForRoom()))) {
        return Stopped(batch, from, to, done, n == 0 ? ENOSPC : errno);
      }
    }
    size_ += end - begin;
    meter().Written(to - from, end - begin);
    if (!stuck_) meter().Problem("");
    return to;
  }

  // What was written stays up to the last whole line. A full disk is waited for, all else is lost.
  std::size_t Stopped(const EventBatch& batch, std::size_t from, std::size_t to, std::size_t done, int error) {
    std::size_t next = from;
    std::uint64_t bytes = 0;
    while (next < to && batch.lines[next].offset + batch.lines[next].length <= done) bytes += batch.lines[next++].length;
    const std::size_t whole = next > from ? batch.lines[next - 1].offset + batch.lines[next - 1].length
                                          : batch.lines[from].offset;
    if (regular_) {
      TakeBack(done - whole);
    } else {
      partial_ = done - whole;  // of the line that comes next; a pipe takes nothing back
      partial_of_ = batch.text.data() + whole;
    }
    size_ += bytes;
    meter().Written(next - from, bytes);
    Complain(error);
    if (error == ENOSPC || error == EDQUOT || error == EAGAIN) {
      meter().Blocked(error == EAGAIN ? Loss::kStalled : Loss::kDiskFull);
      return next;
    }
    for (; next < to; ++next) meter().Lost(Loss::kWriteFailed, batch.lines[next]);
    return next;
  }

  // The file must end with a whole line.
  void TakeBack(std::size_t bytes) noexcept {
    struct stat status {};
    if (bytes == 0 || ::fstat(fd_, &status) != 0) return;
    if (status.st_size >= static_cast<off_t>(bytes)) {
      (void)!::ftruncate(fd_, status.st_size - static_cast<off_t>(bytes));
    }
  }

  void Complain(int error) noexcept {
    meter().Failed();
    const char* what = error == EAGAIN ? "the reader takes nothing" : std::strerror(error);
    meter().Problem((owned() ? options_.path : std::string("standard output")) + ": " + what);
  }

  bool WaitForRoom() const noexcept {
    pollfd waiting{fd_, POLLOUT, 0};
    return ::poll(&waiting, 1, kWaitMillis) > 0;
  }

  bool IsStillThere() const noexcept {
    struct stat ours {}, there {};
    return ::fstat(fd_, &ours) == 0 && ::stat(options_.path.c_str(), &there) == 0 && ours.st_ino == there.st_ino &&
           ours.st_dev == there.st_dev;
  }

  const FileOptions options_;
  FileRotation rotation_;
  int fd_ = -1;
  bool regular_ = false;
  bool stuck_ = false;              // it could not be set aside the last time
  std::uint64_t size_ = 0;
  std::size_t partial_ = 0;
  const char* partial_of_ = nullptr;
  std::int64_t next_rotation_ = 0;
  Clock::time_point rotate_again_{};
  Clock::time_point next_look_ = Clock::now() + kLookEvery;
};

}  // namespace

Result<std::unique_ptr<Sink>> OpenFileSink(const FileOptions& options, std::string name) {
  if (options.path.empty()) return Fail("events", 0, "no path given", "name a file, or - for standard output");
  auto sink = std::make_unique<FileSink>(options, std::move(name));
  if (auto opened = sink->Open(); !opened) return Failure(opened.error());
  return sink;
}

}  // namespace gander::report
