// SPDX-License-Identifier: Apache-2.0
#include "base/file.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

namespace gander {
namespace {

class FileTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "gander-file-XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  std::string folder_;
};

TEST_F(FileTest, ReplacesWholeAndForItsOwnerOnly) {
  const std::string path = folder_ + "/a";
  ASSERT_TRUE(ReplaceFile(path, "one"));
  ASSERT_TRUE(ReplaceFile(path, "two, longer"));
  std::string text;
  ASSERT_TRUE(ReadFile(path, text, 100));
  EXPECT_EQ(text, "two, longer");
  struct stat info {};
  ASSERT_EQ(::stat(path.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
  EXPECT_FALSE(std::filesystem::exists(path + ".part"));
}

TEST_F(FileTest, SaysWhyNot) {
  std::string text;
  EXPECT_FALSE(ReplaceFile(folder_ + "/no/such", "x"));
  EXPECT_EQ(errno, ENOENT);
  EXPECT_FALSE(ReadFile(folder_ + "/none", text, 100));
  EXPECT_EQ(errno, ENOENT);
  EXPECT_FALSE(ReadFile(folder_, text, 100));
  EXPECT_EQ(errno, EINVAL);
  ASSERT_TRUE(ReplaceFile(folder_ + "/b", "12345"));
  EXPECT_FALSE(ReadFile(folder_ + "/b", text, 4));
  EXPECT_EQ(errno, EFBIG);
}

TEST_F(FileTest, ClosesItselfOnce) {
  File a(::open(folder_.c_str(), O_RDONLY | O_DIRECTORY));
  const int fd = a.fd();
  File b = std::move(a);
  EXPECT_FALSE(a.is_open());
  EXPECT_EQ(b.fd(), fd);
  EXPECT_TRUE(b.Close());
  EXPECT_EQ(::fcntl(fd, F_GETFD), -1);
  EXPECT_TRUE(b.Close());
}

}  // namespace
}  // namespace gander
