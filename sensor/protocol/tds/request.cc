// SPDX-License-Identifier: Apache-2.0
#include "protocol/tds/request.h"

#include "protocol/framing/utf16_text.h"
#include "protocol/tds/value.h"

namespace gander::protocol::tds {
namespace {

constexpr std::size_t kLoginFixed = 36;  // before the offsets
constexpr std::uint16_t kProcedureId = 0xffff;

const char* ProcedureName(std::uint64_t id) noexcept {
  static constexpr const char* kNames[] = {"",
                                           "sp_cursor",
                                           "sp_cursoropen",
                                           "sp_cursorprepare",
                                           "sp_cursorexecute",
                                           "sp_cursorprepexec",
                                           "sp_cursorunprepare",
                                           "sp_cursorfetch",
                                           "sp_cursoroption",
                                           "sp_cursorclose",
                                           "sp_executesql",
                                           "sp_prepare",
                                           "sp_execute",
                                           "sp_prepexec",
                                           "sp_prepexecrpc",
                                           "sp_unprepare"};
  return id < std::size(kNames) ? kNames[id] : "";
}

}  // namespace

bool ReadLogin(Bytes message, Login& login) noexcept {
  LittleReader in(message);
  const std::uint64_t length = in.Integer(4);
  login.version = static_cast<std::uint32_t>(in.Integer(4));
  if (length > message.size() || length < kLoginFixed + 4 || (login.version >> 24 & 0xf0) != 0x70) return false;
  in.Take(kLoginFixed - 8);
  const auto field = [&](bool password) {
    const std::uint64_t offset = in.Integer(2), characters = in.Integer(2);
    if (offset > message.size() || 2 * characters > message.size() - offset) return std::string();
    const Bytes value = message.subspan(static_cast<std::size_t>(offset), static_cast<std::size_t>(2 * characters));
    if (!password) return framing::FromUtf16(value);
    // Obscured, not encrypted: halves swapped, then 0xA5.
    std::string clear(AsText(value));
    for (char& c : clear) {
      const auto octet = static_cast<std::uint8_t>(static_cast<std::uint8_t>(c) ^ 0xa5);
      c = static_cast<char>(octet << 4 | octet >> 4);
    }
    return framing::FromUtf16(AsBytes(clear));
  };
  login.client_host = field(false);
  login.user = field(false);
  login.password = field(true);
  login.application = field(false);
  login.server = field(false);
  field(false);  // extension
  field(false);  // library
  field(false);  // language
  login.database = field(false);
  return !in.failed();
}

std::size_t HeadersSize(Bytes message) noexcept {
  constexpr std::uint64_t kLeast = 4 + 6, kMost = 512;
  LittleReader in(message);
  const std::uint64_t total = in.Integer(4), first = in.Integer(4), type = in.Integer(2);
  const bool headers =
      !in.failed() && total >= kLeast && total <= kMost && first >= 6 && first + 4 <= total && type >= 1 && type <= 3;
  return headers ? static_cast<std::size_t>(total) : 0;
}

bool ReadCall(Bytes message, Call& call) noexcept {
  LittleReader in(message);
  in.Take(HeadersSize(message));
  const std::uint64_t name = in.Integer(2);
  if (name == kProcedureId) {
    call.procedure = ProcedureName(in.Integer(2));
  } else {
    call.procedure = framing::FromUtf16(in.Take(2 * name));
  }
  in.Take(2);  // options
  constexpr std::uint8_t kLeastSeparator = 0x80;
  while (in.remaining() > 0 && !in.failed() && call.parameters.size() < kMaxParameters) {
    if (Octets(in.rest())[0] >= kLeastSeparator) return true;  // another call follows
    Parameter p;
    p.name = ReadString(in, 1);
    in.Take(1);  // status
    Type type;
    if (!ReadType(in, type)) return false;
    ReadValue(type, in, p.value);
    if (in.failed()) return false;
    if (!p.name.empty() && p.name[0] == '@') p.name.erase(0, 1);
    if (!p.value.empty()) call.parameters.push_back(std::move(p));
  }
  return !in.failed();
}

}  // namespace gander::protocol::tds
