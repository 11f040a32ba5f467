// SPDX-License-Identifier: Apache-2.0
// content/: a body from the wire to the text that is scanned.
#include <zlib.h>

#include "content/body_reader.h"
#include "micro/count_text.h"
#include "micro/measure.h"

namespace gander::bench {
namespace {

constexpr std::size_t kBody = 1 << 20;
constexpr std::size_t kSegment = 1460;

std::string Plain(const std::string& text) { return text; }

std::string Gzip(const std::string& text) {
  constexpr int kGzipWindow = 15 + 16;
  z_stream z{};
  deflateInit2(&z, 6, Z_DEFLATED, kGzipWindow, 8, Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&z, text.size()), '\0');
  z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  z.avail_in = static_cast<uInt>(text.size());
  z.next_out = reinterpret_cast<Bytef*>(out.data());
  z.avail_out = static_cast<uInt>(out.size());
  deflate(&z, Z_FINISH);
  out.resize(z.total_out);
  deflateEnd(&z);
  return out;
}

// Rows of an interface as they are mostly sent: no escape in sight.
std::string JsonText() {
  std::string out = "[";
  for (int i = 0; out.size() < kBody; ++i) {
    out += "{\"id\":" + std::to_string(i * 7919) + ",\"status\":\"delivered\",\"warehouse\":\"north-" +
           std::to_string(i % 40) +
           "\",\"note\":\"left with the neighbour, second floor\",\"weight\":" + std::to_string(i % 97) + ".5},";
  }
  return out;
}

// The same rows, a backslash in each.
std::string EscapedJsonText() {
  std::string out = JsonText();
  for (std::size_t at = 0; (at = out.find("neighbour", at)) != std::string::npos;)
    out.replace(at, 9, "neighbo\\u00fcr");
  return out;
}

// Clean pages with a reference every 200 bytes, as in pages that are laid out with them.
std::string PageText() {
  std::string out;
  const std::string_view pieces[] = {"&nbsp;", "&amp;", "&#39;", "&eacute;"};
  const std::string text = WebText(Density::kClean).substr(0, kBody);
  for (std::size_t at = 0; at < text.size(); at += 200) {
    out += text.substr(at, 200);
    out += pieces[at / 200 % 4];
  }
  return out;
}

// Rows of which each carries a document of 400 bytes in base64.
std::string Base64JsonText() {
  constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out = "[";
  for (std::uint32_t i = 0, x = 1; out.size() < kBody; ++i) {
    out += "{\"id\":" + std::to_string(i) + ",\"document\":\"";
    for (int k = 0; k < 532; ++k) {
      x = x * 1664525 + 1013904223;
      out += kAlphabet[x >> 26];
    }
    out += "\"},";
  }
  return out;
}

// Paragraphs with nothing in them that stands for something else.
std::string ParagraphText() {
  std::string out = "<!DOCTYPE html>\n<html><body>\n";
  for (int i = 0; out.size() < kBody; ++i) {
    out += "<p class=\"note\">Parcel " + std::to_string(i * 7919) +
           " was left with the neighbour on the second floor.</p>\n";
  }
  return out;
}

std::string TableText() { return WebText(Density::kDense).substr(0, kBody); }

std::string CleanText() { return WebText(Density::kClean).substr(0, kBody); }

// Bytes are those that come in once the coding is off. `exact`: just as many come out.
void ReadBody(benchmark::State& state, std::string (*make)(), const char* type, std::string (*wrap)(const std::string&),
              const char* coding, bool exact) {
  const std::string text = make();
  const std::string wire = wrap(text);
  content::Counters counters{};
  content::Options options;
  options.sha256 = options.md5 = false;  // a digest costs more than all that is looked at here
  content::BodyReader reader(options, counters);
  protocol::BodyMeta meta;
  meta.where = "http.response.body";
  meta.content_type = type;
  meta.content_encoding = coding;
  meta.direction = Direction::kToClient;
  for (auto _ : state) {
    CountText sink;
    reader.Begin(meta, sink);
    for (const std::string_view part : Pieces(wire, kSegment)) reader.Feed(AsBytes(part), sink);
    reader.End(protocol::BodyEnd::kComplete, sink);
    if (exact ? sink.bytes != text.size() : sink.bytes == 0 || sink.bytes >= text.size()) {
      return state.SkipWithError("not the text that went in");
    }
  }
  Report(state, 1, text.size());
}
BENCHMARK_CAPTURE(ReadBody, plain, CleanText, "text/plain", Plain, "", true);
BENCHMARK_CAPTURE(ReadBody, html, CleanText, "text/html; charset=utf-8", Plain, "", true);
BENCHMARK_CAPTURE(ReadBody, html_paragraphs, ParagraphText, "text/html; charset=utf-8", Plain, "", true);
BENCHMARK_CAPTURE(ReadBody, html_references, PageText, "text/html", Plain, "", false);
BENCHMARK_CAPTURE(ReadBody, json, JsonText, "application/json", Plain, "", true);
BENCHMARK_CAPTURE(ReadBody, json_escapes, EscapedJsonText, "application/json", Plain, "", false);
BENCHMARK_CAPTURE(ReadBody, json_base64, Base64JsonText, "application/json", Plain, "", true);
BENCHMARK_CAPTURE(ReadBody, csv, TableText, "text/csv", Plain, "", true);
BENCHMARK_CAPTURE(ReadBody, gzip, CleanText, "text/html; charset=utf-8", Gzip, "gzip", true);

}  // namespace
}  // namespace gander::bench
