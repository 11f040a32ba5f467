// SPDX-License-Identifier: Apache-2.0
// content/: each coding taken off a body that comes in segments, and beside it, in turns, what its own library does
// with the same bytes in one call. `ratio`: best round to best round; `library`: bytes a second of its best.
#include <archive.h>
#include <brotli/decode.h>
#include <brotli/encode.h>
#include <dlfcn.h>
#include <time.h>
#include <zlib.h>

#include <algorithm>
#include <vector>

#include "content/body_reader.h"
#include "content/coded.h"
#include "content/compressed.h"
#include "micro/count_text.h"
#include "micro/measure.h"

namespace gander::bench {
namespace {

constexpr std::size_t kBody = 1 << 20;
constexpr std::size_t kSegment = 1460;

std::string Brotli(const std::string& plain) {
  std::string out(BrotliEncoderMaxCompressedSize(plain.size()), '\0');
  std::size_t size = out.size();
  constexpr int kQuality = 5, kWindow = 22;  // as servers do it on the fly
  BrotliEncoderCompress(kQuality, kWindow, BROTLI_MODE_TEXT, plain.size(),
                        reinterpret_cast<const std::uint8_t*>(plain.data()), &size,
                        reinterpret_cast<std::uint8_t*>(out.data()));
  out.resize(size);
  return out;
}
std::string Gzip(const std::string& plain) { return content::Deflated(plain, 31, 6); }
std::string Deflate(const std::string& plain) { return content::Deflated(plain, 15, 6); }
std::string Zstd(const std::string& plain) { return content::Zstd(plain); }
std::string Bzip2(const std::string& plain) { return content::Bzip2(plain); }
std::string Lzma(const std::string& plain) { return content::Lzma(plain); }
std::string Xz(const std::string& plain) { return content::Xz(plain); }
std::string Lz4(const std::string& plain) { return content::Lz4(plain); }
std::string Compress(const std::string& plain) { return content::Compress(plain); }

// What each library does: all of `in` to `out` in as few calls as it has. Returns the bytes written.
using Decoder = std::size_t (*)(const std::string& in, std::string& out);

std::size_t ByZlib(const std::string& in, std::string& out) {
  z_stream z{};
  inflateInit2(&z, 15 + 32);
  z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(in.data()));
  z.avail_in = static_cast<uInt>(in.size());
  z.next_out = reinterpret_cast<Bytef*>(out.data());
  z.avail_out = static_cast<uInt>(out.size());
  inflate(&z, Z_FINISH);
  inflateEnd(&z);
  return z.total_out;
}

std::size_t ByBrotli(const std::string& in, std::string& out) {
  std::size_t size = out.size();
  BrotliDecoderDecompress(in.size(), reinterpret_cast<const std::uint8_t*>(in.data()), &size,
                          reinterpret_cast<std::uint8_t*>(out.data()));
  return size;
}

std::size_t ByZstd(const std::string& in, std::string& out) {
  return ZSTD_decompress(out.data(), out.size(), in.data(), in.size());
}

std::size_t ByBzip2(const std::string& in, std::string& out) {
  auto size = static_cast<unsigned>(out.size());
  BZ2_bzBuffToBuffDecompress(out.data(), &size, const_cast<char*>(in.data()), static_cast<unsigned>(in.size()), 0, 0);
  return size;
}

std::size_t ByLzma(const std::string& in, std::string& out) {
  lzma_stream s = LZMA_STREAM_INIT;
  if (lzma_auto_decoder(&s, UINT64_MAX, 0) != LZMA_OK) return 0;
  s.next_in = reinterpret_cast<const std::uint8_t*>(in.data());
  s.avail_in = in.size();
  s.next_out = reinterpret_cast<std::uint8_t*>(out.data());
  s.avail_out = out.size();
  const bool done = lzma_code(&s, LZMA_FINISH) == LZMA_STREAM_END;
  lzma_end(&s);
  return done ? s.total_out : 0;
}

std::size_t ByLz4(const std::string& in, std::string& out) {
  LZ4F_dctx* context = nullptr;
  LZ4F_createDecompressionContext(&context, LZ4F_VERSION);
  std::size_t written = 0, read = 0;
  while (read < in.size()) {
    std::size_t to = out.size() - written, from = in.size() - read;
    if (LZ4F_isError(LZ4F_decompress(context, out.data() + written, &to, in.data() + read, &from, nullptr)) != 0) break;
    written += to;
    read += from;
    if (to == 0 && from == 0) break;
  }
  LZ4F_freeDecompressionContext(context);
  return written;
}

// compress(1) has no library of its own; libarchive, as it is installed, reads what it writes.
std::size_t ByLibarchive(const std::string& in, std::string& out) {
  static void* const library = dlopen("libarchive.so.13", RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) return 0;
  const auto find = [](const char* name) { return dlsym(library, name); };
  static const auto make = reinterpret_cast<decltype(&archive_read_new)>(find("archive_read_new"));
  static const auto filter =
      reinterpret_cast<decltype(&archive_read_support_filter_compress)>(find("archive_read_support_filter_compress"));
  static const auto raw =
      reinterpret_cast<decltype(&archive_read_support_format_raw)>(find("archive_read_support_format_raw"));
  static const auto open = reinterpret_cast<decltype(&archive_read_open_memory)>(find("archive_read_open_memory"));
  static const auto next = reinterpret_cast<decltype(&archive_read_next_header)>(find("archive_read_next_header"));
  static const auto data = reinterpret_cast<decltype(&archive_read_data)>(find("archive_read_data"));
  static const auto free = reinterpret_cast<decltype(&archive_read_free)>(find("archive_read_free"));
  archive* const a = make();
  filter(a);
  raw(a);
  archive_entry* entry = nullptr;
  la_ssize_t size = 0;
  if (open(a, in.data(), in.size()) == ARCHIVE_OK && next(a, &entry) == ARCHIVE_OK)
    size = data(a, out.data(), out.size());
  free(a);
  return size > 0 ? static_cast<std::size_t>(size) : 0;
}

double Seconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

void TakeOff(benchmark::State& state, std::string (*wrap)(const std::string&), const char* coding, Decoder library) {
  const std::string text = WebText(Density::kClean).substr(0, kBody), coded = wrap(text);
  const std::vector<std::string_view> parts = Pieces(coded, kSegment);
  std::string out(text.size(), '\0');
  content::Counters counters{};
  content::Options options;
  options.sha256 = false;
  content::BodyReader reader(options, counters);
  protocol::BodyMeta meta;
  meta.where = "http.response.body";
  meta.content_type = "text/plain";
  meta.content_encoding = coding;
  double best = 1e9, library_best = 1e9;
  for (auto _ : state) {
    const double begin = Seconds();
    CountText sink;
    reader.Begin(meta, sink);
    for (const std::string_view part : parts) reader.Feed(AsBytes(part), sink);
    reader.End(protocol::BodyEnd::kComplete, sink);
    const double between = Seconds();
    const std::size_t written = library(coded, out);
    const double end = Seconds();
    if (sink.bytes != text.size() || written != text.size()) return state.SkipWithError("not the text that went in");
    best = std::min(best, between - begin);
    library_best = std::min(library_best, end - between);
    state.SetIterationTime(between - begin);
  }
  Report(state, 1, text.size());
  state.counters["library"] = benchmark::Counter(static_cast<double>(text.size()) / library_best,
                                                 benchmark::Counter::kDefaults, benchmark::Counter::kIs1024);
  state.counters["ratio"] = library_best / best;
}
BENCHMARK_CAPTURE(TakeOff, gzip, Gzip, "gzip", ByZlib)->UseManualTime();
BENCHMARK_CAPTURE(TakeOff, deflate, Deflate, "deflate", ByZlib)->UseManualTime();
BENCHMARK_CAPTURE(TakeOff, br, Brotli, "br", ByBrotli)->UseManualTime();
BENCHMARK_CAPTURE(TakeOff, zstd, Zstd, "zstd", ByZstd)->UseManualTime();
BENCHMARK_CAPTURE(TakeOff, bzip2, Bzip2, "bzip2", ByBzip2)->UseManualTime();
BENCHMARK_CAPTURE(TakeOff, xz, Xz, "xz", ByLzma)->UseManualTime();
BENCHMARK_CAPTURE(TakeOff, lzma, Lzma, "lzma", ByLzma)->UseManualTime();
BENCHMARK_CAPTURE(TakeOff, lz4, Lz4, "lz4", ByLz4)->UseManualTime();
BENCHMARK_CAPTURE(TakeOff, compress, Compress, "compress", ByLibarchive)->UseManualTime();

}  // namespace
}  // namespace gander::bench
