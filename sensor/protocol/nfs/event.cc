// SPDX-License-Identifier: Apache-2.0
#include "protocol/nfs/event.h"

#include <charconv>
#include <string>

#include "protocol/framing/printable.h"
#include "protocol/nfs/names.h"

namespace gander::protocol::nfs {

Record& BeginNfs(Record& out, const EventFacts& facts) {
  std::string scratch;
  out.BeginObject("nfs")
      .Integer("version", facts.version)
      .String("procedure", facts.procedure)
      .String("filename", framing::Printable(facts.name, scratch), Privacy::kIdentifier);
  if (facts.has_handle) {
    char hex[8];
    const auto written = std::to_chars(hex, hex + sizeof hex, facts.handle_crc, 16);
    out.String("hhash", std::string_view(hex, static_cast<std::size_t>(written.ptr - hex)));
  }
  return out.Integer("id", facts.tx_id + std::int64_t{1}).Boolean("file_tx", facts.file_tx);
}

Record& AddStatus(Record& out, bool answered, const std::uint32_t* status) {
  out.String("type", answered ? "response" : "request");
  if (status == nullptr) return out;
  char digits[10];
  const char* const known = ResultName(*status);
  const auto written = std::to_chars(digits, digits + sizeof digits, *status);
  return out.String("status", known != nullptr
                                  ? std::string_view(known)
                                  : std::string_view(digits, static_cast<std::size_t>(written.ptr - digits)));
}

}  // namespace gander::protocol::nfs
