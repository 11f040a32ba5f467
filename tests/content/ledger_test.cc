// SPDX-License-Identifier: Apache-2.0
// Whatever a body is, however it is cut: no part is given more fates than it has bytes, and what is neither
// text nor structure is not called inspected.
#include <gtest/gtest.h>

#include <random>

#include "content/coded.h"
#include "content/decoder_pool.h"
#include "content/recording_sink.h"

namespace gander::content {
namespace {

std::vector<Body1> Bodies() {
  const std::string text = Lines(400), noise = Noise(20000, 5);
  const std::string upload = "--b\r\nContent-Disposition: form-data; name=\"f\"; filename=\"a\"\r\n\r\n" +
                             noise + "\r\n--b\r\n\r\n" + text + "\r\n--b--";
  return {
      {"text/plain", "", text},
      {"", "", noise},
      {"", "", noise + text + noise},
      {"text/plain", "gzip", Gzip(text + noise)},
      {"", "gzip, deflate", Deflated(Gzip(noise + text), 15)},
      {"text/plain", "gzip", Gzip(text) + noise},
      {"text/plain", "br", noise},
      {"multipart/form-data; boundary=b", "", upload, "", "http.request.body"},
      {"multipart/form-data; boundary=b", "gzip", Gzip(upload), "", "http.request.body"},
      {"message/rfc822", "", "Content-Transfer-Encoding: base64\r\n\r\n" + Base64(noise + text), "",
       "smtp.data"},
      {"application/x-www-form-urlencoded", "", text},
      {"application/x-www-form-urlencoded", "", noise},
  };
}

TEST(Ledger, NeverMoreThanWasFedHoweverItIsCut) {
  std::mt19937 random(7);
  for (const Body1& body : Bodies()) {
    for (int round = 0; round < 20; ++round) {
      Counters counters{};
      BodyReader reader(Options{}, counters);
      RecordingSink sink;
      reader.Begin(MetaOf(body), sink);
      std::uint64_t fed = 0;
      for (Bytes rest = AsBytes(body.bytes); !rest.empty();) {
        const Bytes part = TakeFront(rest, 1 + random() % (round % 2 == 0 ? 40 : 4000));
        sink.fates_of_feed = 0;
        reader.Feed(part, sink);
        fed += part.size();
        ASSERT_LE(sink.fates_of_feed, part.size());
      }
      reader.End(protocol::BodyEnd::kComplete, sink);
      EXPECT_EQ(fed, body.bytes.size());
    }
  }
}

// The shares do not depend on how the body came, but for what rounding takes off each part.
TEST(Ledger, SharesOfACodedBody) {
  const std::string text = Lines(1000), noise = Noise(40960, 5);
  const Body1 body = {"application/octet-stream", "", noise + text.substr(0, 20480)};
  for (const std::size_t step : {std::size_t{10}, std::size_t{1460}, SIZE_MAX}) {
    const RecordingSink sink = Read(body, step);
    EXPECT_EQ(sink.Of(ByteFate::kOpaqueBinary), 40960u);
    EXPECT_EQ(sink.text_bytes, 20480u);
  }
  const std::string coded = Deflated(body.bytes, 31, 0);  // stored: coded and decoded bytes go one to one
  const RecordingSink sink = Read({"application/octet-stream", "gzip", coded}, 1460);
  EXPECT_NEAR(static_cast<double>(sink.Of(ByteFate::kOpaqueBinary)), 40960.0, 200.0);
}

TEST(Ledger, ManyReadersShareOnePool) {
  PoolLimits limits;
  limits.memory = 100 << 10;  // two inflaters
  DecoderPool pool(limits);
  Counters counters{};
  const std::string coded = Gzip(Lines(100));
  std::vector<std::unique_ptr<BodyReader>> readers;
  std::vector<RecordingSink> sinks(3);
  for (RecordingSink& sink : sinks) {
    readers.push_back(std::make_unique<BodyReader>(Options{}, counters, pool));
    readers.back()->Begin(MetaOf({"text/csv", "gzip", ""}), sink);
  }
  for (std::size_t at = 0; at < coded.size(); ++at) {
    for (std::size_t r = 0; r < 3; ++r) readers[r]->Feed(AsBytes(coded).subspan(at, 1), sinks[r]);
  }
  for (std::size_t r = 0; r < 3; ++r) readers[r]->End(protocol::BodyEnd::kComplete, sinks[r]);
  EXPECT_EQ(sinks[0].Unnamed(), Lines(100));
  EXPECT_EQ(sinks[1].Unnamed(), Lines(100));
  EXPECT_LT(sinks[2].text_bytes, 100u);  // what came before a window was wanted
  EXPECT_TRUE(sinks[2].Saw("decompression_memory_cap"));
  EXPECT_NEAR(static_cast<double>(sinks[2].Of(ByteFate::kLostUnwrapCap)), static_cast<double>(coded.size()), 64.0);
  EXPECT_EQ(pool.open(), 0u);
}

TEST(Ledger, BrotliStaysWithinItsBudget) {
  PoolLimits limits;
  limits.memory = 1000;
  DecoderPool pool(limits);
  Counters counters{};
  BodyReader reader(Options{}, counters, pool);
  RecordingSink sink;
  const std::string body = "\x1b" + Noise(200);
  Drive(reader, {"text/plain", "br", body}, sink, 10);
  EXPECT_TRUE(sink.Saw("decompression_memory_cap"));
  EXPECT_NEAR(static_cast<double>(sink.Of(ByteFate::kLostUnwrapCap)), static_cast<double>(body.size()), 64.0);
  EXPECT_EQ(pool.memory.in_use(), 0u);
}

TEST(Ledger, EverythingIsGivenBackWhateverHappens) {
  DecoderPool pool;
  Counters counters{};
  for (const Body1& body : Bodies()) {
    BodyReader reader(Options{}, counters, pool);
    RecordingSink sink;
    reader.Begin(MetaOf(body), sink);
    reader.Feed(AsBytes(body.bytes).first(body.bytes.size() / 2), sink);
  }  // destroyed with its body open
  EXPECT_EQ(pool.open(), 0u);
}

}  // namespace
}  // namespace gander::content
