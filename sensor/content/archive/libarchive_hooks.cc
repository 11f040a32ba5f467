// SPDX-License-Identifier: Apache-2.0
#include "content/archive/libarchive_hooks.h"

#include <bzlib.h>
#include <iconv.h>
#include <langinfo.h>
#include <lzma.h>
#include <zlib.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <cwchar>

namespace gander::content {

thread_local LibarchiveCaller libarchive_caller;

namespace {

ArchiveMemory& Here() noexcept { return *libarchive_caller.memory; }

void* LzmaAllocate(void*, std::size_t count, std::size_t size) { return Here().AllocateZeroed(count, size); }
void LzmaFree(void*, void* block) { ArchiveMemory::Free(block); }
constexpr lzma_allocator kLzmaAllocator = {LzmaAllocate, LzmaFree, nullptr};

void* ZlibAllocate(void*, unsigned count, unsigned size) { return Here().AllocateZeroed(count, size); }
void* Bz2Allocate(void*, int count, int size) {
  return Here().AllocateZeroed(static_cast<unsigned>(count), static_cast<unsigned>(size));
}
void FreeBlock(void*, void* block) { ArchiveMemory::Free(block); }

// libarchive looks at the result of allocating a large block, but not always at that of a small one, nor at that of
// calloc(3).
constexpr std::size_t kLarge = 1u << 20;

[[noreturn]] void GiveUp() noexcept {
  libarchive_caller.give_up(libarchive_caller.self);
  std::abort();
}

void* OrGiveUp(void* block, std::size_t bytes) noexcept {
  if (block == nullptr && bytes < kLarge) GiveUp();
  return block;
}

z_stream* InOurMemory(z_stream* stream) noexcept {
  stream->zalloc = ZlibAllocate;
  stream->zfree = FreeBlock;
  stream->opaque = nullptr;
  return stream;
}
lzma_stream* InOurMemory(lzma_stream* stream) noexcept {
  stream->allocator = &kLzmaAllocator;
  return stream;
}

}  // namespace
}  // namespace gander::content

// The functions of libarchive's PPMd, variant H, in its order.
struct PpmdFunctions {
  void* before[8];
  int (*decode_symbol)(void* model, void* range);
  void* behind[3];
};
extern "C" const PpmdFunctions gander_archive_ppmd7_real;

namespace {

int CountedDecodeSymbol(void* model, void* range) {
  gander::content::LibarchiveCaller& caller = gander::content::libarchive_caller;
  if (++caller.symbols == gander::content::kSlowWorkStep) {
    caller.symbols = 0;
    caller.on_slow_work(caller.self, gander::content::kSlowWorkStep);
  }
  return gander_archive_ppmd7_real.decode_symbol(model, range);
}

PpmdFunctions WithCount(PpmdFunctions functions) {
  functions.decode_symbol = CountedDecodeSymbol;
  return functions;
}

}  // namespace

using gander::content::ArchiveMemory;
using gander::content::Here;
using gander::content::InOurMemory;
using gander::content::kLzmaAllocator;
using gander::content::libarchive_caller;
using gander::content::OrGiveUp;

