// SPDX-License-Identifier: Apache-2.0
// content/: a body from the wire to the text that is scanned.
#include <zlib.h>

#include "content/body_reader.h"
#include "micro/measure.h"

namespace gander::bench {
namespace {

constexpr std::size_t kBody = 1 << 20;
constexpr std::size_t kSegment = 1460;

struct CountText final : content::TextSink {
  std::uint64_t bytes = 0;
  void OnText(const content::TextPiece& piece) noexcept override { bytes += piece.text.size(); }
  void OnFile(const content::FileFacts&) noexcept override {}
  void OnFate(ByteFate, std::uint64_t) noexcept override {}
  void OnAnomaly(const char*) noexcept override {}
};

std::string Plain(const std::string& text) { return text; }

std::string Gzip(const std::string& text) {
  constexpr int kGzipWindow = 15 + 16;
  z_stream z{};
  deflateInit2(&z, 6, Z_DEFLATED, kGzipWindow, 8, Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&z, text.size()), '\0');
  z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  z.avail_in = static_cast<uInt>(text.size());
  z.next_out = reinterpret_cast<Bytef*>(out.data());
  z.avail_out = static_cast<uInt>(out.size());
  deflate(&z, Z_FINISH);
  out.resize(z.total_out);
  deflateEnd(&z);
  return out;
}

// Bytes are those of the text that comes out.
void ReadBody(benchmark::State& state, std::string (*wrap)(const std::string&), const char* coding) {
  const std::string text = WebText(Density::kClean).substr(0, kBody);
  const std::string wire = wrap(text);
  content::Counters counters{};
  content::BodyReader reader({}, counters);
  protocol::BodyMeta meta;
  meta.where = "http.response.body";
  meta.content_type = "text/html; charset=utf-8";
  meta.content_encoding = coding;
  meta.direction = Direction::kToClient;
  for (auto _ : state) {
    CountText sink;
    reader.Begin(meta, sink);
    for (const std::string_view part : Pieces(wire, kSegment)) reader.Feed(AsBytes(part), sink);
    reader.End(protocol::BodyEnd::kComplete, sink);
    if (sink.bytes != text.size()) return state.SkipWithError("not the text that went in");
  }
  Report(state, 1, text.size());
}
BENCHMARK_CAPTURE(ReadBody, plain, Plain, "");
BENCHMARK_CAPTURE(ReadBody, gzip, Gzip, "gzip");

}  // namespace
}  // namespace gander::bench
