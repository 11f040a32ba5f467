// SPDX-License-Identifier: Apache-2.0
// One datagram of flow export: which format, and how many records.
#ifndef GANDER_PROTOCOL_FLOW_EXPORT_MESSAGE_H_
#define GANDER_PROTOCOL_FLOW_EXPORT_MESSAGE_H_

#include <array>
#include <cstdint>

#include "base/bytes.h"
#include "protocol/flow_export/flow_export.h"

namespace gander::protocol::flow_export {

// Lengths of data records by template, of one exporter.
class Templates {
 public:
  // Length 0: the records differ in length. What finds no room is forgotten.
  void Learn(std::uint16_t id, std::uint16_t length) noexcept;
  // kUnknownRecord for those not known or of differing length.
  std::size_t LengthOf(std::uint16_t id) const noexcept;
  void Clear() noexcept { count_ = 0; }

 private:
  struct One {
    std::uint16_t id = 0, length = 0;
  };
  std::array<One, kMaxTemplates> known_;
  std::size_t count_ = 0;
};

struct Message {
  const char* format = nullptr;  // "netflow", "ipfix", "sflow", "hep"; null: none of them
  std::uint32_t version = 0;
  std::uint32_t records = 0;
};

// Strict: every length must add up to the datagram. Templates in it are learned.
Message Read(Bytes datagram, Templates& templates) noexcept;

}  // namespace gander::protocol::flow_export

#endif  // GANDER_PROTOCOL_FLOW_EXPORT_MESSAGE_H_
