// SPDX-License-Identifier: Apache-2.0
#include "content/archive/zip_descriptor.h"

#include "content/archive/zip_entry.h"
#include "protocol/framing/little_reader.h"

namespace gander::content {
namespace {

constexpr std::size_t kChecksumBytes = 4;

constexpr std::uint64_t Low(std::uint64_t value, std::size_t octets) noexcept {
  return octets == 8 ? value : value & 0xffffffff;
}

}  // namespace

Descriptor ReadBareDescriptor(Bytes b, std::size_t octets, const CountedSizes& counted) noexcept {
  protocol::framing::LittleReader in(b);
  in.Take(kChecksumBytes);
  const std::uint64_t packed = in.Integer(octets);
  const std::uint64_t size = in.Integer(octets);
  if (in.failed() || packed != Low(counted.packed, octets)) return {};
  if (counted.size.has_value() && size != Low(*counted.size, octets)) return {};
  return {kChecksumBytes + 2 * octets, size};
}

std::optional<Descriptor> ReadDescriptor(Bytes b, const CountedSizes& counted) noexcept {
  if (b.size() < kZipSignatureBytes) return std::nullopt;
  const std::size_t signature = ZipRecordOf(b) == ZipRecord::kDescriptor ? kZipSignatureBytes : 0;
  const Bytes fields = b.subspan(signature);
  const std::size_t order[2] = {counted.wide ? 8u : 4u, counted.wide ? 4u : 8u};
  for (const std::size_t octets : order) {
    if (fields.size() < kChecksumBytes + 2 * octets) return std::nullopt;
    Descriptor found = ReadBareDescriptor(fields, octets, counted);
    if (found.length == 0) continue;
    found.length += signature;
    return found;
  }
  return Descriptor{};
}

}  // namespace gander::content
