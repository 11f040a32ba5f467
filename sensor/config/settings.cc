// SPDX-License-Identifier: Apache-2.0
#include "config/settings.h"

#include <algorithm>
#include <filesystem>

#include "config/setting_table.h"
#include "config/yaml_reader.h"

namespace gander::config {
namespace {

constexpr char kSet[] = "--set";

const Setting* FindSetting(const std::string& path) {
  for (const Setting& s : SettingTable()) {
    if (s.path == path) return &s;
  }
  return nullptr;
}

bool IsGroup(const std::string& path) {
  for (const Setting& s : SettingTable()) {
    if (s.path.starts_with(path + ".")) return true;
  }
  return false;
}

Failure UnknownKey(const std::string& file, int line, const std::string& path) {
  std::vector<std::string> known;
  for (const Setting& s : SettingTable()) known.push_back(s.path);
  const std::string near = Nearest(path, known);
  return Fail(file, line, "unknown key `" + path + "`",
              near.empty() ? "`gander config show` lists all keys" : "did you mean `" + near + "`?");
}

// Paths in a file are relative to it, so that a configuration can be moved with what it names.
YAML::Node Resolve(const YAML::Node& node, const std::filesystem::path& folder) {
  YAML::Node out = YAML::Clone(node);
  const auto absolute = [&](const std::string& text) {
    const bool keep = text.empty() || text == "-" || text[0] == '/' || folder.empty();
    return keep ? text : (folder / text).lexically_normal().string();
  };
  if (out.IsScalar()) out = absolute(out.Scalar());
  if (out.IsSequence()) {
    for (std::size_t i = 0; i < out.size(); ++i) {
      if (out[i].IsScalar()) out[i] = absolute(out[i].Scalar());
    }
  }
  return out;
}

Result<bool> ReadNode(const std::string& file, const std::filesystem::path& folder, const std::string& prefix,
                      const YAML::Node& node, Settings& settings, Origins* origins) {
  if (const Setting* setting = FindSetting(prefix)) {
    if (origins != nullptr) (*origins)[prefix] = file == kSet ? file : file + ":" + std::to_string(LineOf(node));
    if (setting->read_all) return setting->read_all(file, folder, settings, node);
    const std::string wrong = setting->read(settings, setting->is_path ? Resolve(node, folder) : node);
    if (wrong.empty()) return true;
    return Fail(file, LineOf(node), "`" + prefix + "`: " + wrong, setting->help + " (" + setting->type + ")");
  }
  if (!prefix.empty() && !IsGroup(prefix)) return UnknownKey(file, LineOf(node), prefix);
  if (node.IsNull()) return true;
  if (!node.IsMap()) {
    return Fail(file, LineOf(node),
                prefix.empty() ? "a map of keys is expected" : "`" + prefix + "` is a group of keys",
                "write `key: value` lines below it");
  }
  for (const auto& item : node) {
    const std::string key = item.first.as<std::string>("");
    const std::string path = prefix.empty() ? key : prefix + "." + key;
    if (!FindSetting(path) && !IsGroup(path)) return UnknownKey(file, LineOf(item.first), path);
    if (auto r = ReadNode(file, folder, path, item.second, settings, origins); !r) return r;
  }
  return true;
}

bool Has(const std::vector<std::string>& types, std::string_view type) noexcept {
  return types.empty() || std::find(types.begin(), types.end(), type) != types.end();
}

}  // namespace

evidence::Options DefaultEvidence() {
  evidence::Options options;
  options.types = {"alert", "transfer", "rules_reload", "policy_reload", "baseline", "blind_spot", "audit"};
  return options;
}

identify::Options ScannerOptions(const Settings& settings) {
  identify::Options options = settings.identify;
  const report::QuarantineOptions& q = settings.quarantine;
  if (q.directory.empty() || q.excerpt == report::QuarantineExcerpt::kOff) return options;
  options.excerpt_bytes = q.excerpt_bytes;
  options.excerpt_raw = q.excerpt == report::QuarantineExcerpt::kRaw;
  return options;
}

Result<bool> CheckQuarantine(const Settings& settings, const Origins& origins) {
  const report::QuarantineOptions& q = settings.quarantine;
  if (q.excerpt == report::QuarantineExcerpt::kOff || (!q.directory.empty() && !q.certificate.empty())) return true;
  const auto origin = origins.find("quarantine.excerpt");
  const char* missing = q.directory.empty() ? "quarantine.directory" : "quarantine.certificate";
  return Fail(origin != origins.end() ? origin->second : "quarantine.excerpt", 0,
              std::string("`quarantine.excerpt`: excerpts are kept sealed only, and `") + missing + "` is missing",
              "name the folder in quarantine.directory, and in quarantine.certificate a PEM certificate whose private "
              "key is not on this machine");
}

Result<bool> CheckFleet(const Settings& settings, const Origins& origins, bool live) {
  const detect::FleetOptions& f = settings.fleet;
  if (f.key_file.empty()) return true;
  const auto wrong = [&](const std::string& key, std::string cause, std::string remedy) {
    const auto origin = origins.find(key);
    return Fail(origin != origins.end() ? origin->second : key, 0, "`" + key + "`: " + std::move(cause), std::move(remedy));
  };
  constexpr std::uint32_t kDaySeconds = 86'400;
  if (f.sensor.empty() && settings.report.sensor_name.empty()) {
    return wrong("fleet.sensor", "a sensor of a fleet needs a name", "set fleet.sensor to one that no other sensor has");
  }
  if (kDaySeconds % f.window_s != 0) {
    return wrong("fleet.window_s", std::to_string(f.window_s) + " s do not divide a day: windows would not meet",
                 "600, 900, 1800 and 3600 do; the same in all sensors");
  }
  if (f.window_s % settings.runtime.epoch_s != 0) {
    return wrong("fleet.window_s", "is no multiple of runtime.epoch_s, which is " + std::to_string(settings.runtime.epoch_s),
                 "set one of them so that it is");
  }
  if (live && settings.snapshot.file.empty()) {
    return wrong("fleet.key_file", "a restart would lose the window at hand: there is no detect.snapshot.file",
                 "name detect.snapshot.file and detect.snapshot.key_file");
  }
  return true;
}

std::string DigestOf(const Settings& settings) {
  std::string text;
  for (const Setting& s : SettingTable()) text += s.path + ": " + s.show(settings) + "\n";
  return evidence::ToHex(evidence::Sha256(text));
}

bool ReportOptions::Writes(std::string_view type) const noexcept {
  if (!Has(types, type)) return false;
  if (!events.empty()) return true;
  return std::any_of(outputs.begin(), outputs.end(), [type](const report::OutputOptions& o) { return Has(o.types, type); });
}

Result<bool> ReadSettings(const std::string& path, Settings& settings, Origins* origins) {
  auto file = LoadYaml(path);
  if (!file) return Failure(file.error());
  return ReadNode(path, std::filesystem::path(path).parent_path(), "", file->root, settings, origins);
}

Result<bool> SetOne(const std::string& assignment, Settings& settings, Origins* origins) {
  const std::size_t equals = assignment.find('=');
  if (equals == std::string::npos || equals == 0) {
    return Fail(kSet, 0, "`" + assignment + "` is not KEY=VALUE", "e.g. --set privacy.metadata=raw");
  }
  const std::string key = assignment.substr(0, equals);
  if (!FindSetting(key)) return UnknownKey(kSet, 0, key);
  auto value = ParseYaml(assignment.substr(equals + 1), kSet);
  if (!value) return Failure(value.error());
  auto read = ReadNode(kSet, {}, key, value->root, settings, origins);
  if (!read) read.error().line = 0;
  return read;
}

std::vector<SettingInfo> DescribeSettings(const Settings& settings) {
  std::vector<SettingInfo> out;
  for (const Setting& s : SettingTable()) out.push_back({s.path, s.help, s.type, s.show(settings)});
  return out;
}

}  // namespace gander::config