extern "C" {

extern const PpmdFunctions gander_archive_ppmd7;
const PpmdFunctions gander_archive_ppmd7 = WithCount(gander_archive_ppmd7_real);

void* gander_archive_malloc(std::size_t bytes) { return OrGiveUp(Here().Allocate(bytes), bytes); }
void* gander_archive_calloc(std::size_t count, std::size_t size) {
  return OrGiveUp(Here().AllocateZeroed(count, size), 0);
}
void* gander_archive_realloc(void* block, std::size_t bytes) { return OrGiveUp(Here().Resize(block, bytes), bytes); }
void gander_archive_free(void* block) { ArchiveMemory::Free(block); }
char* gander_archive_strdup(const char* text) {
  const std::size_t bytes = std::strlen(text) + 1;
  return static_cast<char*>(std::memcpy(OrGiveUp(Here().Allocate(bytes), 0), text, bytes));
}

int gander_archive_inflate_init(z_stream* stream, const char* version, int size) {
  return inflateInit_(InOurMemory(stream), version, size);
}
int gander_archive_inflate_init2(z_stream* stream, int window_bits, const char* version, int size) {
  return inflateInit2_(InOurMemory(stream), window_bits, version, size);
}
int gander_archive_bz2_init(bz_stream* stream, int verbosity, int small) {
  stream->bzalloc = gander::content::Bz2Allocate;
  stream->bzfree = gander::content::FreeBlock;
  stream->opaque = nullptr;
  return BZ2_bzDecompressInit(stream, verbosity, small);
}
lzma_ret gander_archive_lzma_alone(lzma_stream* stream, std::uint64_t limit) {
  return lzma_alone_decoder(InOurMemory(stream), limit);
}
lzma_ret gander_archive_lzma_stream(lzma_stream* stream, std::uint64_t limit, std::uint32_t flags) {
  return lzma_stream_decoder(InOurMemory(stream), limit, flags);
}
lzma_ret gander_archive_lzma_raw(lzma_stream* stream, const lzma_filter* filters) {
  return lzma_raw_decoder(InOurMemory(stream), filters);
}
// libarchive frees what this allocates.
lzma_ret gander_archive_lzma_properties(lzma_filter* filter, const lzma_allocator*, const std::uint8_t* properties,
                                        std::size_t size) {
  return lzma_properties_decode(filter, &kLzmaAllocator, properties, size);
}

[[noreturn]] void gander_archive_abort() { gander::content::GiveUp(); }
[[noreturn]] void gander_archive_exit(int) { gander::content::GiveUp(); }
ssize_t gander_archive_write(int, const void*, std::size_t bytes) { return static_cast<ssize_t>(bytes); }
int gander_archive_open(const char*, int, ...) {
  errno = EACCES;
  return -1;
}
int gander_archive_mkstemp(char*) {
  errno = EACCES;
  return -1;
}
int gander_archive_unlink(const char*) {
  errno = EACCES;
  return -1;
}
char* gander_archive_getenv(const char*) { return nullptr; }

const char* gander_archive_nl_langinfo(nl_item) { return "UTF-8"; }
// Asked only of character sets other than Unicode's. Bytes of all of them become the characters of ISO 8859-1: the name
// of a member is not what it is read for.
iconv_t gander_archive_iconv_open(const char*, const char*) { return reinterpret_cast<iconv_t>(&libarchive_caller); }
std::size_t gander_archive_iconv(iconv_t, char** in, std::size_t* in_left, char** out, std::size_t* out_left) {
  if (in == nullptr || *in == nullptr) return 0;
  for (; *in_left > 0; ++*in, --*in_left) {
    const auto octet = static_cast<unsigned char>(**in);
    const std::size_t wanted = octet < 0x80 ? 1 : 2;
    if (*out_left < wanted) {
      errno = E2BIG;
      return static_cast<std::size_t>(-1);
    }
    if (wanted == 2) *(*out)++ = static_cast<char>(0xc0 | octet >> 6);
    *(*out)++ = static_cast<char>(wanted == 2 ? 0x80 | (octet & 0x3f) : octet);
    *out_left -= wanted;
  }
  return 0;
}
int gander_archive_iconv_close(iconv_t) { return 0; }

std::size_t gander_archive_mb_cur_max() { return 4; }

// UTF-8 (RFC 3629) as mbrtowc(3) and wcrtomb(3), for whole characters: libarchive keeps no state between calls.
std::size_t gander_archive_mbrtowc(wchar_t* out, const char* text, std::size_t bytes, std::mbstate_t*) {
  if (text == nullptr || bytes == 0) return 0;
  const auto lead = static_cast<unsigned char>(text[0]);
  const unsigned more = lead < 0x80 ? 0 : lead >> 5 == 6 ? 1 : lead >> 4 == 14 ? 2 : lead >> 3 == 30 ? 3 : 4;
  if (more == 4 || more >= bytes) {
    errno = EILSEQ;
    return static_cast<std::size_t>(-1);
  }
  std::uint32_t code = more == 0 ? lead : lead & (0x3fu >> more);
  for (unsigned i = 1; i <= more; ++i) {
    const auto next = static_cast<unsigned char>(text[i]);
    if (next >> 6 != 2) {
      errno = EILSEQ;
      return static_cast<std::size_t>(-1);
    }
    code = code << 6 | (next & 0x3f);
  }
  if (out != nullptr) *out = static_cast<wchar_t>(code);
  return code == 0 ? 0 : more + 1;
}
std::size_t gander_archive_wcrtomb(char* out, wchar_t wide, std::mbstate_t*) {
  const auto code = static_cast<std::uint32_t>(wide);
  if (out == nullptr) return 1;
  if (code > 0x10ffff) {
    errno = EILSEQ;
    return static_cast<std::size_t>(-1);
  }
  const unsigned more = code < 0x80 ? 0 : code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
  constexpr unsigned char kLead[] = {0, 0xc0, 0xe0, 0xf0};
  for (unsigned i = more; i > 0; --i) out[i] = static_cast<char>(0x80 | (code >> 6 * (more - i) & 0x3f));
  out[0] = static_cast<char>(kLead[more] | code >> 6 * more);
  return more + 1;
}

// Times of members are not used. Not 0, which libarchive takes for "not read yet".
std::time_t gander_archive_mktime(std::tm*) { return 1; }
std::time_t gander_archive_timegm(std::tm*) { return 1; }
std::tm* gander_archive_localtime(const std::time_t*, std::tm* out) {
  *out = {};
  return out;
}

}  // extern "C"
