// SPDX-License-Identifier: Apache-2.0
// A Modbus message taken apart, and what an event shows of it.
#ifndef GANDER_PROTOCOL_MODBUS_MESSAGE_H_
#define GANDER_PROTOCOL_MODBUS_MESSAGE_H_

#include <cstdint>

#include "base/bytes.h"
#include "base/record.h"
#include "protocol/industrial/function.h"

namespace gander::protocol::modbus {

enum Code : std::uint8_t {
  kReadCoils = 1,
  kReadDiscreteInputs = 2,
  kReadHoldingRegisters = 3,
  kReadInputRegisters = 4,
  kWriteSingleCoil = 5,
  kWriteSingleRegister = 6,
  kDiagnostic = 8,
  kWriteMultipleCoils = 15,
  kWriteMultipleRegisters = 16,
  kMaskWriteRegister = 22,
  kReadWriteMultipleRegisters = 23,
  kEncapsulated = 43,
};
inline constexpr std::uint8_t kExceptionBit = 0x80;
inline constexpr std::uint8_t kReadDeviceId = 0x0e;

struct Message {
  std::uint16_t transaction = 0, protocol = 0;
  std::uint8_t unit = 0, raw = 0;  // raw: the function, with kExceptionBit for an exception
  Bytes data;                      // behind the function

  std::uint8_t code() const noexcept { return raw & static_cast<std::uint8_t>(~kExceptionBit); }
  bool exception() const noexcept { return (raw & kExceptionBit) != 0; }
};

// `frame` is whole, its head checked.
Message ReadMessage(Bytes frame) noexcept;

// What a request of this function asks for; Suricata's names.
industrial::Function FunctionOf(const Message& message) noexcept;

// Whether the data has the form that the function's request, or its answer, must have. False for functions without one.
bool LooksLikeRequest(const Message& message) noexcept;
bool LooksLikeResponse(const Message& message) noexcept;

// The octets that a message carries for or from the device: registers and coils.
Bytes Payload(const Message& message, bool response) noexcept;

// Null, or the name of what is wrong (Suricata's event).
const char* Problem(const Message& message, bool response) noexcept;

void Write(const char* key, const Message& message, bool response, Record& out);

}  // namespace gander::protocol::modbus

#endif  // GANDER_PROTOCOL_MODBUS_MESSAGE_H_
