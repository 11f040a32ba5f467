// SPDX-License-Identifier: Apache-2.0
// Inside config/ only: the words of a policy document, each read with an error that names its line.
#ifndef GANDER_CONFIG_POLICY_NODES_H_
#define GANDER_CONFIG_POLICY_NODES_H_

#include <cstdint>
#include <string>
#include <vector>

#include "base/net.h"
#include "base/time.h"
#include "config/yaml_reader.h"
#include "policy/source.h"

namespace gander::config {

// Leaves the reader from any depth of one item; caught where the item began, so it never leaves the room.
struct PolicyStop {
  Error error;
};

// Methods throw PolicyStop where a node is not what they read.
class PolicyNodes {
 public:
  explicit PolicyNodes(const YamlFile& file) : file_(file) {}

  const YAML::Node& root() const noexcept { return file_.root; }
  const std::string& path() const noexcept { return file_.path; }

  [[noreturn]] void Refuse(const YAML::Node& at, std::string cause, std::string remedy) const;
  void Keys(const YAML::Node& node, const std::vector<std::string>& known) const;

  std::string Text(const YAML::Node& map, const char* key) const;  // empty when missing
  std::string Needed(const YAML::Node& map, const char* key) const;
  // One text or a list of texts, each with its node for errors.
  std::vector<YAML::Node> Items(const YAML::Node& map, const char* key) const;
  std::vector<std::string> Texts(const YAML::Node& map, const char* key) const;
  // Empty, or one of `known`.
  std::string Word(const YAML::Node& map, const char* key, const std::vector<std::string>& known) const;
  std::vector<std::string> Words(const YAML::Node& map, const char* key, const std::vector<std::string>& known) const;
  bool Flag(const YAML::Node& map, const char* key, bool otherwise, const char* remedy) const;
  std::uint64_t Number(const YAML::Node& map, const char* key, std::uint64_t otherwise, std::uint64_t most) const;
  Timestamp Date(const YAML::Node& map, const char* key, Timestamp otherwise) const;

  void AddNets(const YAML::Node& map, const char* key, std::vector<IpPrefix>& out) const;
  policy::Jurisdiction StateOf(const YAML::Node& map, const char* key) const;  // unknown when missing
  std::vector<policy::Jurisdiction> States(const YAML::Node& map, const char* key) const;
  std::vector<std::uint32_t> Asns(const YAML::Node& map, const char* key) const;  // "64500" or "AS64500"
  policy::RoleSet Roles(const YAML::Node& map, const char* key) const;
  // Relative paths are relative to the document's folder.
  std::string Path(const YAML::Node& map, const char* key) const;

 private:
  void CheckWord(const YAML::Node& at, const char* key, const std::string& text,
                 const std::vector<std::string>& known) const;
  policy::Jurisdiction State(const YAML::Node& node) const;

  const YamlFile& file_;
};

}  // namespace gander::config

#endif  // GANDER_CONFIG_POLICY_NODES_H_
