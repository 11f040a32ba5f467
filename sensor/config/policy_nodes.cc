// SPDX-License-Identifier: Apache-2.0
#include "config/policy_nodes.h"

#include <algorithm>
#include <filesystem>

#include "config/setting_types.h"

namespace gander::config {

using policy::Jurisdiction;

void PolicyNodes::Refuse(const YAML::Node& at, std::string cause, std::string remedy) const {
  throw PolicyStop{{file_.path, LineOf(at), std::move(cause), std::move(remedy)}};
}

void PolicyNodes::Keys(const YAML::Node& node, const std::vector<std::string>& known) const {
  if (auto checked = CheckKeys(file_.path, node, known); !checked) throw PolicyStop{checked.error()};
}

std::string PolicyNodes::Text(const YAML::Node& map, const char* key) const {
  const YAML::Node node = map[key];
  if (!node || node.IsNull()) return {};
  if (!node.IsScalar()) Refuse(node, std::string("`") + key + "` must be one text", "write `key: value`");
  return node.Scalar();
}

std::string PolicyNodes::Needed(const YAML::Node& map, const char* key) const {
  std::string text = Text(map, key);
  if (text.empty()) Refuse(map, std::string("`") + key + "` is missing", std::string("add `") + key + ":`");
  return text;
}

std::vector<YAML::Node> PolicyNodes::Items(const YAML::Node& map, const char* key) const {
  const YAML::Node node = map[key];
  std::vector<YAML::Node> out;
  if (!node || node.IsNull()) return out;
  if (node.IsScalar()) return {node};
  if (!node.IsSequence()) Refuse(node, std::string("`") + key + "` must be a text or a list", "write `[a, b]`");
  for (const auto& item : node) {
    if (!item.IsScalar()) Refuse(item, std::string("`") + key + "` holds something that is no text", "write `[a, b]`");
    out.push_back(item);
  }
  return out;
}

std::vector<std::string> PolicyNodes::Texts(const YAML::Node& map, const char* key) const {
  std::vector<std::string> out;
  for (const YAML::Node& item : Items(map, key)) out.push_back(item.Scalar());
  return out;
}

void PolicyNodes::CheckWord(const YAML::Node& at, const char* key, const std::string& text,
                            const std::vector<std::string>& known) const {
  if (std::find(known.begin(), known.end(), text) != known.end()) return;
  std::string all;
  for (const std::string& k : known) all += (all.empty() ? "" : ", ") + k;
  const std::string near = Nearest(text, known);
  Refuse(at, std::string("`") + key + ": " + text + "` is not known",
         near.empty() ? "known are: " + all : "did you mean `" + near + "`?");
}

std::string PolicyNodes::Word(const YAML::Node& map, const char* key, const std::vector<std::string>& known) const {
  std::string text = Text(map, key);
  if (!text.empty()) CheckWord(map[key], key, text, known);
  return text;
}

std::vector<std::string> PolicyNodes::Words(const YAML::Node& map, const char* key,
                                            const std::vector<std::string>& known) const {
  std::vector<std::string> out;
  for (const YAML::Node& item : Items(map, key)) {
    CheckWord(item, key, item.Scalar(), known);
    out.push_back(item.Scalar());
  }
  return out;
}

bool PolicyNodes::Flag(const YAML::Node& map, const char* key, bool otherwise, const char* remedy) const {
  const YAML::Node node = map[key];
  if (!node || node.IsNull()) return otherwise;
  bool value = otherwise;
  if (!node.IsScalar() || !YAML::convert<bool>::decode(node, value)) {
    Refuse(node, std::string("`") + key + "` must be true or false", remedy);
  }
  return value;
}

std::uint64_t PolicyNodes::Number(const YAML::Node& map, const char* key, std::uint64_t otherwise,
                                  std::uint64_t most) const {
  const YAML::Node node = map[key];
  if (!node || node.IsNull()) return otherwise;
  std::uint64_t value = 0;
  if (!node.IsScalar() || !detail::ParseInteger(node.Scalar(), value) || value > most) {
    Refuse(node, std::string("`") + key + "` must be an integer of 0.." + std::to_string(most), "write digits only");
  }
  return value;
}

Timestamp PolicyNodes::Date(const YAML::Node& map, const char* key, Timestamp otherwise) const {
  const YAML::Node node = map[key];
  if (!node || node.IsNull()) return otherwise;
  Timestamp t;
  if (!node.IsScalar() || !ParseDate(node.Scalar(), t)) {
    Refuse(node, std::string("`") + key + "` is no date", "write 2027-03-31 or 2027-03-31T12:00:00Z");
  }
  return t;
}

void PolicyNodes::AddNets(const YAML::Node& map, const char* key, std::vector<IpPrefix>& out) const {
  for (const YAML::Node& item : Items(map, key)) {
    IpPrefix prefix;
    if (!IpPrefix::Parse(item.Scalar(), prefix)) {
      Refuse(item, "`" + item.Scalar() + "` is no network prefix",
             "write an address or a prefix without bits behind its length, e.g. 10.20.0.0/16 or fd20::/48");
    }
    out.push_back(prefix);
  }
}

Jurisdiction PolicyNodes::State(const YAML::Node& node) const {
  const std::string& text = node.Scalar();
  const auto letter = [](char c) { return c >= 'A' && c <= 'Z'; };
  const char* kRemedy =
      "write two capital letters of ISO 3166-1, e.g. DE; XA for anycast or a cloud edge, ZZ for unknown";
  if (text.size() != 2 || !letter(text[0]) || !letter(text[1]))
    Refuse(node, "`" + text + "` is no jurisdiction", kRemedy);
  const Jurisdiction state{{text[0], text[1]}};
  if (!policy::IsKnownCountry(state)) {
    Refuse(node, "`" + text + "` is no country of ISO 3166-1", text == "UK" ? "the United Kingdom is GB" : kRemedy);
  }
  return state;
}

Jurisdiction PolicyNodes::StateOf(const YAML::Node& map, const char* key) const {
  const YAML::Node node = map[key];
  return node && node.IsScalar() ? State(node) : Jurisdiction{};
}

std::vector<Jurisdiction> PolicyNodes::States(const YAML::Node& map, const char* key) const {
  std::vector<Jurisdiction> out;
  for (const YAML::Node& item : Items(map, key)) out.push_back(State(item));
  return out;
}

std::vector<std::uint32_t> PolicyNodes::Asns(const YAML::Node& map, const char* key) const {
  std::vector<std::uint32_t> out;
  for (const YAML::Node& item : Items(map, key)) {
    std::string digits = item.Scalar();
    if (digits.starts_with("AS")) digits.erase(0, 2);
    std::uint64_t value = 0;
    if (!detail::ParseInteger(digits, value) || value == 0 || value > UINT32_MAX) {
      Refuse(item, "`" + item.Scalar() + "` is no autonomous system", "write its number, e.g. 64500 or AS64500");
    }
    out.push_back(static_cast<std::uint32_t>(value));
  }
  return out;
}

policy::RoleSet PolicyNodes::Roles(const YAML::Node& map, const char* key) const {
  policy::RoleSet roles;
  for (const YAML::Node& item : Items(map, key)) {
    policy::Role role;
    if (!policy::ParseRole(item.Scalar(), role)) {
      Refuse(item, "there is no role `" + item.Scalar() + "`", "known are: " + policy::KnownRoles());
    }
    roles.Add(role);
  }
  return roles;
}

std::string PolicyNodes::Path(const YAML::Node& map, const char* key) const {
  std::string text = Text(map, key);
  if (text.empty()) return text;
  const std::filesystem::path folder = std::filesystem::path(file_.path).parent_path();
  return (folder / text).lexically_normal().string();
}

}  // namespace gander::config
