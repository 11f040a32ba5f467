// SPDX-License-Identifier: Apache-2.0
// Countries of addresses from a MaxMind DB file (country or city layout).
#ifndef GANDER_POLICY_COUNTRY_DATABASE_H_
#define GANDER_POLICY_COUNTRY_DATABASE_H_

#include <memory>
#include <string>

#include "base/net.h"
#include "base/result.h"
#include "policy/jurisdiction.h"

namespace gander::policy {

class Mmdb;

class CountryDatabase {
 public:
  // Errors: cannot be opened, cut short, not a MaxMind DB, a database of another kind (ASN, anonymous IP ...).
  static Result<std::unique_ptr<CountryDatabase>> Open(const std::string& file);
  ~CountryDatabase();

  // country.iso_code; unknown when the file does not know the address. Safe from any thread.
  Jurisdiction Find(const IpAddress& address) const noexcept;

 private:
  explicit CountryDatabase(std::unique_ptr<Mmdb> file);
  std::unique_ptr<Mmdb> file_;
};

}  // namespace gander::policy

#endif  // GANDER_POLICY_COUNTRY_DATABASE_H_
