// SPDX-License-Identifier: Apache-2.0
// PDF files, damaged anyhow and cut anyhow. First byte: size of the parts, 0 = all at once; the rest: what
// stands behind the header.
#include "content_file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const std::string file = "%PDF-1.7\n" + std::string(reinterpret_cast<const char*>(data) + 1, size - 1);
  gander::content::ExpectTheSame(gander::AsBytes(file), data[0]);
  return 0;
}
