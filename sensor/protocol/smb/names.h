// SPDX-License-Identifier: Apache-2.0
// What codes are called, in Suricata's spelling. A code without a name is written as a number.
#ifndef GANDER_PROTOCOL_SMB_NAMES_H_
#define GANDER_PROTOCOL_SMB_NAMES_H_

#include <cstdint>
#include <string_view>

#include "protocol/smb/header.h"

namespace gander::protocol::smb {

// Room for a number.
struct NameText {
  char text[24];
};

std::string_view CommandName(Version version, std::uint16_t command, NameText& scratch) noexcept;
std::string_view DialectName(std::uint16_t dialect, NameText& scratch) noexcept;
// "STATUS_SUCCESS" ([MS-ERREF] §2.3), or "SRV_BADUID" where the status has DOS' form: a class and a code.
std::string_view StatusName(const Status& status, NameText& scratch) noexcept;
// "0xc0000016", "0x005b".
std::string_view StatusCode(const Status& status, NameText& scratch) noexcept;
std::string_view ControlName(std::uint32_t code, NameText& scratch) noexcept;  // of an IOCTL
const char* DispositionName(std::uint32_t disposition) noexcept;
const char* RpcTypeName(std::uint8_t type) noexcept;  // of a DCE/RPC packet

}  // namespace gander::protocol::smb

#endif  // GANDER_PROTOCOL_SMB_NAMES_H_
