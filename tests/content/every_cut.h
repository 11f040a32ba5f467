// SPDX-License-Identifier: Apache-2.0
// Reads a body whole and cut in many ways; whatever the cut, the same must come out.
#ifndef GANDER_TESTS_CONTENT_EVERY_CUT_H_
#define GANDER_TESTS_CONTENT_EVERY_CUT_H_

#include <string>
#include <vector>

#include "content/decoder_pool.h"
#include "content/recording_sink.h"

namespace gander::content {

// In parts of every size up to 40 and some larger ones; a short body is cut in two at each byte as well.
inline RecordingSink ReadEveryCut(const Body1& body, const Options& options = {}) {
  const RecordingSink whole = Read(body, SIZE_MAX, options);
  const auto same = [&](const RecordingSink& cut, const std::string& how) {
    EXPECT_EQ(cut.texts, whole.texts) << how;
    EXPECT_EQ(cut.files, whole.files) << how;
    EXPECT_EQ(cut.anomalies, whole.anomalies) << how;
  };
  std::vector<std::size_t> steps = {63, 64, 65, 128, 1000, 1023, 1024, 1025, 1460};
  for (std::size_t s = 1; s <= 40; ++s) steps.push_back(s);
  for (const std::size_t step : steps) same(Read(body, step, options), "parts of " + std::to_string(step));
  DecoderPool pool;
  Counters counters{};
  BodyReader reader(options, counters, pool);
  for (std::size_t cut = 1; cut < body.bytes.size() && body.bytes.size() <= 600; ++cut) {
    RecordingSink sink;
    reader.Begin(MetaOf(body), sink);
    reader.Feed(AsBytes(body.bytes).first(cut), sink);
    reader.Feed(AsBytes(body.bytes).subspan(cut), sink);
    reader.End(protocol::BodyEnd::kComplete, sink);
    same(sink, "cut at " + std::to_string(cut));
  }
  EXPECT_EQ(pool.open(), 0u);
  return whole;
}

// What the unnamed texts of a body say, one behind the other.
inline std::string TextOf(const std::string& type, const std::string& bytes) {
  return ReadEveryCut({type, "", bytes}).Unnamed();
}

}  // namespace gander::content

#endif  // GANDER_TESTS_CONTENT_EVERY_CUT_H_
