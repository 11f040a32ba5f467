// SPDX-License-Identifier: Apache-2.0
// A capture of gander-corpus as its ceiling sees it: frames in a mapped file, and the payload put in order.
#ifndef GANDER_BENCH_CEILING_PAYLOAD_H_
#define GANDER_BENCH_CEILING_PAYLOAD_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace gander::bench {

enum class Pages : bool { kMappedAhead, kFaultedIn };

// A pcap file in host byte order. Ends the process with a message when there is none.
class MappedCapture {
 public:
  explicit MappedCapture(const std::string& path, Pages pages = Pages::kMappedAhead);
  ~MappedCapture();
  MappedCapture(const MappedCapture&) = delete;
  MappedCapture& operator=(const MappedCapture&) = delete;

  // Calls `f(frame, seconds, fraction)` for each record.
  template <class F>
  void ForEach(F&& f) const {
    for (std::size_t at = kFileHeader; at + kRecordHeader <= size_;) {
      std::uint32_t record[4];
      __builtin_memcpy(record, data_ + at, sizeof record);
      at += kRecordHeader;
      if (record[2] > size_ - at) return;
      f(std::string_view(data_ + at, record[2]), record[0], record[1]);
      at += record[2];
    }
  }
  bool nanoseconds() const noexcept { return nanoseconds_; }

 private:
  static constexpr std::size_t kFileHeader = 24, kRecordHeader = 16;
  const char* data_ = nullptr;
  std::size_t size_ = 0;
  bool nanoseconds_ = false;
};

// Where the parts of an IPv4 frame with TCP or UDP lie; false for others and for later fragments.
struct Layers {
  std::size_t ip = 0, transport = 0, payload = 0, end = 0;
  std::uint8_t protocol = 0;
};
bool FindLayers(std::string_view frame, std::size_t ip, Layers& out) noexcept;

struct Payload {
  std::vector<std::string_view> segments;  // in the order of arrival, in the capture
  std::vector<std::string> streams;        // by flow direction; no loss and no reordering is assumed
  std::uint64_t bytes = 0;
};
Payload CollectPayload(const MappedCapture& capture, std::uint64_t max_bytes);

}  // namespace gander::bench

#endif  // GANDER_BENCH_CEILING_PAYLOAD_H_
