// SPDX-License-Identifier: Apache-2.0
// Where frames go: a pcap file with nanosecond stamps as a saturated 10 Gbit/s link would give them.
#ifndef GANDER_BENCH_CORPUS_CAPTURE_FILE_H_
#define GANDER_BENCH_CORPUS_CAPTURE_FILE_H_

#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>

namespace gander::bench {

class FrameSink {
 public:
  virtual ~FrameSink() = default;
  virtual void Emit(std::string_view frame) = 0;
};

class CaptureFile final : public FrameSink {
 public:
  // Ends the process with a message when the file cannot be written; so does Close().
  explicit CaptureFile(const std::string& path);
  void Emit(std::string_view frame) override;
  void Close();

  std::uint64_t packets() const noexcept { return packets_; }
  std::uint64_t frame_bytes() const noexcept { return frame_bytes_; }
  std::uint64_t file_bytes() const noexcept { return frame_bytes_ + 16 * packets_ + 24; }

 private:
  struct CloseFile {
    void operator()(std::FILE* f) const { std::fclose(f); }
  };
  void Write(const void* data, std::size_t size);

  std::string path_;
  std::unique_ptr<std::FILE, CloseFile> file_;
  std::uint64_t time_tenths_;  // of a nanosecond: one bit at 10 Gbit/s
  std::uint64_t packets_ = 0, frame_bytes_ = 0;
};

}  // namespace gander::bench

#endif  // GANDER_BENCH_CORPUS_CAPTURE_FILE_H_
