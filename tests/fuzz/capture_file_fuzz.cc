// SPDX-License-Identifier: Apache-2.0
// Any bytes as a capture: nothing outside them is read, and a pipe that delivers them in small pieces gives
// the same packets and the same problem as memory that holds them all.
#include <sys/mman.h>
#include <unistd.h>

#include <cstdlib>
#include <string>

#include "capture/file_source.h"

namespace gander {
namespace {

// Everything that can be said about a capture, as one string.
std::string Account(std::unique_ptr<capture::ByteInput> input) {
  auto source = capture::FileSource::Open(std::move(input), "fuzz");
  if (!source) return source.error().ToString();
  std::string all;
  std::uint64_t bytes = 0;
  while (!(*source)->exhausted()) {
    for (const capture::Packet& p : (*source)->Poll()) {
      if (p.wire_length < p.frame.size()) std::abort();
      bytes += p.wire_length;
      all += std::to_string(p.number) + " " + std::to_string(p.time.ns) + " ";
      all += AsText(p.frame);
    }
  }
  if ((*source)->counters().received_bytes != bytes) std::abort();
  return all + ((*source)->problem() != nullptr ? (*source)->problem()->ToString() : "");
}

}  // namespace
}  // namespace gander

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const gander::Bytes bytes(reinterpret_cast<const std::byte*>(data), size);
  const std::string whole = gander::Account(std::make_unique<gander::capture::MemoryInput>(bytes));

  const int fd = memfd_create("fuzz", MFD_CLOEXEC);
  if (fd < 0 || write(fd, data, size) != static_cast<ssize_t>(size) || lseek(fd, 0, SEEK_SET) != 0)
    std::abort();
  const std::size_t piece = size == 0 ? 1 : 1 + data[size / 2] % 61;
  if (gander::Account(std::make_unique<gander::capture::StreamInput>(fd, true, piece)) != whole) std::abort();
  return 0;
}
