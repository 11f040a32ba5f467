// SPDX-License-Identifier: Apache-2.0
// Text in any character set, made by ICU.
#ifndef GANDER_TESTS_CONTENT_TEXT_IN_H_
#define GANDER_TESTS_CONTENT_TEXT_IN_H_

#include <gtest/gtest.h>
#include <unicode/ucnv.h>

#include <string>

namespace gander::content {

// `utf8` in the set that ICU calls `charset`; fails the test where that has no such characters.
inline std::string TextIn(const char* charset, const std::string& utf8) {
  UErrorCode error = U_ZERO_ERROR;
  std::string out(utf8.size() * 4 + 32, '\0');
  const std::int32_t size = ucnv_convert(charset, "UTF-8", out.data(), static_cast<std::int32_t>(out.size()),
                                         utf8.data(), static_cast<std::int32_t>(utf8.size()), &error);
  EXPECT_TRUE(U_SUCCESS(error)) << charset << ": " << u_errorName(error);
  out.resize(static_cast<std::size_t>(size));
  std::string back(out.size() * 4 + 32, '\0');
  error = U_ZERO_ERROR;
  const std::int32_t again = ucnv_convert("UTF-8", charset, back.data(), static_cast<std::int32_t>(back.size()),
                                          out.data(), static_cast<std::int32_t>(out.size()), &error);
  back.resize(static_cast<std::size_t>(again));
  EXPECT_EQ(back, utf8) << charset << " has not all of these characters";
  return out;
}

}  // namespace gander::content

#endif  // GANDER_TESTS_CONTENT_TEXT_IN_H_
