// SPDX-License-Identifier: Apache-2.0
#include "corpus/capture_file.h"

#include <cstdlib>

namespace gander::bench {
namespace {

constexpr std::uint64_t kTenthsPerSecond = 10'000'000'000;
constexpr std::uint64_t kEpoch2026 = 1'767'225'600;
// Preamble, start delimiter, check sequence and gap take the time of 24 bytes on Ethernet.
constexpr std::uint64_t kLineOverhead = 24;
constexpr std::size_t kBuffer = 1 << 20;

}  // namespace

CaptureFile::CaptureFile(const std::string& path)
    : path_(path), file_(std::fopen(path.c_str(), "wb")), time_tenths_(kEpoch2026 * kTenthsPerSecond) {
  if (file_ != nullptr) std::setvbuf(file_.get(), nullptr, _IOFBF, kBuffer);
  const std::uint32_t magic = 0xa1b23c4d, zero = 0, snap = 262144, ethernet = 1;  // nanosecond stamps
  const std::uint16_t version[2] = {2, 4};
  Write(&magic, 4);
  Write(version, 4);
  Write(&zero, 4);
  Write(&zero, 4);
  Write(&snap, 4);
  Write(&ethernet, 4);
}

void CaptureFile::Emit(std::string_view frame) {
  time_tenths_ += 8 * (frame.size() + kLineOverhead);
  const auto length = static_cast<std::uint32_t>(frame.size());
  const std::uint32_t record[4] = {static_cast<std::uint32_t>(time_tenths_ / kTenthsPerSecond),
                                   static_cast<std::uint32_t>(time_tenths_ % kTenthsPerSecond / 10), length,
                                   length};
  Write(record, sizeof record);
  Write(frame.data(), frame.size());
  ++packets_;
  frame_bytes_ += frame.size();
}

void CaptureFile::Close() {
  if (file_ != nullptr && std::fflush(file_.get()) != 0) Write(nullptr, 1);
  file_.reset();
}

void CaptureFile::Write(const void* data, std::size_t size) {
  if (file_ != nullptr && data != nullptr && std::fwrite(data, 1, size, file_.get()) == size) return;
  std::fprintf(stderr, "gander-corpus: cannot write %s\n", path_.c_str());
  std::exit(3);
}

}  // namespace gander::bench
