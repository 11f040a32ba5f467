// SPDX-License-Identifier: Apache-2.0
// A folder of compiled databases, so that a restart compiles nothing.
//
// A cache is never an error: whatever is missing, damaged, or not to be trusted counts as not there, with a
// note that says why.
//
// Trust. Hyperscan checks little of a serialised database, so bytes made to harm could take the sensor over.
// A file is read only out of a folder and with an owner (ourselves or root) and a mode that let nobody else
// write; links are not followed. Against those who may write there anyway nothing helps, and nothing has to:
// they can replace the binary as well. The SHA-256 at a file's end is against damage and half-written files,
// not against people.
#ifndef GANDER_IDENTIFY_LITERAL_CACHE_H_
#define GANDER_IDENTIFY_LITERAL_CACHE_H_

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "identify/literal_database.h"

namespace gander::identify {

// Folder for a value of the setting identify.cache: the value itself; when empty the user's cache folder
// ($XDG_CACHE_HOME/gander, $HOME/.cache/gander; for root without a home /var/cache/gander). "" = no cache:
// "off", or no such folder.
std::string CacheFolder(const std::string& setting);

class LiteralCache {
 public:
  using Key = std::array<unsigned char, 32>;
  static constexpr std::size_t kMaxFileBytes = std::size_t{256} << 20;
  static constexpr std::size_t kMaxBlobs = 4096;
  static constexpr std::size_t kMaxFiles = 16;  // more than this many of ours: the longest unused go

  // What is kept of one set.
  struct Entry {
    Variant variant = Variant::kGeneric;
    bool filter = false;                                        // the databases hold expressions only
    double generic_rate = 0, native_rate = 0, filter_rate = 0;  // bytes a second, measured when it was compiled
    std::vector<std::string> blobs;            // serialised databases, in an order the caller knows
  };

  // No folder: nothing is ever found or kept.
  explicit LiteralCache(std::string folder = {}) : folder_(std::move(folder)) {}

  // SHA-256 over everything that decides what is compiled.
  static Key KeyOf(std::string_view material);

  // False when there is none to be trusted; `note()` then says why, unless it simply is not there.
  bool Load(const Key& key, Entry& out);
  // Written whole or not at all: under another name first, synced, then renamed. Processes that do so at once
  // all succeed; the last one's file stays.
  void Store(const Key& key, const Entry& entry);

  bool enabled() const noexcept { return !folder_.empty(); }
  std::string PathOf(const Key& key) const;
  const std::string& note() const noexcept { return note_; }

 private:
  // A descriptor of the folder, -1 with a note when it cannot be trusted.
  int OpenFolder(bool create);
  void Note(const std::string& what) { note_ = folder_ + ": " + what; }

  std::string folder_, note_;
};

}  // namespace gander::identify

#endif  // GANDER_IDENTIFY_LITERAL_CACHE_H_
