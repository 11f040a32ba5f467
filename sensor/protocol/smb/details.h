// SPDX-License-Identifier: Apache-2.0
// Members of events that both versions write.
#ifndef GANDER_PROTOCOL_SMB_DETAILS_H_
#define GANDER_PROTOCOL_SMB_DETAILS_H_

#include <string_view>

#include "base/record.h"
#include "protocol/smb/header.h"

namespace gander::protocol::smb {

// What a file is opened for: its name, "disposition" and "access".
void WriteCreate(std::string_view name, std::uint32_t options, std::uint32_t disposition, Record& out);
void WriteRename(std::string_view from, std::string_view to, Record& out);
const char* AccessName(bool deletes_on_close) noexcept;

// Seconds since 1970 for tenths of microseconds since 1601; 0 where there is no time.
std::int64_t UnixTime(std::uint64_t file_time) noexcept;
// "created", "accessed", "modified" and "changed", which stand at `at` one behind the other.
void WriteTimes(Bytes message, std::size_t at, Record& out);

// "0000004d-0000-0000-0009-0000ffffffff": numbers little-endian, as Suricata writes handles and GUIDs.
using GuidBuffer = char[37];
std::string_view GuidText(Bytes sixteen, GuidBuffer& out) noexcept;
// "4001": a handle of SMB 1.
std::string_view FidText(std::uint64_t fid, GuidBuffer& out) noexcept;

}  // namespace gander::protocol::smb

#endif  // GANDER_PROTOCOL_SMB_DETAILS_H_
