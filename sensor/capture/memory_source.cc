// SPDX-License-Identifier: Apache-2.0
// Packets held in memory, replayed a number of times.
#include "capture/burst.h"
#include "capture/packet_source.h"

namespace gander::capture {
namespace {

class MemorySource final : public PacketSource {
 public:
  MemorySource(std::vector<Packet> packets, std::string name, int times)
      : packets_(std::move(packets)), name_(std::move(name)), rounds_left_(packets_.empty() ? 0 : times) {}

  std::span<const Packet> Poll() noexcept override {
    burst_.Clear();
    while (!burst_.full() && rounds_left_ > 0) {
      const Packet& p = packets_[next_];
      burst_.Add(p.frame, p.time, p.wire_length, p.link, p.port);
      if (++next_ == packets_.size()) {
        next_ = 0;
        --rounds_left_;
      }
    }
    return burst_.packets();
  }

  bool exhausted() const noexcept override { return rounds_left_ <= 0; }
  SourceCounters counters() const noexcept override { return burst_.counters(); }
  bool frames_outlive_poll() const noexcept override { return true; }
  const std::string& name() const noexcept override { return name_; }

 private:
  std::vector<Packet> packets_;
  std::string name_;
  std::size_t next_ = 0;
  int rounds_left_;
  Burst burst_;
};

}  // namespace

std::unique_ptr<PacketSource> OpenMemory(std::vector<Packet> packets, std::string name, int times) {
  return std::make_unique<MemorySource>(std::move(packets), std::move(name), times);
}

}  // namespace gander::capture
