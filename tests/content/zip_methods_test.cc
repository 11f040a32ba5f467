// SPDX-License-Identifier: Apache-2.0
// Members of ZIP archives that are packed otherwise than by deflate: sizes told and behind, cut, damaged, beside
// others.
#include <gtest/gtest.h>

#include <functional>

#include "content/archive_reading.h"
#include "content/archive_writer.h"
#include "content/compressed.h"

namespace gander::content {
namespace {

const std::string kCsv = Lines(60);
const std::string kNote = "Dear Ada, the number is 078-05-1120.\n";

// APPNOTE.TXT 5.8.8: version, size of the properties, these; of .lzma all but the length.
std::string ZipLzma(const std::string& alone) {
  return std::string("\x10\x02\5\0", 4) + alone.substr(0, 5) + alone.substr(13);
}

// Without a marker at its end, so that only the size tells where that is.
std::string UnmarkedLzma(const std::string& plain) {
  lzma_options_lzma how;
  lzma_lzma_preset(&how, 6);
  how.dict_size = 1u << 16;
  how.ext_flags = 0;
  lzma_set_ext_size(how, plain.size());
  const lzma_filter filters[] = {{LZMA_FILTER_LZMA1EXT, &how}, {LZMA_VLI_UNKNOWN, nullptr}};
  lzma_stream s = LZMA_STREAM_INIT;
  if (lzma_raw_encoder(&s, filters) != LZMA_OK) std::abort();
  return std::string("\x10\x02\5\0\x5d\0\0\1\0", 9) + RunLzma(s, plain);
}

// Deflate without matches of 258 bytes, whose code means something else in Deflate64.
std::string Deflate64(const std::string& plain) {
  z_stream s{};
  deflateInit2(&s, 9, Z_DEFLATED, -15, 8, Z_HUFFMAN_ONLY);
  std::string out(deflateBound(&s, plain.size()) + 64, '\0');
  s.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(plain.data()));
  s.avail_in = static_cast<uInt>(plain.size());
  s.next_out = reinterpret_cast<Bytef*>(out.data());
  s.avail_out = static_cast<uInt>(out.size());
  deflate(&s, Z_FINISH);
  out.resize(s.total_out);
  deflateEnd(&s);
  return out;
}

struct Method {
  const char* name;
  std::uint16_t number, flags;
  std::function<std::string(const std::string&)> pack;
  bool ends = true;  // the stream says where it ends
};

const std::vector<Method>& Methods() {
  static const std::vector<Method> methods = {
      {"Deflate64", 9, 0, Deflate64},
      {"bzip2", 12, 0, [](const std::string& p) { return Bzip2(p, 1); }},
      {"LZMA with a marker", 14, 2, [](const std::string& p) { return ZipLzma(Lzma(p, 1)); }},
      {"LZMA without one", 14, 0, UnmarkedLzma, false},
      {"zstd, as it was", 20, 0, [](const std::string& p) { return Zstd(p); }},
      {"zstd", 93, 0, [](const std::string& p) { return Zstd(p); }},
      {"xz", 95, 0, [](const std::string& p) { return Xz(p, 1); }},
  };
  return methods;
}

ZipItem By(const Method& method, const std::string& name, const std::string& data) {
  ZipItem item = Stored(name, data);
  item.method = method.number;
  item.flags = method.flags;
  item.packed = method.pack(data);
  return item;
}

void ExpectText(const RecordingSink& sink, const std::string& name, const std::string& text) {
  ExpectText(sink, name, text, "zip");
}

TEST(ZipMethods, SizesBeforeAndBehind) {
  for (const Method& method : Methods()) {
    for (const bool follows : {false, true}) {
      for (const bool signature : {false, true}) {
        if (follows && !method.ends) continue;
        SCOPED_TRACE(testing::Message() << method.name << follows << signature);
        ZipItem csv = By(method, "people.csv", kCsv), note = By(method, "note.txt", kNote),
                empty = By(method, "empty", "");
        csv.follows = note.follows = empty.follows = follows;
        csv.signature = note.signature = empty.signature = signature;
        const RecordingSink sink =
            ReadAnyhow(ZipWriter().Add(csv).Add(empty).Add(note).Add(Packed("last.csv", kCsv)).Finish());
        ExpectText(sink, "people.csv", kCsv);
        ExpectText(sink, "note.txt", kNote);
        ExpectText(sink, "last.csv", kCsv);
        EXPECT_TRUE(sink.anomalies.empty()) << sink.anomalies.front();
        ASSERT_NE(FileOf(sink, "people.csv"), nullptr);
        EXPECT_EQ(FileOf(sink, "people.csv")->size, kCsv.size());
        EXPECT_EQ(FileOf(sink, "people.csv")->end, protocol::BodyEnd::kComplete);
        EXPECT_EQ(sink.fates, decltype(sink.fates){});
      }
    }
  }
}

TEST(ZipMethods, MembersLargerThanABuffer) {
  const std::string large = Lines(4000);
  for (const Method& method : Methods()) {
    SCOPED_TRACE(method.name);
    const RecordingSink sink =
        ReadArchive(ZipWriter().Add(By(method, "large.csv", large)).Add(Stored("note.txt", kNote)).Finish(), 1460);
    ExpectText(sink, "large.csv", large);
    ExpectText(sink, "note.txt", kNote);
    EXPECT_TRUE(sink.anomalies.empty());
  }
}

TEST(ZipMethods, TruncatedAnywhere) {
  for (const Method& method : Methods()) {
    SCOPED_TRACE(method.name);
    const std::string archive = ZipWriter().Add(By(method, "people.csv", kCsv)).Body();
    for (std::size_t cut = 60; cut < archive.size(); cut += 7) {
      const RecordingSink sink = ReadArchive(archive.substr(0, cut), 33);
      EXPECT_TRUE(sink.Saw("archive_truncated")) << cut;
      const SeenText* const seen = sink.Named("people.csv");
      EXPECT_TRUE(seen == nullptr || kCsv.starts_with(seen->text)) << cut;
      EXPECT_EQ(Of(sink), Of(ReadArchive(archive.substr(0, cut)))) << cut;
    }
  }
}

TEST(ZipMethods, DamageAnywhereIsSurvived) {
  for (const Method& method : Methods()) {
    SCOPED_TRACE(method.name);
    // Its library keeps some back of what comes before the damage, so it depends on the cut how much is seen.
    if (method.number == 95) continue;
    ReadDamaged(ZipWriter().Add(By(method, "people.csv", Lines(12))).Add(Packed("note.txt", kNote)).Finish(), 600);
  }
}

TEST(ZipMethods, SizesThatLie) {
  for (const Method& method : Methods()) {
    SCOPED_TRACE(method.name);
    for (const int more : {-20, -1, 1, 50}) {
      ZipItem lying = By(method, "a.csv", kCsv);
      lying.told_packed = lying.packed->size() + static_cast<std::size_t>(more);
      const RecordingSink sink = ReadArchive(ZipWriter().Add(lying).Add(Packed("b.csv", kCsv + kNote)).Finish(), 100);
      EXPECT_TRUE(sink.Saw("archive_inconsistent")) << more;
      if (method.ends) ExpectText(sink, "a.csv", kCsv);
      ExpectText(sink, "b.csv", kCsv + kNote);
    }
  }
}

TEST(ZipMethods, LzmaHeadersThatAreNone) {
  const std::string good = ZipLzma(Lzma(kCsv, 1));
  for (const auto& [at, value] : {std::pair<std::size_t, char>{2, 4}, {3, 1}, {4, '\xff'}}) {
    ZipItem item = Stored("a.csv", kCsv);
    item.method = 14;
    item.packed = good;
    (*item.packed)[at] = value;
    const RecordingSink sink = ReadArchive(ZipWriter().Add(item).Add(Packed("b.csv", kCsv)).Finish(), 100);
    EXPECT_TRUE(sink.Saw("decompression_failed")) << at;
    ExpectText(sink, "b.csv", kCsv);
  }
}

TEST(ZipMethods, BombsAreStopped) {
  const std::string zeros(32 << 20, '\0');
  for (const Method& method : Methods()) {
    if (method.number == 9) continue;  // the one below
    SCOPED_TRACE(method.name);
    Counters counters{};
    BodyReader reader(Options{}, counters);
    RecordingSink sink;
    Drive(reader, {"", "", ZipWriter().Add(By(method, "bomb", zeros)).Add(Stored("note.txt", kNote)).Finish()}, sink,
          100);
    EXPECT_EQ(counters.cap_ratio + counters.cap_burst, 1u);
    ExpectText(sink, "note.txt", kNote);
  }
}

// Bits as deflate packs them: the lowest first, codes from their highest bit on.
class BitWriter {
 public:
  BitWriter& Bits(std::uint32_t value, unsigned count) {
    for (unsigned i = 0; i < count; ++i) Put(value >> i & 1);
    return *this;
  }
  BitWriter& Code(std::uint32_t code, unsigned length) {
    for (unsigned i = length; i-- > 0;) Put(code >> i & 1);
    return *this;
  }
  // RFC 1951 §3.2.6, symbols up to 279 and from 280 on.
  BitWriter& Literal(unsigned char c) { return c < 144 ? Code(0x30u + c, 8) : Code(0x190u + c - 144, 9); }
  BitWriter& Symbol(std::uint32_t s) { return s < 280 ? Code(s - 256, 7) : Code(0xc0 + s - 280, 8); }
  std::string Done() const { return out_; }

