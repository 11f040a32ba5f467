// SPDX-License-Identifier: Apache-2.0
// Mapping and reading of files, and reading of pipes.
#include "capture/byte_input.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

namespace gander::capture {
namespace {

constexpr std::size_t kPage = 4096;
constexpr const char* kShortened = "another program has shortened the file meanwhile";

}  // namespace

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

std::string MappedInput::failure() const { return shortened_ ? kShortened : std::string(); }

PieceInput::PieceInput(int fd, std::size_t size) : fd_(fd), size_(size), buffers_(1) {
  (void)posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL);  // advice only: read ahead far
}

PieceInput::~PieceInput() { close(fd_); }

void PieceInput::BeginBurst() noexcept {
  std::swap(buffers_[0], buffers_[latest_]);
  latest_ = 0;
}

std::byte* PieceInput::NextBuffer() noexcept {
  if (latest_ + 1 == buffers_.size()) buffers_.emplace_back();
  Buffer& next = buffers_[++latest_];
  if (next == nullptr) next.reset(static_cast<std::byte*>(std::aligned_alloc(kPage, kMaxRecord + kPiece)));
  return next.get();
}

// The beginning of a record that the last piece ended in goes to where the next piece follows it.
ByteInput::Refill PieceInput::ReadMore(std::size_t) noexcept {
  if (error_ != 0 || shortened_ || read_ == size_) return Refill::kEnd;
  std::byte* const buffer = NextBuffer();
  if (buffer == nullptr) {
    error_ = ENOMEM;
    return Refill::kEnd;
  }
  std::byte* const piece = buffer + kMaxRecord;
  std::byte* const begin = piece - unread_.size();
  if (!unread_.empty()) std::memcpy(begin, unread_.data(), unread_.size());
  unread_ = {begin, unread_.size()};
  const ssize_t got = read(fd_, piece, std::min<std::uint64_t>(kPiece, size_ - read_));
  if (got > 0) {
    read_ += static_cast<std::uint64_t>(got);
    unread_ = {begin, unread_.size() + static_cast<std::size_t>(got)};
    return Refill::kMore;
  }
  if (got < 0 && errno == EINTR) return Refill::kIdle;
  if (got < 0) error_ = errno;
  shortened_ = got == 0;
  return Refill::kEnd;
}

std::string PieceInput::failure() const {
  if (error_ != 0) return std::strerror(error_);
  return shortened_ ? kShortened : std::string();
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
