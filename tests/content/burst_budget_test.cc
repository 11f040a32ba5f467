// SPDX-License-Identifier: Apache-2.0
// What unwrapping may cost for one packet, whatever it feeds.
#include <gtest/gtest.h>

#include "content/coded.h"
#include "content/compressed.h"
#include "content/decoder_pool.h"
#include "content/recording_sink.h"

namespace gander::content {
namespace {

using namespace std::string_literals;

// brotli -q 9 of a million zeros in a window of 2^22, and of twelve millions in one of 2^24.
const std::string kBrotliMillion = "\x5b\x3f\x42\x0f\x40\x02\x20\x1e\x0b\x24\x3f\xe7\x01"s;
const std::string kBrotliLargeWindow = "\x9f\xff\x1a\xb7\x00\x24\x00\xe2\xb1\x40\x72\x25\x6e\x01"s;

Options Unbounded() {
  Options options;
  options.max_ratio = 100000;
  return options;
}

// Rows of a shop's orders, as dense as JSON gets: gzip leaves about a fifteenth of them.
std::string Json(std::size_t bytes) {
  std::string out;
  std::uint32_t random = 7;
  while (out.size() < bytes) {
    random = random * 1664525 + 1013904223;
    out += R"({"order":{"id":)" + std::to_string(random >> 12) + R"(,"total":)" + std::to_string(random >> 3 & 1023);
    out += R"(,"name":"Jane Roe","street":"12 Main Street","phone":"+1 202 555 0)" + std::to_string(random >> 8 & 511);
    out += R"(","state":"delivered","paid":true},"items":[{"sku":"A-100","count":1}]},)" + "\n"s;
  }
  out.resize(bytes);
  return out;
}

std::uint64_t TextOf(BodyReader& reader, const Body1& body, RecordingSink& sink) {
  const std::uint64_t before = sink.text_bytes;
  Drive(reader, body, sink);
  return sink.text_bytes - before;
}

TEST(BurstBudget, BodiesOfOnePacketShareIt) {
  const std::string plain(1536 << 10, 'x'), coded = Gzip(plain);
  DecoderPool pool;
  Counters counters{};
  BodyReader reader(Unbounded(), counters, pool), other(Unbounded(), counters, pool);
  RecordingSink sink;
  EXPECT_EQ(TextOf(reader, {"text/plain", "gzip", coded}, sink), plain.size());
  EXPECT_EQ(counters.cap_burst, 0u);
  EXPECT_LT(TextOf(other, {"text/plain", "gzip", coded}, sink), plain.size());
  EXPECT_EQ(counters.cap_burst, 1u);
  EXPECT_TRUE(sink.Saw("decompression_burst_cap"));
  // Of the next, what its own bytes are worth.
  EXPECT_LE(TextOf(reader, {"text/plain", "gzip", coded}, sink),
            coded.size() * BurstBudget::kPerByte + DecoderPool::kBufferBytes);
  EXPECT_EQ(counters.cap_burst, 2u);
  EXPECT_GE(sink.Of(ByteFate::kLostUnwrapCap), coded.size());
  // What is not wrapped is read all the same.
  EXPECT_EQ(TextOf(reader, {"text/plain", "", plain}, sink), plain.size());
  pool.burst.Renew();
  EXPECT_EQ(TextOf(reader, {"text/plain", "gzip", coded}, sink), plain.size());
}

// Over and over a few bytes: decoders opened count as well as what comes out of them.
TEST(BurstBudget, OpeningCounts) {
  Options options;
  options.max_burst = 512 << 10;
  for (const char* label : {"gzip", "bzip2", "xz", "lz4"}) {
    SCOPED_TRACE(label);
    const std::string plain = "nothing of note\n";
    const std::string body = label == "gzip"s    ? Gzip(plain)
                             : label == "bzip2"s ? Bzip2(plain)
                             : label == "xz"s    ? Xz(plain)
                                                 : Lz4(plain);
    DecoderPool pool;
    Counters counters{};
    BodyReader reader(options, counters, pool);
    RecordingSink sink;
    std::size_t read = 0;
    constexpr std::uint64_t kOfABody = BurstBudget::kCoding;
    for (int i = 0; i < 2000 && counters.cap_burst == 0; ++i) {
      // As if the bytes of the packet were worth nothing, to see the rest alone.
      pool.burst.Spend(body.size() * BurstBudget::kPerByte);
      read += TextOf(reader, {"text/plain", label, body}, sink) == plain.size() ? 1 : 0;
    }
    EXPECT_EQ(counters.cap_burst, 1u);
    EXPECT_GT(read, 0u);
    EXPECT_LE(read, options.max_burst / kOfABody);
  }
}

