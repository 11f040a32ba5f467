// SPDX-License-Identifier: Apache-2.0
#include "identify/cautious_mask.h"

#include <gtest/gtest.h>

namespace gander::identify {
namespace {

std::string Masked(std::string_view text) {
  std::string out;
  AppendCautiously(text, out);
  return out;
}

TEST(CautiousMaskTest, NumbersOfSomebodyAreHidden) {
  EXPECT_EQ(Masked("/patient/910312778461"), "/patient/9··········1");
  EXPECT_EQ(Masked("/u/ABCPE1234F/x"), "/u/A········F/x");
  EXPECT_EQ(Masked("id=855-106-1234&a=1"), "id=8··········4&a=1");
  EXPECT_EQ(Masked("n 123.456.789 end"), "n 1·········9 end");
  EXPECT_EQ(Masked("tel+47+912+34+567").find("912"), std::string::npos);
  EXPECT_EQ(Masked("9103127"), "9·····7");
  EXPECT_EQ(Masked("/p/080131%209650%2011%206/file"), "/p/0················6/file");
  EXPECT_EQ(Masked("person:7/012479/2"), "person:7········2");
  EXPECT_EQ(Masked("929695"), "9····5");
  EXPECT_TRUE(IsToBeHidden("a/929695"));
}

TEST(CautiousMaskTest, ShortNumbersAreHiddenWhereTheyAreAskedFor) {
  std::string out;
  AppendCautiously("code 491, until 09/28, x86_64 a1b2c3 and 7 or /v2/", out, 2);
  EXPECT_EQ(out, "code ···, until ··/··, ···_·· a····3 and 7 or /v2/");
}

TEST(CautiousMaskTest, VersionsWordsAndSmallNumbersStay) {
  for (const char* text : {"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/120.0.6099.109 Safari/537.36", "/api/v2/orders/12345", "/a%20b%2Fc%",
                           "index.html?page=17&size=100", "2026-11", "/img/logo-2x.png", "", "-", "a1b2c3", "SSH-2.0-OpenSSH_9.2p1"}) {
    EXPECT_EQ(Masked(text), text);
    EXPECT_FALSE(IsToBeHidden(text)) << text;
  }
}

TEST(CautiousMaskTest, EveryCutIsCautious) {
  const std::string text = "/a/910312778461/b 12-34-56-78.pdf";
  for (std::size_t n = 0; n <= text.size(); ++n) {
    const std::string out = Masked(text.substr(0, n));
    EXPECT_EQ(out.find("1031277"), std::string::npos) << n;
  }
}

}  // namespace
}  // namespace gander::identify
