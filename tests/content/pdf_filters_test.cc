// SPDX-License-Identifier: Apache-2.0
// What PDF does to streams, each undone, alone and stacked.
#include "content/document/pdf_filters.h"

#include <gtest/gtest.h>

#include "content/pdf_writer.h"

namespace gander::content {
namespace {

constexpr const char* kShow = "BT /F1 12 Tf 72 700 Td (Jane Griffin 078-05-1120) Tj ET\n";
constexpr const char* kSeen = "Jane Griffin 078-05-1120";

std::string Ascii85(const std::string& bytes) {
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); i += 4) {
    const std::size_t n = std::min<std::size_t>(4, bytes.size() - i);
    std::uint32_t v = 0;
    for (std::size_t k = 0; k < 4; ++k) v = v << 8 | (k < n ? static_cast<unsigned char>(bytes[i + k]) : 0);
    if (v == 0 && n == 4) {
      out += 'z';
      continue;
    }
    std::string five(5, '!');
    for (std::size_t k = 5; k-- > 0; v /= 85) five[k] = static_cast<char>('!' + v % 85);
    out += five.substr(0, n + 1);
    if (i % 60 == 0) out += "\n";
  }
  return out + "~>";
}

std::string RunLengths(const std::string& bytes) {
  std::string out;
  for (std::size_t i = 0; i < bytes.size();) {
    std::size_t run = 1;
    while (run < 128 && i + run < bytes.size() && bytes[i + run] == bytes[i]) ++run;
    if (run > 1) {
      out += static_cast<char>(257 - run);
      out += bytes[i];
    } else {
      out += '\0';
      out += bytes[i];
    }
    i += run;
  }
  return out + '\x80';
}

// A plain LZW encoder: the longest string known, then its code.
std::string Lzw(const std::string& bytes, std::uint32_t early) {
  std::vector<std::string> table;
  std::string out;
  std::uint32_t bits = 0, count = 0, width = 9;
  const auto put = [&](std::uint32_t code) {
    bits = bits << width | code;
    for (count += width; count >= 8; count -= 8) out += static_cast<char>(bits >> (count - 8));
    bits &= (1u << count) - 1;
  };
  put(256);
  for (std::size_t i = 0; i < bytes.size();) {
    std::uint32_t code = static_cast<unsigned char>(bytes[i]);
    std::size_t length = 1;
    for (std::size_t k = 0; k < table.size(); ++k) {
      if (table[k].size() > length && bytes.compare(i, table[k].size(), table[k]) == 0) {
        length = table[k].size();
        code = static_cast<std::uint32_t>(258 + k);
      }
    }
    put(code);
    if (i + length < bytes.size()) table.push_back(bytes.substr(i, length + 1));
    i += length;
    if (258 + table.size() - 1 + early >= 1u << width) ++width;
    if (table.size() == 3800) {
      put(256);
      table.clear();
      width = 9;
    }
  }
  put(257);
  if (count > 0) out += static_cast<char>(bits << (8 - count));
  return out;
}

std::string PngRows(const std::string& bytes, std::size_t columns, char filter) {
  std::string out, above(columns, '\0');
  for (std::size_t i = 0; i < bytes.size(); i += columns) {
    std::string row = bytes.substr(i, columns);
    out += filter;
    for (std::size_t k = 0; k < row.size(); ++k) {
      const int left = k > 0 ? static_cast<unsigned char>(row[k - 1]) : 0;
      const int up = static_cast<unsigned char>(above[k]);
      const int corner = k > 0 ? static_cast<unsigned char>(above[k - 1]) : 0;
      const int p = left + up - corner, a = std::abs(p - left), b = std::abs(p - up),
                c = std::abs(p - corner);
      const int paeth = a <= b && a <= c ? left : b <= c ? up : corner;
      const int predicted[] = {0, left, up, (left + up) / 2, paeth};
      out += static_cast<char>(row[k] - predicted[static_cast<int>(filter)]);
    }
    above = row;
  }
  return out;
}

