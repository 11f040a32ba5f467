// SPDX-License-Identifier: Apache-2.0
// What the sensors of one fleet have in common and nobody else has: under it, the same value gives the same registers
// at two sites, and tells nothing to whoever merges them.
//
//   gander-fleet-key-1
//   tags 64 hex digits        subject tags, which never leave a sensor
//   epoch 0 64 hex digits     blinds what leaves, from that epoch on; a line for each generation, rising
//   epoch 2951 64 hex digits
//
// HKDF-SHA256 (RFC 5869) makes a key for every epoch of `epoch_days` from the generation that holds for it. Registers
// are filled with SipHash-2-4 of the tag under that key: between two epochs nothing that a register holds can be
// linked, neither number nor rank, unlike under sketch::Rekey. A generation begins with an epoch, so that sensors which
// got the file at different hours change together.
#ifndef GANDER_DETECT_FLEET_FLEET_KEY_H_
#define GANDER_DETECT_FLEET_FLEET_KEY_H_

#include <array>
#include <cstdint>
#include <memory>
#include <string>

#include "base/hash.h"
#include "base/locked.h"
#include "base/net.h"
#include "base/result.h"
#include "base/time.h"

namespace gander::detect {

struct FleetEpoch {
  std::int64_t number = INT64_MIN;
  HashKey people, senders;
  std::array<char, 8> id{};  // lower-case hex; public

  std::string_view id_text() const noexcept { return {id.data(), id.size()}; }
};

// A subject tag as it is counted in registers that leave: SipHash-2-4 over its eight octets, without a call.
inline std::uint64_t BlindTag(const FleetEpoch& epoch, std::uint64_t tag) noexcept {
  SipState state(epoch.people);
  state.Absorb<2>(tag);
  state.Absorb<2>(std::uint64_t{sizeof tag} << 56);
  return state.Finish<4>();
}

class FleetKey : public Locked {
 public:
  static constexpr std::size_t kSecretBytes = 32;
  static constexpr std::size_t kMostGenerations = 16;

  // Errors: not to be read, readable for others than its owner, no fleet key. None is made: a key of one's own would
  // count what nobody can merge.
  static Result<std::unique_ptr<FleetKey>> Open(const std::string& path, std::uint32_t epoch_days);
  // The same from its text.
  static Result<std::unique_ptr<FleetKey>> Parse(const std::string& path, std::string_view text,
                                                 std::uint32_t epoch_days);
  // A new file, mode 0600. Errors: there is one already, the folder or the disk.
  static Result<bool> Make(const std::string& path);
  // Another generation from `epoch` on, behind all that are there.
  static Result<bool> AddGeneration(const std::string& path, std::int64_t epoch);

  ~FleetKey();  // wipes

  // Of the workers of every sensor.
  HashKey TagKey() const;
  // The epoch that holds `t`, rounded down before 1970.
  std::int64_t EpochOf(Timestamp t) const noexcept;
  FleetEpoch At(std::int64_t epoch) const;
  std::uint32_t epoch_days() const noexcept { return epoch_days_; }

 private:
  struct Generation {
    std::int64_t from = 0;
    std::array<std::uint8_t, kSecretBytes> secret{};
  };
  FleetKey() = default;

  std::array<std::uint8_t, kSecretBytes> tags_{};
  std::array<Generation, kMostGenerations> generations_;
  std::size_t count_ = 0;
  std::uint32_t epoch_days_ = 7;
};

}  // namespace gander::detect

#endif  // GANDER_DETECT_FLEET_FLEET_KEY_H_
