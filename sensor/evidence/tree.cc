// SPDX-License-Identifier: Apache-2.0
#include "evidence/tree.h"

#include <openssl/sha.h>

#include <algorithm>
#include <bit>

#include "base/format.h"

namespace gander::evidence {
namespace {

constexpr std::uint8_t kLeafPrefix = 0, kNodePrefix = 1;

// The largest power of two below `size` (> 1): where the tree is split.
std::uint64_t SplitOf(std::uint64_t size) noexcept { return std::bit_floor(size - 1); }

}  // namespace

Hash Sha256(std::string_view bytes) {
  Hash out;
  SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), out.data());
  return out;
}

Hash LeafHash(std::string_view record) {
  std::string bytes(1, static_cast<char>(kLeafPrefix));
  bytes += record;
  return Sha256(bytes);
}

Hash NodeHash(const Hash& left, const Hash& right) {
  std::array<char, 1 + 2 * sizeof(Hash)> bytes;
  bytes[0] = static_cast<char>(kNodePrefix);
  std::copy(left.begin(), left.end(), bytes.begin() + 1);
  std::copy(right.begin(), right.end(), bytes.begin() + 1 + sizeof(Hash));
  return Sha256({bytes.data(), bytes.size()});
}

std::string ToHex(const Hash& hash) {
  std::array<char, 2 * sizeof(Hash)> text;
  return std::string(WriteHex(hash.data(), hash.size(), text.data()));
}

std::optional<Hash> FromHex(std::string_view text) {
  Hash out;
  if (text.size() != 2 * out.size()) return std::nullopt;
  const auto digit = [](char c) { return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1; };
  for (std::size_t i = 0; i < out.size(); ++i) {
    const int high = digit(text[2 * i]), low = digit(text[2 * i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    out[i] = static_cast<std::uint8_t>(high << 4 | low);
  }
  return out;
}

void Frontier::Append(const Hash& leaf) {
  Hash node = leaf;
  // Each one bit at the end of the size is a full subtree that this leaf completes to one of twice its size.
  for (std::uint64_t bits = size_; (bits & 1) != 0; bits >>= 1) {
    node = NodeHash(roots_.back(), node);
    roots_.pop_back();
  }
  roots_.push_back(node);
  ++size_;
}

Hash Frontier::Root() const {
  if (roots_.empty()) return Sha256({});
  Hash root = roots_.back();
  for (std::size_t i = roots_.size() - 1; i-- > 0;) root = NodeHash(roots_[i], root);
  return root;
}

std::optional<Frontier> Frontier::From(std::uint64_t size, std::vector<Hash> roots) {
  if (static_cast<std::size_t>(std::popcount(size)) != roots.size()) return std::nullopt;
  Frontier frontier;
  frontier.size_ = size;
  frontier.roots_ = std::move(roots);
  return frontier;
}

Hash RootOf(std::span<const Hash> leaves) {
  Frontier frontier;
  for (const Hash& leaf : leaves) frontier.Append(leaf);
  return frontier.Root();
}

std::vector<Hash> InclusionPath(std::span<const Hash> leaves, std::uint64_t index) {
  std::vector<Hash> path;
  while (leaves.size() > 1) {
    const std::uint64_t split = SplitOf(leaves.size());
    const bool left = index < split;
    path.push_back(RootOf(left ? leaves.subspan(split) : leaves.first(split)));
    leaves = left ? leaves.first(split) : leaves.subspan(split);
    if (!left) index -= split;
  }
  std::reverse(path.begin(), path.end());
  return path;
}

std::optional<Hash> RootByInclusion(const Hash& leaf, std::uint64_t index, std::uint64_t size,
                                    std::span<const Hash> path) {
  if (index >= size) return std::nullopt;
  std::uint64_t fn = index, sn = size - 1;
  Hash root = leaf;
  for (const Hash& node : path) {
    if (sn == 0) return std::nullopt;
    if ((fn & 1) != 0 || fn == sn) {
      root = NodeHash(node, root);
      while ((fn & 1) == 0 && fn != 0) {
        fn >>= 1;
        sn >>= 1;
      }
    } else {
      root = NodeHash(root, node);
    }
    fn >>= 1;
    sn >>= 1;
  }
  if (sn != 0) return std::nullopt;
  return root;
}

}  // namespace gander::evidence
