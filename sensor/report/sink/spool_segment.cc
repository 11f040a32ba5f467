// SPDX-License-Identifier: Apache-2.0
#include "report/sink/spool_segment.h"

#include <cstring>
#include <fstream>
#include <iterator>

#include "base/hash.h"

namespace gander::report {
namespace {

// Against torn writes and bad disks, not against people.
constexpr HashKey kCheckKey{0x67616e6465722d73ULL, 0x706f6f6c2d636865ULL};

template <class Number>
void Put(Number n, std::string& out) {
  out.append(reinterpret_cast<const char*>(&n), sizeof n);
}

template <class Number>
Number Get(std::string_view bytes, std::size_t at) noexcept {
  Number n;
  std::memcpy(&n, bytes.data() + at, sizeof n);
  return n;
}

// Of everything behind the check itself, and of the length.
std::uint32_t CheckOf(std::uint32_t size, std::string_view rest) noexcept {
  return static_cast<std::uint32_t>(SipHash24(kCheckKey, AsBytes(rest)) ^ (std::uint64_t{size} * 0x9e3779b97f4a7c15ULL));
}

}  // namespace

void AppendSpoolRecord(const SpoolRecord& record, std::string& out) {
  const auto size = static_cast<std::uint32_t>(record.text.size());
  const std::size_t begin = out.size();
  Put(size, out);
  Put(std::uint32_t{0}, out);
  Put(record.key, out);
  Put(std::uint32_t{record.high ? 1u : 0u}, out);
  out += record.text;
  const std::uint32_t check = CheckOf(size, std::string_view(out).substr(begin + 8));
  std::memcpy(out.data() + begin + 4, &check, sizeof check);
}

SpoolRead ReadSpoolRecord(std::string_view bytes, SpoolRecord& record, std::size_t& size) noexcept {
  size = kSpoolHeader;
  if (bytes.size() < size) return SpoolRead::kNeedMore;
  const auto text = Get<std::uint32_t>(bytes, 0);
  if (text == 0 || text > kMaxSpoolText) return SpoolRead::kDamaged;
  size += text;
  if (bytes.size() < size) return SpoolRead::kNeedMore;
  if (Get<std::uint32_t>(bytes, 4) != CheckOf(text, bytes.substr(8, size - 8))) return SpoolRead::kDamaged;
  record.key = Get<std::uint64_t>(bytes, 8);
  record.high = Get<std::uint32_t>(bytes, 16) != 0;
  record.text = bytes.substr(kSpoolHeader, text);
  return SpoolRead::kRecord;
}

SpoolScan ScanSpoolText(std::string_view bytes, std::uint64_t mark) {
  SpoolScan scan;
  if (!bytes.starts_with(kSpoolMagic)) return scan;
  scan.bytes = kSpoolMagic.size();
  scan.mark_is_edge = mark == scan.bytes;
  SpoolRecord record;
  std::size_t size = 0;
  while (ReadSpoolRecord(bytes.substr(scan.bytes), record, size) == SpoolRead::kRecord) {
    scan.bytes += size;
    ++(record.high ? scan.high : scan.low);
    if (scan.bytes <= mark) ++(record.high ? scan.before_high : scan.before_low);
    scan.mark_is_edge = scan.mark_is_edge || scan.bytes == mark;
  }
  return scan;
}

SpoolScan ScanSpoolSegment(const std::string& path, std::uint64_t mark) {
  std::ifstream in(path, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(in), {}};
  return ScanSpoolText(bytes, mark);
}

}  // namespace gander::report
