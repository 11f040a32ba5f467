// SPDX-License-Identifier: Apache-2.0
#include "identify/pack_bytes.h"

#include <gtest/gtest.h>

#include <string>

#include "identify/byte_block.h"
#include "identify/normal_form.h"

namespace gander::identify {
namespace {

TEST(PackBytes, KeepsTheBytesNamedInTheirOrder) {
  const std::string text = "a1-B2.\x80\xFF";
  for (unsigned keep = 0; keep < 256; ++keep) {
    std::string expected;
    for (unsigned i = 0; i < 8; ++i) {
      if ((keep >> i & 1) != 0) expected += text[i];
    }
    expected.resize(8, '\0');
    EXPECT_EQ(PackBytes(Load8(text.data()), kPackControls[keep]), Load8(expected.data())) << keep;
  }
}

// Wherever the separators stand in a block of sixteen bytes and how many there are.
TEST(NormalForm, LeavesOutSeparatorsOfAnyPlace) {
  for (std::uint32_t separators = 0; separators < (1u << 16); separators += 37) {
    for (const std::size_t length : {5u, 8u, 13u, 16u, 23u}) {
      std::string text, expected;
      for (std::size_t i = 0; i < length; ++i) {
        const bool left_out = (separators >> (i % 16) & 1) != 0;
        text += left_out ? '-' : static_cast<char>('a' + i);
        if (!left_out) expected += static_cast<char>('A' + i);
      }
      char out[48];
      const std::size_t n = Normalise(text, out, sizeof out);
      ASSERT_EQ(std::string(out, n), expected) << text;
    }
  }
}

}  // namespace
}  // namespace gander::identify
