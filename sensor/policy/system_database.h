// SPDX-License-Identifier: Apache-2.0
// Autonomous systems of addresses from a MaxMind DB file (ASN layout).
#ifndef GANDER_POLICY_SYSTEM_DATABASE_H_
#define GANDER_POLICY_SYSTEM_DATABASE_H_

#include <cstdint>
#include <memory>
#include <string>

#include "base/net.h"
#include "base/result.h"

namespace gander::policy {

class Mmdb;

class SystemDatabase {
 public:
  // Errors: cannot be opened, cut short, not a MaxMind DB, a database of another kind (countries ...).
  static Result<std::unique_ptr<SystemDatabase>> Open(const std::string& file);
  ~SystemDatabase();

  // autonomous_system_number; 0 when the file does not know the address. Safe from any thread.
  std::uint32_t Find(const IpAddress& address) const noexcept;

 private:
  explicit SystemDatabase(std::unique_ptr<Mmdb> file);
  std::unique_ptr<Mmdb> file_;
};

}  // namespace gander::policy

#endif  // GANDER_POLICY_SYSTEM_DATABASE_H_
