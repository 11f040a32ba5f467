// SPDX-License-Identifier: Apache-2.0
// Bodies like the ones before allocate nothing. Brotli is exempt: its library cannot reset a decoder.
#include <gtest/gtest.h>

#include <cstdlib>
#include <new>

#include "content/archive_writer.h"
#include "content/coded.h"
#include "content/decoder_pool.h"
#include "content/recording_sink.h"

namespace {
std::size_t allocations = 0, allocated_bytes = 0;
}  // namespace

void* operator new(std::size_t bytes) {
  ++allocations;
  allocated_bytes += bytes;
  if (void* const memory = std::malloc(bytes)) return memory;
  throw std::bad_alloc();
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace gander::content {
namespace {

class DeafSink final : public TextSink {
 public:
  void OnText(const TextPiece&) noexcept override {}
  void OnFile(const FileFacts&) noexcept override {}
  void OnFate(ByteFate, std::uint64_t) noexcept override {}
  void OnAnomaly(const char*) noexcept override {}
};

TEST(Allocation, NoneInSteadyState) {
  const std::string csv = Lines(300);
  const std::vector<Body1> bodies = {
      {"text/csv", "", csv},
      {"text/csv", "gzip, deflate", Deflated(Gzip(csv), 15)},
      {"application/x-www-form-urlencoded", "", csv},
      {"message/rfc822", "",
       "Subject: =?utf-8?Q?a?=\r\nContent-Type: multipart/mixed; "
       "boundary=a-boundary-that-is-long-enough\r\n\r\n"
       "--a-boundary-that-is-long-enough\r\nContent-Transfer-Encoding: base64\r\n"
       "Content-Disposition: attachment; filename=\"a name that is not short at all.csv\"\r\n\r\n" +
           Base64(csv),
       "", "smtp.data"},
      {"", "", ZipWriter().Add(Packed("a name that is not short at all.csv", csv)).Add(Stored("b", csv)).Finish()},
      {"", "", TarMember("a name that is not short at all.csv", csv) + TarMember("b", csv) + TarEnd()},
      {"", "",
       ZipWriter()
           .Add(Packed("[Content_Types].xml", "<Types/>"))
           .Add(Packed("word/document.xml", "<w:p><w:t>" + csv + "</w:t></w:p>"))
           .Finish()},
  };
  DecoderPool pool;
  Counters counters{};
  BodyReader reader(Options{}, counters, pool);
  DeafSink sink;
  const auto read_all = [&] {
    for (const Body1& body : bodies) {
      reader.Begin(MetaOf(body), sink);
      for (Bytes rest = AsBytes(body.bytes); !rest.empty();) reader.Feed(TakeFront(rest, 1460), sink);
      reader.End(protocol::BodyEnd::kComplete, sink);
    }
  };
  read_all();
  const std::size_t before = allocations;
  for (int i = 0; i < 5; ++i) read_all();
  EXPECT_EQ(allocations, before);
}

TEST(Allocation, AReaderAtRestIsSmall) {
  DecoderPool pool;
  Counters counters{};
  const std::size_t before = allocated_bytes;
  const BodyReader reader(Options{}, counters, pool);
  EXPECT_LE(allocated_bytes - before, 640u);
}

}  // namespace
}  // namespace gander::content
