// SPDX-License-Identifier: Apache-2.0
#include "content/archive/seven_zip_layer.h"

#include <gtest/gtest.h>

#include "content/archives.h"
#include "content/decoder_pool.h"
#include "content/recording_sink.h"

namespace gander::content {
namespace {

constexpr const char* kMethods[] = {"compression=lzma2", "compression=lzma1", "compression=copy", "compression=deflate",
                                    "compression=bzip2", "compression=ppmd"};

std::vector<Member> Members() {
  return {{"people.csv", Lines(300)},
          {"noise.bin", Noise(5000)},
          {"more/people.csv.gz", Gzip(Lines(200))},
          {"last.txt", "Jane Roe, 078-05-1120\n"},
          {"empty", ""}};
}

std::string Archive(const char* method, const std::vector<Member>& members) {
  return LibarchiveWriter::Write("7zip", members, method);
}

Body1 BodyOf(const std::string& bytes) {
  Body1 body;
  body.bytes = bytes;
  body.file_name = "box.7z";
  return body;
}

bool Found(const RecordingSink& sink, const std::string& text) {
  return std::any_of(sink.texts.begin(), sink.texts.end(),
                     [&](const SeenText& t) { return t.text.find(text) != std::string::npos; });
}

const SeenFile* FileOf(const RecordingSink& sink, const std::string& name) {
  for (const SeenFile& f : sink.files) {
    if (f.name == name) return &f;
  }
  return nullptr;
}

void ExpectMembers(const RecordingSink& sink) {
  for (const Member& m : Members()) {
    if (m.bytes.empty()) continue;
    Body1 alone;
    alone.bytes = m.bytes;
    alone.file_name = m.name;
    const RecordingSink expected = Read(alone);
    const SeenFile* const seen = FileOf(sink, m.name);
    ASSERT_NE(seen, nullptr) << m.name;
    EXPECT_EQ(seen->sha256, expected.files[0].sha256) << m.name;
    EXPECT_EQ(seen->end, protocol::BodyEnd::kComplete) << m.name;
  }
  EXPECT_TRUE(Found(sink, Members()[0].bytes));
  EXPECT_TRUE(Found(sink, Lines(200))) << "gzip inside";
  EXPECT_TRUE(sink.anomalies.empty());
}

TEST(SevenZip, MembersAreFilesOfTheirOwnWhateverPacksThem) {
  for (const char* method : kMethods) {
    SCOPED_TRACE(method);
    ExpectMembers(Read(BodyOf(Archive(method, Members()))));
  }
}

TEST(SevenZip, HoweverItIsCut) {
  for (const char* method : kMethods) {
    SCOPED_TRACE(method);
    const std::string bytes = Archive(method, Members());
    const RecordingSink whole = Read(BodyOf(bytes));
    for (const std::size_t step : {1u, 7u, 1460u}) {
      const RecordingSink cut = Read(BodyOf(bytes), step);
      EXPECT_EQ(cut.texts, whole.texts) << step;
      EXPECT_EQ(cut.files, whole.files) << step;
      EXPECT_EQ(cut.anomalies, whole.anomalies) << step;
    }
  }
}

// More than is held: read as it passes, the names told at the end.
TEST(SevenZip, ALargeOneIsReadAsItPasses) {
  const std::vector<Member> members = {{"first.txt", "Jane Roe, 219-09-9999\n" + Lines(70000)},
                                       {"last.txt", "Richard Roe, 457-55-5462\n"}};
  ASSERT_GT(members[0].bytes.size(), SevenZipLayer::kMaxDecoded);
  for (const char* method : {"compression=lzma2,compression-level=1", "compression=lzma1,compression-level=1"}) {
    SCOPED_TRACE(method);
    const std::string bytes = Archive(method, members);
    Counters counters{};
    BodyReader reader({}, counters);
    RecordingSink sink;
    reader.Begin(MetaOf(BodyOf(bytes)), sink);
    Bytes rest = AsBytes(bytes);
    Bytes most = TakeFront(rest, bytes.size() * 19 / 20);
    while (!most.empty()) reader.Feed(TakeFront(most, 1460), sink);
    EXPECT_TRUE(Found(sink, "219-09-9999")) << "waits for the end";
    while (!rest.empty()) reader.Feed(TakeFront(rest, 1460), sink);
    reader.End(protocol::BodyEnd::kComplete, sink);
    EXPECT_TRUE(Found(sink, "457-55-5462"));
    ASSERT_NE(FileOf(sink, "first.txt"), nullptr);
    EXPECT_EQ(FileOf(sink, "first.txt")->size, members[0].bytes.size());
    ASSERT_NE(FileOf(sink, "last.txt"), nullptr);
    EXPECT_TRUE(sink.anomalies.empty());
    EXPECT_EQ(counters.undecodable, 0u);
  }
}

TEST(SevenZip, WithoutItsEndWhatCameIsRead) {
  for (const char* method : {"compression=lzma2", "compression=lzma1", "compression=copy"}) {
    const std::string bytes = Archive(method, {{"a.txt", Lines(3000)}});
    const RecordingSink sink = Read(BodyOf(bytes.substr(0, bytes.size() - 60)), 1000);
    EXPECT_TRUE(Found(sink, Lines(2000))) << method;
    EXPECT_TRUE(sink.Saw("archive_truncated")) << method;
  }
}

TEST(SevenZip, CutAnywhereItGivesBackEverything) {
  for (const char* method : kMethods) {
    const std::string bytes = Archive(method, Members());
    DecoderPool pool;
    Counters counters{};
    for (std::size_t size = 0; size < bytes.size(); size += size < 40 ? 1 : 61) {
      BodyReader reader({}, counters, pool);
      RecordingSink sink;
      Drive(reader, BodyOf(bytes.substr(0, size)), sink, 997, protocol::BodyEnd::kTruncated);
      EXPECT_EQ(pool.open(), 0u);
    }
    EXPECT_EQ(pool.memory.in_use(), 0u);
  }
}

TEST(SevenZip, DamagedAnyhow) {
  for (const char* method : kMethods) {
    const std::string bytes = Archive(method, Members());
    DecoderPool pool;
    Counters counters{};
    std::uint32_t seed = 7;
    const auto random = [&](std::size_t below) {
      seed = seed * 1664525 + 1013904223;
      return (seed >> 8) % below;
    };
    for (int i = 0; i < 150; ++i) {
      std::string bad = bytes;
      for (int flips = 0; flips < 6; ++flips) bad[32 + random(bad.size() - 32)] ^= static_cast<char>(1 << random(8));
      BodyReader reader({}, counters, pool);
      RecordingSink sink;
      Drive(reader, BodyOf(bad), sink, 1 + random(3000));
      EXPECT_EQ(pool.open(), 0u);
    }
    EXPECT_LE(pool.memory.peak(), pool.memory.budget());
  }
}

TEST(SevenZip, WithSoLittleMemoryAsThereMayBe) {
  for (const char* method : kMethods) {
    const std::string bytes = Archive(method, Members());
    for (std::size_t budget = 1000; budget < 4000000; budget += 1 + budget / 4) {
      PoolLimits limits;
      limits.memory = budget;
      DecoderPool pool(limits);
      Counters counters{};
      {
        BodyReader reader({}, counters, pool);
        RecordingSink sink;
        Drive(reader, BodyOf(bytes), sink, 3000);
      }
      EXPECT_LE(pool.memory.peak(), budget);
      EXPECT_EQ(pool.open(), 0u);
    }
  }
}

TEST(SevenZip, ABombIsEndedByACap) {
  for (const char* method : {"compression=lzma2", "compression=lzma1", "compression=ppmd", "compression=bzip2"}) {
    const RecordingSink sink = Read(BodyOf(Archive(method, {{"zeros", std::string(12u << 20, '\0')}})), 1460);
    EXPECT_TRUE(sink.Saw("compression_bomb") || sink.Saw("decompression_burst_cap")) << method;
  }
}

// A start header that is wrong, and one that says the header is far away.
TEST(SevenZip, WhatIsNoArchiveIsScannedAsItStands) {
  std::string wrong = Archive("compression=copy", {{"a.txt", Lines(100)}});
  wrong[20] ^= 1;
  const RecordingSink sink = Read(BodyOf(wrong), 1000);
  EXPECT_TRUE(Found(sink, Lines(90).substr(2000, 1000)));
  EXPECT_TRUE(sink.Saw("archive_damaged"));

  const std::string fields = Little(1ull << 40, 8) + Little(100, 8) + Little(0, 4);
  const std::string far = std::string("7z\xbc\xaf\x27\x1c\0\4", 8) + Little(Crc32(fields), 4) + fields;
  EXPECT_TRUE(Found(Read(BodyOf(far + Lines(100)), 1000), Lines(90)));
}

}  // namespace
}  // namespace gander::content
