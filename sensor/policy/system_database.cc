// SPDX-License-Identifier: Apache-2.0
#include "policy/system_database.h"

#include "policy/mmdb.h"

namespace gander::policy {

SystemDatabase::SystemDatabase(std::unique_ptr<Mmdb> file) : file_(std::move(file)) {}
SystemDatabase::~SystemDatabase() = default;

Result<std::unique_ptr<SystemDatabase>> SystemDatabase::Open(const std::string& file) {
  static const MmdbKind kSystems{"asn",   "autonomous systems",
                                 {"ASN"}, {"autonomous_system_number", nullptr},
                                 "geoip", {"Country", "City", "Enterprise"}};
  auto opened = Mmdb::Open(file, kSystems);
  if (!opened) return Failure(opened.error());
  return std::unique_ptr<SystemDatabase>(new SystemDatabase(std::move(*opened)));
}

std::uint32_t SystemDatabase::Find(const IpAddress& address) const noexcept {
  MMDB_entry_data_s data;
  return file_->Find(address, data) && data.type == MMDB_DATA_TYPE_UINT32 ? data.uint32 : 0;
}

}  // namespace gander::policy
