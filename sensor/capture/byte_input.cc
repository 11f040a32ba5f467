// SPDX-License-Identifier: Apache-2.0
// Mapping of files and reading of pipes.
#include "capture/byte_input.h"

#include <poll.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace gander::capture {

std::unique_ptr<ByteInput> MappedInput::Map(int fd, std::size_t size) {
  void* at = mmap(nullptr, size, PROT_READ, MAP_PRIVATE, fd, 0);
  if (at == MAP_FAILED) return nullptr;
  // Advice only: read ahead far, and let pages behind us go early.
  (void)madvise(at, size, MADV_SEQUENTIAL);
  return std::unique_ptr<ByteInput>(new MappedInput(fd, {static_cast<const std::byte*>(at), size}));
}

MappedInput::~MappedInput() {
  munmap(const_cast<std::byte*>(mapping_.data()), mapping_.size());
  close(fd_);
}

ByteInput::Refill MappedInput::ReadMore(std::size_t) noexcept {
  if (shortened_ || shown_ == mapping_.size()) return Refill::kEnd;
  struct stat st {};
  shortened_ = fstat(fd_, &st) != 0 || static_cast<std::uint64_t>(st.st_size) < mapping_.size();
  if (shortened_) return Refill::kEnd;
  DropBehind();
  const std::size_t window = std::min(kWindow, mapping_.size() - shown_);
  shown_ += window;
  unread_ = {unread_.data(), unread_.size() + window};
  return Refill::kMore;
}

// Pages long read leave this process, so that its memory does not grow with the file; the kernel keeps them in its
// cache. Whoever still looks at one gets it again.
void MappedInput::DropBehind() noexcept {
  const auto read = static_cast<std::size_t>(unread_.data() - mapping_.data());
  const std::size_t to = read > kBehind ? (read - kBehind) / kWindow * kWindow : 0;
  if (to <= dropped_) return;
  (void)madvise(const_cast<std::byte*>(mapping_.data()) + dropped_, to - dropped_, MADV_DONTNEED);
  dropped_ = to;
}

std::string MappedInput::failure() const {
  return shortened_ ? "another program has shortened the file meanwhile" : std::string();
}

StreamInput::StreamInput(int fd, bool owned, std::size_t read_bytes)
    : fd_(fd),
      owned_(owned),
      read_bytes_(read_bytes),
      buffer_(std::make_unique_for_overwrite<std::byte[]>(kBuffer)) {
  unread_ = {buffer_.get(), 0};
}

StreamInput::~StreamInput() {
  if (owned_) close(fd_);
}

// Moves the unread bytes to the front only when the record would not fit behind them, so a stream that comes
// byte by byte moves each byte once.
void StreamInput::MakeRoom(std::size_t needed) noexcept {
  const std::size_t begin = static_cast<std::size_t>(unread_.data() - buffer_.get());
  if (!unread_.empty() && begin + std::max(needed, unread_.size() + 1) <= kBuffer) return;
  std::memmove(buffer_.get(), unread_.data(), unread_.size());
  unread_ = {buffer_.get(), unread_.size()};
}

ByteInput::Refill StreamInput::ReadMore(std::size_t needed) noexcept {
  if (error_ != 0) return Refill::kEnd;
  MakeRoom(needed);
  pollfd wait{fd_, POLLIN, 0};
  const int ready = poll(&wait, 1, kWaitMillis);
  if (ready == 0 || (ready < 0 && errno == EINTR)) return Refill::kIdle;
  const std::size_t end = static_cast<std::size_t>(unread_.data() - buffer_.get()) + unread_.size();
  const ssize_t got = read(fd_, buffer_.get() + end, std::min(read_bytes_, kBuffer - end));
  if (got > 0) {
    unread_ = {unread_.data(), unread_.size() + static_cast<std::size_t>(got)};
    return Refill::kMore;
  }
  if (got == 0) return Refill::kEnd;
  if (errno == EINTR || errno == EAGAIN) return Refill::kIdle;
  error_ = errno;
  return Refill::kEnd;
}

std::string StreamInput::failure() const { return error_ == 0 ? std::string() : std::strerror(error_); }

}  // namespace gander::capture
