// SPDX-License-Identifier: Apache-2.0
#include "pipeline.h"

#include <sys/resource.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "ceiling/payload.h"

namespace gander::bench {
namespace {

constexpr std::size_t kEthernet = 14, kVxlanHeader = 8;
constexpr std::uint8_t kTcp = 6, kUdp = 17;
constexpr HashKey kTagKey{0x62656e6368ULL, 0x67616e646572ULL};

[[noreturn]] void Die(const Error& error) {
  std::fprintf(stderr, "%s\n", error.ToString().c_str());
  std::exit(2);
}

unsigned Get16(const char* p) {
  return static_cast<unsigned>(static_cast<unsigned char>(p[0]) << 8 | static_cast<unsigned char>(p[1]));
}

void Put16(char* p, unsigned v) {
  p[0] = static_cast<char>(v >> 8);
  p[1] = static_cast<char>(v);
}

// RFC 1624, equation 3: one 16-bit word of the data went from `before` to `after`.
void MendChecksum(char* at, unsigned before, unsigned after) {
  unsigned sum = (~Get16(at) & 0xffff) + (~before & 0xffff) + after;
  while (sum >> 16 != 0) sum = (sum & 0xffff) + (sum >> 16);
  Put16(at, ~sum & 0xffff);
}

// The client's address in the IPv4 packet at `ip` gets `octet`.
void MoveClient(char* ip, std::size_t size, std::uint8_t octet) {
  if (size < 20 || static_cast<unsigned char>(ip[0]) >> 4 != 4) return;
  char* address = ip[12] == 10 ? ip + 12 : ip[16] == 10 ? ip + 16 : nullptr;
  if (address == nullptr) return;
  const unsigned before = Get16(address);
  address[1] = static_cast<char>(octet);
  const unsigned after = Get16(address);
  MendChecksum(ip + 10, before, after);
  const std::size_t transport = 4 * static_cast<std::size_t>(ip[0] & 15);
  if ((Get16(ip + 6) & 0x1fff) != 0) return;  // the checksum is in the first fragment
  if (ip[9] == kTcp && size >= transport + 18) MendChecksum(ip + transport + 16, before, after);
  if (ip[9] == kUdp && size >= transport + 8 && Get16(ip + transport + 6) != 0) {
    MendChecksum(ip + transport + 6, before, after);
  }
}

void MoveClients(char* frame, std::size_t size, std::uint8_t octet) {
  Layers at;
  const bool whole = FindLayers({frame, size}, kEthernet, at);
  if (whole && at.protocol == kUdp && Get16(frame + at.transport + 2) == 4789) {
    const std::size_t inner = at.payload + kVxlanHeader + kEthernet;
    if (inner < size) MoveClient(frame + inner, size - inner, octet);
  } else if (size > kEthernet && Get16(frame + 12) == 0x0800) {
    MoveClient(frame + kEthernet, size - kEthernet, octet);
  }
}

}  // namespace

std::shared_ptr<const config::Snapshot> LoadSnapshot(const std::vector<std::string>& set,
                                                     const std::vector<std::string>& rules) {
  config::Settings settings;
  for (const std::string& assignment : set) {
    if (auto done = config::SetOne(assignment, settings); !done) Die(done.error());
  }
  settings.rule_paths = rules;
  // build/<preset>/<program> in the source tree.
  const auto self = std::filesystem::read_symlink("/proc/self/exe");
  auto snapshot =
      config::BuildSnapshot(std::move(settings), (self.parent_path() / "../../rules").lexically_normal());
  if (!snapshot) Die(snapshot.error());
  return *snapshot;
}

Replay::Replay(const std::string& path) {
  const MappedCapture capture(path);
  std::size_t bytes = 0, count = 0;
  capture.ForEach(
      [&](std::string_view frame, std::uint32_t, std::uint32_t) { bytes += frame.size(), ++count; });
  frames_.reserve(bytes);
  packets_.reserve(count);
  const std::int64_t unit = capture.nanoseconds() ? 1 : 1000;
  capture.ForEach([&](std::string_view frame, std::uint32_t seconds, std::uint32_t fraction) {
    const std::size_t at = frames_.size();
    frames_.insert(frames_.end(), frame.begin(), frame.end());
    capture::Packet packet;
    packet.frame = std::as_bytes(std::span(frames_.data() + at, frame.size()));
    packet.time = {std::int64_t{seconds} * 1'000'000'000 + std::int64_t{fraction} * unit};
    packet.number = packets_.size() + 1;
    packet.wire_length = static_cast<std::uint32_t>(frame.size());
    packets_.push_back(packet);
  });
}

void Replay::NextRound(Duration step) {
  ++round_;
  char* frame = frames_.data();
  for (capture::Packet& packet : packets_) {
    MoveClients(frame, packet.frame.size(), round_);
    frame += packet.frame.size();
    packet.time = packet.time + step;
    packet.number += packets_.size();
  }
}

void Replay::Later(Duration step) {
  for (capture::Packet& packet : packets_) packet.time = packet.time + step;
}

Pipeline::Pipeline(std::shared_ptr<const config::Snapshot> snapshot, std::function<void(Phase)> enter)
    : enter_(std::move(enter)),
      worker_(snapshot, kTagKey),
      aggregator_(snapshot, {"bench", true, 1}, nullptr, nullptr),
      clock_(Duration::Seconds(snapshot->settings.runtime.epoch_s),
             snapshot->settings.runtime.epoch_packets) {
  parts_.resize(1);
}

void Pipeline::Process(std::span<const capture::Packet> packets) {
  for (std::size_t at = 0; at < packets.size();) {
    const auto burst = packets.subspan(at, std::min(packets.size() - at, capture::PacketSource::kMaxBurst));
    std::size_t begin = 0;
    for (std::size_t i = 0; i < burst.size(); ++i) {
      if (clock_.MustSealBefore(burst[i].time)) {
        worker_.Process(burst.subspan(begin, i - begin));
        begin = i;
        Seal(clock_.SealEnd(burst[i].time), false);
        clock_.Advance(burst[i].time);
      }
      clock_.Count(burst[i].time);
      port_.received_bytes += burst[i].wire_length;
    }
    worker_.Process(burst.subspan(begin));
    port_.received += burst.size();
    at += burst.size();
  }
}

void Pipeline::Seal(Timestamp end, bool final) {
  enter_(Phase::kSeal);
  auto next = parts_[0] != nullptr ? std::move(parts_[0]) : worker_.NewEpoch();
  parts_[0] = worker_.Seal(clock_.begin(), end, final, std::move(next));
  parts_[0]->step_back = clock_.step_back();
  enter_(Phase::kAggregate);
  aggregator_.OnEpoch(parts_, port_);
  ++epochs_;
  enter_(Phase::kPacket);
}

report::RunState Pipeline::Finish() {
  Seal(clock_.latest(), true);
  return aggregator_.Finish();
}

std::uint64_t ResidentBytes() {
  std::uint64_t pages = 0, resident = 0;
  std::ifstream("/proc/self/statm") >> pages >> resident;
  return resident * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
}

std::uint64_t PeakResidentBytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<std::uint64_t>(usage.ru_maxrss) * 1024;
}

}  // namespace gander::bench
