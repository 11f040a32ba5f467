// SPDX-License-Identifier: Apache-2.0
// What each coding may be made to cost, and the corners of each format.
#include <gtest/gtest.h>

#include "content/coded.h"
#include "content/coding/coding_memory.h"
#include "content/compressed.h"
#include "content/decoder_pool.h"
#include "content/recording_sink.h"

namespace gander::content {
namespace {


std::string Repeat(const std::string& s, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i) out += s;
  return out;
}

// A frame of blocks of 128 KiB that each repeat one byte (RFC 8878 §3.1.1.2.2): four bytes a block.
std::string ZstdOfOneByte(std::size_t blocks) {
  std::string out("\x28\xb5\x2f\xfd\x00\x38", 6);  // a window of 128 KiB, no size
  for (std::size_t i = 0; i < blocks; ++i) {
    const std::uint32_t head = (i + 1 == blocks ? 1 : 0) | 1 << 1 | (128u << 10) << 3;
    for (int b = 0; b < 3; ++b) out += static_cast<char>(head >> 8 * b);
    out += '0';
  }
  return out;
}

struct Bomb {
  const char* label;
  std::string body;
};

// Each stands for ten gigabytes, but for those whose ratio is too small for a test of that size.
std::vector<Bomb> Bombs() {
  const std::string zeros(10u << 20, '0');
  const std::string bzip2 = Repeat(Bzip2(zeros), 1000), zstd = ZstdOfOneByte(80000);
  return {
      {"bzip2", bzip2},
      {"bzip2, bzip2", Bzip2(bzip2)},
      {"bzip2, gzip", Gzip(bzip2)},
      {"zstd", zstd},
      {"zstd, zstd", Zstd(zstd)},
      {"xz", Repeat(Xz(zeros, 1), 1000)},
      {"xz, xz", Xz(Repeat(Xz(zeros, 1), 1000), 6)},
      {"lzma", Lzma(zeros, 0)},
      {"lz4", Repeat(Lz4(zeros), 10)},
      {"lz4, lz4", Lz4(Repeat(Lz4(zeros), 1000), LZ4F_max4MB)},
      {"compress", Compress(zeros.substr(0, 2u << 20))},
      {"compress, bzip2", Bzip2(Compress(zeros.substr(0, 2u << 20)))},
  };
}

// What is kept for reuse goes when somebody needs the memory.
void ExpectNothingHeld(DecoderPool& pool) {
  EXPECT_EQ(pool.open(), 0u);
  void* const all = pool.memory.Allocate(pool.memory.budget() - 1024);
  EXPECT_NE(all, nullptr);
  pool.memory.Free(all);
  EXPECT_EQ(pool.memory.in_use(), 0u);
}

TEST(CompressionLimits, BombsAreStoppedWithinTheirShare) {
  for (const Bomb& bomb : Bombs()) {
    SCOPED_TRACE(bomb.label);
    for (const std::size_t step : {std::size_t{1460}, SIZE_MAX}) {
      DecoderPool pool;
      Counters counters{};
      {
        BodyReader reader(Options{}, counters, pool);
        RecordingSink sink;
        sink.keep_text = false;
        Drive(reader, {"text/plain", bomb.label, bomb.body}, sink, step);
        EXPECT_EQ(counters.cap_ratio + counters.cap_burst, 1u);
        // The ratio is looked at from 1 MiB on; one part may give 4 MiB.
        EXPECT_LE(sink.text_bytes,
                  std::max<std::size_t>(bomb.body.size() * Options{}.max_ratio, 1u << 20) + (5u << 20));
        EXPECT_TRUE(sink.Saw("compression_bomb") || sink.Saw("decompression_burst_cap"));
        EXPECT_EQ(sink.files.at(0).end, protocol::BodyEnd::kTruncated);
        EXPECT_LE(pool.memory.peak(), CodingMemory::kMaxOfBody + 1024);
      }
      ExpectNothingHeld(pool);
    }
  }
}

// What declares half of a body's share each time is given what is left.
TEST(CompressionLimits, AStackOfTheGreediestFits) {
  const std::string plain = Lines(500);
  std::string body = plain, label;
  for (int i = 0; i < 2; ++i) {
    body = Lzma(Xz(Bzip2(body, 1), 6), 6);
    label += "bzip2, xz, lzma, ";
  }
  DecoderPool pool;
  Counters counters{};
  BodyReader reader(Options{}, counters, pool);
  RecordingSink sink;
  Drive(reader, {"text/csv", label, body}, sink, 1000);
  EXPECT_TRUE(sink.Unnamed() == plain);
  EXPECT_LE(pool.memory.peak(), CodingMemory::kMaxOfBody);
}

TEST(CompressionLimits, ManyBodiesShareTheBudget) {
  const std::string plain = Lines(500), body = Xz(plain, 6);
  PoolLimits limits;
  limits.memory = 20u << 20;
  DecoderPool pool(limits);
  Counters counters{};
  constexpr std::size_t kReaders = 12;
  std::vector<std::unique_ptr<BodyReader>> readers;
  std::vector<RecordingSink> sinks(kReaders);
  for (RecordingSink& sink : sinks) {
    readers.push_back(std::make_unique<BodyReader>(Options{}, counters, pool));
    readers.back()->Begin(MetaOf({"text/csv", "xz", ""}), sink);
    readers.back()->Feed(AsBytes(body).first(body.size() / 2), sink);
  }
  for (std::size_t i = 0; i < kReaders; ++i) {
    readers[i]->Feed(AsBytes(body).subspan(body.size() / 2), sinks[i]);
    readers[i]->End(protocol::BodyEnd::kComplete, sinks[i]);
    EXPECT_TRUE(sinks[i].Unnamed() == plain) << i;
  }
  EXPECT_LE(pool.memory.peak(), limits.memory);
}

TEST(Zstd, WindowsBeyondTheLimitAreRefused) {
  const std::string plain = Lines(100);
  EXPECT_EQ(Read({"text/csv", "zstd", Zstd(plain, 3, 23, false)}).Unnamed(), plain);
  const std::string body = Zstd(plain, 3, 24, false);
  Counters counters{};
  BodyReader reader(Options{}, counters);
  RecordingSink sink;
  Drive(reader, {"text/csv", "zstd", body}, sink, 10);
  EXPECT_TRUE(sink.texts.empty());
  EXPECT_TRUE(sink.Saw("decompression_memory_cap"));
  EXPECT_EQ(counters.cap_memory, 1u);
  EXPECT_GT(sink.Of(ByteFate::kLostUnwrapCap), body.size() - 20);
}

TEST(Zstd, SkippableFrames) {
  const std::string plain = Lines(40), skipped("\x50\x2a\x4d\x18\x05\0\0\0skip!\x5f\x2a\x4d\x18\0\0\0\0", 21);
  for (const std::size_t step : {std::size_t{1}, std::size_t{10}, SIZE_MAX}) {
    const RecordingSink sink =
        Read({"text/csv", "zstd", skipped + Zstd(plain) + skipped + Zstd(plain) + skipped}, step);
    EXPECT_EQ(sink.Unnamed(), plain + plain);
    EXPECT_TRUE(sink.anomalies.empty());
    EXPECT_EQ(Read({"", "", skipped + Zstd(plain)}, step).Unnamed(), plain);
    EXPECT_EQ(Read({"", "", skipped + Lz4(plain)}, step).Unnamed(), plain);
    EXPECT_EQ(Read({"", "lz4", skipped + Lz4(plain) + skipped + Lz4(plain)}, step).Unnamed(), plain + plain);
  }
}

TEST(Lz4, BlocksOfEverySize) {
  const std::string plain = Lines(3000);
  for (const LZ4F_blockSizeID_t block : {LZ4F_max64KB, LZ4F_max256KB, LZ4F_max1MB, LZ4F_max4MB}) {
    for (const bool linked : {false, true}) {
      const RecordingSink sink = Read({"text/csv", "lz4", Lz4(plain, block, linked)}, 1460);
      EXPECT_TRUE(sink.Unnamed() == plain);
    }
  }
}

TEST(Bzip2, BlocksOfEverySize) {
  const std::string plain = Lines(5000);
  for (int level = 1; level <= 9; ++level)
    EXPECT_TRUE(Read({"text/csv", "bzip2", Bzip2(plain, level)}, 1460).Unnamed() == plain);
  EXPECT_EQ(Read({"", "", "BZh91 is no file but a text"}).Unnamed(), "BZh91 is no file but a text");
}

TEST(Xz, ChecksFiltersAndPadding) {
  const std::string plain = Lines(60), padding(8, '\0');
  for (const lzma_check check : {LZMA_CHECK_NONE, LZMA_CHECK_CRC32, LZMA_CHECK_CRC64, LZMA_CHECK_SHA256}) {
    EXPECT_EQ(Read({"text/csv", "xz", Xz(plain, 1, check)}, 7).Unnamed(), plain);
  }
  EXPECT_EQ(Read({"text/csv", "xz", Xz(plain, 1, LZMA_CHECK_CRC32, LZMA_FILTER_X86)}, 7).Unnamed(), plain);
  for (const std::size_t step : {std::size_t{1}, std::size_t{5}, SIZE_MAX}) {
    const RecordingSink sink = Read({"text/csv", "xz", Xz(plain, 1) + padding + Xz(plain, 2) + padding}, step);
    EXPECT_EQ(sink.Unnamed(), plain + plain);
    EXPECT_TRUE(sink.anomalies.empty());
    EXPECT_EQ(sink.fates, decltype(sink.fates){});
  }
}

// The first block's header with another dictionary: its size byte, and the checksum of the header.
std::string WithDictionary(std::string xz, char size) {
  constexpr std::size_t kHeader = 12, kFilters = 2;  // of the stream; of the block, when it tells no sizes
  const std::size_t length = (static_cast<unsigned char>(xz[kHeader]) + 1u) * 4 - 4;
  EXPECT_EQ(xz.substr(kHeader + kFilters, 2), "\x21\x01") << "LZMA2, one byte of properties";
  xz[kHeader + kFilters + 2] = size;
  const std::uint32_t crc = lzma_crc32(reinterpret_cast<const std::uint8_t*>(&xz[kHeader]), length, 0);
  for (std::size_t i = 0; i < 4; ++i) xz[kHeader + length + i] = static_cast<char>(crc >> 8 * i);
  return xz;
}

TEST(Lzma, LargeDictionariesAreGivenLess) {
  const std::string plain = Lines(60);
  std::string alone = Lzma(plain, 1), lzip = Lzip(plain);
  const std::string xz = WithDictionary(Xz(plain, 1), 40);  // 4 GiB - 1
  alone.replace(1, 4, "\xff\xff\xff\xff");
  lzip[5] = 29;  // 2^29
  for (const auto& [label, body] : {std::pair{"lzma", alone}, {"xz", xz}, {"lzma", lzip}}) {
    DecoderPool pool;
    Counters counters{};
    BodyReader reader(Options{}, counters, pool);
    RecordingSink sink;
    Drive(reader, {"text/csv", label, body}, sink, 100);
    EXPECT_EQ(sink.Unnamed(), plain);
    EXPECT_LE(pool.memory.peak(), CodingMemory::kMaxOfBody);
  }
}

TEST(Lzma, ADictionaryThatIsReallyNeededIsRefused) {
  PoolLimits limits;
  limits.memory = 2u << 20;  // half a megabyte for a dictionary
  const std::string noise = Noise((512u << 10) + 4096);
  for (const auto& [label, body] : {std::pair{"xz", Xz(noise + noise, 1)}, {"lzma", Lzma(noise + noise, 1)}}) {
    DecoderPool pool(limits);
    Counters counters{};
    BodyReader reader(Options{}, counters, pool);
    RecordingSink sink;
    Drive(reader, {"", label, body}, sink, 1460);
    EXPECT_TRUE(sink.Saw("decompression_memory_cap"));
    EXPECT_EQ(sink.files.at(0).end, protocol::BodyEnd::kTruncated);
    EXPECT_GT(sink.files.at(0).size, noise.size() - 1);
  }
}

TEST(Lzma, Lzip) {
  const std::string a = Lines(30), b = Lines(70);
  for (const std::size_t step : {std::size_t{1}, std::size_t{100}, SIZE_MAX}) {
    const RecordingSink sink = Read({"", "", Lzip(a) + Lzip(b)}, step);
    EXPECT_EQ(sink.Unnamed(), a + b);
    EXPECT_EQ(sink.texts.at(0).path, "http.response.body > lzip");
    EXPECT_EQ(sink.files.at(0).magic, "lzip");
    EXPECT_EQ(sink.fates, decltype(sink.fates){});
  }
}

TEST(Lzma, KnownLengths) {
  const std::string plain = Lines(30);
  std::string body = Lzma(plain, 6);
  for (std::size_t i = 0; i < 8; ++i) body[5 + i] = static_cast<char>(plain.size() >> 8 * i);
  DecoderPool pool;
  Counters counters{};
  BodyReader reader(Options{}, counters, pool);
  RecordingSink sink;
  Drive(reader, {"text/csv", "lzma", body}, sink, 50);
  EXPECT_EQ(sink.Unnamed(), plain);
  EXPECT_LE(pool.memory.peak(), 100u << 10) << "no dictionary larger than what comes out";
}

TEST(CompressLzw, WidthsAndModes) {
  // A table of 9 bits is full at once, one of 16 bits here never.
  const std::string plain = Lines(6000);
  for (unsigned bits = 9; bits <= 16; ++bits) {
    for (const bool block_mode : {false, true}) {
      for (const std::size_t step : {std::size_t{1}, std::size_t{1460}, SIZE_MAX}) {
        const RecordingSink sink = Read({"text/csv", "compress", Compress(plain, bits, block_mode)}, step);
        EXPECT_TRUE(sink.Unnamed() == plain) << bits << block_mode;
      }
    }
  }
}

// Strings that are longer than the output has room for; codes that are used in the same step that defines them.
TEST(CompressLzw, LongStrings) {
  std::string plain(2u << 20, 'a');
  for (std::size_t i = 0; i < plain.size(); i += 100001) plain[i] = '\n';
  const std::string body = Compress(plain);
  Options options;
  options.max_ratio = 100000;
  for (const std::size_t step : {std::size_t{1}, std::size_t{100}, SIZE_MAX}) {
    EXPECT_TRUE(Read({"text/plain", "compress", body}, step, options).Unnamed() == plain);
  }
}

// What ncompress 4.2.4 makes of the text beside it.
TEST(CompressLzw, FromTheTool) {
  const std::string hex =
      "1f9d906ec2b429d3230899302098bcb153864d98316514cc99e3a6078c1b385ac0a8d122460c193014b40993864d8f30078194c123100e9b"
      "322e"
      "dec839a300";
  std::string body;
  for (std::size_t i = 0; i < hex.size(); i += 2) body += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
  EXPECT_EQ(Read({"", "", body}, 3).Unnamed(), "name=Ada Lovelace\nssn=078-05-1120\nmail=ada@example.org\n");
}

TEST(CompressLzw, CodesWithoutAMeaning) {
  using namespace std::string_literals;
  // 'a', then code 300 of nine bits; a first code that is no byte.
  for (const std::string& codes : {"\x61\x58\x02"s, "\x2c\x01"s}) {
    const RecordingSink sink = Read({"text/plain", "compress", "\x1f\x9d\x90" + codes + Lines(3)});
    EXPECT_TRUE(sink.Saw("decompression_failed"));
    EXPECT_EQ(sink.files.empty() || sink.files[0].end == protocol::BodyEnd::kTruncated, true);
  }
}

}  // namespace
}  // namespace gander::content
