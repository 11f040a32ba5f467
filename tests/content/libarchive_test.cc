// SPDX-License-Identifier: Apache-2.0
// Archives that libarchive reads.
#include <gtest/gtest.h>

#include "content/archive/libarchive_layer.h"
#include "content/archives.h"
#include "content/coded.h"
#include "content/decoder_pool.h"
#include "content/recording_sink.h"

namespace gander::content {
namespace {

struct Case {
  const char* name;
  std::string bytes;
};

std::vector<Member> Members() {
  return {{"people.csv", Lines(300)},
          {"noise.bin", Noise(5000)},
          {"more/people.csv.gz", Gzip(Lines(200))},
          {"last.txt", "Jane Roe, 078-05-1120\n"}};
}

std::vector<Case> CasesOf(const std::vector<Member>& m) {
  std::vector<Member> flat = m;
  for (Member& p : flat) p.name = p.name.substr(p.name.rfind('/') + 1);
  return {{"rar5", Rar5(m)},
          {"rar4", Rar4(m)},
          {"cab", Cab(m)},
          {"lha", Lha(m)},
          {"cpio newc", LibarchiveWriter::Write("newc", m)},
          {"cpio odc", LibarchiveWriter::Write("odc", m)},
          {"cpio bin", LibarchiveWriter::Write("bin", m)},
          {"ar", LibarchiveWriter::Write("arbsd", flat)},
          {"iso9660", LibarchiveWriter::Write("iso9660", m)}};
}
std::vector<Case> Cases() { return CasesOf(Members()); }

Body1 BodyOf(const std::string& bytes) {
  Body1 body;
  body.type = "application/octet-stream";
  body.bytes = bytes;
  body.file_name = "box";
  return body;
}

// Name, whether complete, digest: of all files but the archive itself, in no order.
std::vector<std::string> FilesOf(const RecordingSink& sink) {
  std::vector<std::string> out;
  for (const SeenFile& f : sink.files) {
    if (f.name == "box") continue;
    const std::string base = f.name.substr(f.name.rfind('/') + 1);
    out.push_back(base + (f.end == protocol::BodyEnd::kComplete ? " complete " : " cut ") + f.sha256);
  }
  std::sort(out.begin(), out.end());
  return out;
}

bool Found(const RecordingSink& sink, const std::string& text) {
  return std::any_of(sink.texts.begin(), sink.texts.end(),
                     [&](const SeenText& t) { return t.text.find(text) != std::string::npos; });
}

TEST(Libarchive, MembersAreFilesOfTheirOwn) {
  std::vector<std::string> expected;
  Body1 alone;
  for (const Member& m : Members()) {
    alone.bytes = m.bytes;
    alone.file_name = m.name;
    const std::vector<std::string> one = FilesOf(Read(alone));
    expected.insert(expected.end(), one.begin(), one.end());
  }
  for (const Case& c : Cases()) {
    SCOPED_TRACE(c.name);
    const RecordingSink sink = Read(BodyOf(c.bytes));
    std::sort(expected.begin(), expected.end());
    EXPECT_EQ(FilesOf(sink), expected);
    EXPECT_TRUE(Found(sink, Members()[0].bytes));
    EXPECT_TRUE(Found(sink, Lines(200))) << "gzip inside";
    EXPECT_TRUE(Found(sink, "078-05-1120"));
    EXPECT_TRUE(sink.anomalies.empty());
  }
}

TEST(Libarchive, HoweverItIsCut) {
  for (const Case& c : Cases()) {
    SCOPED_TRACE(c.name);
    const RecordingSink whole = Read(BodyOf(c.bytes));
    for (const std::size_t step : {1u, 7u, 1460u}) {
      const RecordingSink cut = Read(BodyOf(c.bytes), step);
      EXPECT_EQ(cut.texts, whole.texts) << step;
      EXPECT_EQ(cut.files, whole.files) << step;
      EXPECT_EQ(cut.anomalies, whole.anomalies) << step;
    }
  }
}

TEST(Libarchive, NoiseInsideIsOpaque) {
  for (const Case& c : CasesOf({{"noise.bin", Noise(5000)}, {"people.csv", Lines(4000)}})) {
    SCOPED_TRACE(c.name);
    const RecordingSink sink = Read(BodyOf(c.bytes), 1000);
    // A block of a CAB is noise and text at once; an image is padded by 300 KiB of zeros.
    EXPECT_GE(sink.Of(ByteFate::kOpaqueBinary), c.name == std::string("cab") ? 1500u : 4800u);
    EXPECT_LE(sink.Of(ByteFate::kOpaqueBinary), c.name == std::string("iso9660") ? 450000u : 6000u);
    EXPECT_EQ(sink.Of(ByteFate::kOpaqueUndecodable), 0u);
    EXPECT_EQ(sink.Of(ByteFate::kLostUnwrapCap), 0u);
  }
}

TEST(Libarchive, CutAnywhereItGivesBackEverything) {
  for (const Case& c : Cases()) {
    SCOPED_TRACE(c.name);
    DecoderPool pool;
    Counters counters{};
    const std::size_t step = std::max<std::size_t>(1, c.bytes.size() / 150);
    for (std::size_t size = 0; size < c.bytes.size(); size += step) {
      BodyReader reader({}, counters, pool);
      RecordingSink sink;
      Drive(reader, BodyOf(c.bytes.substr(0, size)), sink, 997, protocol::BodyEnd::kTruncated);
      EXPECT_EQ(pool.open(), 0u);
    }
  }
}

TEST(Libarchive, DamagedAnyhow) {
  for (const Case& c : Cases()) {
    SCOPED_TRACE(c.name);
    DecoderPool pool;
    Counters counters{};
    std::uint32_t seed = 7;
    const auto random = [&](std::size_t below) {
      seed = seed * 1664525 + 1013904223;
      return (seed >> 8) % below;
    };
    for (int i = 0; i < 200; ++i) {
      std::string bytes = c.bytes;
      for (int flips = 0; flips < 8; ++flips) bytes[random(bytes.size())] ^= static_cast<char>(1 << random(8));
      BodyReader reader({}, counters, pool);
      RecordingSink sink;
      Drive(reader, BodyOf(bytes), sink, 1 + random(3000));
      EXPECT_EQ(pool.open(), 0u);
    }
    EXPECT_LE(pool.memory.peak(), pool.memory.budget());
  }
}

TEST(Libarchive, WhatCannotBeReadIsScannedAsItStands) {
  std::string bytes = Rar5Start() + Rar5File({"a.txt", "first\n"});
  bytes += "no block of an archive but 078-05-1120 in clear text\n" + Lines(50);
  for (const std::size_t step : {std::size_t{1}, std::size_t{100}, bytes.size()}) {
    const RecordingSink sink = Read(BodyOf(bytes), step);
    EXPECT_TRUE(Found(sink, "078-05-1120 in clear text")) << step;
    EXPECT_TRUE(sink.Saw("archive_damaged"));
  }
}

TEST(Libarchive, TextBehindTheEndIsScanned) {
  for (const std::string& archive : {Rar5(Members()), Rar4(Members()), LibarchiveWriter::Write("newc", Members())}) {
    const RecordingSink sink = Read(BodyOf(archive + std::string(512, '\0') + Lines(200) + "078-05-1121\n"), 1000);
    EXPECT_TRUE(Found(sink, "078-05-1121"));
    EXPECT_FALSE(sink.Saw("archive_damaged"));
  }
}

TEST(Libarchive, NamesThatLeaveTheFolderAreToldOnce) {
  const Member evil[] = {{"../../etc/passwd", "one\n"}, {"/etc/passwd", "two\n"}, {"C:\\x", "three\n"}};
  for (const Member& p : evil) {
    const RecordingSink sink = Read(BodyOf(Rar5({p, p})));
    EXPECT_EQ(std::count(sink.anomalies.begin(), sink.anomalies.end(), "archive_path_traversal"), 1) << p.name;
  }
  EXPECT_FALSE(Read(BodyOf(Rar5({{"a..b/..c/d", "four\n"}}))).Saw("archive_path_traversal"));
}

TEST(Libarchive, LockedMembersAreToldAndTheOthersRead) {
  const std::string bytes = std::string("Rar!\x1a\x07\0", 7) + Rar4Block('\x73', 0, std::string(6, '\0')) +
                            Rar4File({"secret.txt", Noise(4000)}, 0x04) + Rar4File({"open.txt", Lines(20)});
  const RecordingSink sink = Read(BodyOf(bytes), 500);
  ASSERT_EQ(sink.files.size(), 3u);
  EXPECT_EQ(sink.files[0].name, "secret.txt");
  EXPECT_EQ(sink.files[0].size, 4000u);
  EXPECT_TRUE(Found(sink, Lines(20)));
  EXPECT_GE(sink.Of(ByteFate::kOpaqueLocked), 4000u);
  EXPECT_LT(sink.Of(ByteFate::kOpaqueLocked), 4200u);
}

TEST(Libarchive, LockedFilesOfRar5) {
  const std::string bytes = Rar5Start() + Rar5File({"open.txt", Lines(20)}) +
                            Rar5File({"secret.txt", Noise(4000)}, Rar5Encrypted()) +
                            Rar5File({"behind.txt", Lines(30)}) + Rar5End();
  for (const std::size_t step : {std::size_t{1}, std::size_t{500}, bytes.size()}) {
    const RecordingSink sink = Read(BodyOf(bytes), step);
    ASSERT_EQ(sink.files.size(), 4u);
    EXPECT_EQ(sink.files[1].name, "secret.txt");
    EXPECT_EQ(sink.files[1].size, 4000u);
    EXPECT_TRUE(Found(sink, Lines(20)));
    EXPECT_TRUE(Found(sink, Lines(30)));
    EXPECT_GE(sink.Of(ByteFate::kOpaqueLocked), 4000u);
    EXPECT_LT(sink.Of(ByteFate::kOpaqueLocked), 4200u);
    EXPECT_TRUE(sink.anomalies.empty());
  }
}

TEST(Libarchive, AnArchiveWhoseHeadersAreLocked) {
  const std::string bytes = std::string(kRar5Mark, 8) + Rar5HeadersEncrypted() + Noise(20000);
  const RecordingSink sink = Read(BodyOf(bytes), 1000);
  ASSERT_EQ(sink.files.size(), 2u);
  EXPECT_EQ(sink.files[0].name, "box");
  EXPECT_EQ(sink.files[0].size, bytes.size());
  EXPECT_GE(sink.Of(ByteFate::kOpaqueLocked), 19000u);
  EXPECT_TRUE(sink.anomalies.empty());
}

TEST(Libarchive, AFileWithTooLargeADictionaryIsLeftOutAndTheOthersRead) {
  const std::string bytes = Rar5Start() + Rar5File({"open.txt", Lines(20)}) +
                            Rar5File({"large.bin", Noise(4000)}, {}, 11) +  // 256 MiB
                            Rar5File({"behind.txt", Lines(30)}) + Rar5End();
  const RecordingSink sink = Read(BodyOf(bytes), 500);
  EXPECT_TRUE(Found(sink, Lines(20)));
  EXPECT_TRUE(Found(sink, Lines(30)));
  EXPECT_GE(sink.Of(ByteFate::kLostUnwrapCap), 4000u);
  EXPECT_LT(sink.Of(ByteFate::kLostUnwrapCap), 4200u);
  EXPECT_TRUE(sink.Saw("decompression_memory_cap"));
}

TEST(Libarchive, OnlySoManyAtATime) {
  DecoderPool pool;
  Counters counters{};
  std::vector<std::unique_ptr<BodyReader>> readers;
  std::vector<RecordingSink> sinks(LibarchiveLayer::kMaxOpen + 1);
  const std::string bytes = Rar5(Members());
  for (RecordingSink& sink : sinks) {
    readers.push_back(std::make_unique<BodyReader>(Options{}, counters, pool));
    readers.back()->Begin(MetaOf(BodyOf(bytes)), sink);
    readers.back()->Feed(AsBytes(bytes).first(bytes.size() / 2), sink);
  }
  for (std::size_t i = 0; i < sinks.size(); ++i) {
    readers[i]->Feed(AsBytes(bytes).subspan(bytes.size() / 2), sinks[i]);
    readers[i]->End(protocol::BodyEnd::kComplete, sinks[i]);
    EXPECT_EQ(sinks[i].Saw("archive_limit"), i == LibarchiveLayer::kMaxOpen);
    EXPECT_TRUE(Found(sinks[i], "078-05-1120")) << "stored: read all the same";
  }
  EXPECT_GT(sinks.back().Of(ByteFate::kLostUnwrapCap), 1000u);
  EXPECT_EQ(pool.open(), 0u);
}

TEST(Libarchive, MemoryIsTheWorkersAndBounded) {
  PoolLimits limits;
  limits.memory = 64 * 1024;  // libarchive's RAR 5 reader alone takes more
  DecoderPool pool(limits);
  Counters counters{};
  BodyReader reader({}, counters, pool);
  RecordingSink sink;
  Drive(reader, BodyOf(Rar5(Members())), sink, 1000);
  EXPECT_LE(pool.memory.peak(), limits.memory);
  EXPECT_EQ(pool.memory.in_use(), 0u);
  EXPECT_TRUE(Found(sink, "078-05-1120")) << "stored";
  EXPECT_EQ(pool.open(), 0u);
}

TEST(Libarchive, WithSoLittleMemoryAsThereMayBe) {
  for (const Case& c : Cases()) {
    SCOPED_TRACE(c.name);
    for (std::size_t budget = 2000; budget < 300000; budget += 1 + budget / 5) {
      PoolLimits limits;
      limits.memory = budget;
      DecoderPool pool(limits);
      Counters counters{};
      {
        BodyReader reader({}, counters, pool);
        RecordingSink sink;
        Drive(reader, BodyOf(c.bytes), sink, 3000);
      }
      EXPECT_LE(pool.memory.peak(), budget);
      EXPECT_EQ(pool.open(), 0u);
    }
  }
}

TEST(Libarchive, NothingIsDecodedBeyondACap) {
  const std::string zeros(20u << 20, '\0');
  const RecordingSink sink = Read(BodyOf(Cab({{"zeros", zeros}})), 1460);
  EXPECT_TRUE(sink.Saw("compression_bomb") || sink.Saw("decompression_burst_cap"));
  EXPECT_GT(sink.Of(ByteFate::kLostUnwrapCap), 0u);
  Options options;
  options.max_burst = 1u << 20;
  const RecordingSink burst = Read(BodyOf(Cab({{"zeros", zeros}})), SIZE_MAX, options);
  EXPECT_TRUE(burst.Saw("decompression_burst_cap"));
}

}  // namespace
}  // namespace gander::content
