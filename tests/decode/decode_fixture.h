// SPDX-License-Identifier: Apache-2.0
// Decodes built frames and checks what holds for every frame.
#ifndef GANDER_TESTS_DECODE_DECODE_FIXTURE_H_
#define GANDER_TESTS_DECODE_DECODE_FIXTURE_H_

#include <gtest/gtest.h>

#include <string>

#include "decode/decoded.h"
#include "frame_builder.h"

namespace gander::decode {

class DecodeFixture : public testing::Test {
 protected:
  // `frame` must outlive the views in the result.
  Decoded Read(const std::string& frame, LinkType link = LinkType::kEthernet) {
    Decoded out;
    EXPECT_EQ(Decode(link, AsBytes(frame), options_, counters_, out), out.status);
    EXPECT_EQ(out.header_bytes + out.payload.size(), frame.size());
    return out;
  }
  static std::string Payload(const Decoded& d) { return std::string(AsText(d.payload)); }

  Options options_;
  Counters counters_{};
};

}  // namespace gander::decode

#endif  // GANDER_TESTS_DECODE_DECODE_FIXTURE_H_
