// SPDX-License-Identifier: Apache-2.0
// The Merkle tree over the records of a log, as RFC 9162 §2.1 defines it (SHA-256; leaves and nodes hashed under
// different prefixes): one root of 32 bytes stands for all records, and a path of at most 64 hashes proves that a record
// is under it.
#ifndef GANDER_EVIDENCE_TREE_H_
#define GANDER_EVIDENCE_TREE_H_

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gander::evidence {

using Hash = std::array<std::uint8_t, 32>;

Hash Sha256(std::string_view bytes);
Hash LeafHash(std::string_view record);
Hash NodeHash(const Hash& left, const Hash& right);

std::string ToHex(const Hash& hash);
std::optional<Hash> FromHex(std::string_view text);

// Grows leaf by leaf and holds only the roots of the full subtrees: at most 64 hashes, whatever the size.
class Frontier {
 public:
  void Append(const Hash& leaf);
  std::uint64_t size() const noexcept { return size_; }
  Hash Root() const;  // of an empty tree: SHA-256 of nothing

  // Of the largest subtree first. For a file beside the log; From() refuses what no tree of `size` has.
  const std::vector<Hash>& roots() const noexcept { return roots_; }
  static std::optional<Frontier> From(std::uint64_t size, std::vector<Hash> roots);

 private:
  std::uint64_t size_ = 0;
  std::vector<Hash> roots_;
};

Hash RootOf(std::span<const Hash> leaves);

// RFC 9162 §2.1.3: from leaf `index` (< leaves.size()) to the root over all leaves.
std::vector<Hash> InclusionPath(std::span<const Hash> leaves, std::uint64_t index);
std::optional<Hash> RootByInclusion(const Hash& leaf, std::uint64_t index, std::uint64_t size,
                                    std::span<const Hash> path);

}  // namespace gander::evidence

#endif  // GANDER_EVIDENCE_TREE_H_
