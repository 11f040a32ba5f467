// SPDX-License-Identifier: Apache-2.0
// content/: members of archives and parts of documents, and beside them what their bytes cost at the least: the
// decompressor alone, a copy.
#include <zlib.h>

#include <cstring>
#include <vector>

#include "content/archive_writer.h"
#include "content/body_reader.h"
#include "micro/count_text.h"
#include "micro/measure.h"

namespace gander::bench {
namespace {

constexpr std::size_t kMember = 256 << 10;
constexpr std::size_t kSegment = 1460;
constexpr std::size_t kBuffer = 16 << 10;

std::string Text() { return WebText(Density::kClean).substr(0, kMember); }

std::string Zip(const std::string& text) {
  content::ZipWriter writer;
  for (const char* name : {"a", "b", "c", "d"}) writer.Add(content::Packed(name, text));
  return writer.Finish();
}
std::string StoredZip(const std::string& text) {
  content::ZipWriter writer;
  for (const char* name : {"a", "b", "c", "d"}) writer.Add(content::Stored(name, text));
  return writer.Finish();
}
std::string Tar(const std::string& text) {
  std::string archive;
  for (const char* name : {"a", "b", "c", "d"}) archive += content::TarMember(name, text);
  return archive + content::TarEnd();
}
// A word processor's part: runs of words in paragraphs, each with what it says of them.
std::string Docx(const std::string& text) {
  std::string xml = "<w:document><w:body>";
  for (std::size_t at = 0; at < text.size(); at += 40) {
    const std::string run = text.substr(at, 40);
    if (run.find_first_of("<&") != std::string::npos) continue;
    xml += "<w:p w:rsidR=\"00AA11BB\"><w:pPr><w:rPr><w:lang w:val=\"en-GB\"/></w:rPr></w:pPr><w:r><w:rPr><w:b/></w:rPr>"
           "<w:t xml:space=\"preserve\">" + run + "</w:t></w:r></w:p>";
  }
  return content::ZipWriter().Add(content::Packed("word/document.xml", xml + "</w:body></w:document>")).Finish();
}
// Small members, of which what each costs shows.
std::string TinyMembers(const std::string& text) {
  content::ZipWriter writer;
  for (std::size_t at = 0; at < text.size(); at += 64) writer.Add(content::Packed("m", text.substr(at, 64)));
  return writer.Finish();
}

// `hashed`: files are hashed, as they are unless the operator says otherwise.
void ReadArchive(benchmark::State& state, std::string (*wrap)(const std::string&), bool hashed) {
  const std::string archive = wrap(Text());
  content::Counters counters{};
  content::Options options;
  options.sha256 = hashed;
  content::BodyReader reader(options, counters);
  protocol::BodyMeta meta;
  meta.where = "http.response.body";
  std::uint64_t bytes = 0;
  for (auto _ : state) {
    CountText sink;
    reader.Begin(meta, sink);
    for (const std::string_view part : Pieces(archive, kSegment)) reader.Feed(AsBytes(part), sink);
    reader.End(protocol::BodyEnd::kComplete, sink);
    bytes = sink.bytes;
    if (bytes < kMember / 2 || counters.cap_ratio > 0) return state.SkipWithError("not the text that went in");
  }
  Report(state, 1, bytes);
}
BENCHMARK_CAPTURE(ReadArchive, zip, Zip, true);
BENCHMARK_CAPTURE(ReadArchive, zip_not_hashed, Zip, false);
BENCHMARK_CAPTURE(ReadArchive, zip_stored_not_hashed, StoredZip, false);
BENCHMARK_CAPTURE(ReadArchive, tar, Tar, true);
BENCHMARK_CAPTURE(ReadArchive, tar_not_hashed, Tar, false);
BENCHMARK_CAPTURE(ReadArchive, docx_not_hashed, Docx, false);
BENCHMARK_CAPTURE(ReadArchive, zip_of_tiny_members_not_hashed, TinyMembers, false);

// The members of the archive `zip`, by the decompressor alone, fed and emptied in the same steps.
void InflateAlone(benchmark::State& state) {
  const std::string text = Text(), packed = content::Deflated(text, -MAX_WBITS);
  std::vector<char> out(kBuffer);
  z_stream z{};
  inflateInit2(&z, -MAX_WBITS);
  for (auto _ : state) {
    std::uint64_t bytes = 0;
    for (int member = 0; member < 4; ++member) {
      inflateReset(&z);
      for (const std::string_view part : Pieces(packed, kSegment)) {
        z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(part.data()));
        z.avail_in = static_cast<uInt>(part.size());
        do {
          z.next_out = reinterpret_cast<Bytef*>(out.data());
          z.avail_out = kBuffer;
          inflate(&z, Z_NO_FLUSH);
          bytes += kBuffer - z.avail_out;
        } while (z.avail_out == 0);
      }
    }
    if (bytes != 4 * text.size()) return state.SkipWithError("not the text that went in");
  }
  inflateEnd(&z);
  Report(state, 1, 4 * text.size());
}
BENCHMARK(InflateAlone);

void CopyAlone(benchmark::State& state) {
  const std::string archive = Tar(Text());
  std::vector<char> out(kBuffer);
  for (auto _ : state) {
    for (const std::string_view part : Pieces(archive, kSegment)) {
      std::memcpy(out.data(), part.data(), part.size());
      benchmark::DoNotOptimize(out.data());
      benchmark::ClobberMemory();
    }
  }
  Report(state, 1, archive.size());
}
BENCHMARK(CopyAlone);

}  // namespace
}  // namespace gander::bench
