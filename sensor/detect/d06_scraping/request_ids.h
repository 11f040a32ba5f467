// SPDX-License-Identifier: Apache-2.0
// What a request asks for, taken apart in place: its shape with every id left out, and the ids. Paths with queries
// ("/patient/4711?view=full"), statements ("SELECT ... WHERE id = 4711"), GraphQL and search filters. Nothing is kept
// or copied but hashes.
#ifndef GANDER_DETECT_D06_SCRAPING_REQUEST_IDS_H_
#define GANDER_DETECT_D06_SCRAPING_REQUEST_IDS_H_

#include <array>
#include <cstdint>
#include <string_view>

#include "base/hash.h"

namespace gander::detect {

struct RecordId {
  std::uint64_t tag = 0;      // keyed hash of its text
  std::uint64_t block = 0;    // keyed hash of number >> 6; 0 where the id is no number
};

// Of one request. Memory is its own; made once and filled again and again.
class RequestIds {
 public:
  // A list `IN (...)` or `ids=1,2,3` may be long; what it holds beyond this is left out and the request says so.
  static constexpr std::size_t kMost = 64;
  static constexpr std::size_t kMaxTarget = 8192;  // bytes looked at

  explicit RequestIds(const HashKey& key) noexcept : key_(key) {}

  void Read(std::string_view target) noexcept;

  std::uint64_t shape() const noexcept { return shape_; }  // equal for requests that differ in their ids only
  const RecordId* begin() const noexcept { return ids_.data(); }
  const RecordId* end() const noexcept { return ids_.data() + count_; }
  std::size_t size() const noexcept { return count_; }
  bool cut() const noexcept { return cut_; }

 private:
  void ReadPath(std::string_view path) noexcept;
  void ReadQuery(std::string_view query) noexcept;
  void ReadStatement(std::string_view statement) noexcept;
  std::size_t ReadWord(std::string_view statement, std::size_t at) noexcept;
  std::size_t ReadQuoted(std::string_view statement, std::size_t at) noexcept;
  void AddList(std::string_view values) noexcept;
  void AddId(std::string_view text) noexcept;
  void Mix(std::string_view constant) noexcept;

  HashKey key_;
  std::uint64_t shape_ = 0;
  std::array<RecordId, kMost> ids_;
  std::size_t count_ = 0;
  bool cut_ = false;
  char before_ = 0;  // last sign of a statement that is no blank
};

// Whether a segment of a path or a value of a query stands for a record: a number, a UUID, a long hexadecimal word, or
// letters with at least two digits. File endings are left out before.
bool LooksLikeId(std::string_view text) noexcept;

}  // namespace gander::detect

#endif  // GANDER_DETECT_D06_SCRAPING_REQUEST_IDS_H_
