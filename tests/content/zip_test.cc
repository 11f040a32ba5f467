// SPDX-License-Identifier: Apache-2.0
// ZIP archives as they stream by: how members are packed, where they end, what is locked, what does not fit together.
#include <gtest/gtest.h>

#include <map>

#include "content/archive_reading.h"
#include "content/archive_writer.h"

namespace gander::content {
namespace {

const std::string kCsv = Lines(60);
const std::string kNote = "Dear Ada, the number is 078-05-1120.\n";

void ExpectText(const RecordingSink& sink, const std::string& name, const std::string& text) {
  ExpectText(sink, name, text, "zip");
}

TEST(Zip, MembersAreFilesInTheArchive) {
  const std::string archive = ZipWriter().Add(Packed("people.csv", kCsv)).Add(Stored("note.txt", kNote)).Finish();
  const RecordingSink sink = ReadAnyhow(archive);
  ExpectText(sink, "people.csv", kCsv);
  ExpectText(sink, "note.txt", kNote);
  EXPECT_TRUE(sink.anomalies.empty());
  ASSERT_EQ(sink.files.size(), 3u);
  EXPECT_EQ(sink.files[0].name, "people.csv");
  EXPECT_EQ(sink.files[0].size, kCsv.size());
  EXPECT_EQ(sink.files[0].magic, "text");
  EXPECT_EQ(sink.files[0].path, "http.response.body > zip");
  EXPECT_EQ(sink.files[2].name, kOuterName);
  EXPECT_EQ(sink.files[2].magic, "zip");
  EXPECT_EQ(sink.files[2].size, archive.size());
  EXPECT_EQ(sink.Of(ByteFate::kOpaqueBinary), 0u);
}

// A name is text too: it leaves with the archive.
TEST(Zip, NamesAreHandedOn) {
  const RecordingSink sink = ReadArchive(ZipWriter().Add(Stored("078-05-1120.txt", kNote)).Finish());
  ExpectText(sink, "filename", "078-05-1120.txt");
}

TEST(Zip, SizesBehindTheMember) {
  for (const bool wide : {false, true}) {
    for (const bool signature : {false, true}) {
      for (const std::uint16_t method : {0, 8}) {
        SCOPED_TRACE(testing::Message() << wide << signature << method);
        ZipWriter writer;
        for (const std::string& text : {kCsv, kNote, std::string()}) {
          ZipItem item = Stored("file" + std::to_string(text.size()), text);
          item.method = method;
          item.follows = true;
          item.wide = wide;
          item.signature = signature;
          writer.Add(item);
        }
        const RecordingSink sink = ReadAnyhow(writer.Finish());
        ExpectText(sink, "file" + std::to_string(kCsv.size()), kCsv);
        ExpectText(sink, "file" + std::to_string(kNote.size()), kNote);
        EXPECT_TRUE(sink.anomalies.empty());
        EXPECT_EQ(sink.files.size(), 3u);
      }
    }
  }
}

TEST(Zip, SizesOfEightBytes) {
  ZipItem item = Packed("people.csv", kCsv);
  item.wide = true;
  const RecordingSink sink = ReadAnyhow(ZipWriter().Add(item).Finish());
  ExpectText(sink, "people.csv", kCsv);
  EXPECT_TRUE(sink.anomalies.empty());
}

// A stored member without a size that holds an archive with headers and descriptors of its own.
TEST(Zip, AStoredArchiveIsNotMistakenForItsContainer) {
  ZipItem inner = Stored("inner.txt", kNote);
  inner.follows = true;
  ZipItem outer = Stored("nested.zip", ZipWriter().Add(inner).Add(Packed("people.csv", kCsv)).Finish());
  outer.follows = true;
  const RecordingSink sink = ReadAnyhow(ZipWriter().Add(outer).Add(Packed("last.csv", kCsv)).Finish());
  EXPECT_EQ(sink.Named("inner.txt")->path, "http.response.body > zip > zip");
  EXPECT_EQ(sink.Named("people.csv")->text, kCsv);
  ExpectText(sink, "last.csv", kCsv);
  EXPECT_EQ(FileOf(sink, "nested.zip")->size, outer.data.size());
  EXPECT_TRUE(sink.anomalies.empty());
}

TEST(Zip, WhatNobodyDescribedEndsWhereTheNextBegins) {
  ZipItem item = Stored("a.txt", kNote);
  item.follows = true;
  item.described = false;
  const RecordingSink sink = ReadAnyhow(ZipWriter().Add(item).Add(Packed("b.csv", kCsv)).Finish());
  ExpectText(sink, "a.txt", kNote);
  ExpectText(sink, "b.csv", kCsv);
  EXPECT_TRUE(sink.Saw("archive_inconsistent"));
}

TEST(Zip, LockedMembersAreNamedAndCounted) {
  for (const bool follows : {false, true}) {
    ZipItem locked = Stored("salaries.csv", Noise(4000, 3));
    locked.flags = 1;
    locked.method = 8;
    locked.packed = locked.data;
    locked.told_size = 9000;
    locked.follows = follows;
    ZipItem aes = locked;
    aes.name = "aes.csv";
    aes.flags = 0;
    aes.method = 99;
    const std::string archive = ZipWriter().Add(locked).Add(aes).Add(Packed("open.csv", kCsv)).Finish();
    const RecordingSink sink = ReadAnyhow(archive);
    ExpectText(sink, "open.csv", kCsv);
    ASSERT_NE(FileOf(sink, "salaries.csv"), nullptr);
    ASSERT_NE(FileOf(sink, "aes.csv"), nullptr);
    EXPECT_EQ(FileOf(sink, "salaries.csv")->size, 9000u);
    EXPECT_EQ(FileOf(sink, "aes.csv")->size, 9000u);
    EXPECT_EQ(sink.Of(ByteFate::kOpaqueLocked), 8000u);
    EXPECT_TRUE(sink.anomalies.empty());
  }
}

TEST(Zip, UnknownMethodsAreUndecodable) {
  for (const bool follows : {false, true}) {
    ZipItem item = Stored("old.bin", Noise(3000, 4));
    item.method = 98;  // PPMd
    item.told_size = 5000;
    item.follows = follows;
    const RecordingSink sink = ReadAnyhow(ZipWriter().Add(item).Add(Packed("open.csv", kCsv)).Finish());
    ExpectText(sink, "open.csv", kCsv);
    EXPECT_EQ(sink.Of(ByteFate::kOpaqueUndecodable), 3000u);
    ASSERT_NE(FileOf(sink, "old.bin"), nullptr);
    EXPECT_EQ(FileOf(sink, "old.bin")->size, 5000u);
    EXPECT_EQ(FileOf(sink, "old.bin")->end, protocol::BodyEnd::kTruncated);
  }
}

TEST(Zip, NamesInAllCharsets) {
  ZipItem utf8 = Stored("gr\xc3\xbc\xc3\x9f.txt", kNote);
  ZipItem dos = Stored("gr\x81\xe1.txt", kCsv);
  ZipItem unicode = Stored("gr?.txt", "x");
  const auto crc =
      crc32(0, reinterpret_cast<const Bytef*>(unicode.name.data()), static_cast<uInt>(unicode.name.size()));
  const std::string path = "gr\xc3\xb6.txt";
  unicode.extra = Little(0x9999, 2) + Little(3, 2) + "abc" + Little(0x7075, 2) + Little(5 + path.size(), 2) + "\1" +
                  Little(crc, 4) + path;
  ZipItem stale = Stored("renamed.txt", "y");
  stale.extra = unicode.extra;
  const RecordingSink sink = ReadAnyhow(ZipWriter().Add(utf8).Add(dos).Add(unicode).Add(stale).Finish());
  ASSERT_EQ(sink.files.size(), 5u);
  EXPECT_EQ(sink.files[0].name, utf8.name);
  EXPECT_EQ(sink.files[1].name, "gr\xc3\xbc\xc3\x9f.txt");
  EXPECT_EQ(sink.files[2].name, path);
  EXPECT_EQ(sink.files[3].name, "renamed.txt");
}

TEST(Zip, NamesThatLeaveTheFolderAreOnlyTold) {
  for (const std::string name : {"../../etc/cron.d/x", "/etc/passwd", "..\\..\\x", "C:\\x", "a/../../b"}) {
    const RecordingSink sink = ReadAnyhow(ZipWriter().Add(Packed(name, kNote)).Finish());
    EXPECT_TRUE(sink.Saw("archive_path_traversal")) << name;
    ExpectText(sink, name, kNote);
  }
  EXPECT_FALSE(ReadArchive(ZipWriter().Add(Packed("a..b/..c/d", kNote)).Finish()).Saw("archive_path_traversal"));
}

TEST(Zip, TheDirectoryMustAgree) {
  ZipItem renamed = Packed("a.csv", kCsv);
  renamed.listed_name = "b.csv";
  EXPECT_TRUE(ReadAnyhow(ZipWriter().Add(renamed).Finish()).Saw("archive_inconsistent"));
  // A member the directory does not list.
  const std::string hidden = ZipWriter().Add(Packed("hidden.csv", kCsv)).Body();
  const RecordingSink sink = ReadAnyhow(hidden + ZipWriter().Add(Packed("open.txt", kNote)).Finish());
  EXPECT_TRUE(sink.Saw("archive_inconsistent"));
  ExpectText(sink, "hidden.csv", kCsv);
  ExpectText(sink, "open.txt", kNote);
  // The order does not matter, comments neither.
  ZipItem noted = Packed("c.csv", kCsv);
  noted.comment = kNote;
  const RecordingSink fine = ReadAnyhow(ZipWriter().Add(noted).Add(Stored("d", kNote)).Finish(kNote + kNote));
  EXPECT_TRUE(fine.anomalies.empty());
  std::size_t comments = 0;
  for (const SeenText& t : fine.texts) comments += t.name == kOuterName && (t.text == kNote || t.text == kNote + kNote);
  EXPECT_EQ(comments, 2u);
}

TEST(Zip, TextOutsideOfMembersIsRead) {
  const std::string stub = "MZ" + Noise(4094, 8);
  const std::string archive = ZipWriter()
                                  .Add(Packed("a.csv", kCsv))
                                  .Raw(kNote + "PK PPK\3 PK\3\3 and so on\n")
                                  .Add(Packed("b.csv", kCsv))
                                  .Finish();
  const RecordingSink sink = ReadAnyhow(archive + stub + kNote);
  ExpectText(sink, "a.csv", kCsv);
  ExpectText(sink, "b.csv", kCsv);
  ExpectText(sink, kOuterName, kNote + "PK PPK\3 PK\3\3 and so on\n");
  EXPECT_EQ(sink.texts.back().text, kNote);
  EXPECT_EQ(sink.Of(ByteFate::kOpaqueBinary), stub.size());
}

TEST(Zip, SizesThatLie) {
  const std::string packed = Deflated(kCsv, -15);
  for (const std::uint64_t told : {std::uint64_t{0}, std::uint64_t{1}, packed.size() - 1, packed.size() + 1,
                                   packed.size() + 200, std::uint64_t{0xfffffffe}}) {
    SCOPED_TRACE(told);
    ZipItem lying = Packed("a.csv", kCsv);
    lying.told_packed = told;
    const RecordingSink sink = ReadAnyhow(ZipWriter().Add(lying).Add(Packed("b.csv", kCsv + kNote)).Finish());
    ExpectText(sink, "a.csv", kCsv);
    ExpectText(sink, "b.csv", kCsv + kNote);
    EXPECT_TRUE(sink.Saw("archive_inconsistent"));
  }
  ZipItem lying = Packed("a.csv", kCsv);
  lying.told_size = 3;
  EXPECT_TRUE(ReadAnyhow(ZipWriter().Add(lying).Finish()).Saw("archive_inconsistent"));
}

// Stored, but called deflated: nobody can unpack it, and it can be read all the same.
TEST(Zip, MethodsThatLie) {
  ZipItem lying = Packed("a.csv", kCsv);
  lying.packed = kCsv;
  const RecordingSink sink = ReadAnyhow(ZipWriter().Add(lying).Add(Packed("b.csv", kCsv)).Finish());
  EXPECT_TRUE(sink.Saw("decompression_failed"));
  EXPECT_TRUE(sink.Saw("archive_inconsistent"));
  ExpectText(sink, "b.csv", kCsv);
  const SeenText* const rest = sink.Named(kOuterName);
  ASSERT_NE(rest, nullptr);
  EXPECT_GT(rest->text.size(), kCsv.size() - 40);
}

TEST(Zip, DamagedMembersEndAtTheNext) {
  ZipItem damaged = Packed("a.csv", kCsv);
  std::string stored = Deflated(damaged.data, -15, 0);
  stored[0] = 0;  // not the last block
  damaged.packed = stored + "\x07" + Noise(8000, 10);  // a block of type 3 does not exist
  const RecordingSink sink = ReadAnyhow(ZipWriter().Add(damaged).Add(Packed("b.csv", kCsv)).Finish());
  ExpectText(sink, "a.csv", kCsv);
  ExpectText(sink, "b.csv", kCsv);
  EXPECT_EQ(FileOf(sink, "a.csv")->end, protocol::BodyEnd::kTruncated);
  EXPECT_GT(sink.Of(ByteFate::kOpaqueUndecodable), 7000u);
}

TEST(Zip, TruncatedAnywhere) {
  ZipItem follows = Packed("a.csv", kCsv);
  follows.follows = true;
  ZipItem stored = Stored("b.csv", kCsv);
  stored.follows = true;
  const std::string archive = ZipWriter().Add(follows).Add(stored).Add(Packed("c.txt", kNote)).Finish();
  constexpr std::size_t kSniffed = 4;  // so much and it is called an archive
  const std::map<std::string, std::string> whole = {{"a.csv", kCsv}, {"b.csv", kCsv}, {"c.txt", kNote}};
  DecoderPool pool;
  for (std::size_t cut = 1; cut < archive.size(); ++cut) {
    Counters counters{};
    BodyReader reader(Options{}, counters, pool);
    RecordingSink sink;
    Drive(reader, {"", "", archive.substr(0, cut)}, sink, 97);
    for (const SeenText& t : sink.texts) {
      const auto member = whole.find(t.name);
      if (member == whole.end()) continue;
      // A piece of a descriptor cannot be told from the data of a member without a size.
      const std::size_t sure = std::min(t.text.size(), member->second.size());
      EXPECT_EQ(t.text.substr(0, sure), member->second.substr(0, sure));
      EXPECT_LT(t.text.size() - sure, 16u);
    }
    EXPECT_EQ(sink.Saw("archive_truncated"), cut >= kSniffed) << cut;
  }
  EXPECT_EQ(pool.open(), 0u);
}

TEST(Zip, DamageAnywhereIsSurvived) {
  ZipItem follows = Packed("a.csv", kCsv);
  follows.follows = true;
  ZipItem stored = Stored("b.csv", kCsv);
  stored.follows = stored.wide = true;
  const std::string archive = ZipWriter().Add(follows).Add(stored).Add(Packed("c.txt", kNote)).Finish();
  ReadDamaged(archive, 3000);
}

TEST(Zip, NestedUpToTheCap) {
  std::string archive = ZipWriter().Add(Stored("core.txt", kNote)).Finish();
  for (int i = 0; i < 42; ++i) archive = ZipWriter().Add(Stored("layer.zip", archive)).Finish();
  Counters counters{};
  BodyReader reader(Options{}, counters);
  RecordingSink sink;
  Drive(reader, {"", "", archive}, sink, 100);
  EXPECT_EQ(counters.cap_depth, 1u);
  EXPECT_TRUE(sink.Saw("wrapping_depth_cap"));
  EXPECT_GT(sink.Of(ByteFate::kLostUnwrapCap), 0u);
}

TEST(Zip, BombsAreStoppedAndTheRestIsRead) {
  const std::string zeros(64 << 20, '\0');
  for (const bool follows : {false, true}) {
    ZipItem bomb = Packed("bomb", zeros);
    bomb.follows = follows;
    const std::string archive = ZipWriter().Add(bomb).Add(Stored("note.txt", kNote)).Add(Packed("b", kCsv)).Finish();
    Counters counters{};
    BodyReader reader(Options{}, counters);
    RecordingSink sink;
    Drive(reader, {"", "", archive}, sink, 1460);
    EXPECT_EQ(counters.cap_ratio, 1u);
    EXPECT_TRUE(sink.Saw("compression_bomb"));
    ExpectText(sink, "note.txt", kNote);
    EXPECT_GT(sink.Of(ByteFate::kLostUnwrapCap), archive.size() * 8 / 10);
  }
}

// Members too small to be looked at before they end are counted as what they are.
TEST(Zip, TheLedgerOfSmallMembers) {
  ZipWriter stored, packed;
  std::uint64_t size = 0;
  for (std::uint32_t i = 1; i <= 100; ++i) {
    const ZipItem item = Packed("n", Noise(60, i));
    packed.Add(item);
    stored.Add(Stored("n", item.data));
    size += Deflated(item.data, -15).size();
  }
  for (const std::size_t step : {std::size_t{1}, std::size_t{100}, SIZE_MAX}) {
    EXPECT_EQ(ReadArchive(stored.Finish(), step).Of(ByteFate::kOpaqueBinary), 6000u);
    EXPECT_NEAR(static_cast<double>(ReadArchive(packed.Finish(), step).Of(ByteFate::kOpaqueBinary)),
                static_cast<double>(size), 300.0);
  }
}

// A million members: each is opened, few are told, and nothing grows with them.
TEST(Zip, AMillionMembers) {
  Counters counters{};
  DecoderPool pool;
  BodyReader reader(Options{}, counters, pool);
  RecordingSink sink;
  sink.keep_text = false;
  const std::string members = [] {
    ZipWriter writer;
    for (int i = 0; i < 1000; ++i) writer.Add(Packed("m", "x"));
    return writer.Body();
  }();
  reader.Begin(MetaOf({}), sink);
  std::size_t after_first = 0;
  for (int i = 0; i < 1000; ++i) {
    pool.burst.Renew();
    reader.Feed(AsBytes(members), sink);
    if (i == 0) after_first = pool.memory.in_use();
  }
  EXPECT_EQ(pool.memory.in_use(), after_first);
  EXPECT_LE(pool.open(), 4u);
  reader.End(protocol::BodyEnd::kComplete, sink);
  EXPECT_EQ(sink.files.size(), Options{}.max_files);
  EXPECT_TRUE(sink.Saw("too_many_files"));
  EXPECT_EQ(counters.deflate, 1000000u);
  EXPECT_EQ(sink.text_bytes, 2000000u);  // names and contents
}

}  // namespace
}  // namespace gander::content
