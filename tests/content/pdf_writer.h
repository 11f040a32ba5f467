// SPDX-License-Identifier: Apache-2.0
// Writes small PDF files for tests: objects in the order they are asked for, a cross-reference table, a
// trailer.
#ifndef GANDER_TESTS_CONTENT_PDF_WRITER_H_
#define GANDER_TESTS_CONTENT_PDF_WRITER_H_

#include <string>
#include <vector>

#include "content/coded.h"
#include "content/recording_sink.h"

namespace gander::content {

class PdfWriter {
 public:
  PdfWriter& Object(int number, const std::string& value) {
    offsets_.push_back(bytes_.size());
    bytes_ += std::to_string(number) + " 0 obj\n" + value + "\nendobj\n";
    return *this;
  }
  // `entries`: of its dictionary, but for /Length.
  PdfWriter& Stream(int number, const std::string& entries, const std::string& data) {
    return Object(number, "<< " + entries + " /Length " + std::to_string(data.size()) + " >>\nstream\n" +
                              data + "\nendstream");
  }
  PdfWriter& Flate(int number, const std::string& entries, const std::string& plain) {
    return Stream(number, "/Filter /FlateDecode " + entries, Deflated(plain, 15));
  }
  PdfWriter& Raw(const std::string& bytes) {
    bytes_ += bytes;
    return *this;
  }
  // A page of one content stream, and the pages above it.
  PdfWriter& Page(int number, int content, const std::string& resources) {
    return Object(number, "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents " +
                              std::to_string(content) + " 0 R /Resources << " + resources + " >> >>");
  }
  std::string Done(const std::string& trailer = "/Root 1 0 R") const {
    std::string out = bytes_ + "xref\n0 " + std::to_string(offsets_.size() + 1) + "\n0000000000 65535 f \n";
    for (const std::size_t offset : offsets_) {
      const std::string digits = std::to_string(offset);
      out += std::string(10 - digits.size(), '0') + digits + " 00000 n \n";
    }
    return out + "trailer\n<< /Size " + std::to_string(offsets_.size() + 1) + " " + trailer +
           " >>\nstartxref\n" + std::to_string(bytes_.size()) + "\n%%EOF\n";
  }

 private:
  std::string bytes_ = "%PDF-1.7\n%\xe2\xe3\xcf\xd3\n";
  std::vector<std::size_t> offsets_;
};

inline std::string HexOf(const std::string& bytes) {
  std::string out = "<";
  for (const unsigned char c : bytes) {
    out += "0123456789ABCDEF"[c >> 4];
    out += "0123456789ABCDEF"[c & 15];
  }
  return out + ">";
}

// A CMap with these lines between begincodespacerange and the end.
inline std::string ToUnicode(const std::string& space, const std::string& lines) {
  return "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n/CMapName /X def\n1 "
         "begincodespacerange\n" +
         space + "\nendcodespacerange\n" + lines + "\nendcmap\nend end\n";
}

inline constexpr const char* kHelvetica =
    "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>";

// A file of one page that shows `content`, in the font /F1.
inline std::string OnePage(const std::string& content, const std::string& font = kHelvetica) {
  return PdfWriter().Object(5, font).Page(3, 4, "/Font << /F1 5 0 R >>").Flate(4, "", content).Done();
}

inline RecordingSink ReadPdf(const std::string& pdf, std::size_t step = SIZE_MAX,
                             const Options& options = {}) {
  return Read({.type = {}, .encoding = {}, .bytes = pdf, .file_name = {}}, step, options);
}

// All that is found in it, in order.
inline std::string TextOf(const std::string& pdf, std::size_t step = SIZE_MAX) {
  std::string all;
  for (const SeenText& text : ReadPdf(pdf, step).texts) all += text.text;
  return all;
}

}  // namespace gander::content

#endif  // GANDER_TESTS_CONTENT_PDF_WRITER_H_
