// SPDX-License-Identifier: Apache-2.0
// Content codings: right, stacked, mislabelled, cut, corrupt, exploding.
#include <gtest/gtest.h>

#include "content/coded.h"
#include "content/decoder_pool.h"
#include "content/recording_sink.h"

namespace gander::content {
namespace {

// brotli -q 11 of kBrotliPlain.
const std::string kBrotliPlain = "name=Ada Lovelace\nssn=078-05-1120\nmail=ada@example.org\n";

std::string FromHex(const std::string& hex) {
  std::string out;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
    out += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
  return out;
}

const char kBrotliHex[] =
    "1b36007844b7f97bfd820a518f50d739b223b01e61030ed8cb021cd8cf356e88c96e0526f84cec4355dfa50f96c6aa26f470d311"
    "9800f508";

// A layer may hold back so many bytes to look at; their fate is then told of later ones, or not at all.
constexpr double kHeldBack = 128;

constexpr std::size_t kSteps[] = {1, 2, 3, 7, 63, 64, 65, 1000, SIZE_MAX};

void ExpectPlain(const Body1& body, const std::string& plain, const std::string& path) {
  for (const std::size_t step : kSteps) {
    SCOPED_TRACE(step);
    const RecordingSink sink = Read(body, step);
    ASSERT_EQ(sink.texts.size(), 1u);
    EXPECT_EQ(sink.texts[0].text, plain);
    EXPECT_EQ(sink.texts[0].path, path);
    ASSERT_EQ(sink.files.size(), 1u);
    EXPECT_EQ(sink.files[0].size, plain.size());
    EXPECT_EQ(sink.files[0].end, protocol::BodyEnd::kComplete);
    EXPECT_EQ(sink.Of(ByteFate::kOpaqueUndecodable), 0u);
  }
}

TEST(Coding, PlainTextIsHandedOnAsItIs) {
  const std::string plain = Lines(100);
  ExpectPlain({"text/csv", "", plain}, plain, "http.response.body > text/csv");
  ExpectPlain({"text/csv; charset=utf-8", "identity", plain}, plain, "http.response.body > text/csv");
}

TEST(Coding, PartsOfPagesAreHashedOnlyWhereAllFilesAre) {
  Options all;
  all.hash_files = HashFiles::kAll;
  for (const char* type : {"text/html; charset=utf-8", "TEXT/Plain", "application/json", "image/png", "image/svg+xml",
                           "application/problem+json", "application/javascript"}) {
    EXPECT_EQ(Read({type, "", "abc"}).files.at(0).sha256, "") << type;
    EXPECT_NE(Read({type, "", "abc"}, SIZE_MAX, all).files.at(0).sha256, "") << type;
  }
  for (const char* type : {"", "text/csv", "application/octet-stream", "application/sql", "application/pdf"}) {
    EXPECT_NE(Read({type, "", "abc"}).files.at(0).sha256, "") << type;
  }
}

TEST(Coding, DigestsOfTheDecodedBody) {
  Options options;
  options.md5 = true;
  for (const std::string& encoding : {std::string(), std::string("gzip")}) {
    const RecordingSink sink =
        Read({"text/csv", encoding, encoding.empty() ? "abc" : Gzip("abc")}, 1, options);
    ASSERT_EQ(sink.files.size(), 1u);
    // FIPS 180-2 appendix B.1 and RFC 1321 appendix A.5.
    EXPECT_EQ(sink.files[0].sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    EXPECT_EQ(sink.files[0].md5, "900150983cd24fb0d6963f7d28e17f72");
  }
}

TEST(Coding, GzipDeflateAndBrotli) {
  const std::string plain = Lines(300);
  ExpectPlain({"text/csv", "gzip", Gzip(plain)}, plain, "http.response.body > gzip > text/csv");
  ExpectPlain({"text/csv", "X-GZIP", Gzip(plain)}, plain, "http.response.body > gzip > text/csv");
  ExpectPlain({"text/csv", "deflate", Deflated(plain, 15)}, plain, "http.response.body > deflate > text/csv");
  ExpectPlain({"text/csv", "deflate", Deflated(plain, -15)}, plain,
              "http.response.body > deflate > text/csv");
  ExpectPlain({"text/csv", "br", FromHex(kBrotliHex)}, kBrotliPlain, "http.response.body > br > text/csv");
}

TEST(Coding, TinyBodies) {
  for (const std::string plain : {"a", "ssn", "ssn=078-05-1120"}) {
    ExpectPlain({"text/plain", "gzip", Gzip(plain)}, plain, "http.response.body > gzip > text/plain");
    ExpectPlain({"text/plain", "deflate", Deflated(plain, 15)}, plain,
                "http.response.body > deflate > text/plain");
    ExpectPlain({"text/plain", "deflate", Deflated(plain, -15)}, plain,
                "http.response.body > deflate > text/plain");
  }
}

// Servers that write answers piece by piece flush their encoder and often never close it.
TEST(Coding, DeflateThatIsFlushedAndNotClosedIsComplete) {
  for (const std::string& plain : {std::string("ssn=078-05-1120"), std::string("Hello, / , http: true"), Lines(30)}) {
    for (const int level : {0, 9}) {
      for (const int bits : {15, -15}) {
        const std::string file = Deflated(plain, bits, level, Z_SYNC_FLUSH);
        ExpectPlain({"text/plain", "deflate", file}, plain, "http.response.body > deflate > text/plain");
      }
    }
  }
  const std::string plain = Lines(30), file = Deflated(plain, -15, 9, Z_SYNC_FLUSH);
  const RecordingSink cut = Read({"text/plain", "deflate", file.substr(0, file.size() - 1)});
  ASSERT_EQ(cut.files.size(), 1u);
  EXPECT_EQ(cut.files[0].end, protocol::BodyEnd::kTruncated);
}

TEST(Coding, StackedInTheOrderTheyWereApplied) {
  const std::string plain = Lines(50);
  ExpectPlain({"text/csv", "deflate, gzip", Gzip(Deflated(plain, 15))}, plain,
              "http.response.body > gzip > deflate > text/csv");
  ExpectPlain({"text/csv", "gzip,gzip,gzip", Gzip(Gzip(Gzip(plain)))}, plain,
              "http.response.body > gzip > gzip > gzip > text/csv");
}

TEST(Coding, LyingLabels) {
  const std::string plain = Lines(20);
  for (const std::string encoding : {"gzip", "deflate", "br", "zstd"}) {
    ExpectPlain({"text/csv", encoding, plain}, plain, "http.response.body > text/csv");
    EXPECT_TRUE(Read({"text/csv", encoding, plain}).Saw("content_encoding_mismatch"));
  }
  ExpectPlain({"text/csv", "gzip", Deflated(plain, 15)}, plain, "http.response.body > gzip > text/csv");
  ExpectPlain({"text/csv", "deflate", Gzip(plain)}, plain, "http.response.body > deflate > text/csv");
}

// What zlib refuses and browsers read: reserved flags, a wrong checksum of the header, no trailer; and every optional
// field at once.
TEST(Coding, GzipHeadersOfAllKinds) {
  const std::string plain = Lines(20), member = Gzip(plain), rest = member.substr(10);
  const auto with = [&](char flags, const std::string& fields) {
    return member.substr(0, 3) + flags + member.substr(4, 6) + fields + rest;
  };
  using namespace std::string_literals;
  for (const std::string& file : {with(0x20, ""), with('\x80', ""), with(0x02, "\0\0"s), with(0x08, "name\0"s),
                                  with(0x04, "\3\0abc"s), with(0x04, "\0\0"s),
                                  with(0x1e, "\2\0xyname\0comment\0\1\2"s), with(0, "").substr(0, member.size() - 8)}) {
    ExpectPlain({"text/csv", "gzip", file}, plain, "http.response.body > gzip > text/csv");
  }
}

TEST(Coding, UnlabelledGzipIsAFileWithTextInside) {
  const std::string plain = Lines(40);
  const std::string file = Gzip(plain);
  for (const std::size_t step : kSteps) {
    const RecordingSink sink = Read({"", "", file}, step);
    EXPECT_EQ(sink.Unnamed(), plain);
    EXPECT_EQ(sink.texts.at(0).path, "http.response.body > gzip");
    ASSERT_EQ(sink.files.size(), 1u);
    EXPECT_EQ(sink.files[0].size, file.size());
    EXPECT_EQ(sink.files[0].magic, "gzip");
  }
}

TEST(Coding, MembersFollowEachOther) {
  const std::string a = Lines(10), b = Lines(20);
  ExpectPlain({"text/csv", "gzip", Gzip(a) + Gzip(b)}, a + b, "http.response.body > gzip > text/csv");
}

TEST(Coding, GarbageBehindTheStreamIsCounted) {
  const std::string plain = Lines(10), garbage = Noise(500, 7);
  for (const std::size_t step : kSteps) {
    const RecordingSink sink = Read({"text/csv", "gzip", Gzip(plain) + garbage}, step);
    EXPECT_EQ(sink.Unnamed(), plain);
    EXPECT_NEAR(static_cast<double>(sink.Of(ByteFate::kOpaqueUndecodable)), static_cast<double>(garbage.size()),
                kHeldBack);
  }
}

// Whoever hides a text, or a compressed one, behind the end of a stream or behind damage, is read.
TEST(Coding, TextBehindTheStreamIsFound) {
  const std::string plain = Lines(10), hidden = Lines(60);
  std::string damaged = Deflated(plain, 31, 0);
  damaged.resize(damaged.size() - 8);
  damaged[10] = 7;  // block type 3 does not exist
  const std::string noise = Noise(4096, 3);  // a text is looked for at the start of each block
  for (const std::size_t step : kSteps) {
    EXPECT_EQ(Read({"text/csv", "gzip", Gzip(plain) + hidden}, step).Unnamed(), plain + hidden);
    EXPECT_EQ(Read({"text/csv", "gzip", Gzip(plain) + "\x1f" + hidden}, step).Unnamed(), plain + "\x1f" + hidden);
    EXPECT_EQ(Read({"text/csv", "gzip", Gzip(plain) + noise + hidden}, step).Unnamed(), plain + hidden);
    EXPECT_EQ(Read({"text/csv", "br", FromHex(kBrotliHex) + Gzip(hidden)}, step).Unnamed(), kBrotliPlain + hidden);
    EXPECT_EQ(Read({"text/csv", "unheard-of", noise + hidden}, step).Unnamed(), hidden);
    const RecordingSink sink = Read({"text/csv", "gzip", damaged}, step), whole = Read({"text/csv", "gzip", damaged});
    EXPECT_NE(sink.Unnamed().find(plain), std::string::npos);
    EXPECT_EQ(sink.texts, whole.texts);
    EXPECT_TRUE(sink.Saw("decompression_failed"));
  }
}

TEST(Coding, WhatDecodedBeforeTheDamageIsKept) {
  // Stored blocks, so that it is known where the damage is noticed: at the head of the second block.
  const std::string plain = Lines(4000);
  const std::string head = Deflated(plain, 31, 0);
  const std::string rest = Noise(30000);
  const std::size_t second = head.find(plain.substr(0, 50)) + (static_cast<unsigned char>(head[11]) |
                                                               static_cast<unsigned char>(head[12]) << 8);
  std::string coded = head.substr(0, second) + '\x07' + rest;  // block type 3 does not exist
  for (const std::size_t step : {std::size_t{100}, std::size_t{1460}, SIZE_MAX}) {
    const RecordingSink sink = Read({"text/csv", "gzip", coded}, step);
    EXPECT_EQ(sink.Unnamed(), plain.substr(0, second - 15));
    EXPECT_TRUE(sink.Saw("decompression_failed"));
    EXPECT_NEAR(static_cast<double>(sink.Of(ByteFate::kOpaqueUndecodable)), static_cast<double>(rest.size()),
                kHeldBack + 10);
    EXPECT_EQ(sink.files.at(0).end, protocol::BodyEnd::kTruncated);
  }
}

TEST(Coding, TruncatedAnywhere) {
  const std::string plain = Lines(30);
  const std::string whole[] = {Gzip(plain), Deflated(plain, 15), Deflated(plain, -15), FromHex(kBrotliHex)};
  const char* const encodings[] = {"gzip", "deflate", "deflate", "br"};
  for (std::size_t k = 0; k < 4; ++k) {
    for (std::size_t cut = 0; cut < whole[k].size(); ++cut) {
      const RecordingSink sink = Read({"text/csv", encodings[k], whole[k].substr(0, cut)}, 11);
      const std::string& expected = k == 3 ? kBrotliPlain : plain;
      if (cut <= 80) continue;
      EXPECT_EQ(sink.Unnamed(), expected.substr(0, sink.Unnamed().size()));
    }
  }
}

TEST(Coding, UnsupportedIsUndecodable) {
  const RecordingSink sink = Read({"text/csv", "unheard-of", Noise(5000)}, 1000);
  EXPECT_TRUE(sink.texts.empty());
  EXPECT_EQ(sink.Of(ByteFate::kOpaqueUndecodable), 5000u);
}

TEST(Coding, BombIsStoppedByItsRatio) {
  const std::string bomb = Gzip(std::string(64 << 20, 'x'));
  Counters counters{};
  BodyReader reader(Options{}, counters);
  RecordingSink sink;
  sink.keep_text = false;
  Drive(reader, {"text/plain", "gzip", bomb}, sink, 1460);
  EXPECT_EQ(counters.cap_ratio, 1u);
  EXPECT_TRUE(sink.Saw("compression_bomb"));
  EXPECT_LT(sink.text_bytes, (4u << 20));
  EXPECT_GT(sink.Of(ByteFate::kLostUnwrapCap), bomb.size() * 9 / 10);
}

TEST(Coding, BombWithinABomb) {
  Counters counters{};
  BodyReader reader(Options{}, counters);
  RecordingSink sink;
  sink.keep_text = false;
  Drive(reader, {"text/plain", "gzip, gzip", Gzip(Gzip(std::string(256 << 20, 'x')))}, sink, 1460);
  EXPECT_EQ(counters.cap_ratio, 1u);
  EXPECT_LT(sink.text_bytes, (4u << 20));
}

TEST(Coding, OutputCap) {
  Options options;
  options.max_output = 100000;
  Counters counters{};
  BodyReader reader(options, counters);
  RecordingSink sink;
  Drive(reader, {"text/csv", "gzip", Gzip(Lines(20000))}, sink, 1460);
  EXPECT_EQ(counters.cap_output, 1u);
  EXPECT_LT(sink.text_bytes, 100000u + 16384 + 1);
  EXPECT_GT(sink.Of(ByteFate::kLostUnwrapCap), 0u);
  EXPECT_EQ(sink.files.at(0).end, protocol::BodyEnd::kTruncated);
}

TEST(Coding, DepthCap) {
  std::string body = "ssn=078-05-1120";
  std::string encoding;
  for (std::uint32_t i = 0; i <= Options{}.max_depth; ++i) {
    body = Gzip(body);
    encoding += "gzip,";
  }
  Counters counters{};
  BodyReader reader(Options{}, counters);
  RecordingSink sink;
  Drive(reader, {"text/plain", encoding, body}, sink);
  EXPECT_EQ(counters.cap_depth, 1u);
  EXPECT_EQ(sink.Of(ByteFate::kLostUnwrapCap), body.size());
  EXPECT_TRUE(sink.texts.empty());
}

// What one packet may expand to is bounded, whatever came before: other flows wait meanwhile.
TEST(Coding, BurstCap) {
  const std::string coded = Gzip(std::string(8 << 20, 'a'));
  Options options;
  options.max_ratio = 100000;
  options.max_burst = 1 << 20;
  Counters counters{};
  BodyReader reader(options, counters);
  RecordingSink sink;
  Drive(reader, {"text/plain", "gzip", coded}, sink);
  EXPECT_EQ(counters.cap_burst, 1u);
  EXPECT_TRUE(sink.Saw("decompression_burst_cap"));
  EXPECT_LE(sink.text_bytes, (1u << 20) + coded.size() * BurstBudget::kPerByte + DecoderPool::kBufferBytes);
  EXPECT_GT(sink.Of(ByteFate::kLostUnwrapCap), coded.size() / 2);
  RecordingSink slow;  // the same body in small parts is read
  Drive(reader, {"text/plain", "gzip", coded}, slow, 512);
  EXPECT_EQ(slow.text_bytes, 8u << 20);
}

TEST(Coding, ReaderIsUsedAgainAfterEveryKindOfEnd) {
  Counters counters{};
  BodyReader reader(Options{}, counters);
  const std::string plain = Lines(100);
  std::string corrupt = Gzip(plain);
  corrupt[200] ^= 0x55;
  for (int round = 0; round < 3; ++round) {
    RecordingSink bad;
    Drive(reader, {"text/csv", "gzip", corrupt}, bad, 100);
    RecordingSink open;
    reader.Begin(MetaOf({"text/csv", "gzip", ""}), open);
    reader.Feed(AsBytes(Gzip(plain)).first(100), open);
    RecordingSink good;  // Begin() without End()
    reader.Begin(MetaOf({"text/csv", "gzip", ""}), good);
    reader.Feed(AsBytes(Gzip(plain)), good);
    reader.End(protocol::BodyEnd::kComplete, good);
    ASSERT_FALSE(good.texts.empty());
    EXPECT_EQ(good.texts.back().text, plain);
  }
}

}  // namespace
}  // namespace gander::content
