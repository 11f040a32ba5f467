// SPDX-License-Identifier: Apache-2.0
// The state of the detectors on disk, so that a restart forgets nothing older than `interval_s` (DETECTION.md §4).
//
//   "GANDERST" | version u32 | nonce 12 | length u64 | ciphertext | tag 16 | SHA-256 of all before
//
// Ciphertext is AES-256-GCM (NIST SP 800-38D) over the state; what stands before it is authenticated too. The key lies
// in a file of its own that only its owner may read: without it a snapshot tells nothing. The file is replaced as a
// whole.
#ifndef GANDER_DETECT_STATE_SNAPSHOT_FILE_H_
#define GANDER_DETECT_STATE_SNAPSHOT_FILE_H_

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/hash.h"
#include "base/locked.h"
#include "base/result.h"

namespace gander::detect {

struct SnapshotOptions {
  std::string file;               // empty = state dies with the process
  std::string key_file;           // made at first use
  std::uint32_t interval_s = 60;  // packet time between two of them
};

struct SnapshotKey : Locked {
  std::array<std::uint8_t, 32> seal{};
  HashKey tags;  // of workers: the same person has the same tag before and after a restart

  ~SnapshotKey();  // wipes
};

// Reads the key, or makes one where there is no file. Errors: not to be read or made, readable for others than its
// owner, or no key.
Result<SnapshotKey> OpenSnapshotKey(const std::string& path);

// Errors: the folder or the disk.
Result<bool> WriteSnapshot(const std::string& path, const SnapshotKey& key, std::string_view state);

// Nothing where there is no file. Errors: no snapshot, of another version, damaged, sealed with another key, larger
// than `most` bytes.
Result<std::optional<std::string>> ReadSnapshot(const std::string& path, const SnapshotKey& key, std::uint64_t most);

// The two steps without a file, for tests.
std::string SealSnapshot(const SnapshotKey& key, std::string_view state);
Result<std::string> UnsealSnapshot(const std::string& path, const SnapshotKey& key, std::string_view file);

}  // namespace gander::detect

#endif  // GANDER_DETECT_STATE_SNAPSHOT_FILE_H_
