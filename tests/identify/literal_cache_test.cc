// SPDX-License-Identifier: Apache-2.0
// The folder of compiled databases: what it gives back, what it does not trust, what it throws away.
#include "identify/literal_cache.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace gander::identify {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

class LiteralCacheTest : public ::testing::Test {
 protected:
  void SetUp() override {
    char name[] = "/tmp/gander_cache_XXXXXX";
    ASSERT_NE(mkdtemp(name), nullptr);
    top_ = name;
    folder_ = top_ + "/a/gander";
  }
  void TearDown() override { fs::remove_all(top_); }

  static LiteralCache::Entry Entry() {
    LiteralCache::Entry entry;
    entry.variant = Variant::kNative;
    entry.generic_rate = 1.5e9;
    entry.native_rate = 2.5e9;
    entry.blobs = {"first database", "", std::string(5000, 'x')};
    return entry;
  }

  // What a fresh process would be told.
  bool Loads(std::string* note = nullptr) {
    LiteralCache cache(folder_);
    LiteralCache::Entry entry;
    const bool loaded = cache.Load(key_, entry);
    if (note != nullptr) *note = cache.note();
    if (loaded) {
      EXPECT_EQ(entry.blobs, Entry().blobs);
    }
    return loaded;
  }
  std::string NoteOfRefusal() {
    std::string note;
    EXPECT_FALSE(Loads(&note));
    return note;
  }
  void Store() { LiteralCache(folder_).Store(key_, Entry()); }
  std::string Path() { return LiteralCache(folder_).PathOf(key_); }
  std::size_t Files() {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder_), fs::directory_iterator()));
  }

  std::string top_, folder_;
  const LiteralCache::Key key_ = LiteralCache::KeyOf("patterns");
};

TEST_F(LiteralCacheTest, GivesBackWhatWasStored) {
  LiteralCache::Entry entry;
  LiteralCache cache(folder_);
  EXPECT_FALSE(cache.Load(key_, entry));
  EXPECT_EQ(cache.note(), "") << "an empty cache is nothing to speak of";
  cache.Store(key_, Entry());
  ASSERT_TRUE(cache.Load(key_, entry));
  EXPECT_EQ(entry.variant, Variant::kNative);
  EXPECT_EQ(entry.generic_rate, 1.5e9);
  EXPECT_EQ(entry.native_rate, 2.5e9);
  EXPECT_EQ(entry.blobs, Entry().blobs);
  EXPECT_FALSE(cache.Load(LiteralCache::KeyOf("other patterns"), entry));
  EXPECT_EQ(cache.note(), "");
}

TEST_F(LiteralCacheTest, OnlyTheOwnerCanReadWhatItMakes) {
  Store();
  struct stat s;
  ASSERT_EQ(stat(folder_.c_str(), &s), 0);
  EXPECT_EQ(s.st_mode & 07777, 0700u);
  ASSERT_EQ(stat(Path().c_str(), &s), 0);
  EXPECT_EQ(s.st_mode & 07777, 0600u);
  EXPECT_EQ(Files(), 1u) << "nothing is left of the unfinished file";
}

TEST_F(LiteralCacheTest, RefusesEveryDamagedByteAndEveryShorterFile) {
  Store();
  std::string good;
  {
    std::ifstream in(Path(), std::ios::binary);
    good.assign(std::istreambuf_iterator<char>(in), {});
  }
  const auto write = [&](std::string_view bytes) {
    std::ofstream(Path(), std::ios::binary | std::ios::trunc) << bytes;
  };
  for (std::size_t i = 0; i < good.size(); i += i < 128 ? 1 : 97) {
    std::string bad = good;
    bad[i] = static_cast<char>(bad[i] ^ 0x10);
    write(bad);
    EXPECT_THAT(NoteOfRefusal(), HasSubstr("digest is wrong")) << i;
  }
  for (std::size_t size = 0; size < good.size(); size += 61) {
    write(std::string_view(good).substr(0, size));
    EXPECT_THAT(NoteOfRefusal(), HasSubstr("not used")) << size;
  }
  Store();
  EXPECT_TRUE(Loads()) << "a damaged file is written anew";
}

TEST_F(LiteralCacheTest, RefusesAnotherSetUnderThisName) {
  LiteralCache cache(folder_);
  const auto other = LiteralCache::KeyOf("other patterns");
  cache.Store(other, Entry());
  fs::rename(cache.PathOf(other), Path());
  EXPECT_THAT(NoteOfRefusal(), HasSubstr("other rules"));
}

TEST_F(LiteralCacheTest, RefusesWhatOthersMayHaveWritten) {
  Store();
  chmod(Path().c_str(), 0620);
  EXPECT_THAT(NoteOfRefusal(), HasSubstr("others may write"));
  chmod(Path().c_str(), 0644);
  EXPECT_TRUE(Loads());
  chmod(folder_.c_str(), 0777);
  EXPECT_THAT(NoteOfRefusal(), HasSubstr("others may write"));
  fs::remove(Path());
  Store();
  EXPECT_FALSE(fs::exists(Path())) << "nor is anything written there";
}

