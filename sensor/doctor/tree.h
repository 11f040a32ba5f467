// SPDX-License-Identifier: Apache-2.0
// Small files below /proc and /sys, of this machine or of a saved tree.
#ifndef GANDER_DOCTOR_TREE_H_
#define GANDER_DOCTOR_TREE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace gander::doctor {

class Tree {
 public:
  static constexpr std::size_t kMaxFile = 4 << 20;

  explicit Tree(std::string root) : root_(std::move(root)) {}

  // Paths begin with '/'. What is not there, cannot be read or is no number is empty.
  std::string Text(const std::string& path) const;  // without white space at its ends
  std::optional<std::int64_t> Number(const std::string& path) const;
  std::vector<std::string> Names(const std::string& folder) const;  // sorted
  std::string Target(const std::string& link) const;                // last name of what a link points to
  bool Exists(const std::string& path) const;
  bool live() const noexcept { return root_.empty(); }

 private:
  std::string root_;
};

// The value of "Key:   value" among lines, "" when there is none.
std::string LineValue(const std::string& text, const std::string& key);

}  // namespace gander::doctor

#endif  // GANDER_DOCTOR_TREE_H_
