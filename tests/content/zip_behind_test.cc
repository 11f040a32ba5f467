// SPDX-License-Identifier: Apache-2.0
// ZIP archives behind programs, pictures and bytes nobody knows.
#include <gtest/gtest.h>

#include "content/archive_writer.h"
#include "content/coded.h"
#include "content/every_cut.h"

namespace gander::content {
namespace {

// As a program of MS-DOS begins: 144 bytes on the last page, of three.
const std::string kProgram =
    std::string("MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff\x00\x00", 16) + Noise(3000, 3);

std::string Archive(std::size_t lines) { return ZipWriter().Add(Packed("people.csv", Lines(lines))).Finish(); }

RecordingSink ReadFile(const std::string& bytes) { return ReadEveryCut({"", "", bytes, "setup.exe", "smb.file"}); }

TEST(ZipBehind, ProgramsPicturesAndUnknownBytes) {
  const std::string archive = Archive(30);
  for (const std::string& front : {kProgram, "\x7f" "ELF" + Noise(700, 4), "\x89PNG\r\n\x1a\n" + Noise(5000, 5),
                                   "\xff\xd8\xff\xe0" + Noise(900, 6), Noise(1000, 7)}) {
    const RecordingSink sink = ReadFile(front + archive);
    ASSERT_EQ(sink.files.size(), 2u);
    EXPECT_EQ(sink.files[0].name, "people.csv");
    EXPECT_EQ(sink.files[0].path, "smb.file > zip");
    EXPECT_EQ(sink.Named("people.csv")->text, Lines(30));
    EXPECT_EQ(sink.files[1].size, front.size() + archive.size());
    EXPECT_TRUE(sink.anomalies.empty());
    EXPECT_NEAR(static_cast<double>(Read({"", "", front + archive}, 1000).Of(ByteFate::kOpaqueBinary)),
                static_cast<double>(front.size()), 130.0);
  }
}

TEST(ZipBehind, TheProgramKeepsItsName) {
  EXPECT_EQ(ReadFile(kProgram + Archive(3)).files.at(1).magic, "exe");
  const RecordingSink alone = ReadFile(kProgram);
  EXPECT_EQ(alone.files.at(0).magic, "exe");
  EXPECT_EQ(alone.files.size(), 1u);
  EXPECT_TRUE(alone.anomalies.empty());
  EXPECT_EQ(ReadFile("MZ is what programs of that time begin with, and so does this line of text.\n").files.at(0).magic,
            "text");
}

TEST(ZipBehind, SignaturesInTheProgramAreNoArchive) {
  const std::string signatures = std::string("PK\x03\x04PK\x03\x04\xff\xff", 10) + "P" + "PK" +
                                 std::string("PK\x03\x04", 4) + std::string(40, '\xee');
  const RecordingSink none = ReadFile(kProgram + signatures);
  EXPECT_EQ(none.files.size(), 1u);
  EXPECT_TRUE(none.anomalies.empty());
  const RecordingSink one = ReadFile(kProgram + signatures + "P" + Archive(3));
  ASSERT_EQ(one.files.size(), 2u);
  EXPECT_EQ(one.Named("people.csv")->text, Lines(3));
}

TEST(ZipBehind, CutAnywhere) {
  const std::string whole = kProgram.substr(0, 200) + Archive(2);
  for (std::size_t cut = 1; cut < whole.size(); ++cut) {
    const RecordingSink sink = Read({"", "", whole.substr(0, cut), "setup.exe"}, 3);
    EXPECT_LE(sink.files.size(), 2u);
    EXPECT_EQ(sink.files.back().size, cut);
  }
}

}  // namespace
}  // namespace gander::content
