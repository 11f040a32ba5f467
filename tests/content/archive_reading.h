// SPDX-License-Identifier: Apache-2.0
// Reads an archive in parts of all sizes and tells what was seen of it.
#ifndef GANDER_TESTS_CONTENT_ARCHIVE_READING_H_
#define GANDER_TESTS_CONTENT_ARCHIVE_READING_H_

#include <string>

#include "content/decoder_pool.h"
#include "content/recording_sink.h"

namespace gander::content {

// Text by member, files, remarks: what two readings must agree on, in words.
inline std::string Of(const RecordingSink& sink) {
  std::string all;
  for (const SeenText& t : sink.texts) all += t.path + " [" + t.name + "]\n" + t.text + "\n";
  for (const SeenFile& f : sink.files) {
    all += f.path + " [" + f.name + "] " + f.magic + " " + std::to_string(f.size) + " " + f.sha256 + " " +
           std::to_string(static_cast<int>(f.end)) + "\n";
  }
  for (const std::string& a : sink.anomalies) all += a + "\n";
  return all;
}

inline constexpr char kOuterName[] = "outer";

inline RecordingSink ReadArchive(const std::string& archive, std::size_t step = SIZE_MAX) {
  return Read({"", "", archive, kOuterName}, step);
}

// The same at every cut; returns it.
inline RecordingSink ReadAnyhow(const std::string& archive) {
  const RecordingSink whole = ReadArchive(archive);
  for (const std::size_t step : {1, 2, 3, 5, 13, 64, 511, 512, 1000}) {
    SCOPED_TRACE(step);
    EXPECT_EQ(Of(ReadArchive(archive, step)), Of(whole));
  }
  return whole;
}

// Damaged at random, the same each time: survived, the same however it is cut, and all given back.
inline void ReadDamaged(const std::string& archive, int rounds) {
  DecoderPool pool;
  std::uint32_t random = 1;
  for (int round = 0; round < rounds; ++round) {
    std::string bad = archive;
    for (int flips = 0; flips < 1 + round % 4; ++flips) {
      random = random * 1664525 + 1013904223;
      bad[(random >> 8) % bad.size()] = static_cast<char>(random >> 3);
    }
    Counters counters{};
    BodyReader reader(Options{}, counters, pool);
    RecordingSink one, other;
    pool.burst.Renew();
    Drive(reader, {"", "", bad}, one, 7);
    pool.burst.Renew();
    Drive(reader, {"", "", bad}, other);
    EXPECT_EQ(Of(one), Of(other)) << round;
  }
  EXPECT_EQ(pool.open(), 0u);
}

inline const SeenFile* FileOf(const RecordingSink& sink, const std::string& name) {
  for (const SeenFile& f : sink.files) {
    if (f.name == name) return &f;
  }
  return nullptr;
}

inline void ExpectText(const RecordingSink& sink, const std::string& name, const std::string& text,
                       const std::string& path) {
  const SeenText* const seen = sink.Named(name);
  ASSERT_NE(seen, nullptr) << name;
  EXPECT_EQ(seen->text, text);
  EXPECT_EQ(seen->path, "http.response.body > " + path);
}

}  // namespace gander::content

#endif  // GANDER_TESTS_CONTENT_ARCHIVE_READING_H_
