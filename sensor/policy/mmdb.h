// SPDX-License-Identifier: Apache-2.0
// Inside policy/ only: a MaxMind DB file (format 2.0) through libmaxminddb, checked for being of the kind that is asked
// for.
#ifndef GANDER_POLICY_MMDB_H_
#define GANDER_POLICY_MMDB_H_

#include <maxminddb.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/net.h"
#include "base/result.h"

namespace gander::policy {

// What a setting wants of a database, for checks and errors.
struct MmdbKind {
  const char* setting;                  // "geoip"
  const char* holds;                    // "countries"
  std::vector<std::string_view> types;  // one of them stands in its database_type
  std::vector<const char*> path;        // to the value in a record, null-terminated
  const char* other_setting;            // under which a database of the other kind belongs
  std::vector<std::string_view> other_types;
};

class Mmdb {
 public:
  // Errors: cannot be opened, truncated, no MaxMind DB, of another kind.
  static Result<std::unique_ptr<Mmdb>> Open(const std::string& file, const MmdbKind& kind);
  ~Mmdb();
  Mmdb(const Mmdb&) = delete;
  Mmdb& operator=(const Mmdb&) = delete;

  // The value at the kind's path for `address`; false when the file has none. Safe from any thread.
  bool Find(const IpAddress& address, MMDB_entry_data_s& out) const noexcept;

 private:
  Mmdb() = default;
  MMDB_s db_{};
  bool open_ = false;
  std::vector<const char*> path_;
};

}  // namespace gander::policy

#endif  // GANDER_POLICY_MMDB_H_