TEST_F(LiteralCacheTest, RefusesWhatBelongsToAnother) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can give a file away";
  Store();
  ASSERT_EQ(chown(Path().c_str(), 12345, 12345), 0);
  EXPECT_THAT(NoteOfRefusal(), HasSubstr("another user"));
  Store();
  EXPECT_TRUE(Loads()) << "the rename puts our own file in its place";
  ASSERT_EQ(chown(folder_.c_str(), 12345, 12345), 0);
  EXPECT_THAT(NoteOfRefusal(), HasSubstr("another user"));
}

TEST_F(LiteralCacheTest, FollowsNoLinkAndWaitsForNoPipe) {
  Store();
  fs::rename(Path(), top_ + "/elsewhere");
  fs::create_symlink(top_ + "/elsewhere", Path());
  EXPECT_THAT(NoteOfRefusal(), HasSubstr("not used"));
  fs::remove(Path());
  ASSERT_EQ(mkfifo(Path().c_str(), 0600), 0);
  EXPECT_THAT(NoteOfRefusal(), HasSubstr("no regular file"));
}

TEST_F(LiteralCacheTest, AFolderThatCannotBeMadeIsANote) {
  std::ofstream(top_ + "/a") << "a file where the folder should be";
  LiteralCache cache(folder_);
  cache.Store(key_, Entry());
  EXPECT_THAT(cache.note(), HasSubstr("cannot be made"));
  LiteralCache off;
  off.Store(key_, Entry());
  EXPECT_EQ(off.note(), "");
}

TEST_F(LiteralCacheTest, KeepsTheSixteenUsedLastAndClearsWhatWasAbandoned) {
  LiteralCache cache(folder_);
  std::vector<LiteralCache::Key> keys;
  for (int i = 0; i < 20; ++i) {
    keys.push_back(LiteralCache::KeyOf(std::to_string(i)));
    cache.Store(keys.back(), Entry());
    const timespec times[2] = {{1000 + i, 0}, {1000 + i, 0}};
    ASSERT_EQ(utimensat(AT_FDCWD, cache.PathOf(keys.back()).c_str(), times, 0), 0);
  }
  std::ofstream(folder_ + "/notes.txt") << "not ours to remove";
  std::ofstream(folder_ + "/old.part") << "unfinished";
  const timespec long_ago[2] = {{1000, 0}, {1000, 0}};
  ASSERT_EQ(utimensat(AT_FDCWD, (folder_ + "/old.part").c_str(), long_ago, 0), 0);
  LiteralCache::Entry entry;
  EXPECT_TRUE(cache.Load(keys[4], entry)) << "now used last";
  Store();
  EXPECT_TRUE(cache.Load(keys[4], entry));
  EXPECT_FALSE(cache.Load(keys[5], entry));
  EXPECT_TRUE(cache.Load(keys[19], entry));
  EXPECT_TRUE(fs::exists(folder_ + "/notes.txt"));
  EXPECT_FALSE(fs::exists(folder_ + "/old.part"));
  EXPECT_EQ(Files(), LiteralCache::kMaxFiles + 1);
}

TEST_F(LiteralCacheTest, ManyProcessesAtOnceAllSucceed) {
  std::vector<pid_t> children;
  for (int i = 0; i < 8; ++i) {
    const pid_t child = fork();
    if (child == 0) {
      bool good = true;
      for (int k = 0; k < 20; ++k) {
        Store();
        good = good && Loads();
      }
      _exit(good ? 0 : 1);
    }
    children.push_back(child);
  }
  for (const pid_t child : children) {
    int status = -1;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0);
  }
  EXPECT_EQ(Files(), 1u);
}

TEST(CacheFolder, FollowsTheSettingThenTheEnvironment) {
  const auto with = [](const char* caches, const char* home, const std::string& setting) {
    caches != nullptr ? setenv("XDG_CACHE_HOME", caches, 1) : unsetenv("XDG_CACHE_HOME");
    home != nullptr ? setenv("HOME", home, 1) : unsetenv("HOME");
    return CacheFolder(setting);
  };
  const char* old_caches = std::getenv("XDG_CACHE_HOME");
  const char* old_home = std::getenv("HOME");
  const std::string kept_caches = old_caches != nullptr ? old_caches : "";
  const std::string kept_home = old_home != nullptr ? old_home : "";
  EXPECT_EQ(with("/c", "/h", "off"), "");
  EXPECT_EQ(with("/c", "/h", "/own"), "/own");
  EXPECT_EQ(with("/c", "/h", ""), "/c/gander");
  EXPECT_EQ(with("relative", "/h", ""), "/h/.cache/gander");
  EXPECT_EQ(with(nullptr, "/h", ""), "/h/.cache/gander");
  EXPECT_EQ(with(nullptr, nullptr, ""), geteuid() == 0 ? "/var/cache/gander" : "");
  if (old_caches != nullptr) setenv("XDG_CACHE_HOME", kept_caches.c_str(), 1);
  if (old_home != nullptr) setenv("HOME", kept_home.c_str(), 1);
}

}  // namespace
}  // namespace gander::identify
