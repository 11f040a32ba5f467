// SPDX-License-Identifier: Apache-2.0
// The page between two processes.
#include "supervise/flight_page.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdlib>
#include <string>

#include "supervise/children.h"

namespace gander::supervise {
namespace {

int Handed(int fd) {
  const int copy = dup(fd);
  setenv(kPageVariable, std::to_string(copy).c_str(), 1);
  return copy;
}

TEST(FlightPageTest, BothProcessesSeeIt) {
  auto page = SharedPage::Make();
  ASSERT_TRUE(page.has_value());
  page->get()->past.flow_seed = 42;
  const int status = StatusOf([&] {
    Handed(page->fd());
    const SharedPage own = SharedPage::Inherited();
    if (own.get() == nullptr || own.get() == page->get() || own.get()->past.flow_seed != 42) return 1;
    own.get()->seats[7].flow = 77;
    return getenv(kPageVariable) == nullptr ? 0 : 2;
  });
  EXPECT_EQ(status, 0);
  EXPECT_EQ(page->get()->seats[7].flow, 77u);
}

// Else a sensor that was taken over could kill its supervisor, which would read beyond the end.
TEST(FlightPageTest, NobodyCanCutItShort) {
  auto page = SharedPage::Make();
  ASSERT_TRUE(page.has_value());
  EXPECT_NE(ftruncate(page->fd(), 1), 0);
  EXPECT_NE(ftruncate(page->fd(), 1 << 20), 0);
  EXPECT_NE(fcntl(page->fd(), F_ADD_SEALS, F_SEAL_WRITE), 0);
}

TEST(FlightPageTest, WithoutOneThereIsNone) {
  unsetenv(kPageVariable);
  EXPECT_EQ(SharedPage::Inherited().get(), nullptr);
  for (const char* wrong : {"", "x", "-1", "0", "2", "999999", "3x"}) {
    setenv(kPageVariable, wrong, 1);
    EXPECT_EQ(SharedPage::Inherited().get(), nullptr) << wrong;
    EXPECT_EQ(getenv(kPageVariable), nullptr) << wrong;
  }
}

TEST(FlightPageTest, SomethingElseIsRefused) {
  const int other = memfd_create("other", MFD_CLOEXEC);
  ASSERT_EQ(ftruncate(other, sizeof(FlightPage)), 0);
  Handed(other);
  EXPECT_EQ(SharedPage::Inherited().get(), nullptr) << "no such page";
  ASSERT_EQ(ftruncate(other, 10), 0);
  const int copy = Handed(other);
  EXPECT_EQ(SharedPage::Inherited().get(), nullptr) << "too short";
  close(copy);
  close(other);
}

}  // namespace
}  // namespace gander::supervise