TEST(BurstBudget, FilesAndMembersCount) {
  DecoderPool pool;
  Counters counters{};
  BodyReader reader(Unbounded(), counters, pool);
  RecordingSink sink;
  std::string members;
  for (int i = 0; i < 4000; ++i) {
    members += "070701" + "00000001000081a400000000000000000000000100000000000000010000000000000000"s +
               "00000000000000000000000200000000a\0x\0\0\0"s;
  }
  Drive(reader, {"", "", Gzip(members)}, sink);
  EXPECT_EQ(counters.cap_burst, 1u);
  const std::size_t most = Options{}.max_burst / (BurstBudget::kMember + BurstBudget::kFile);
  EXPECT_GT(sink.files.size(), most / 2);
  EXPECT_LE(sink.files.size(), most + 150);  // up to 16 KiB more are looked at
}

// A segment as large as the network stack puts together, and what comes at once when a hole is closed.
TEST(BurstBudget, LargeSegmentsOfOrdinaryTrafficAreReadInFull) {
  for (const std::size_t segment : {std::size_t{1460}, std::size_t{64} << 10, std::size_t{1} << 20}) {
    const std::string plain = Json(segment * 16), coded = Deflated(plain, 31, 6);
    SCOPED_TRACE(coded.size());
    ASSERT_GT(plain.size(), coded.size() * 10);
    ASSERT_LT(plain.size(), coded.size() * 20);
    Counters counters{};
    BodyReader reader(Options{}, counters);
    RecordingSink sink;
    sink.keep_text = false;
    Drive(reader, {"application/json", "gzip", coded}, sink);
    EXPECT_EQ(sink.text_bytes, plain.size());
    EXPECT_EQ(counters.cap_burst + counters.cap_ratio, 0u);
  }
}

// A block is decoded when its last byte has come; the packets before have paid for it.
TEST(BurstBudget, BlocksOfBzip2AndLz4AreReadInFull) {
  std::string plain;
  for (std::uint32_t i = 0; plain.size() < (4u << 20); ++i) plain += Lines(400) + Noise(2000 + i % 7, i);
  const std::string text = plain.substr(0, 880'000);
  for (const Body1& body :
       {Body1{"text/plain", "bzip2", Bzip2(text)}, Body1{"text/plain", "lz4", Lz4(plain, LZ4F_max4MB)}}) {
    SCOPED_TRACE(body.encoding);
    DecoderPool pool;
    Counters counters{};
    BodyReader reader(Options{}, counters, pool);
    RecordingSink sink;
    sink.keep_text = false;
    reader.Begin(MetaOf(body), sink);
    for (Bytes rest = AsBytes(body.bytes); !rest.empty();) {
      pool.burst.Renew();
      reader.Feed(TakeFront(rest, 1460), sink);
    }
    reader.End(protocol::BodyEnd::kComplete, sink);
    EXPECT_EQ(sink.text_bytes, body.encoding == "bzip2" ? text.size() : plain.size());
    EXPECT_EQ(counters.cap_burst, 0u);
  }
}

// The library fills its window before it hands on a byte: that counts, whether it is handed on or not.
TEST(BurstBudget, WhatBrotliHoldsBackCounts) {
  DecoderPool pool;
  Counters counters{};
  Options options = Unbounded();
  options.max_burst = 256 << 10;
  BodyReader reader(options, counters, pool);
  RecordingSink sink;
  sink.keep_text = false;
  Drive(reader, {"text/plain", "br", kBrotliMillion}, sink);
  EXPECT_EQ(counters.cap_burst, 1u);
  EXPECT_GE(pool.burst.spent(), 1'000'000u);
  EXPECT_LE(sink.text_bytes, DecoderPool::kBufferBytes);
}

TEST(BurstBudget, BrotliWindowsAreBounded) {
  for (const std::string& label : {"br"s, ""s}) {
    Counters counters{};
    BodyReader reader(Unbounded(), counters);
    RecordingSink sink;
    sink.keep_text = false;
    Drive(reader, {"text/plain", label, kBrotliLargeWindow}, sink);
    EXPECT_EQ(sink.Saw("decompression_memory_cap"), label == "br");
  }
}

std::uint64_t SlowTextWork(const std::string& text) {
  std::uint64_t work = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool digit = text[i] >= '0' && text[i] <= '9';
    const bool before = i > 0 && text[i - 1] >= '0' && text[i - 1] <= '9';
    work += (digit ? 2 : 0) + (digit && !before ? 16 : 0) + (text[i] == '@' ? 48 : 0);
  }
  return work;
}

TEST(BurstBudget, NumbersAndAddressesCostMore) {
  const std::string text = Lines(20) + std::string(300, '7') + std::string(300, '@') + Noise(1000);
  for (std::size_t size = 0; size < text.size(); ++size) {
    ASSERT_EQ(TextWork(AsBytes(text).first(size)), SlowTextWork(text.substr(0, size))) << size;
  }
}

}  // namespace
}  // namespace gander::content
