// SPDX-License-Identifier: Apache-2.0
#include "policy/mmdb.h"

#include <netinet/in.h>

#include <algorithm>
#include <cstring>

namespace gander::policy {
namespace {

bool IsOneOf(std::string_view type, const std::vector<std::string_view>& known) {
  return std::any_of(known.begin(), known.end(),
                     [&](std::string_view k) { return type.find(k) != std::string_view::npos; });
}

}  // namespace

Mmdb::~Mmdb() {
  if (open_) MMDB_close(&db_);
}

Result<std::unique_ptr<Mmdb>> Mmdb::Open(const std::string& file, const MmdbKind& kind) {
  std::unique_ptr<Mmdb> mmdb(new Mmdb);
  mmdb->path_ = kind.path;
  const int status = MMDB_open(file.c_str(), MMDB_MODE_MMAP, &mmdb->db_);
  const std::string setting = std::string("`") + kind.setting + "`";
  if (status != MMDB_SUCCESS) {
    return Fail(
        file, 0,
        "cannot be used for " + setting + ": " + MMDB_strerror(status) +
            (status == MMDB_INVALID_METADATA_ERROR ? " (cut short, or no MaxMind DB)" : ""),
        std::string("name a whole MaxMind DB file (.mmdb) with ") + kind.holds + ", or leave " + setting + " out");
  }
  mmdb->open_ = true;
  const std::string_view type = mmdb->db_.metadata.database_type == nullptr ? "" : mmdb->db_.metadata.database_type;
  if (!IsOneOf(type, kind.types)) {
    return Fail(file, 0, "is a database of type `" + std::string(type) + "`, which holds no " + kind.holds,
                IsOneOf(type, kind.other_types)
                    ? std::string("name it under `") + kind.other_setting + "`, and one with " + kind.holds +
                          " under " + setting
                    : std::string("name a database with ") + kind.holds + " under " + setting);
  }
  return mmdb;
}

bool Mmdb::Find(const IpAddress& address, MMDB_entry_data_s& out) const noexcept {
  // libmaxminddb refuses an IPv6 address in an IPv4-only file and wants IPv4 as such.
  sockaddr_in v4{};
  sockaddr_in6 v6{};
  const sockaddr* where;
  if (address.v4) {
    v4.sin_family = AF_INET;
    std::memcpy(&v4.sin_addr, address.octets.data() + 12, 4);
    where = reinterpret_cast<const sockaddr*>(&v4);
  } else {
    v6.sin6_family = AF_INET6;
    std::memcpy(&v6.sin6_addr, address.octets.data(), 16);
    where = reinterpret_cast<const sockaddr*>(&v6);
  }
  int status = MMDB_SUCCESS;
  MMDB_lookup_result_s found = MMDB_lookup_sockaddr(&db_, where, &status);
  if (status != MMDB_SUCCESS || !found.found_entry) return false;
  return MMDB_aget_value(&found.entry, &out, path_.data()) == MMDB_SUCCESS && out.has_data;
}

}  // namespace gander::policy