 private:
  void Put(std::uint32_t bit) {
    if (used_ == 0) out_ += '\0';
    out_.back() = static_cast<char>(out_.back() | static_cast<char>(bit << used_));
    used_ = (used_ + 1) % 8;
  }
  std::string out_;
  unsigned used_ = 0;
};

std::string TextOfDeflate64(const std::string& packed, std::size_t size) {
  ZipItem item = Stored("a.txt", std::string(size, '\0'));
  item.method = 9;
  item.packed = packed;
  const RecordingSink sink = ReadAnyhow(ZipWriter().Add(item).Finish());
  EXPECT_TRUE(sink.anomalies.empty());
  const SeenText* const seen = sink.Named("a.txt");
  return seen == nullptr ? "" : seen->text;
}

// Where it is more than deflate: a length of 16 bits, distances behind 32 KiB.
TEST(ZipMethods, LongMatchesOfDeflate64) {
  BitWriter bits;
  bits.Bits(1, 1).Bits(1, 2);  // the last block, fixed codes
  for (const char c : kNote) bits.Literal(static_cast<unsigned char>(c));
  bits.Literal('a').Symbol(285).Bits(65000 - 3, 16).Code(0, 5);  // one 'a', 65000 bytes, distance 1
  bits.Symbol(257 + 7).Code(31, 5).Bits(65001 + kNote.size() - 49153, 14);              // 10 bytes from the begin
  bits.Symbol(285).Bits(0, 16).Code(30, 5).Bits(0, 14);                                 // 3 bytes from 32769 back
  const std::string text = kNote + std::string(65001, 'a') + kNote.substr(0, 10) + "aaa";
  EXPECT_EQ(TextOfDeflate64(bits.Symbol(256).Done(), text.size()), text);
}

// By 7-Zip 26.02, -mm=Deflate64 -mx=9: a table, a long line, the table again from beyond the window of deflate.
constexpr char kFarCsv[] =
    "e5dfbb4d03411486d1dc927ba0806b34eb7d6794400b1bac1092773df226940f246884a600c439d10dbee8efe0eecbb6c671ecb12defb7"
    "f3e9757d1cf7fd29451aa74bea2f4d4a29727a593f962ddfd6e7fbe3ed276a8aa889dc54a36b115d235fab515b446de4b61a7545d445ee"
    "aa515f447de4be1a0d4534441eaad1584463e4b11a4d4534459eaad15c4473e4b93e6631f9d79d9b54cf9a22fb1efdd7ea171e8fc7e3f1"
    "783c1e8fc7e3f1783c1e8fc7e3f1783c1e8fc7e3f1783c1e8fc7e3f1783c1e8fc7e3f1783c1e8fc7e3f1783c1e8fc7e3f1783c1e8fc7e3"
    "f1783c1e8fc7e3f1783c1e8fc7e3f1783c1e8fc7e3f1783c1e8fc7e3f1783c1e8fc7e3f1783c1e8fc7e3f1783c1e8fc7e3f1783c1e8fc7"
    "e3f1783c1e8fc7e3f1783c1e8fc7e3f1783c1e8fc7e3f1783c1e8fc7e3f1783c1e8fc7e3f1783c1e8fc7e3f1783c1e8fc7e3f1783c1eef"
    "4f399ff80729fed783149f";

TEST(ZipMethods, WhatSevenZipWrote) {
  std::string packed;
  for (const char* hex = kFarCsv; *hex != '\0'; hex += 2) {
    packed += static_cast<char>(std::stoi(std::string(hex, 2), nullptr, 16));
  }
  const std::string text = Lines(12) + std::string(50000, '-') + "\r\n" + Lines(12);
  EXPECT_EQ(TextOfDeflate64(packed, text.size()), text);
}

TEST(ZipMethods, DamagedDeflate64) {
  const auto fails = [](const std::string& packed) {
    ZipItem item = Stored("a.txt", kCsv);
    item.method = 9;
    item.packed = packed + Noise(200);
    const RecordingSink sink = ReadAnyhow(ZipWriter().Add(item).Add(Packed("b.csv", kCsv)).Finish());
    ExpectText(sink, "b.csv", kCsv);
    return sink.Saw("decompression_failed");
  };
  EXPECT_TRUE(fails(BitWriter().Bits(1, 1).Bits(3, 2).Done()));                                    // a block of no type
  EXPECT_TRUE(fails(std::string("\1\5\0\xfa\xfe", 5)));  // stored, lengths that differ
  EXPECT_TRUE(fails(BitWriter().Bits(1, 1).Bits(1, 2).Symbol(257).Code(0, 5).Done()));             // before the begin
  EXPECT_TRUE(fails(BitWriter().Bits(1, 1).Bits(1, 2).Symbol(286).Done()));                        // no length
  BitWriter codes;
  codes.Bits(1, 1).Bits(2, 2).Bits(0, 14);
  EXPECT_TRUE(fails(BitWriter(codes).Bits(1, 3).Bits(1, 3).Bits(1, 3).Bits(0, 3).Done()));  // three codes of one bit
  EXPECT_TRUE(fails(
      BitWriter(codes).Bits(1, 3).Bits(0, 3).Bits(1, 3).Bits(0, 3).Code(0, 1).Done()));  // repeats what is not there
}

}  // namespace
}  // namespace gander::content
