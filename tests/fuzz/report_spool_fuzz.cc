// SPDX-License-Identifier: Apache-2.0
// Any bytes as a segment of a spool, and as lines of a manifest: read to where they are whole, never beyond.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "report/sink/file_rotation.h"
#include "report/sink/spool_segment.h"

namespace {

void Require(bool condition) {
  if (!condition) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace gander::report;
  if (size < 1) return 0;
  const std::string_view input(reinterpret_cast<const char*>(data) + 1, size - 1);
  for (const bool whole : {false, true}) {
    const std::string text = std::string(whole ? kSpoolMagic : std::string_view{}) + std::string(input);
    const SpoolScan scan = ScanSpoolText(text, data[0]);
    Require(scan.bytes <= text.size() && scan.before_high <= scan.high && scan.before_low <= scan.low);
    // What was read is what is written again.
    std::string again(kSpoolMagic);
    for (std::size_t at = kSpoolMagic.size(); at < scan.bytes;) {
      SpoolRecord record;
      std::size_t taken = 0;
      Require(ReadSpoolRecord(std::string_view(text).substr(at), record, taken) == SpoolRead::kRecord);
      AppendSpoolRecord(record, again);
      at += taken;
    }
    Require(scan.bytes == 0 || ScanSpoolText(again, 0).high == scan.high);
  }
  // One record made of the input, cut and bent anywhere.
  if (input.empty() || input.size() > 4096) return 0;
  std::string record;
  AppendSpoolRecord({data[0], (data[0] & 1) != 0, input}, record);
  SpoolRecord read;
  std::size_t taken = 0;
  Require(ReadSpoolRecord(record, read, taken) == SpoolRead::kRecord && read.text == input);
  record[data[0] % record.size()] ^= 1;
  Require(ReadSpoolRecord(record, read, taken) != SpoolRead::kRecord);
  FileRotation::Kept kept;
  if (ParseManifestLine(input, kept)) Require(kept.name.find('/') == std::string::npos);
  return 0;
}
