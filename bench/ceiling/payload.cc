// SPDX-License-Identifier: Apache-2.0
#include "ceiling/payload.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <unordered_map>

namespace gander::bench {
namespace {

constexpr std::size_t kEthernet = 14;
constexpr std::uint8_t kTcp = 6, kUdp = 17;
constexpr std::uint32_t kMicroseconds = 0xa1b2c3d4, kNanoseconds = 0xa1b23c4d;

std::size_t Be16At(std::string_view s, std::size_t at) {
  return static_cast<std::size_t>(static_cast<unsigned char>(s[at]) << 8 |
                                  static_cast<unsigned char>(s[at + 1]));
}

[[noreturn]] void Die(const std::string& path, const char* what) {
  std::fprintf(stderr, "%s: %s\n", path.c_str(), what);
  std::exit(2);
}

}  // namespace

MappedCapture::MappedCapture(const std::string& path, Pages pages) {
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  struct stat facts {};
  if (file < 0 || fstat(file, &facts) != 0 || facts.st_size < static_cast<off_t>(kFileHeader))
    Die(path, "no capture");
  size_ = static_cast<std::size_t>(facts.st_size);
  void* mapped = mmap(nullptr, size_, PROT_READ, MAP_PRIVATE | (pages == Pages::kMappedAhead ? MAP_POPULATE : 0), file, 0);
  close(file);
  if (mapped == MAP_FAILED) Die(path, "cannot be mapped");
  data_ = static_cast<const char*>(mapped);
  std::uint32_t magic;
  std::memcpy(&magic, data_, sizeof magic);
  if (magic != kMicroseconds && magic != kNanoseconds) Die(path, "not a pcap file of this byte order");
  nanoseconds_ = magic == kNanoseconds;
}

MappedCapture::~MappedCapture() { munmap(const_cast<char*>(data_), size_); }

bool FindLayers(std::string_view frame, std::size_t ip, Layers& out) noexcept {
  if (frame.size() < ip + 28 || Be16At(frame, ip - 2) != 0x0800) return false;
  out.ip = ip;
  out.protocol = static_cast<std::uint8_t>(frame[ip + 9]);
  out.transport = ip + 4 * static_cast<std::size_t>(frame[ip] & 15);
  out.end = ip + Be16At(frame, ip + 2);
  if (out.end > frame.size() || (Be16At(frame, ip + 6) & 0x1fff) != 0) return false;
  if (out.protocol == kTcp && out.transport + 20 <= out.end) {
    out.payload = out.transport +
                  4 * static_cast<std::size_t>(static_cast<unsigned char>(frame[out.transport + 12]) >> 4);
  } else if (out.protocol == kUdp && out.transport + 8 <= out.end) {
    out.payload = out.transport + 8;
  } else {
    return false;
  }
  return out.payload <= out.end;
}

Payload CollectPayload(const MappedCapture& capture, std::uint64_t max_bytes) {
  Payload all;
  std::unordered_map<std::string, std::size_t> streams;
  capture.ForEach([&](std::string_view frame, std::uint32_t, std::uint32_t) {
    Layers at;
    if (all.bytes >= max_bytes || !FindLayers(frame, kEthernet, at) || at.payload == at.end) return;
    const std::string_view segment = frame.substr(at.payload, at.end - at.payload);
    std::string key(frame.substr(at.ip + 12, 8));
    key += frame.substr(at.transport, 4);
    const auto [stream, fresh] = streams.emplace(std::move(key), all.streams.size());
    if (fresh) all.streams.emplace_back();
    all.streams[stream->second] += segment;
    all.segments.push_back(segment);
    all.bytes += segment.size();
  });
  return all;
}

}  // namespace gander::bench
