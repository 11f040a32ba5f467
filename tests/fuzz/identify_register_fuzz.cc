// SPDX-License-Identifier: Apache-2.0
// Any bytes as a register's file, as a filter's table behind a checksum that fits, and as a CSV table: no crash, no
// read outside of them.
#include <cstdlib>
#include <vector>

#include "identify/own/register_maker.h"

namespace {

using namespace gander;            // NOLINT: a fuzz target is one function
using namespace gander::identify;  // NOLINT

constexpr HashKey kKey{1, 2};

void LoadAsFilter(std::span<const std::uint8_t> bytes) {
  const std::size_t description = std::min<std::size_t>(16 * (bytes[0] % 4u), bytes.size());
  const std::uint32_t width = 1U << (bytes[0] >> 6);
  FuseFilter filter;
  std::string why;
  if (FuseFilter::Load(bytes.first(description), bytes.subspan(description), width, filter, why)) {
    for (std::uint64_t hash = 1; hash != 0; hash <<= 1) (void)filter.Contains(hash * 0x9E3779B97F4A7C15ULL);
  } else if (why.empty()) {
    std::abort();
  }
}

void ReadAsTable(std::string_view text) {
  RegisterMaker maker({.column = "1", .form = static_cast<RegisterForm>(text.size() % 4), .width = 1, .file = ""},
                      kKey);
  CsvRecords records(',', maker);
  records.Push(text);
  if (!records.Finish()) return;
  const auto made = maker.Finish();
  if (!made) return;
  const auto read = Register::Parse(made->Serialise(), kKey, "");
  if (!read || read->values() != made->values()) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::vector<std::uint8_t> bytes(data, data + size);
  if (auto read = Register::Parse(bytes, kKey, "fuzz")) (void)read->Holds("12345678");
  LoadAsFilter(bytes);
  ReadAsTable({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  return 0;
}
