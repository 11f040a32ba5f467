// SPDX-License-Identifier: Apache-2.0
#include "policy/country_database.h"

#include "policy/mmdb.h"

namespace gander::policy {

CountryDatabase::CountryDatabase(std::unique_ptr<Mmdb> file) : file_(std::move(file)) {}
CountryDatabase::~CountryDatabase() = default;

Result<std::unique_ptr<CountryDatabase>> CountryDatabase::Open(const std::string& file) {
  static const MmdbKind kCountries{
      "geoip", "countries", {"Country", "City", "Enterprise"}, {"country", "iso_code", nullptr}, "asn", {"ASN"}};
  auto opened = Mmdb::Open(file, kCountries);
  if (!opened) return Failure(opened.error());
  return std::unique_ptr<CountryDatabase>(new CountryDatabase(std::move(*opened)));
}

Jurisdiction CountryDatabase::Find(const IpAddress& address) const noexcept {
  Jurisdiction country;
  MMDB_entry_data_s data;
  if (!file_->Find(address, data) || data.type != MMDB_DATA_TYPE_UTF8_STRING || data.data_size != 2) return country;
  const auto letter = [](char c) { return c >= 'A' && c <= 'Z'; };
  if (letter(data.utf8_string[0]) && letter(data.utf8_string[1])) {
    country.code = {data.utf8_string[0], data.utf8_string[1]};
  }
  return country;
}

}  // namespace gander::policy
