// SPDX-License-Identifier: Apache-2.0
// Where the bytes of a capture come from: memory that is all there, a file read piece by piece, or a pipe read into a
// bounded buffer.
#ifndef GANDER_CAPTURE_BYTE_INPUT_H_
#define GANDER_CAPTURE_BYTE_INPUT_H_

#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "capture/record_format.h"

namespace gander::capture {

class ByteInput {
 public:
  enum class Refill : std::uint8_t {
    kMore,  // unread() has grown
    kIdle,  // nothing came for a moment; ask again
    kEnd,   // nothing will come any more
  };

  virtual ~ByteInput() = default;
  Bytes unread() const noexcept { return unread_; }
  // `rest` is the tail of unread() that was not used.
  void Consume(Bytes rest) noexcept {
    position_ += unread_.size() - rest.size();
    unread_ = rest;
  }
  std::uint64_t position() const noexcept { return position_; }  // of unread() in the capture

  // Called when unread() holds fewer than `needed` (<= kMaxRecord) bytes. Ends the validity of earlier views
  // unless stable(), or keeps_burst() and no BeginBurst() came between.
  virtual Refill ReadMore(std::size_t needed) noexcept = 0;
  virtual bool stable() const noexcept = 0;
  virtual bool keeps_burst() const noexcept { return stable(); }
  virtual void BeginBurst() noexcept {}
  virtual std::uint64_t total() const noexcept { return 0; }  // bytes in all; 0 when unknown
  // The sentence of an input error, empty while there is none.
  virtual std::string failure() const { return {}; }

 protected:
  Bytes unread_;

 private:
  std::uint64_t position_ = 0;
};

// Bytes somebody else keeps alive.
class MemoryInput : public ByteInput {
 public:
  explicit MemoryInput(Bytes all) noexcept : total_(all.size()) { unread_ = all; }
  Refill ReadMore(std::size_t) noexcept override { return Refill::kEnd; }
  bool stable() const noexcept override { return true; }
  std::uint64_t total() const noexcept override { return total_; }

 private:
  std::uint64_t total_;
};

// A mapped file, shown a window at a time. Before each the file's length is looked at: a file that another
// program has shortened ends with an error. (Shortened within the window that is being read, the kernel
// answers with SIGBUS.)
class MappedInput final : public ByteInput {
 public:
  static constexpr std::size_t kWindow = 4 << 20;
  static constexpr std::size_t kBehind = 16 << 20;  // what several workers may still have in hand

  // `size` > 0. Takes `fd` over where it succeeds; null, and errno set, when the file cannot be mapped.
  static std::unique_ptr<ByteInput> Map(int fd, std::size_t size);
  ~MappedInput() override;
  MappedInput(const MappedInput&) = delete;
  MappedInput& operator=(const MappedInput&) = delete;

  Refill ReadMore(std::size_t needed) noexcept override;
  bool stable() const noexcept override { return true; }
  std::uint64_t total() const noexcept override { return mapping_.size(); }
  std::string failure() const override;

 private:
  MappedInput(int fd, Bytes mapping) noexcept : fd_(fd), mapping_(mapping) { unread_ = mapping.first(0); }

  void DropBehind() noexcept;

  int fd_;
  Bytes mapping_;
  std::size_t dropped_ = 0;  // bytes at the front whose pages were given back
  std::size_t shown_ = 0;  // bytes of the mapping that unread() has reached
  bool shortened_ = false;
};

// A file read in pieces, in turn into two buffers that stay in the core's second-level cache; more of them only while a
// burst of very large frames is put together. Measured on captures of bulk transfers, copying all of a file so costs
// two thirds of what mapping it and looking at headers does: no page faults, and headers in the cache when they are
// read.
class PieceInput final : public ByteInput {
 public:
  static constexpr std::size_t kPiece = 128 << 10;

  // The first `size` bytes of `fd`, which it closes.
  PieceInput(int fd, std::size_t size);
  ~PieceInput() override;
  PieceInput(const PieceInput&) = delete;
  PieceInput& operator=(const PieceInput&) = delete;

  Refill ReadMore(std::size_t needed) noexcept override;
  bool stable() const noexcept override { return false; }
  bool keeps_burst() const noexcept override { return true; }
  void BeginBurst() noexcept override;
  std::uint64_t total() const noexcept override { return size_; }
  std::string failure() const override;

 private:
  // Room for the beginning of a record, then for a piece. Begins at a page, as pieces do in the kernel's cache: into
  // memory a few bytes off, processors with microcoded string moves copy at a third of their speed.
  struct Free {
    void operator()(std::byte* p) const noexcept { std::free(p); }
  };
  using Buffer = std::unique_ptr<std::byte[], Free>;
  std::byte* NextBuffer() noexcept;

  int fd_;
  std::uint64_t size_, read_ = 0;
  std::vector<Buffer> buffers_;  // those up to latest_ hold frames of the burst at hand
  std::size_t latest_ = 0;       // holds unread()
  int error_ = 0;                // errno of a failed read
  bool shortened_ = false;
};

// A pipe, a FIFO, a terminal. Waits at most kWaitMillis at a time, so that a signal ends the run.
class StreamInput final : public ByteInput {
 public:
  static constexpr int kWaitMillis = 100;
  static constexpr std::size_t kBuffer = 2 * kMaxRecord;

  // Closes `fd` at its end when `owned`. `read_bytes` bounds one read; tests cut the stream finely with it.
  StreamInput(int fd, bool owned, std::size_t read_bytes = kBuffer);
  ~StreamInput() override;
  StreamInput(const StreamInput&) = delete;
  StreamInput& operator=(const StreamInput&) = delete;

  Refill ReadMore(std::size_t needed) noexcept override;
  bool stable() const noexcept override { return false; }
  std::string failure() const override;

 private:
  void MakeRoom(std::size_t needed) noexcept;

  int fd_;
  bool owned_;
  std::size_t read_bytes_;
  std::unique_ptr<std::byte[]> buffer_;
  int error_ = 0;  // errno of a failed read
};

}  // namespace gander::capture

#endif  // GANDER_CAPTURE_BYTE_INPUT_H_