std::string Filtered(const std::string& dictionary, const std::string& data) {
  return PdfWriter()
      .Object(5, kHelvetica)
      .Page(3, 4, "/Font << /F1 5 0 R >>")
      .Stream(4, dictionary, data)
      .Done();
}

TEST(PdfFilters, EachIsTakenOff) {
  EXPECT_EQ(TextOf(Filtered("", kShow)), kSeen);
  EXPECT_EQ(TextOf(Filtered("/Filter /FlateDecode", Deflated(kShow, 15))), kSeen);
  EXPECT_EQ(TextOf(Filtered("/Filter /ASCIIHexDecode", HexOf(kShow).substr(1))), kSeen);
  EXPECT_EQ(TextOf(Filtered("/Filter /ASCII85Decode", Ascii85(kShow))), kSeen);
  EXPECT_EQ(TextOf(Filtered("/Filter [/RunLengthDecode]", RunLengths(kShow))), kSeen);
  EXPECT_EQ(TextOf(Filtered("/Filter /LZWDecode", Lzw(kShow, 1))), kSeen);
  EXPECT_EQ(TextOf(Filtered("/Filter /LZWDecode /DecodeParms << /EarlyChange 0 >>", Lzw(kShow, 0))), kSeen);
}

TEST(PdfFilters, AsManyAsThereAre) {
  const std::string data = Ascii85(Lzw(Deflated(RunLengths(kShow), 15), 1));
  const std::string pdf = Filtered("/Filter [/A85 /LZW /Fl /RL]", data);
  EXPECT_EQ(TextOf(pdf), kSeen);
  EXPECT_EQ(TextOf(pdf, 1), kSeen);
}

TEST(PdfFilters, LongLzwStreams) {
  const std::string text = "BT /F1 9 Tf (" + Lines(2000) + ") Tj ET";
  EXPECT_EQ(TextOf(Filtered("/Filter /LZWDecode", Lzw(text, 1))), TextOf(Filtered("", text)));
  const std::string same(100000, 'x');
  EXPECT_EQ(TextOf(Filtered("/Filter /LZWDecode", Lzw("BT /F1 9 Tf (" + same + ") Tj ET", 1))), same);
}

TEST(PdfFilters, EveryPngPredictor) {
  for (char filter = 0; filter < 5; ++filter) {
    const std::string data = Deflated(PngRows(kShow, 7, filter), 15);
    EXPECT_EQ(TextOf(Filtered("/Filter /FlateDecode /DecodeParms << /Predictor 15 /Columns 7 >>", data)),
              kSeen)
        << static_cast<int>(filter);
    EXPECT_EQ(TextOf(Filtered(
                  "/Filter [/ASCIIHexDecode /FlateDecode] /DecodeParms [null << /Columns 7 /Predictor 12 >>]",
                  HexOf(data).substr(1))),
              kSeen);
  }
}

TEST(PdfFilters, TiffPredictor) {
  std::string differences;
  const std::string show = kShow;
  for (std::size_t i = 0; i < show.size(); ++i) {
    differences += static_cast<char>(i % 10 == 0 ? show[i] : show[i] - show[i - 1]);
  }
  EXPECT_EQ(TextOf(Filtered("/Filter /FlateDecode /DecodeParms << /Predictor 2 /Columns 10 >>",
                            Deflated(differences, 15))),
            kSeen);
}

TEST(PdfFilters, ARowTooLongIsLost) {
  const RecordingSink sink = ReadPdf(Filtered(
      "/Filter /FlateDecode /DecodeParms << /Predictor 12 /Columns 4000000000 >>", Deflated(kShow, 15)));
  EXPECT_TRUE(sink.Saw("pdf_predictor_cap"));
  EXPECT_GT(sink.Of(ByteFate::kLostUnwrapCap), 0u);
}

TEST(PdfFilters, DamagedLzwIsUndecodable) {
  const RecordingSink sink = ReadPdf(Filtered("/Filter /LZWDecode", Noise(2000)));
  EXPECT_TRUE(sink.Saw("decompression_failed"));
  EXPECT_GT(sink.Of(ByteFate::kOpaqueUndecodable), 0u);
}

}  // namespace
}  // namespace gander::content
