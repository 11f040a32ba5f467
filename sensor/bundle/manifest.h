// SPDX-License-Identifier: Apache-2.0
// What a bundle holds and for whom: a signed note in the format of checkpoints (evidence/checkpoint.h), whose signed
// lines are all there is to trust. Its origin tells it from a checkpoint of a log, whatever key signed either.
//
//   gander-bundle/rules-eu                          name
//   14                                              serial
//   CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=    SHA-256 over the `file` lines: the same content has the same one
//   from 2026-11-30T00:00:00Z                       not applied before
//   until 2027-03-01T00:00:00Z                      ... nor from then on
//   gander 0.1.0                                    oldest version that can read it
//   rings canary 25%                                sensors it is for: names of rings, a share of all, `all`
//   restores 12                                     a roll-back: content of that serial, under a new one
//   file 9f86d081884c7d65... 1234 rules/eu.yaml     SHA-256, size, path below the folder; by path
//
//   — gander-bundle/rules-eu Az3grl...              key id and Ed25519 signature
#ifndef GANDER_BUNDLE_MANIFEST_H_
#define GANDER_BUNDLE_MANIFEST_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "evidence/signing.h"
#include "evidence/tree.h"

namespace gander::bundle {

inline constexpr std::size_t kMostManifestBytes = std::size_t{1} << 20;
inline constexpr std::size_t kMostFiles = 4096;
inline constexpr std::uint64_t kMostFileBytes = std::uint64_t{64} << 20;
inline constexpr std::uint64_t kMostContentBytes = std::uint64_t{256} << 20;
inline constexpr std::size_t kMostRings = 32;
inline constexpr std::size_t kMostName = 64, kMostPath = 200, kMostDepth = 8;

struct FileEntry {
  std::string path;
  std::uint64_t size = 0;
  evidence::Hash digest{};
  bool operator==(const FileEntry&) const = default;
};

struct Manifest {
  std::string name;
  std::uint64_t serial = 0;        // from 1 on
  Timestamp from, until;           // whole seconds
  std::string version;             // "0.1.0"
  std::vector<std::string> rings;
  std::uint64_t restores = 0;      // 0 = it is no roll-back
  std::vector<FileEntry> files;    // by path

  std::uint64_t content_bytes() const noexcept;
  std::string content_id() const;  // hexadecimal; the same for the same files
};

// Letters, digits, '.', '_' and '-', neither '.' nor '-' first.
bool IsName(std::string_view name) noexcept;
// Names joined by '/', so neither absolute nor with "..", nor hidden.
bool IsPath(std::string_view path) noexcept;
// "0.10.0" is later than "0.9.3".
bool IsLater(std::string_view version, std::string_view other) noexcept;

// What is wrong with it in one clause; empty when it can be signed.
std::string Flaw(const Manifest& manifest);
// The whole note. Error: Flaw, or OpenSSL refuses.
Result<std::string> SignManifest(const Manifest& manifest, const evidence::SigningKey& key);

struct SignedManifest {
  Manifest manifest;
  std::size_t key = 0;  // which of `trusted` signed it
};
// Of any bytes. `file` is named in errors: no manifest, signed by none of `trusted`, altered.
Result<SignedManifest> ReadManifest(const std::string& file, std::string_view note,
                                    std::span<const evidence::PublicKey> trusted);

// Whether a sensor of that name and ring is among those it is for. Shares are by a hash of the name, so that 25 % holds
// all of 10 %.
bool IsFor(const Manifest& manifest, std::string_view sensor, std::string_view ring);

}  // namespace gander::bundle

#endif  // GANDER_BUNDLE_MANIFEST_H_
