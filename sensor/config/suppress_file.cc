// SPDX-License-Identifier: Apache-2.0
#include "config/suppress_file.h"

#include <algorithm>
#include <set>

#include "config/map_reader.h"
#include "config/yaml_reader.h"
#include "detect/detector.h"

namespace gander::config {
namespace {

Result<bool> ReadNetwork(const std::string& file, const YAML::Node& entry, const char* key, const std::string& text,
                         std::optional<IpPrefix>& out) {
  if (text.empty()) return true;
  IpPrefix prefix;
  if (!IpPrefix::Parse(text, prefix)) {
    return Fail(file, LineOf(entry[key]), "`" + text + "` is no network", "write it like 10.20.0.0/16");
  }
  out = prefix;
  return true;
}

Result<detect::Suppression> ReadEntry(const std::string& file, const YAML::Node& entry) {
  const std::vector<std::string> known = {"name", "detector", "source", "destination", "until", "reason"};
  if (!entry.IsMap()) return Fail(file, LineOf(entry), "an entry is a map", "write `- name: ...` and keys below it");
  if (auto keys = CheckKeys(file, entry, known); !keys) return Failure(keys.error());
  detect::Suppression out;
  std::string source, destination, until;
  MapReader reader(file, entry, "a suppression");
  reader.Read("name", out.name, "a text", true);
  reader.Read("detector", out.detector, "a detector");
  reader.Read("source", source, "a network");
  reader.Read("destination", destination, "a network");
  reader.Read("until", until, "a date", true);
  reader.Read("reason", out.reason, "a text", true);
  if (reader.error()) return Failure(*reader.error());
  if (auto read = ReadNetwork(file, entry, "source", source, out.source); !read) return Failure(read.error());
  if (auto read = ReadNetwork(file, entry, "destination", destination, out.destination); !read) {
    return Failure(read.error());
  }
  if (!ParseDate(until, out.until)) {
    return Fail(file, LineOf(entry["until"]), "`" + until + "` is no date", "write it like 2027-01-31");
  }
  if (out.reason.empty() || out.name.empty()) {
    return Fail(file, LineOf(entry), "a suppression has a name and a reason", "say why, for whoever reads it next year");
  }
  const auto detectors = detect::Detectors();
  const auto is_it = [&](const detect::DetectorInfo& d) { return out.detector == d.id; };
  if (!out.detector.empty() && std::none_of(detectors.begin(), detectors.end(), is_it)) {
    return Fail(file, LineOf(entry["detector"]), "there is no detector `" + out.detector + "`", "D01 to D23 are");
  }
  if (out.detector.empty() && !out.source && !out.destination) {
    return Fail(file, LineOf(entry), "`" + out.name + "` would silence every alert",
                "name a detector, a source or a destination");
  }
  return out;
}

}  // namespace

Result<detect::Suppressions> LoadSuppressions(const std::string& path, Timestamp now, std::vector<Error>* warnings) {
  const auto file = LoadYaml(path);
  if (!file) return Failure(file.error());
  if (!file->root.IsMap() || !file->root["suppress"].IsDefined()) {
    return Fail(path, 0, "a list `suppress` is expected", "write `suppress:` and entries below it");
  }
  if (auto keys = CheckKeys(path, file->root, {"suppress"}); !keys) return Failure(keys.error());
  detect::Suppressions out;
  std::set<std::string> names;
  const YAML::Node list = file->root["suppress"];
  if (!list.IsSequence() && !list.IsNull()) {
    return Fail(path, LineOf(list), "`suppress` is a list", "write `- name: ...` below it");
  }
  for (const auto& node : list) {
    auto entry = ReadEntry(path, node);
    if (!entry) return Failure(entry.error());
    if (!names.insert(entry->name).second) {
      return Fail(path, LineOf(node), "the name `" + entry->name + "` occurs twice", "give each a name of its own");
    }
    if (entry->until <= now && warnings != nullptr) {
      warnings->push_back({path, LineOf(node), "the suppression `" + entry->name + "` has ended: its alerts are told again",
                           "remove it, or give it a later `until`"});
    }
    out.push_back(std::move(*entry));
  }
  return out;
}

}  // namespace gander::config
