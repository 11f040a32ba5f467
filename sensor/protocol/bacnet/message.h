// SPDX-License-Identifier: Apache-2.0
// The layers of a BACnet/IP datagram.
#ifndef GANDER_PROTOCOL_BACNET_MESSAGE_H_
#define GANDER_PROTOCOL_BACNET_MESSAGE_H_

#include <cstdint>

#include "base/bytes.h"
#include "protocol/industrial/function.h"

namespace gander::protocol::bacnet {

enum class ApduType : std::uint8_t {
  kConfirmedRequest,
  kUnconfirmedRequest,
  kSimpleAck,
  kComplexAck,
  kSegmentAck,
  kError,
  kReject,
  kAbort,
};

enum Service : std::uint8_t {  // confirmed
  kAtomicReadFile = 6,
  kAtomicWriteFile = 7,
  kReadProperty = 12,
  kReadPropertyMultiple = 14,
  kWriteProperty = 15,
  kWritePropertyMultiple = 16,
  kDeviceCommunicationControl = 17,
  kReinitializeDevice = 20,
};
inline constexpr std::uint8_t kIAm = 0;  // unconfirmed

struct Message {
  std::uint8_t bvlc = 0;
  bool has_npdu = false, is_network_message = false;
  std::uint8_t network_message = 0;
  bool has_apdu = false, segmented = false;
  ApduType type = ApduType::kConfirmedRequest;
  std::uint8_t invoke_id = 0, segment = 0;
  std::uint8_t service = 0;  // of kReject and kAbort: the reason
  Bytes body;                // behind the service

  bool has_service() const noexcept { return has_apdu && type <= ApduType::kError && type != ApduType::kSegmentAck; }
  bool confirmed() const noexcept { return type != ApduType::kUnconfirmedRequest; }
};

// False when `datagram` is none, or a layer ends too early.
bool ReadMessage(Bytes datagram, Message& out) noexcept;

const char* BvlcName(std::uint8_t function) noexcept;  // null for what there is not
const char* ApduTypeName(ApduType type) noexcept;
industrial::Function FunctionOf(const Message& message) noexcept;
// The number of the context tag that names the object in a request or answer; 255 when an application tag does.
std::uint8_t ObjectTagOf(const Message& message) noexcept;

const char* ObjectTypeName(std::uint32_t type) noexcept;    // null for those that the standard does not name
const char* PropertyName(std::uint32_t property) noexcept;  // null for those that need no name here

}  // namespace gander::protocol::bacnet

#endif  // GANDER_PROTOCOL_BACNET_MESSAGE_H_
