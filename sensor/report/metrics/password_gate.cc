// SPDX-License-Identifier: Apache-2.0
#include "report/metrics/password_gate.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include <algorithm>
#include <utility>

namespace gander::report {
namespace {

PasswordGate::Mark MarkOf(const PasswordGate::Mark& key, const std::string& user, const std::string& password) {
  // The length keeps "ab" + "c" and "a" + "bc" apart.
  const std::string both = std::to_string(user.size()) + ':' + user + password;
  PasswordGate::Mark mark{};
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), reinterpret_cast<const unsigned char*>(both.data()),
       both.size(), mark.data(), nullptr);
  return mark;
}

}  // namespace

PasswordGate::PasswordGate(PasswordFile file) : file_(std::move(file)) {
  RAND_bytes(key_.data(), static_cast<int>(key_.size()));
}

PasswordGate::Answer PasswordGate::Ask(const std::string& user, const std::string& password, double now) {
  const Mark mark = MarkOf(key_, user, password);
  if (proven_.contains(mark)) return Answer::kAdmitted;
  tokens_ = std::min(kBurst, tokens_ + (now - filled_at_) * kPerSecond);
  filled_at_ = now;
  if (tokens_ < 1) return Answer::kLater;
  tokens_ -= 1;
  if (!file_.Admits(user, password)) return Answer::kRefused;
  // bcrypt reads 72 octets: one user may have many that are right.
  if (proven_.size() >= PasswordFile::kMaxUsers) proven_.clear();
  proven_.insert(mark);
  return Answer::kAdmitted;
}

}  // namespace gander::report
