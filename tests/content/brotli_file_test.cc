// SPDX-License-Identifier: Apache-2.0
// Files of Brotli, which has no magic number: told by their names, their types, or on trial.
#include <gtest/gtest.h>

#include "content/coded.h"
#include "content/every_cut.h"

namespace gander::content {
namespace {

// brotli(1) 1.0.9 of Lines(40).
constexpr char kHex[] =
    "b19030006824c63194b7f6272255a642d24a3e710e1b8493da0a0d2c6e408a13f56355ccf5038522550632a1190da63ad8015b9d"
    "cbc1f4383f7ddf05f49617c17f3c987d9197009e3f7e9d3ff37e09cce14e6bb4cb1eef764dede54cf6b8a7f7f6ccece39dddd737"
    "b7df17c141fc4060c2400b05d938d845857248889b0eed61c278d9b03e6ebf8b7008370413065a28c8c6c12e2a944342dc74680f"
    "13c6cb86f571fb5d8cc3b8619830d04241360e7651a11c12e2a6437b98305e36ac8f3b39";

std::string File() {
  std::string out;
  for (const char* hex = kHex; *hex != '\0'; hex += 2)
    out += static_cast<char>(std::stoi(std::string(hex, 2), nullptr, 16));
  return out;
}

TEST(BrotliFile, ByNameTypeOrTrial) {
  const Body1 bodies[] = {
      {"", "", File(), "people.csv.br"},
      {"text/plain", "", File(), "people.csv.BR"},
      {"application/x-br", "", File(), "people"},
      {"Application/Brotli; q=1", "", File(), ""},
      {"", "", File(), "people"},
      {"application/octet-stream", "", File(), ""},
  };
  for (const Body1& body : bodies) {
    SCOPED_TRACE(body.type + " " + body.file_name);
    const RecordingSink sink = ReadEveryCut(body);
    ASSERT_EQ(sink.texts.size(), 1u);
    EXPECT_EQ(sink.texts[0].text, Lines(40));
    EXPECT_TRUE(sink.texts[0].path.ends_with("> br")) << sink.texts[0].path;
    ASSERT_EQ(sink.files.size(), 1u);
    EXPECT_EQ(sink.files[0].magic, "brotli");
    EXPECT_EQ(sink.files[0].size, File().size());
    EXPECT_TRUE(sink.anomalies.empty());
  }
}

TEST(BrotliFile, WhatIsNone) {
  EXPECT_EQ(ReadEveryCut({"", "", Lines(10), "carnaval.br"}).Named("carnaval.br")->text, Lines(10));
  EXPECT_EQ(ReadEveryCut({"application/x-br", "", Lines(10)}).Unnamed(), Lines(10));
  for (std::uint32_t seed = 1; seed <= 200; ++seed) {
    const RecordingSink sink = Read({"", "", Noise(3000, seed), "noise"}, 500);
    EXPECT_GE(sink.Of(ByteFate::kOpaqueBinary) + sink.Of(ByteFate::kOpaqueUndecodable), 2990u) << seed;
  }
}

TEST(BrotliFile, TruncatedAnywhere) {
  for (std::size_t cut = 1; cut < File().size(); ++cut) {
    const Body1 body = {"", "", File().substr(0, cut), "people.csv.br"};
    const RecordingSink sink = Read(body, 7);
    EXPECT_EQ(sink.texts, Read(body).texts) << cut;
    const SeenText* const text = sink.Named("people.csv.br");
    EXPECT_TRUE(text == nullptr || cut < 20 || Lines(40).starts_with(text->text)) << cut << text->text;
  }
}

}  // namespace
}  // namespace gander::content
