// SPDX-License-Identifier: Apache-2.0
// Databases (SQLite and its logs, Avro, Parquet), damaged anyhow and cut anyhow. First byte: size of the
// parts, 0 = all at once; the rest: the file.
#include "content_file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  gander::content::ExpectTheSame({reinterpret_cast<const std::byte*>(data) + 1, size - 1}, data[0]);
  return 0;
}
