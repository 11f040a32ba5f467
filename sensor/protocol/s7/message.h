// SPDX-License-Identifier: Apache-2.0
// An S7 message taken apart, and what an event shows of it.
#ifndef GANDER_PROTOCOL_S7_MESSAGE_H_
#define GANDER_PROTOCOL_S7_MESSAGE_H_

#include <cstdint>
#include <string_view>

#include "base/bytes.h"
#include "base/record.h"
#include "protocol/industrial/function.h"

namespace gander::protocol::s7 {

enum PduType : std::uint8_t { kJob = 1, kAck = 2, kAckData = 3, kUserData = 7 };
enum Code : std::uint8_t {
  kReadVar = 0x04,
  kWriteVar = 0x05,
  kRequestDownload = 0x1a,
  kDownloadBlock = 0x1b,
  kDownloadEnded = 0x1c,
  kStartUpload = 0x1d,
  kUpload = 0x1e,
  kEndUpload = 0x1f,
  kPiService = 0x28,
  kPlcStop = 0x29,
};
inline constexpr std::uint8_t kProtocol = 0x32, kProtocolPlus = 0x72;

struct Message {
  std::uint8_t type = 0, code = 0;   // code: the function; of user data the group of functions
  std::uint8_t subfunction = 0;      // of user data
  bool asks = false;                 // of user data: a request
  std::uint16_t reference = 0;
  std::uint8_t error_class = 0, error_code = 0;
  bool has_error = false;
  Bytes parameter, data;
};

// False when `bytes` are no message, or shorter than it says.
bool ReadMessage(Bytes bytes, Message& out) noexcept;

const char* PduTypeName(std::uint8_t type) noexcept;  // null for what there is not
industrial::Function FunctionOf(const Message& message) noexcept;

// "_0A00001P" of a download or upload, "P_PROGRAM" of a service; empty when there is none.
std::string_view FileOf(const Message& message) noexcept;
std::string_view ServiceOf(const Message& message) noexcept;

// The octets of a block in the answer to a download or upload.
Bytes BlockOf(const Message& message) noexcept;

// The values in a message that reads or writes variables, one after the other; false at the end.
class Values {
 public:
  explicit Values(const Message& message) noexcept;
  bool Next(Bytes& value) noexcept;

 private:
  Bytes rest_;
  unsigned left_ = 0;
  bool written_ = false;  // what a job writes has no return code
};

void Write(const Message& message, Record& out);

// S7comm-plus, as far as its head tells.
struct PlusHead {
  std::uint8_t version = 0;
  bool has_function = false, asks = false;
  std::uint16_t code = 0;
  industrial::Function function{nullptr, industrial::Category::kOther};
};
PlusHead ReadPlus(Bytes bytes) noexcept;
void Write(const PlusHead& head, Record& out);

}  // namespace gander::protocol::s7

#endif  // GANDER_PROTOCOL_S7_MESSAGE_H_
