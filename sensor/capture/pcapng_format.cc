// SPDX-License-Identifier: Apache-2.0
// Reading of pcapng blocks. Every block states its length twice; a mismatch is the surest sign of corruption.
#include "capture/pcapng_format.h"

#include <fmt/format.h>

namespace gander::capture {
namespace {

constexpr std::uint32_t kSection = 0x0a0d0d0a;  // the same in both byte orders
constexpr std::uint32_t kInterface = 1, kObsoletePacket = 2, kSimplePacket = 3, kEnhancedPacket = 6;
constexpr std::uint32_t kByteOrderMagic = 0x1a2b3c4d;

constexpr std::size_t kBlockHead = 8;     // type, total length
constexpr std::size_t kBlockFrame = 12;   // and the total length once more behind the body
constexpr std::size_t kSectionBody = 16;  // magic, version, section length

bool IsRead(std::uint32_t type) noexcept {
  return type == kEnhancedPacket || type == kSimplePacket || type == kObsoletePacket || type == kInterface ||
         type == kSection;
}

// Sets `swapped` from the byte-order magic at `at`; false when it is none.
bool ReadByteOrder(const std::byte* at, bool& swapped) noexcept {
  if (LoadAs<std::uint32_t>(false, at) == kByteOrderMagic)
    swapped = false;
  else if (LoadAs<std::uint32_t>(true, at) == kByteOrderMagic)
    swapped = true;
  else
    return false;
  return true;
}

}  // namespace

struct PcapngFormat::PacketFields {
  std::uint32_t interface;
  std::uint32_t captured;
  std::uint32_t on_wire;
  std::uint64_t ticks;
  bool timed;
};

bool PcapngFormat::Recognises(Bytes head) noexcept {
  return LoadAs<std::uint32_t>(false, head.data()) == kSection;
}

Result<std::unique_ptr<RecordFormat>> PcapngFormat::Open(Bytes head) {
  if (head.size() < kSectionHead) {
    return Fail("", 0,
                fmt::format("the file ends after {} bytes, within its pcapng section header", head.size()),
                "capture again; the writer was stopped before it had written anything");
  }
  bool swapped = false;
  if (!ReadByteOrder(head.data() + kBlockHead, swapped)) {
    return Fail("", 0, "it begins like pcapng but bears no byte-order magic",
                "capture again; the file is damaged");
  }
  const auto major = LoadAs<std::uint16_t>(swapped, head.data() + 12);
  const auto minor = LoadAs<std::uint16_t>(swapped, head.data() + 14);
  if (major != 1) {
    return Fail("", 0, fmt::format("pcapng version {}.{} is not known; only 1.x is", major, minor),
                "convert it: editcap -F pcap OLD NEW");
  }
  return std::unique_ptr<RecordFormat>(new PcapngFormat());
}

RecordFormat::Outcome PcapngFormat::Read(Bytes& unread, Burst& burst) noexcept {
  while (!burst.full()) {
    const Outcome outcome = skip_total_ != 0 ? ContinueSkip(unread) : ReadBlock(unread, burst);
    if (outcome.stop != Stop::kBurstFull) return outcome;
  }
  return {};
}

// Takes one block off; Stop::kBurstFull stands for "go on".
RecordFormat::Outcome PcapngFormat::ReadBlock(Bytes& unread, Burst& burst) noexcept {
  if (unread.size() < kBlockFrame) return {Stop::kNeedMore, kBlockFrame};
  const std::byte* block = unread.data();
  const bool section = LoadAs<std::uint32_t>(false, block) == kSection;
  bool swapped = swapped_;
  if (section && !ReadByteOrder(block + kBlockHead, swapped))
    return Broken("a section bears no byte-order magic");
  const auto type = LoadAs<std::uint32_t>(swapped, block);
  const auto total = LoadAs<std::uint32_t>(swapped, block + 4);
  if (total < kBlockFrame || total % 4 != 0) {
    return Broken(fmt::format("a block of type {} claims a length of {} bytes", type, total));
  }
  if (!IsRead(type)) {
    skip_total_ = total;
    skip_left_ = total - 4;
    return {};
  }
  if (total > kMaxRecord) {
    return Broken(fmt::format("a block of type {} claims {} bytes, more than {}", type, total, kMaxRecord));
  }
  if (unread.size() < total) return {Stop::kNeedMore, total};
  if (LoadAs<std::uint32_t>(swapped, block + total - 4) != total) {
    return Broken(fmt::format("the two lengths of a block of type {} differ", type));
  }
  swapped_ = swapped;
  std::string wrong = OnBlock(type, unread.subspan(kBlockHead, total - kBlockFrame), burst);
  if (!wrong.empty()) return Broken(std::move(wrong));
  unread = unread.subspan(total);
  return {};
}

RecordFormat::Outcome PcapngFormat::ContinueSkip(Bytes& unread) noexcept {
  skip_left_ -= static_cast<std::uint32_t>(TakeFront(unread, skip_left_).size());
  const std::uint64_t begun = skip_total_ - 4 - skip_left_;
  if (skip_left_ > 0) return {Stop::kNeedMore, 1, begun};
  if (unread.size() < 4) return {Stop::kNeedMore, 4, begun};
  if (U32(unread.data()) != skip_total_) {
    Outcome broken = Broken("the two lengths of a block differ");
    broken.record_begun = begun;
    return broken;
  }
  unread = unread.subspan(4);
  skip_total_ = 0;
  return {};
}

std::string PcapngFormat::OnBlock(std::uint32_t type, Bytes body, Burst& burst) noexcept {
  switch (type) {
    case kEnhancedPacket:
      return OnEnhancedPacket(body, burst);
    case kSimplePacket:
      return OnSimplePacket(body, burst);
    case kObsoletePacket:
      return OnObsoletePacket(body, burst);
    case kInterface:
      return OnInterface(body);
    default:
      return OnSection(body);
  }
}

std::string PcapngFormat::OnSection(Bytes body) noexcept {
  if (body.size() < kSectionBody) return "a section header is too short";
  if (U16(body.data() + 4) != 1) return fmt::format("a section of unknown version {}", U16(body.data() + 4));
  interfaces_.clear();
  return {};
}

std::string PcapngFormat::OnInterface(Bytes body) noexcept {
  if (interfaces_.size() == kMaxInterfaces)
    return fmt::format("a section of more than {} interfaces", kMaxInterfaces);
  PcapngInterface interface;
  if (const char* wrong = PcapngInterface::Parse(body, swapped_, interface)) return wrong;
  interfaces_.push_back(interface);
  return {};
}

std::string PcapngFormat::OnEnhancedPacket(Bytes body, Burst& burst) noexcept {
  if (body.size() < 20) return "a packet block is too short for its own header";
  const std::byte* b = body.data();
  const std::uint64_t ticks = std::uint64_t{U32(b + 4)} << 32 | U32(b + 8);
  return AddPacket({U32(b), U32(b + 12), U32(b + 16), ticks, true}, body.subspan(20), burst);
}

std::string PcapngFormat::OnObsoletePacket(Bytes body, Burst& burst) noexcept {
  if (body.size() < 20) return "a packet block is too short for its own header";
  const std::byte* b = body.data();
  const std::uint64_t ticks = std::uint64_t{U32(b + 4)} << 32 | U32(b + 8);
  return AddPacket({U16(b), U32(b + 12), U32(b + 16), ticks, true}, body.subspan(20), burst);
}

// Bears neither interface nor time nor captured length: interface 0, the time of the packet before it, and as
// much as the snap length let through.
std::string PcapngFormat::OnSimplePacket(Bytes body, Burst& burst) noexcept {
  if (body.size() < 4) return "a packet block is too short for its own header";
  const std::uint32_t on_wire = U32(body.data());
  const std::uint32_t snap = interfaces_.empty() ? 0 : interfaces_[0].snap_length();
  const std::uint32_t captured = snap != 0 ? std::min(on_wire, snap) : on_wire;
  return AddPacket({0, captured, on_wire, 0, false}, body.subspan(4), burst);
}

std::string PcapngFormat::AddPacket(const PacketFields& fields, Bytes data, Burst& burst) noexcept {
  if (fields.interface >= interfaces_.size()) {
    return fmt::format("it names interface {}, but {} are described", fields.interface, interfaces_.size());
  }
  if (fields.captured > data.size()) {
    return fmt::format("it claims {} captured bytes in a block that holds {}", fields.captured, data.size());
  }
  if (fields.captured > kMaxCaptured) {
    return fmt::format("it claims {} captured bytes, more than {}", fields.captured, kMaxCaptured);
  }
  if (fields.on_wire > kMaxOnWire) {
    return fmt::format("it claims {} bytes on the wire, more than {}", fields.on_wire, kMaxOnWire);
  }
  const PcapngInterface& interface = interfaces_[fields.interface];
  if (fields.timed) last_time_ = interface.TimeOf(fields.ticks);
  burst.Add(data.first(fields.captured), last_time_, fields.on_wire, interface.link(),
            static_cast<std::uint16_t>(fields.interface));
  return {};
}

}  // namespace gander::capture
