// SPDX-License-Identifier: Apache-2.0
// A TextSink that keeps what it is told, checks its order, and drives a BodyReader over one body.
#ifndef GANDER_TESTS_CONTENT_RECORDING_SINK_H_
#define GANDER_TESTS_CONTENT_RECORDING_SINK_H_

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "content/body_reader.h"

namespace gander::content {

struct SeenText {
  std::string text, path, name;
  std::uint64_t offset = 0;  // of its first byte
  bool closed = false;
  bool operator==(const SeenText&) const = default;
};

struct SeenFile {
  std::string name, path, magic, sha256, md5;
  std::uint64_t size = 0;
  protocol::BodyEnd end = protocol::BodyEnd::kComplete;
  std::int64_t start = -1;  // of a stretch
  bool operator==(const SeenFile&) const = default;
};

inline std::string Hex(const std::uint8_t* p, std::size_t n) {
  std::string out;
  for (std::size_t i = 0; i < n; ++i) {
    out += "0123456789abcdef"[p[i] >> 4];
    out += "0123456789abcdef"[p[i] & 15];
  }
  return out;
}

class RecordingSink final : public TextSink {
 public:
  void OnText(const TextPiece& piece) noexcept override {
    text_bytes += piece.text.size();
    if (!keep_text) return;
    if (piece.first) {
      EXPECT_TRUE(texts.empty() || texts.back().closed) << "a text begins inside another";
      texts.push_back({{}, std::string(piece.path), std::string(piece.name), piece.offset, false});
    }
    ASSERT_FALSE(texts.empty());
    SeenText& t = texts.back();
    EXPECT_FALSE(t.closed);
    EXPECT_EQ(piece.offset, t.offset + t.text.size());
    EXPECT_LE(piece.path.size(), 256u);
    t.text += AsText(piece.text);
    t.closed = piece.last;
  }
  void OnFile(const FileFacts& f) noexcept override {
    SeenFile s{std::string(f.name), std::string(f.path), std::string(f.magic), {}, {}, f.size, f.end, f.range.start};
    if (f.has_sha256) s.sha256 = Hex(f.sha256, sizeof f.sha256);
    if (f.has_md5) s.md5 = Hex(f.md5, sizeof f.md5);
    files.push_back(s);
  }
  void OnFate(ByteFate fate, std::uint64_t bytes) noexcept override {
    fates[static_cast<std::size_t>(fate)] += bytes;
    fates_of_feed += bytes;
  }
  void OnAnomaly(const char* name) noexcept override { anomalies.push_back(name); }

  std::uint64_t Of(ByteFate fate) const { return fates[static_cast<std::size_t>(fate)]; }
  bool Saw(const std::string& anomaly) const {
    return std::find(anomalies.begin(), anomalies.end(), anomaly) != anomalies.end();
  }
  // All text that has no name (no header value, no form field).
  std::string Unnamed() const {
    std::string out;
    for (const SeenText& t : texts) {
      if (t.name.empty()) out += t.text;
    }
    return out;
  }
  const SeenText* Named(const std::string& name) const {
    for (const SeenText& t : texts) {
      if (t.name == name) return &t;
    }
    return nullptr;
  }

  bool keep_text = true;
  std::uint64_t text_bytes = 0;
  std::uint64_t fates_of_feed = 0;
  std::vector<SeenText> texts;
  std::vector<SeenFile> files;
  std::array<std::uint64_t, kByteFates> fates{};
  std::vector<std::string> anomalies;
};

struct Body1 {
  std::string type, encoding, bytes;
  std::string file_name;
  const char* where = "http.response.body";
};

inline protocol::BodyMeta MetaOf(const Body1& body) {
  protocol::BodyMeta meta;
  meta.where = body.where;
  meta.direction = Direction::kToClient;
  meta.content_type = body.type;
  meta.content_encoding = body.encoding;
  meta.file_name = body.file_name;
  return meta;
}

// Feeds the body in parts of `step` bytes and checks after each that no more bytes were given a fate than
// fed.
inline void Drive(BodyReader& reader, const Body1& body, RecordingSink& sink, std::size_t step = SIZE_MAX,
                  protocol::BodyEnd end = protocol::BodyEnd::kComplete) {
  reader.Begin(MetaOf(body), sink);
  Bytes rest = AsBytes(body.bytes);
  while (!rest.empty()) {
    const Bytes part = TakeFront(rest, step);
    sink.fates_of_feed = 0;
    reader.Feed(part, sink);
    EXPECT_LE(sink.fates_of_feed, part.size());
  }
  reader.End(end, sink);
  EXPECT_TRUE(sink.texts.empty() || sink.texts.back().closed);
}

inline RecordingSink Read(const Body1& body, std::size_t step = SIZE_MAX, const Options& options = {}) {
  Counters counters{};
  BodyReader reader(options, counters);
  RecordingSink sink;
  Drive(reader, body, sink, step);
  return sink;
}

}  // namespace gander::content

#endif  // GANDER_TESTS_CONTENT_RECORDING_SINK_H_
