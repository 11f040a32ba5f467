// SPDX-License-Identifier: Apache-2.0
// Opening of captures and the loop that reads them.
#include "capture/file_source.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace gander::capture {
namespace {

const char* RemedyOf(int error) noexcept {
  switch (error) {
    case ENOENT:
    case ENOTDIR:
      return "check the path";
    case EACCES:
    case EPERM:
      return "give this user the right to read it, or run as its owner";
    case EMFILE:
    case ENFILE:
      return "raise the limit of open files (ulimit -n), or name fewer captures at once";
    default:
      return "see that the file can be read, for example with: cat FILE > /dev/null";
  }
}

Failure CannotOpen(const std::string& path, int error) {
  return Fail(path, 0, std::string("cannot be read: ") + std::strerror(error), RemedyOf(error));
}

// Waits until enough of the head is there to tell the format.
Bytes ReadHead(ByteInput& input) {
  for (std::size_t needed = HeadBytes({}); input.unread().size() < needed;
       needed = HeadBytes(input.unread())) {
    if (input.ReadMore(needed) == ByteInput::Refill::kEnd) break;
  }
  return input.unread();
}

Result<std::unique_ptr<ByteInput>> OpenInput(const std::string& path, FileAccess access) {
  if (path == "-") {
    if (isatty(STDIN_FILENO) != 0) {
      return Fail("standard input", 0, "it is a terminal, not a capture",
                  "pipe one in: tcpdump -w - | gander scan -");
    }
    return std::unique_ptr<ByteInput>(new StreamInput(STDIN_FILENO, false));
  }
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return CannotOpen(path, errno);
  struct stat st {};
  if (fstat(fd, &st) != 0) {
    const int error = errno;
    close(fd);
    return CannotOpen(path, error);
  }
  if (!S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode))
    return std::unique_ptr<ByteInput>(new StreamInput(fd, true));
  std::unique_ptr<ByteInput> input;
  if (S_ISREG(st.st_mode) && st.st_size > 0) {
    const auto size = static_cast<std::size_t>(st.st_size);
    input = access == FileAccess::kMapped ? MappedInput::Map(fd, size) : std::make_unique<PieceInput>(fd, size);
  }
  const int error = errno;
  if (input == nullptr) close(fd);
  if (S_ISDIR(st.st_mode)) {
    return Fail(path, 0, "it is a directory",
                fmt::format("name the captures in it: gander scan {}/*.pcap", path));
  }
  if (st.st_size == 0) return std::unique_ptr<ByteInput>(new MemoryInput({}));
  if (input == nullptr) return CannotOpen(path, error);
  return input;
}

}  // namespace

Result<std::unique_ptr<PacketSource>> FileSource::Open(std::unique_ptr<ByteInput> input, std::string name) {
  const Bytes head = ReadHead(*input);
  if (const std::string failure = input->failure(); !failure.empty()) {
    return Fail(std::move(name), 0, "cannot be read: " + failure, "see that its writer still runs");
  }
  Result<std::unique_ptr<RecordFormat>> format = OpenFormat(head);
  if (!format) {
    format.error().file = std::move(name);
    return Failure(format.error());
  }
  input->Consume(head.subspan((*format)->head_bytes()));
  return std::unique_ptr<PacketSource>(new FileSource(std::move(input), std::move(*format), std::move(name)));
}

std::span<const Packet> FileSource::Poll() noexcept {
  burst_.Clear();
  input_->BeginBurst();
  while (!exhausted_) {
    Bytes rest = input_->unread();
    const RecordFormat::Outcome outcome = format_->Read(rest, burst_);
    input_->Consume(rest);
    if (outcome.stop == RecordFormat::Stop::kBurstFull) break;
    if (outcome.stop == RecordFormat::Stop::kBroken) {
      BreakAt(outcome, format_->fault(), "what stands before it was read; capture again for the rest");
      break;
    }
    // Reading on would move the frames of this burst.
    if (!burst_.empty() && !input_->keeps_burst()) break;
    const ByteInput::Refill refill = input_->ReadMore(outcome.needed);
    if (refill == ByteInput::Refill::kIdle) break;
    if (refill == ByteInput::Refill::kEnd) EndAt(outcome);
  }
  return burst_.packets();
}

// The input is over: cleanly between two records, or in the middle of one.
void FileSource::EndAt(const RecordFormat::Outcome& outcome) noexcept {
  exhausted_ = true;
  if (const std::string failure = input_->failure(); !failure.empty()) {
    BreakAt(outcome, "reading fails: " + failure, "see that its writer still runs and only adds to it");
  } else if (outcome.record_begun > 0 || !input_->unread().empty()) {
    BreakAt(outcome, "the capture ends in the middle of it",
            "what stands before it was read; let the writer finish, or have it flush (tcpdump -U)");
  }
}

void FileSource::BreakAt(const RecordFormat::Outcome& outcome, const std::string& why,
                         std::string remedy) noexcept {
  exhausted_ = true;
  const std::uint64_t packet = burst_.counters().received + 1;
  const std::uint64_t byte = input_->position() - outcome.record_begun;
  problem_ =
      Error{name_, 0, fmt::format("broken at packet {}, byte {}: {}", packet, byte, why), std::move(remedy)};
}

PacketSource::Progress FileSource::progress() const noexcept {
  return input_->total() == 0 ? Progress{} : Progress{input_->position(), input_->total()};
}

Result<std::unique_ptr<PacketSource>> OpenFile(const std::string& path, FileAccess access) {
  auto input = OpenInput(path, access);
  if (!input) return Failure(input.error());
  return FileSource::Open(std::move(*input), path == "-" ? "standard input" : path);
}

}  // namespace gander::capture
