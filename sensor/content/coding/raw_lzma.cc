// SPDX-License-Identifier: Apache-2.0
#include "content/coding/raw_lzma.h"

#include <algorithm>

namespace gander::content {
namespace {

void* Allocate(void* memory, std::size_t count, std::size_t size) {
  std::size_t bytes = 0;
  if (__builtin_mul_overflow(count, size, &bytes)) return nullptr;
  return static_cast<Memory*>(memory)->Allocate(bytes);
}
void Free(void* memory, void* block) { static_cast<Memory*>(memory)->Free(block); }

}  // namespace

RawLzma::Step RawLzma::Start(Memory& memory, const lzma_filter* filters) noexcept {
  Release();
  allocator_ = {Allocate, Free, &memory};
  stream_ = LZMA_STREAM_INIT;
  stream_.allocator = &allocator_;
  const lzma_ret result = lzma_raw_decoder(&stream_, filters);
  open_ = result == LZMA_OK;
  if (!open_) lzma_end(&stream_);
  return open_ ? Step::kMore : result == LZMA_MEM_ERROR ? Step::kNoMemory : Step::kCorrupt;
}

RawLzma::Step RawLzma::StartLzma2(Memory& memory, std::uint32_t dictionary, std::uint64_t filter,
                                        std::uint32_t distance) noexcept {
  lzma_options_lzma lzma{};
  lzma.dict_size = dictionary;
  lzma_options_delta delta{};
  delta.type = LZMA_DELTA_TYPE_BYTE;
  delta.dist = distance;
  const lzma_filter with[] = {{filter, filter == LZMA_FILTER_DELTA ? &delta : nullptr},
                              {LZMA_FILTER_LZMA2, &lzma},
                              {LZMA_VLI_UNKNOWN, nullptr}};
  return Start(memory, filter == 0 ? with + 1 : with);
}

// LZMA SDK, lzma.txt: the first byte is (pb * 5 + lp) * 9 + lc.
RawLzma::Step RawLzma::StartLzma1(Memory& memory, Bytes properties, std::uint64_t size) noexcept {
  constexpr std::size_t kPropertyBytes = 5;
  if (properties.size() != kPropertyBytes) return Step::kCorrupt;
  unsigned packed = Octets(properties)[0];
  lzma_options_lzma lzma{};
  lzma.lc = packed % 9;
  packed /= 9;
  lzma.lp = packed % 5;
  lzma.pb = packed / 5;
  lzma.dict_size = static_cast<std::uint32_t>(std::clamp<std::uint64_t>(size, LZMA_DICT_SIZE_MIN, 1u << 30));
  const lzma_filter filters[] = {{LZMA_FILTER_LZMA1, &lzma}, {LZMA_VLI_UNKNOWN, nullptr}};
  return Start(memory, filters);
}

RawLzma::Step RawLzma::Decode(Bytes& in, std::span<std::byte> out, std::size_t* produced) noexcept {
  stream_.next_in = Octets(in);
  stream_.avail_in = in.size();
  stream_.next_out = reinterpret_cast<std::uint8_t*>(out.data());
  stream_.avail_out = out.size();
  const lzma_ret result = lzma_code(&stream_, LZMA_RUN);
  *produced = out.size() - stream_.avail_out;
  in = in.last(stream_.avail_in);
  switch (result) {
    case LZMA_OK:
    case LZMA_BUF_ERROR:
      return Step::kMore;
    case LZMA_STREAM_END:
      return Step::kEnd;
    case LZMA_MEM_ERROR:
      return Step::kNoMemory;
    default:
      return Step::kCorrupt;
  }
}

void RawLzma::Release() noexcept {
  if (open_) lzma_end(&stream_);
  open_ = false;
}

}  // namespace gander::content
