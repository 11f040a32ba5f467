// SPDX-License-Identifier: Apache-2.0
#include "content/coding/lzma_stream.h"

#include <algorithm>

namespace gander::content {
namespace {

void* Allocate(void* memory, std::size_t items, std::size_t size) {
  return CodingMemory::AllocateFor(memory, items * size);  // liblzma passes 1 item
}

}  // namespace

std::uint32_t LzmaDictionary(std::uint64_t declared, const CodingMemory& memory) noexcept {
  const std::uint64_t most = std::clamp<std::uint64_t>(memory.FairShare(), kMinLzmaDictionary, kMaxLzmaDictionary);
  return static_cast<std::uint32_t>(std::min(declared, most));
}

lzma_stream* LzmaStream::Use(CodingMemory& memory) noexcept {
  allocator_ = {Allocate, CodingMemory::FreeFor, &memory};
  stream_.allocator = &allocator_;
  return &stream_;
}

lzma_ret LzmaStream::Code(Bytes& in, std::span<std::byte> out, std::size_t* produced) noexcept {
  stream_.next_in = Octets(in);
  stream_.avail_in = in.size();
  stream_.next_out = reinterpret_cast<std::uint8_t*>(out.data());
  stream_.avail_out = out.size();
  const lzma_ret result = lzma_code(&stream_, LZMA_RUN);
  *produced = out.size() - stream_.avail_out;
  in = in.last(stream_.avail_in);
  return result;
}

void LzmaStream::Drop() noexcept { lzma_end(&stream_); }

}  // namespace gander::content
