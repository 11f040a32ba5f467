// SPDX-License-Identifier: Apache-2.0
#include "detect/d14_secret_leak/secret_kinds.h"

#include <algorithm>
#include <array>

namespace gander::detect {
namespace {

// Short-lived, or of use only with a second thing: the rest of a key pair, a card, a telephone.
constexpr std::array<std::string_view, 5> kPassing{"cred.session_cookie", "cred.pin_otp", "global.jwt",
                                                   "cred.aws_access_key_id", "cred.security_answer"};
// Nobody types these: a machine holds them, and whoever has a copy is that machine.
constexpr std::array<std::string_view, 8> kLasting{
    "cred.private_key_pem", "cred.aws_secret_key",     "cred.gcp_service_account", "cred.azure_storage_key",
    "cred.totp_secret",     "cred.stripe_secret_key",   "cred.password_hash",       "cred.putty_private_key"};

template <std::size_t N>
bool Holds(const std::array<std::string_view, N>& ids, std::string_view id) noexcept {
  return std::find(ids.begin(), ids.end(), id) != ids.end();
}

struct LoginTitle {
  std::string_view kind, title;
};
constexpr LoginTitle kLogins[] = {{"http.basic", "HTTP Basic login"},
                                  {"http.bearer", "HTTP access token"},
                                  {"ldap.bind.password", "LDAP simple bind"},
                                  {"snmp.community", "SNMP community"}};

std::string TitleOf(std::string_view kind) {
  for (const LoginTitle& l : kLogins) {
    if (l.kind == kind) return std::string(l.title);
  }
  const std::string protocol(kind.substr(0, kind.find('.')));
  return protocol.empty() ? "login" : protocol + " login";
}

}  // namespace

SecretKind KindOfRule(const identify::RuleInfo& rule) {
  // What the scan finds in the header is what the parser tells as a login.
  if (rule.id == "cred.http_basic") return KindOfLogin("http.basic", false);
  SecretKind kind{rule.id, rule.title, Severity::kMedium};
  if (Holds(kPassing, rule.id)) kind.worth = Severity::kLow;
  if (Holds(kLasting, rule.id)) kind.worth = Severity::kHigh;
  return kind;
}

SecretKind KindOfLogin(std::string_view id, bool well_known) {
  SecretKind kind{std::string(id), TitleOf(id), Severity::kMedium};
  if (well_known) {
    kind.id += ".well_known";
    kind.title += " that devices leave the factory with";
    kind.worth = Severity::kLow;
  }
  return kind;
}

}  // namespace gander::detect
