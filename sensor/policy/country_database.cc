// SPDX-License-Identifier: Apache-2.0
#include "policy/country_database.h"

#include <maxminddb.h>
#include <netinet/in.h>

#include <cstring>
#include <string_view>

namespace gander::policy {

struct CountryDatabase::Impl {
  MMDB_s db{};
  bool open = false;
  ~Impl() {
    if (open) MMDB_close(&db);
  }
};

CountryDatabase::CountryDatabase(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
CountryDatabase::~CountryDatabase() = default;

Result<std::unique_ptr<CountryDatabase>> CountryDatabase::Open(const std::string& file) {
  auto impl = std::make_unique<Impl>();
  const int status = MMDB_open(file.c_str(), MMDB_MODE_MMAP, &impl->db);
  if (status != MMDB_SUCCESS) {
    return Fail(file, 0, std::string("cannot be used as a country database: ") + MMDB_strerror(status),
                "name a MaxMind DB file (.mmdb) with countries, or leave `geoip` out");
  }
  impl->open = true;
  const std::string_view type = impl->db.metadata.database_type == nullptr ? "" : impl->db.metadata.database_type;
  if (type.find("Country") == std::string_view::npos && type.find("City") == std::string_view::npos &&
      type.find("Enterprise") == std::string_view::npos) {
    return Fail(file, 0, "is a database of type `" + std::string(type) + "`, which holds no countries",
                "name a database of type Country or City");
  }
  return std::unique_ptr<CountryDatabase>(new CountryDatabase(std::move(impl)));
}

Jurisdiction CountryDatabase::Find(const IpAddress& address) const noexcept {
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
  MMDB_lookup_result_s found = MMDB_lookup_sockaddr(&impl_->db, where, &status);
  Jurisdiction country;
  if (status != MMDB_SUCCESS || !found.found_entry) return country;
  MMDB_entry_data_s data;
  status = MMDB_get_value(&found.entry, &data, "country", "iso_code", nullptr);
  if (status != MMDB_SUCCESS || !data.has_data || data.type != MMDB_DATA_TYPE_UTF8_STRING || data.data_size != 2) {
    return country;
  }
  const auto letter = [](char c) { return c >= 'A' && c <= 'Z'; };
  if (letter(data.utf8_string[0]) && letter(data.utf8_string[1])) {
    country.code = {data.utf8_string[0], data.utf8_string[1]};
  }
  return country;
}

}  // namespace gander::policy
