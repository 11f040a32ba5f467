// SPDX-License-Identifier: Apache-2.0
// Every compression coding alike: right, cut anywhere, joined, damaged, too large, found without a label or behind a
// wrong one.
#include <gtest/gtest.h>

#include <cstdlib>
#include <functional>
#include <random>

#include "content/coded.h"
#include "content/compressed.h"
#include "content/decoder_pool.h"
#include "content/recording_sink.h"
#include "protocol/content_coding.h"

namespace gander::content {
namespace {

struct Case {
  const char* label;   // of HTTP
  const char* format;  // what a file of it is called
  std::function<std::string(const std::string&)> encode;
  bool joins = true;  // streams may follow each other
};

std::string Zlib(const std::string& plain) { return Deflated(plain, 15); }

const std::vector<Case>& Cases() {
  static const std::vector<Case> cases = {
      {"gzip", "gzip", Gzip},
      {"deflate", "zlib", Zlib, false},
      {"zstd", "zstd", [](const std::string& p) { return Zstd(p); }},
      {"bzip2", "bzip2", [](const std::string& p) { return Bzip2(p, 1); }},
      {"lzma", "lzma", [](const std::string& p) { return Lzma(p, 1); }, false},
      {"xz", "xz", [](const std::string& p) { return Xz(p, 1); }},
      {"compress", "compress", [](const std::string& p) { return Compress(p); }, false},
      {"lz4", "lz4", [](const std::string& p) { return Lz4(p); }},
  };
  return cases;
}

std::string PathOf(const Case& c) { return std::string("http.response.body > ") + c.label + " > text/csv"; }

constexpr std::size_t kSteps[] = {1, 2, 3, 7, 63, 64, 65, 191, 192, 193, 1000, SIZE_MAX};

void ExpectPlain(const Body1& body, const std::string& plain, const std::string& path) {
  for (const std::size_t step : kSteps) {
    SCOPED_TRACE(step);
    const RecordingSink sink = Read(body, step);
    ASSERT_EQ(sink.texts.size(), 1u);
    EXPECT_TRUE(sink.texts[0].text == plain);
    EXPECT_EQ(sink.texts[0].path, path);
    ASSERT_EQ(sink.files.size(), 1u);
    EXPECT_EQ(sink.files[0].size, plain.size());
    EXPECT_EQ(sink.files[0].end, protocol::BodyEnd::kComplete);
    EXPECT_EQ(sink.fates, decltype(sink.fates){});
    EXPECT_TRUE(sink.anomalies.empty());
  }
}

TEST(Compressed, ByItsLabel) {
  for (const Case& c : Cases()) {
    SCOPED_TRACE(c.label);
    for (const std::size_t lines : {std::size_t{0}, std::size_t{1}, std::size_t{300}, std::size_t{3000}}) {
      const std::string plain = Lines(lines);
      ExpectPlain({"text/csv", c.label, c.encode(plain)}, plain, PathOf(c));
    }
  }
}

TEST(Compressed, OtherNames) {
  const std::string plain = Lines(30);
  ExpectPlain({"text/csv", "x-bzip2", Bzip2(plain)}, plain, "http.response.body > bzip2 > text/csv");
  ExpectPlain({"text/csv", "X-Compress", Compress(plain)}, plain, "http.response.body > compress > text/csv");
}

// What parsers take for a coding is one.
TEST(Compressed, EachNameThatParsersKnow) {
  const std::string body = Noise(500) + Lines(200);
  for (const std::string_view name : protocol::kContentCodings) {
    EXPECT_FALSE(Read({"text/csv", std::string(name), body}).Saw("decompression_failed")) << name;
  }
  EXPECT_TRUE(Read({"text/csv", "unheard-of", body}).Saw("decompression_failed"));
}

TEST(Compressed, NothingAndNoise) {
  const std::string noise = "\x89PNG\r\n\x1a\n" + Noise(100000);
  for (const Case& c : Cases()) {
    SCOPED_TRACE(c.label);
    const RecordingSink nothing = Read({"text/csv", c.label, c.encode("")}, 1);
    EXPECT_TRUE(nothing.texts.empty());
    EXPECT_TRUE(nothing.anomalies.empty());
    const RecordingSink sink = Read({"image/png", c.label, c.encode(noise)}, 1460);
    ASSERT_EQ(sink.files.size(), 1u);
    EXPECT_EQ(sink.files[0].size, noise.size());
    EXPECT_EQ(sink.files[0].magic, "png");
    EXPECT_TRUE(sink.texts.empty());
  }
}

TEST(Compressed, AsAFileWithoutALabel) {
  const std::string plain = Lines(200);
  for (const Case& c : Cases()) {
    SCOPED_TRACE(c.label);
    const std::string file = c.encode(plain);
    for (const std::size_t step : kSteps) {
      const RecordingSink sink = Read({"", "", file, "people"}, step);
      ASSERT_EQ(sink.texts.size(), 1u);
      EXPECT_TRUE(sink.texts[0].text == plain);
      EXPECT_EQ(sink.texts[0].path, std::string("http.response.body > ") + c.label);
      EXPECT_EQ(sink.texts[0].name, "people");
      ASSERT_EQ(sink.files.size(), 1u);
      EXPECT_EQ(sink.files[0].magic, c.format);
      EXPECT_EQ(sink.files[0].size, file.size());
    }
  }
}

// Whatever the label says, the text is found, and so is what is declared to be inside.
TEST(Compressed, BehindEachWrongLabel) {
  const std::string plain = Lines(200);
  const std::string form = "--b\r\nContent-Disposition: form-data; name=\"ssn\"\r\n\r\n" + plain + "\r\n--b--\r\n";
  std::vector<std::string> labels = {"br", "unheard-of", "aws-chunked"};
  for (const Case& c : Cases()) labels.push_back(c.label);
  for (const Case& c : Cases()) {
    for (const std::string& label : labels) {
      if (label == c.label) continue;
      SCOPED_TRACE(std::string(c.label) + " called " + label);
      for (const std::size_t step : {std::size_t{1}, std::size_t{150}, SIZE_MAX}) {
        const RecordingSink sink = Read({"text/csv", label, c.encode(plain)}, step);
        ASSERT_EQ(sink.texts.size(), 1u);
        EXPECT_TRUE(sink.texts[0].text == plain);
        const RecordingSink part = Read({"multipart/form-data; boundary=b", label, c.encode(form)}, step);
        ASSERT_NE(part.Named("ssn"), nullptr);
        EXPECT_TRUE(part.Named("ssn")->text == plain);
      }
    }
  }
}

TEST(Compressed, WithoutAMagicNumberBehindAWrongLabel) {
  const std::string plain = Lines(200);
  for (const Case& c : Cases()) {
    if (std::string(c.format) == "gzip" || std::string(c.format) == "zlib") continue;
    SCOPED_TRACE(c.label);
    for (const std::size_t step : kSteps) {
      const RecordingSink sink = Read({"text/csv", c.label, Deflated(plain, -15)}, step);
      EXPECT_TRUE(sink.Unnamed() == plain) << step;
      EXPECT_TRUE(sink.Saw("content_encoding_mismatch"));
    }
  }
  EXPECT_TRUE(Read({"text/csv", "br", Deflated(plain, -15)}, 10).Unnamed() == plain);
}

TEST(Compressed, EachInEach) {
  const std::string plain = Lines(400);
  for (const Case& outer : Cases()) {
    for (const Case& inner : Cases()) {
      SCOPED_TRACE(std::string(outer.label) + " of " + inner.label);
      const std::string body = outer.encode(inner.encode(plain));
      const RecordingSink declared = Read({"text/csv", std::string(inner.label) + ", " + outer.label, body}, 77);
      EXPECT_TRUE(declared.Unnamed() == plain);
      EXPECT_TRUE(declared.anomalies.empty());
      EXPECT_TRUE(Read({"", outer.label, body}, 77).Unnamed() == plain);
      EXPECT_TRUE(Read({"", "", body}, 77).Unnamed() == plain);
      EXPECT_TRUE(Read({"", inner.label, body}, 77).Unnamed() == plain);
    }
  }
}

TEST(Compressed, StreamsFollowEachOther) {
  const std::string a = Lines(10), b = Lines(400);
  for (const Case& c : Cases()) {
    if (!c.joins) continue;
    SCOPED_TRACE(c.label);
    ExpectPlain({"text/csv", c.label, c.encode(a) + c.encode(b) + c.encode("") + c.encode(a)}, a + b + a, PathOf(c));
  }
}

// One coding behind another: what follows is a file of its own.
TEST(Compressed, StreamsOfDifferentKinds) {
  const std::string a = Lines(10), b = Lines(40);
  for (const Case& first : Cases()) {
    if (std::string(first.label) == "compress") continue;  // has no end
    for (const Case& second : Cases()) {
      SCOPED_TRACE(std::string(first.label) + ", then " + second.label);
      const std::string body = first.encode(a) + second.encode(b);
      for (const std::size_t step : {std::size_t{1}, SIZE_MAX}) {
        const RecordingSink sink = Read({"text/csv", first.label, body}, step);
        EXPECT_TRUE(sink.Unnamed() == a + b) << sink.Unnamed();
      }
    }
  }
}

TEST(Compressed, TruncatedAnywhere) {
  const std::string plain = Lines(40);
  for (const Case& c : Cases()) {
    SCOPED_TRACE(c.label);
    const std::string whole = c.encode(plain);
    for (std::size_t cut = 0; cut < whole.size(); ++cut) {
      const Body1 body = {"text/csv", c.label, whole.substr(0, cut)};
      const RecordingSink sink = Read(body, 11), at_once = Read(body);
      EXPECT_EQ(sink.texts, at_once.texts) << cut;
      if (cut < 16) continue;  // too little to tell from text
      EXPECT_EQ(sink.Unnamed(), plain.substr(0, sink.Unnamed().size())) << cut;
      if (sink.text_bytes > 0 && sink.text_bytes < plain.size()) {
        EXPECT_TRUE(sink.files[0].end == protocol::BodyEnd::kTruncated || std::string(c.label) == "compress") << cut;
      }
    }
  }
}

// Whatever a flipped bit does, it comes to an end, memory is given back, and all is read alike however the body is cut.
TEST(Compressed, DamagedAnywhere) {
  const std::string plain = Lines(60), behind = Noise(5000) + Lines(200);
  std::mt19937 random(11);
  for (const Case& c : Cases()) {
    SCOPED_TRACE(c.label);
    const std::string whole = c.encode(plain);
    DecoderPool pool;
    Counters counters{};
    BodyReader reader(Options{}, counters, pool);
    for (int round = 0; round < 300; ++round) {
      std::string body = whole + (round % 2 == 0 ? behind : "");
      for (int flips = 1 + round % 3; flips > 0; --flips) {
        body[random() % whole.size()] ^= static_cast<char>(1 << random() % 8);
      }
      RecordingSink pieces, at_once;
      Drive(reader, {"text/csv", c.label, body}, pieces, 1 + random() % 50);
      Drive(reader, {"text/csv", c.label, body}, at_once);
      EXPECT_EQ(pieces.texts, at_once.texts);
      EXPECT_EQ(pieces.files, at_once.files);
      EXPECT_EQ(pieces.anomalies, at_once.anomalies);
      ASSERT_EQ(pool.open(), 0u);
    }
  }
}

TEST(Compressed, GarbageBehindTheStreamIsUndecodable) {
  const std::string plain = Lines(10), garbage = "\x01" + Noise(5000, 7);
  for (const Case& c : Cases()) {
    if (std::string(c.label) == "compress") continue;  // has no end
    SCOPED_TRACE(c.label);
    for (const std::size_t step : kSteps) {
      const RecordingSink sink = Read({"text/csv", c.label, c.encode(plain) + garbage}, step);
      EXPECT_EQ(sink.Unnamed(), plain);
      EXPECT_NEAR(static_cast<double>(sink.Of(ByteFate::kOpaqueUndecodable)), 5000.0, 300.0);
    }
  }
}

TEST(Compressed, MemoryIsRefusedBeyondTheBudget) {
  const std::string plain = Lines(400);
  for (const Case& c : Cases()) {
    SCOPED_TRACE(c.label);
    PoolLimits limits;
    limits.memory = 5000;
    DecoderPool pool(limits);
    Counters counters{};
    BodyReader reader(Options{}, counters, pool);
    RecordingSink sink;
    const std::string body = c.encode(plain);
    Drive(reader, {"text/csv", c.label, body}, sink, 100);
    EXPECT_TRUE(sink.texts.empty());
    EXPECT_TRUE(sink.Saw("decompression_memory_cap"));
    EXPECT_GT(sink.Of(ByteFate::kLostUnwrapCap), body.size() / 2);
    EXPECT_EQ(counters.cap_memory, 1u);
    EXPECT_LE(pool.memory.peak(), limits.memory);
  }
}

// Decoders are used again, or gone: a body leaves no more behind than the one before.
TEST(Compressed, MemoryDoesNotGrow) {
  const std::string plain = Lines(4000);
  for (const Case& c : Cases()) {
    SCOPED_TRACE(c.label);
    DecoderPool pool;
    Counters counters{};
    BodyReader reader(Options{}, counters, pool);
    const std::string body = c.encode(plain);
    std::size_t after_first = 0;
    for (int round = 0; round < 4; ++round) {
      RecordingSink sink;
      Drive(reader, {"text/csv", c.label, body}, sink, 1460);
      EXPECT_EQ(sink.text_bytes, plain.size());
      EXPECT_LE(pool.memory.in_use(), 4u << 20);
      if (round == 0) after_first = pool.memory.in_use();
      EXPECT_EQ(pool.memory.in_use(), after_first);
    }
    EXPECT_EQ(pool.open(), 0u);
  }
}

}  // namespace
}  // namespace gander::content
