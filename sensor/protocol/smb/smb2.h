// SPDX-License-Identifier: Apache-2.0
// Messages of SMB 2 and 3 ([MS-SMB2] §2.2).
#ifndef GANDER_PROTOCOL_SMB_SMB2_H_
#define GANDER_PROTOCOL_SMB_SMB2_H_

#include "protocol/smb/connection.h"

namespace gander::protocol::smb {

// Where the body of a message has what is read of it.
inline constexpr std::size_t kReadAnswerData = kSmb2Header + 16, kWriteRequestData = kSmb2Header + 48;
// Where a write names its file.
inline constexpr std::size_t kWriteFileAt = kSmb2Header + 16;

// Reads one message. What it reads or writes of a file has been begun when a place is returned.
DataPlace ReadMessage2(Connection& connection, const Message& message, MessageSink& sink);

// Its two halves.
DataPlace ReadRequest2(Connection& connection, const Message& message, MessageSink& sink);
DataPlace ReadAnswer2(Connection& connection, const Message& message, MessageSink& sink);

// The place that a read's answer or a write names, within the message; what is beyond it is an anomaly.
DataPlace PlaceOfData2(const Message& message, MessageSink& sink);

}  // namespace gander::protocol::smb

#endif  // GANDER_PROTOCOL_SMB_SMB2_H_
