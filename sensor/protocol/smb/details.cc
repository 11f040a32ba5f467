// SPDX-License-Identifier: Apache-2.0
#include "protocol/smb/details.h"

#include "protocol/smb/names.h"

namespace gander::protocol::smb {
namespace {

constexpr std::uint32_t kDirectoryOption = 1, kDeleteOnClose = 0x1000;
constexpr char kDigits[] = "0123456789abcdef";

}  // namespace

void WriteCreate(std::string_view name, std::uint32_t options, std::uint32_t disposition, Record& out) {
  const bool root = name.empty();
  const bool directory = (options & kDirectoryOption) != 0 && !root;
  out.String(directory ? "directory" : "filename", root ? "<share_root>" : name, Privacy::kIdentifier);
  out.String("disposition", DispositionName(disposition));
  out.String("access", AccessName((options & kDeleteOnClose) != 0));
}

void WriteRename(std::string_view from, std::string_view to, Record& out) {
  out.BeginObject("rename");
  out.String("from", from, Privacy::kIdentifier).String("to", to, Privacy::kIdentifier);
  out.EndObject();
}

const char* AccessName(bool deletes_on_close) noexcept { return deletes_on_close ? "delete on close" : "normal"; }

std::int64_t UnixTime(std::uint64_t file_time) noexcept {
  constexpr std::uint64_t kTicks = 10'000'000;  // a second
  constexpr std::int64_t kEpoch = 11'644'473'600;
  return file_time == 0 ? 0 : static_cast<std::int64_t>(file_time / kTicks) - kEpoch;
}

void WriteTimes(Bytes message, std::size_t at, Record& out) {
  for (const char* name : {"created", "accessed", "modified", "changed"}) {
    out.Integer(name, UnixTime(Field(message, at, 8)));
    at += 8;
  }
}

std::string_view GuidText(Bytes sixteen, GuidBuffer& out) noexcept {
  constexpr std::uint8_t kOrder[] = {3, 2, 1, 0, 5, 4, 7, 6, 9, 8, 11, 10, 15, 14, 13, 12};
  if (sixteen.size() < sizeof kOrder) return {};
  std::size_t n = 0;
  for (std::size_t i = 0; i < sizeof kOrder; ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) out[n++] = '-';
    const std::uint8_t octet = Octets(sixteen)[kOrder[i]];
    out[n++] = kDigits[octet >> 4];
    out[n++] = kDigits[octet & 15];
  }
  return {out, n};
}

std::string_view FidText(std::uint64_t fid, GuidBuffer& out) noexcept {
  constexpr std::size_t kNumber = 4;
  for (std::size_t i = 0; i < kNumber; ++i) out[i] = kDigits[fid >> 4 * (kNumber - 1 - i) & 15];
  return {out, kNumber};
}

}  // namespace gander::protocol::smb
