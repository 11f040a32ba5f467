// SPDX-License-Identifier: Apache-2.0
// pcapng 1.x: sections of either byte order, interfaces with their own clocks, the three kinds of packet
// block. Other blocks are skipped (draft-ietf-opsawg-pcapng).
#ifndef GANDER_CAPTURE_PCAPNG_FORMAT_H_
#define GANDER_CAPTURE_PCAPNG_FORMAT_H_

#include <vector>

#include "base/result.h"
#include "capture/pcapng_interface.h"
#include "capture/record_format.h"

namespace gander::capture {

class PcapngFormat final : public RecordFormat {
 public:
  static constexpr std::size_t kSectionHead = 16;      // type, length, byte-order magic, version
  static constexpr std::size_t kMaxInterfaces = 4096;  // a section

  static bool Recognises(Bytes head) noexcept;  // at least 4 bytes
  // `head` begins with the section header. Errors name no file; the caller knows it.
  static Result<std::unique_ptr<RecordFormat>> Open(Bytes head);

  Outcome Read(Bytes& unread, Burst& burst) noexcept override;

 private:
  struct PacketFields;

  PcapngFormat() { interfaces_.reserve(kMaxInterfaces); }

  Outcome ReadBlock(Bytes& unread, Burst& burst) noexcept;
  Outcome ContinueSkip(Bytes& unread) noexcept;
  // The block's body without type and lengths. Each returns "" or what is wrong.
  std::string OnBlock(std::uint32_t type, Bytes body, Burst& burst) noexcept;
  std::string OnSection(Bytes body) noexcept;
  std::string OnInterface(Bytes body) noexcept;
  std::string OnEnhancedPacket(Bytes body, Burst& burst) noexcept;
  std::string OnSimplePacket(Bytes body, Burst& burst) noexcept;
  std::string OnObsoletePacket(Bytes body, Burst& burst) noexcept;
  std::string AddPacket(const PacketFields& fields, Bytes data, Burst& burst) noexcept;

  std::uint16_t U16(const std::byte* at) const noexcept { return LoadAs<std::uint16_t>(swapped_, at); }
  std::uint32_t U32(const std::byte* at) const noexcept { return LoadAs<std::uint32_t>(swapped_, at); }

  bool swapped_ = false;  // of the present section
  std::vector<PcapngInterface> interfaces_;
  Timestamp last_time_;  // of the packet before

  // A block nobody reads may be larger than any buffer: it is skipped as its bytes come.
  std::uint32_t skip_total_ = 0;  // its length, 0 when none is being skipped
  std::uint32_t skip_left_ = 0;   // of it, the trailing length aside
};

}  // namespace gander::capture

#endif  // GANDER_CAPTURE_PCAPNG_FORMAT_H_
