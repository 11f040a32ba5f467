// SPDX-License-Identifier: Apache-2.0
// tar archives of all dialects, and what is none.
#include <gtest/gtest.h>

#include "content/archive/member_name.h"
#include "content/archive/tar_layer.h"
#include "content/archive_reading.h"
#include "content/archive_writer.h"

namespace gander::content {
namespace {

const std::string kCsv = Lines(60);
const std::string kNote = "Dear Ada, the number is 078-05-1120.\n";

void ExpectText(const RecordingSink& sink, const std::string& name, const std::string& text) {
  ExpectText(sink, name, text, "tar");
}

TEST(Tar, MembersAreFilesInTheArchive) {
  const std::string archive = TarMember("people/", "", '5') + TarMember("people/a.csv", kCsv) +
                              TarMember("note.txt", kNote) + TarMember("empty", "") + TarEnd();
  const RecordingSink sink = ReadAnyhow(archive);
  ExpectText(sink, "people/a.csv", kCsv);
  ExpectText(sink, "note.txt", kNote);
  EXPECT_TRUE(sink.anomalies.empty());
  ASSERT_EQ(sink.files.size(), 3u);
  EXPECT_EQ(sink.files[0].name, "people/a.csv");
  EXPECT_EQ(sink.files[0].size, kCsv.size());
  EXPECT_EQ(sink.files[0].path, "http.response.body > tar");
  EXPECT_EQ(sink.files[2].magic, "tar");
  EXPECT_EQ(sink.files[2].size, archive.size());
}

TEST(Tar, WithinGzip) {
  const RecordingSink sink = ReadAnyhow(Gzip(TarMember("a.csv", kCsv) + TarEnd()));
  ExpectText(sink, "a.csv", kCsv, "gzip > tar");
}

TEST(Tar, AllDialects) {
  TarItem gnu{"gnu.csv", kCsv};
  gnu.magic = std::string("ustar  \0", 8);
  gnu.prefix = "12345670123";  // a time, in GNU's
  TarItem old{"old.csv", kCsv};
  old.magic.clear();
  old.type = '\0';
  TarItem prefixed{"c.csv", kCsv};
  prefixed.prefix = "a/b";
  TarItem contiguous{"contiguous.csv", kCsv};
  contiguous.type = '7';
  TarItem binary{"binary.csv", kCsv};
  binary.size_field = std::string("\x80") + std::string(7, '\0') + std::string(1, '\0') + std::string(1, '\0') +
                      static_cast<char>(kCsv.size() >> 8) + static_cast<char>(kCsv.size());
  TarItem blanks{"blanks.csv", kCsv};
  const std::string octal = Octal(kCsv.size(), 5);
  blanks.size_field = std::string(6, ' ') + octal.substr(0, 5) + ' ';
  TarItem signs{"sch\xf6n.csv", kCsv};
  signs.signed_sum = true;
  for (const TarItem& first : {gnu, old, prefixed, contiguous, binary, blanks, signs}) {
    SCOPED_TRACE(first.name);
    const RecordingSink sink = ReadAnyhow(TarMember(first) + TarMember("b.txt", kNote) + TarEnd());
    ExpectText(sink, first.name == "c.csv" ? "a/b/c.csv" : first.name, kCsv);
    ExpectText(sink, "b.txt", kNote);
    EXPECT_TRUE(sink.anomalies.empty());
  }
}

TEST(Tar, LongNames) {
  const std::string name = "a/" + std::string(300, 'n') + "/078-05-1120.csv";
  const RecordingSink gnu = ReadAnyhow(TarMember("././@LongLink", "somewhere" + std::string(1, '\0'), 'K') +
                                       TarMember("././@LongLink", name + std::string(1, '\0'), 'L') +
                                       TarMember(name.substr(0, 100), kCsv) + TarMember("b", kNote) + TarEnd());
  ExpectText(gnu, name, kCsv);
  ExpectText(gnu, "b", kNote);
  ExpectText(gnu, "filename", "somewhere");
  const RecordingSink pax =
      ReadAnyhow(TarMember("pax_global_header", PaxRecord("comment", kNote) + PaxRecord("path", "x"), 'g') +
                 TarMember("x", PaxRecord("mtime", "1700000000.5") + PaxRecord("path", name), 'x') +
                 TarMember("short", kCsv) + TarMember("b", kNote) + TarEnd());
  ExpectText(pax, name, kCsv);
  ExpectText(pax, "b", kNote);
  ExpectText(pax, kOuterName, kNote);
  EXPECT_TRUE(pax.anomalies.empty());
}

TEST(Tar, SizesInPaxRecords) {
  TarItem item{"large", kCsv};
  item.size_field = Octal(0, 11);
  const RecordingSink sink =
      ReadAnyhow(TarMember("x", PaxRecord("size", std::to_string(kCsv.size())), 'x') + TarMember(item) +
                 TarMember("b", kNote) + TarEnd());
  ExpectText(sink, "large", kCsv);
  ExpectText(sink, "b", kNote);
}

TEST(Tar, NotesThatAreNone) {
  for (const std::string& notes : {std::string("no record at all, but 078-05-1120"), std::string("99 path=x\n"),
                                   std::string("0 a=b\n"), "18446744073709551616 " + std::string("a=b\n"),
                                   std::string("7 path\n"), PaxRecord("size", "x")}) {
    SCOPED_TRACE(notes);
    const RecordingSink sink = ReadAnyhow(TarMember("x", notes, 'x') + TarMember("b", kNote) + TarEnd());
    ExpectText(sink, "b", kNote);
  }
  const RecordingSink sink = ReadAnyhow(TarMember("x", kNote, 'x') + TarMember("b", kNote) + TarEnd());
  ExpectText(sink, kOuterName, kNote);
}

// What is more than anybody's name is read as text, and its memory stays bounded.
TEST(Tar, EndlessNotes) {
  const std::string notes = Lines(2000);
  const RecordingSink sink = ReadArchive(TarMember("x", notes, 'L') + TarMember("b", kNote) + TarEnd(), 1460);
  ASSERT_NE(sink.Named(kOuterName), nullptr);
  EXPECT_EQ(sink.Named(kOuterName)->text, notes.substr(TarLayer::kMaxNotes));
  EXPECT_EQ(FileOf(sink, notes.substr(0, kMaxMemberName))->size, kNote.size());
}

TEST(Tar, SparseFilesAreReadAsTheyAreStored) {
  TarItem sparse{"sparse", kCsv};
  sparse.type = 'S';
  sparse.more_map = true;
  sparse.magic = std::string("ustar  \0", 8);
  std::string map(512, '\0');
  map[504] = '\1';
  const std::string last(512, '\0');
  const RecordingSink sink =
      ReadAnyhow(TarHead(sparse) + map + last + TarMember(sparse).substr(512) + TarMember("b", kNote) + TarEnd());
  ExpectText(sink, "sparse", kCsv);
  ExpectText(sink, "b", kNote);
}

TEST(Tar, DamagedHeadersAreSkipped) {
  std::string bad = TarMember("a.csv", kCsv);
  bad[10] ^= 1;
  const RecordingSink sink = ReadAnyhow(TarMember("first", kNote) + bad + TarMember("b.csv", kCsv) + TarEnd());
  EXPECT_TRUE(sink.Saw("archive_damaged"));
  ExpectText(sink, "first", kNote);
  ExpectText(sink, "b.csv", kCsv);
  const SeenText* const rest = sink.Named(kOuterName);
  ASSERT_NE(rest, nullptr);
  EXPECT_EQ(rest->text.substr(0, kCsv.size()), kCsv);
}

TEST(Tar, SizesThatLie) {
  for (const std::string& field : {Octal(077777777777, 11), std::string("\xff", 1) + std::string(11, '\xff'),
                                   std::string("\x80", 1) + std::string(11, '\xff'),
                                   std::string("\x80") + std::string(3, '\0') + std::string(8, '\xff'),
                                   Octal(1, 11), std::string("not a number")}) {
    TarItem lying{"a.csv", kCsv};
    lying.size_field = field;
    const RecordingSink sink =
        ReadAnyhow(TarMember("first", kNote) + TarMember(lying) + TarMember("b.txt", kNote) + TarEnd());
    std::string all;
    for (const SeenText& t : sink.texts) all += t.text;
    EXPECT_NE(all.find(kCsv.substr(kCsv.size() / 2, 300)), std::string::npos);
    EXPECT_FALSE(sink.anomalies.empty());
  }
}

TEST(Tar, TextInThePadding) {
  TarItem item{"a.txt", kNote};
  item.fill = 'x';
  const RecordingSink sink = ReadAnyhow(TarMember(item) + TarMember("b.txt", kNote) + TarEnd());
  ExpectText(sink, kOuterName, std::string(512 - kNote.size(), 'x'));
  ExpectText(sink, "b.txt", kNote);
}

TEST(Tar, NamesThatLookLikeSomethingElse) {
  for (const std::string name : {"BZh.txt", "%PDF-1", "PK\3\4", "ID3"}) {
    const RecordingSink sink = ReadAnyhow(TarMember(name, kNote) + TarEnd());
    ExpectText(sink, name, kNote);
  }
  EXPECT_TRUE(ReadArchive(TarMember("../x", kNote) + TarEnd()).Saw("archive_path_traversal"));
}

TEST(Tar, ArchivesBehindEachOther) {
  const RecordingSink sink = ReadAnyhow(TarMember("a", kNote) + TarEnd() + TarMember("b", kCsv) + TarEnd());
  ExpectText(sink, "a", kNote);
  ExpectText(sink, "b", kCsv);
  EXPECT_TRUE(sink.anomalies.empty());
}

TEST(Tar, TruncatedAnywhere) {
  const std::string archive = TarMember("x", PaxRecord("path", "a.csv"), 'x') + TarMember("short", kCsv) +
                              TarMember("b.txt", kNote) + TarEnd();
  DecoderPool pool;
  for (std::size_t cut = 0; cut < archive.size(); cut += 7) {
    Counters counters{};
    BodyReader reader(Options{}, counters, pool);
    RecordingSink sink;
    Drive(reader, {"", "", archive.substr(0, cut)}, sink, 97);
    const SeenText* const csv = sink.Named("a.csv");
    if (csv != nullptr) {
      EXPECT_EQ(csv->text, kCsv.substr(0, csv->text.size()));
      EXPECT_EQ(FileOf(sink, "a.csv")->size, csv->text.size());
      EXPECT_TRUE(csv->text == kCsv || sink.Saw("archive_truncated"));
    }
  }
  EXPECT_EQ(pool.open(), 0u);
  EXPECT_EQ(pool.memory.in_use(), 0u);
}

TEST(Tar, DamageAnywhereIsSurvived) {
  ReadDamaged(TarMember("x", PaxRecord("path", "a.csv") + PaxRecord("size", "1000"), 'x') + TarMember("short", kCsv) +
                  TarMember("@", "long", 'L') + TarMember("b.txt", kNote) + TarEnd(),
              3000);
}

TEST(Tar, NestedUpToTheCap) {
  std::string archive = TarMember("core.txt", kNote) + TarEnd();
  for (int i = 0; i < 20; ++i) archive = TarMember("layer.tar", archive) + TarEnd();
  const RecordingSink sink = ReadArchive(archive, 1000);
  EXPECT_TRUE(sink.Saw("wrapping_depth_cap"));
  EXPECT_GT(sink.Of(ByteFate::kLostUnwrapCap), 0u);
}

TEST(Tar, TheLedgerOfSmallMembers) {
  std::string archive;
  for (std::uint32_t i = 1; i <= 100; ++i) archive += TarMember("n", Noise(60, i));
  for (const std::size_t step : {std::size_t{1}, std::size_t{100}, SIZE_MAX}) {
    EXPECT_EQ(ReadArchive(archive + TarEnd(), step).Of(ByteFate::kOpaqueBinary), 6000u);
  }
}

TEST(Tar, ManyMembers) {
  Counters counters{};
  DecoderPool pool;
  BodyReader reader(Options{}, counters, pool);
  RecordingSink sink;
  sink.keep_text = false;
  const std::string member = TarMember("m", "x");
  reader.Begin(MetaOf({}), sink);
  for (int i = 0; i < 100000; ++i) reader.Feed(AsBytes(member), sink);
  EXPECT_LE(pool.memory.in_use(), 2048u);
  EXPECT_LE(pool.open(), 4u);
  reader.End(protocol::BodyEnd::kComplete, sink);
  EXPECT_EQ(sink.files.size(), Options{}.max_files);
  EXPECT_EQ(sink.text_bytes, 200000u);
}

}  // namespace
}  // namespace gander::content
