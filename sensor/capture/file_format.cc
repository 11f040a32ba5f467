// SPDX-License-Identifier: Apache-2.0
// Which format a capture has, and what to do with those that Gander does not read.
#include <string_view>

#include "capture/file_source.h"
#include "capture/pcap_format.h"
#include "capture/pcapng_format.h"

namespace gander::capture {
namespace {

using std::string_view_literals::operator""sv;

constexpr std::size_t kMagic = 4;
constexpr std::size_t kForeignMagic = 8;  // the longest of kForeign

struct Foreign {
  std::string_view magic;
  const char* what;
  const char* remedy;
};

// Captures are often kept compressed; other analysers have formats of their own.
constexpr Foreign kForeign[] = {
    {"\x1f\x8b"sv, "it is compressed with gzip", "unpack it first: gunzip -c FILE | gander scan -"},
    {"\x28\xb5\x2f\xfd"sv, "it is compressed with zstd", "unpack it first: zstd -dc FILE | gander scan -"},
    {"\xfd\x37zXZ"sv, "it is compressed with xz", "unpack it first: xz -dc FILE | gander scan -"},
    {"\x04\x22\x4d\x18"sv, "it is compressed with lz4", "unpack it first: lz4 -dc FILE | gander scan -"},
    {"BZh"sv, "it is compressed with bzip2", "unpack it first: bunzip2 -c FILE | gander scan -"},
    {"PK\x03\x04"sv, "it is a zip archive", "unpack it first: unzip -p FILE | gander scan -"},
    {"snoop\0\0\0"sv, "it is a snoop capture", "convert it: editcap -F pcap OLD NEW"},
    {"GMBU"sv, "it is a Network Monitor capture", "convert it: editcap -F pcap OLD NEW"},
    {"RTSS"sv, "it is a Network Monitor capture", "convert it: editcap -F pcap OLD NEW"},
};

}  // namespace

std::size_t HeadBytes(Bytes magic) noexcept {
  if (magic.size() < kMagic) return kMagic;
  if (PcapFormat::Recognises(magic)) return PcapFormat::kFileHeader;
  return PcapngFormat::Recognises(magic) ? PcapngFormat::kSectionHead : kForeignMagic;
}

Result<std::unique_ptr<RecordFormat>> OpenFormat(Bytes head) {
  if (head.empty()) return Fail("", 0, "it is empty", "name a pcap or pcapng capture");
  for (const Foreign& f : kForeign) {
    if (AsText(head).starts_with(f.magic)) return Fail("", 0, f.what, f.remedy);
  }
  if (head.size() >= kMagic && PcapFormat::Recognises(head)) return PcapFormat::Open(head);
  if (head.size() >= kMagic && PcapngFormat::Recognises(head)) return PcapngFormat::Open(head);
  return Fail("", 0, "it is neither pcap nor pcapng",
              "name a capture as tcpdump, dumpcap or Wireshark write it");
}

}  // namespace gander::capture
