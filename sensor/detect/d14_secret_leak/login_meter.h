// SPDX-License-Identifier: Apache-2.0
// Logins that protocols mark as such (base/observation.h), one entry for client, service and kind, with the distinct
// secrets behind it as keyed tags: of a secret nothing else is kept, not even a mask. The state of D14 on the workers.
#ifndef GANDER_DETECT_D14_SECRET_LEAK_LOGIN_METER_H_
#define GANDER_DETECT_D14_SECRET_LEAK_LOGIN_METER_H_

#include <vector>

#include "base/hash.h"
#include "detect/account/samples.h"
#include "detect/detector.h"
#include "detect/state/epoch_table.h"

namespace gander::detect {

// Length of a secret, as coarse as it may be said: the bits of Login::lengths.
enum class LengthClass : std::uint8_t { kNone, kUpTo7, kUpTo15, kUpTo31, kLonger, kCount };
LengthClass LengthClassOf(std::size_t bytes) noexcept;
const char* NameOf(LengthClass length) noexcept;  // "8 to 15 characters"

// No login: nobody's name, a guest's, or what a program writes where it has no secret ("null", "Bearer undefined").
bool IsPlaceholder(const CredentialSeen& seen) noexcept;

class LoginMeter final : public Meter {
 public:
  struct Login {
    IpAddress client, server;
    std::uint16_t server_port = 0;
    const char* kind = "";       // as CredentialSeen has it
    const char* app_proto = "";
    HostTag host = 0;            // name of the server
    bool well_known = false;     // the community that devices leave the factory with
    std::uint64_t sightings = 0;
    std::uint8_t lengths = 0;    // a bit a LengthClass
    Timestamp first_seen = kDistantFuture, last_seen = kDistantPast;
    FlowSample sample;
  };
  struct Secret {
    std::uint32_t login = 0;
    std::uint64_t tag = 0;
  };

  // `capacity` logins an epoch and eight times as many secrets. `key` is the same for all meters of a detector.
  LoginMeter(std::size_t capacity, const HashKey& key) : logins_(capacity), secrets_(8 * capacity), key_(key) {}

  ObservationMask observes() const noexcept override { return MaskOf(Observation::kCredential); }
  void OnCredential(const FlowFacts& flow, const CredentialSeen& seen) noexcept override;
  void Merge(const Meter& other) override;
  void Clear() noexcept override;

  const std::vector<Login>& logins() const noexcept { return logins_.entries(); }
  const std::vector<Secret>& secrets() const noexcept { return secrets_.entries(); }
  std::uint64_t overflow() const noexcept { return overflow_; }  // sightings for which there was no room

 private:
  std::uint64_t HashOf(const Login& login) const noexcept;
  std::uint64_t HashOf(const Secret& secret) const noexcept;
  std::uint32_t Find(const Login& login) const noexcept;
  static void Add(Login& to, const Login& from) noexcept;

  EpochTable<Login> logins_;
  EpochTable<Secret> secrets_;
  HashKey key_;
  std::uint64_t overflow_ = 0;
};

}  // namespace gander::detect

#endif  // GANDER_DETECT_D14_SECRET_LEAK_LOGIN_METER_H_
