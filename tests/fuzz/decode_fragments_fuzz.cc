// SPDX-License-Identifier: Apache-2.0
// A sequence of fragments, each six bytes of header in the input: id, offset in 8 bytes (2), flags, length,
// seconds.
#include <cstdlib>

#include "base/byte_reader.h"
#include "decode/fragment_table.h"

namespace {

void Check(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace gander::decode;
  Options options;
  options.fragment_memory = 64 << 10;
  FragmentTable table(options, {1, 2});
  Counters counters{};
  gander::ByteLedger ledger;
  gander::ByteReader in(gander::Bytes(reinterpret_cast<const std::byte*>(data), size));
  std::uint64_t arrived = 0, completed = 0;
  gander::Timestamp now;
  while (in.remaining() >= 6) {
    Decoded fragment;
    fragment.status = Status::kFragment;
    fragment.fragment_id = in.U8();
    fragment.fragment_offset = (in.U16() & 0x1fffu) * 8;
    const std::uint8_t flags = in.U8();
    fragment.more_fragments = (flags & 1) != 0;
    fragment.ip_version = (flags & 2) != 0 ? 4 : 6;
    fragment.payload_missing = flags >> 6;
    const std::size_t length = in.U8() * std::size_t{1 + (flags >> 2 & 15u)};
    now = now + gander::Duration::Millis(in.U8() * 50);
    fragment.payload = in.Take(length < in.remaining() ? length : in.remaining());
    arrived += fragment.payload.size();
    const Datagram whole = table.Insert(fragment, now, counters, ledger);
    completed += whole.payload.size();
    if (whole.complete) {
      Decoded out;
      DecodeReassembled(whole, fragment, options, counters, out);
      Check(out.header_bytes + out.payload.size() == whole.payload.size());
    }
    Check(ledger.Sum() + completed + table.held_bytes() == arrived);
  }
  table.Flush(counters, ledger);
  Check(table.held_bytes() == 0 && table.size() == 0 && ledger.Sum() + completed == arrived);
  return 0;
}
