// SPDX-License-Identifier: Apache-2.0
// A folder for one test, and a clock that stands still until it is told.
#ifndef GANDER_TESTS_EVIDENCE_FOLDER_H_
#define GANDER_TESTS_EVIDENCE_FOLDER_H_

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>

#include "evidence/log.h"

namespace gander::evidence {

class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "gander-evidence-XXXXXX").string();
    path_ = ::mkdtemp(name.data());
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  const std::string& path() const { return path_; }
  std::string operator/(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

inline std::string ReadText(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}
inline void WriteText(const std::string& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

struct LogFixture {
  Folder folder;
  std::shared_ptr<Timestamp> now = std::make_shared<Timestamp>(Timestamp{1'800'000'000LL * kNanosPerSecond});
  Options options;

  LogFixture() {
    options.directory = folder / "log";
    options.key_file = folder / "key.pem";
    options.origin = "gander/test";
  }
  Clock clock() const {
    return [now = now] { return *now; };
  }
  SigningKey Key() const { return std::move(*SigningKey::Open(options.key_file)); }
  PublicKey Public() const { return Key().public_key(); }
  Log Open() const {
    auto log = Log::Open(options, Key(), clock(), "\"version\":\"test\"");
    if (!log) ADD_FAILURE() << log.error().ToString();
    return std::move(*log);
  }
  void Pass(std::int64_t seconds) const { *now = *now + Duration::Seconds(seconds); }

  // A state and `events` events with a checkpoint after every `each`.
  void Write(int events, int each) const {
    Log log = Open();
    EXPECT_TRUE(log.Append(Kind::kState, R"({"rules":"abc"})"));
    for (int i = 0; i < events; ++i) {
      EXPECT_TRUE(log.Append(Kind::kEvent, "{\"n\":" + std::to_string(i) + "}"));
      if ((i + 1) % each == 0) {
        EXPECT_FALSE(log.Seal().empty());
      }
      Pass(1);
    }
    EXPECT_TRUE(log.Append(Kind::kStop, "{}"));
    EXPECT_FALSE(log.Seal().empty());
  }
  std::string Records(std::uint64_t first = 0) const { return RecordsPath(options.directory, first); }
};

}  // namespace gander::evidence

#endif  // GANDER_TESTS_EVIDENCE_FOLDER_H_
