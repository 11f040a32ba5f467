// SPDX-License-Identifier: Apache-2.0
// Tokens and JSON behind base64 in values of header fields.
#include "content/field_reader.h"

#include <gtest/gtest.h>

#include "content/coded.h"
#include "content/decoder_pool.h"
#include "content/recording_sink.h"

namespace gander::content {
namespace {

std::string Base64Url(const std::string& plain) {
  std::string out = Base64(plain, SIZE_MAX);
  for (char& c : out) c = c == '+' ? '-' : c == '/' ? '_' : c;
  while (out.ends_with('=')) out.pop_back();
  return out;
}

const std::string kClaims = R"({"sub":"ada@example.org","card":"4111 1111 1111 1111"})";
const std::string kToken = Base64Url(R"({"alg":"HS256"})") + "." + Base64Url(kClaims) + "." + Base64Url(Noise(32));

struct Fixture {
  Options options;
  Counters counters{};
  DecoderPool pool;
  FieldReader reader{options, counters, pool};

  RecordingSink Read(const std::string& name, const std::string& value) {
    RecordingSink sink;
    EXPECT_TRUE(FieldReader::HoldsMore(AsBytes(value)));
    reader.Read("http.request.header", name, Direction::kToServer, AsBytes(value), sink);
    EXPECT_EQ(pool.open(), 0u);
    EXPECT_TRUE(sink.texts.empty() || sink.texts.back().closed);
    return sink;
  }
};

TEST(FieldReader, ClaimsOfABearerFollowIt) {
  const RecordingSink sink = Fixture().Read("authorization", "Bearer " + kToken);
  ASSERT_EQ(sink.texts.size(), 1u);
  EXPECT_EQ(sink.texts[0].text, "Bearer " + kToken + R"( {"alg":"HS256"} )" + kClaims);
  EXPECT_EQ(sink.texts[0].path, "http.request.header");
  EXPECT_EQ(sink.texts[0].name, "authorization");
}

TEST(FieldReader, CookiesAmongOthers) {
  Fixture f;
  const RecordingSink token = f.Read("cookie", "theme=dark; id=" + kToken + "; lang=en");
  EXPECT_NE(token.texts.at(0).text.find(kClaims), std::string::npos);
  EXPECT_TRUE(token.texts[0].text.ends_with("; lang=en"));
  // A session that is not a token: JSON alone.
  const RecordingSink session = f.Read("cookie", "session=" + Base64(kClaims, SIZE_MAX) + "; lang=en");
  EXPECT_EQ(session.texts.at(0).text, "session=" + kClaims + "; lang=en");
}

TEST(FieldReader, WhatOnlyLooksLikeIt) {
  Fixture f;
  for (const std::string value : {"eyJ", "heyJude and others", "Bearer eyJ.eyJ.x", "eyJ!eyJ", "id=eyJhbGciOi"}) {
    EXPECT_EQ(f.Read("x", value).Named("x")->text, value);
  }
  EXPECT_FALSE(FieldReader::HoldsMore(AsBytes("Basic dXNlcjpwYXNz")));
  EXPECT_FALSE(FieldReader::HoldsMore({}));
}

TEST(FieldReader, OneAfterTheOther) {
  Fixture f;
  const RecordingSink first = f.Read("authorization", "Bearer " + kToken);
  f.Read("cookie", "a=" + kToken.substr(0, 40));
  EXPECT_EQ(f.Read("authorization", "Bearer " + kToken).texts, first.texts);
  EXPECT_LT(f.pool.memory.in_use(), 64u << 10);
}

TEST(FieldReader, LongTokensAreCapped) {
  const std::string claims = "{\"a\":\"" + std::string(9000, 'x') + "\"}";
  const RecordingSink sink =
      Fixture().Read("authorization", Base64Url(R"({"alg":"HS256"})") + "." + Base64Url(claims) + ".x");
  EXPECT_TRUE(sink.Saw("token_claims_cap"));
}

}  // namespace
}  // namespace gander::content
