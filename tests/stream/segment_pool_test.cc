// SPDX-License-Identifier: Apache-2.0
#include "stream/segment_pool.h"

#include <gtest/gtest.h>

#include <set>

#include "stream/tcp_stream.h"

namespace gander::stream {
namespace {

TEST(SegmentPoolTest, GivesEachBlockOnceAndTakesItBack) {
  SegmentPool pool(8 * SegmentPool::kBlockBytes);
  ASSERT_EQ(pool.capacity(), 8u);
  std::set<std::uint32_t> taken;
  for (int i = 0; i < 8; ++i) taken.insert(pool.Allocate());
  EXPECT_EQ(taken.size(), 8u);
  EXPECT_EQ(taken.count(SegmentPool::kNone), 0u);
  EXPECT_EQ(pool.Allocate(), SegmentPool::kNone);
  pool.Free(3);
  EXPECT_EQ(pool.in_use(), 7u);
  EXPECT_EQ(pool.Allocate(), 3u);
}

TEST(SegmentPoolTest, TakesItsSizeFromTheOptions) {
  Options options;
  options.memory = 1 << 20;
  EXPECT_EQ(SegmentPool(options).capacity(), 512u);
  EXPECT_EQ(SegmentPool(std::size_t{0}).capacity(), 1u);
}

}  // namespace
}  // namespace gander::stream
