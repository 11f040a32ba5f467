// SPDX-License-Identifier: Apache-2.0
#include "config/signed_rules.h"

#include <filesystem>

#include "bundle/store.h"
#include "config/named_files.h"

namespace gander::config {
namespace {

std::string InForce(const Settings& settings) { return settings.bundle.directory + "/current"; }

bool IsBelow(const std::string& path, const std::string& folder) {
  const std::string normal = std::filesystem::path(path).lexically_normal().string();
  return normal.starts_with(std::filesystem::path(folder).lexically_normal().string() + "/");
}

// Settings that name what judges, each with its key.
std::vector<std::pair<const char*, std::string>> JudgingPaths(const Settings& settings) {
  std::vector<std::pair<const char*, std::string>> out;
  for (const std::string& path : settings.rule_paths) out.emplace_back("identify.rules", path);
  out.emplace_back("policy.file", settings.policy_file);
  out.emplace_back("identify.registers", settings.registers_file);
  out.emplace_back("detect.suppress", settings.suppress_file);
  std::erase_if(out, [](const auto& p) { return p.second.empty(); });
  return out;
}

}  // namespace

Result<bool> CheckWithin(const Settings& settings, const std::string& folder) {
  const auto outside = [&](const std::string& key, const std::string& path) {
    return Fail(key, 0, "fleet.trust: " + path + " is not below " + folder + ": nobody has signed it",
                "name a file of the bundle there, or leave fleet.trust empty");
  };
  if (settings.rule_paths.empty()) return outside("identify.rules", "the packs that came with Gander");
  for (const auto& [key, path] : JudgingPaths(settings)) {
    if (!IsBelow(path, folder)) return outside(key, path);
  }
  for (const std::string& file : {settings.policy_file, settings.registers_file}) {
    if (file.empty()) continue;
    for (const std::string& named : FilesNamedIn(file)) {
      if (!IsBelow(named, folder)) return outside(file, named);
    }
  }
  return true;
}

Result<BundleInForce> CheckSigned(const Settings& settings, Timestamp now, std::vector<Error>* warnings) {
  const bundle::Options& o = settings.bundle;
  if (o.trust.empty()) return BundleInForce{};
  if (o.directory.empty()) {
    return Fail("fleet.directory", 0, "fleet.trust names keys, but no folder of bundles is named",
                "name it, and apply a bundle: `gander bundle apply`");
  }
  const auto trusted = bundle::ReadTrusted(o);
  if (!trusted) return Failure(trusted.error());
  const auto applied = bundle::ReadApplied(o, *trusted);
  if (!applied) return Failure(applied.error());
  if (!*applied) {
    return Fail(o.directory, 0, "fleet.trust: no bundle is applied, so no rule is signed",
                "`gander bundle apply --config FILE BUNDLE`");
  }
  const bundle::Manifest& m = (*applied)->manifest;
  if (auto whole = bundle::CheckFolder((*applied)->folder, m); !whole) return Failure(whole.error());
  if (warnings != nullptr && now >= m.until) {
    warnings->push_back({o.directory, 0, "fleet.trust: the time of " + m.name + " " + std::to_string(m.serial) + " ended on " +
                                             FormatEveTime(m.until) + "; it stays in force",
                         "apply a newer bundle"});
  }
  if (auto within = CheckWithin(settings, InForce(settings)); !within) return Failure(within.error());
  return BundleInForce{m.name, m.content_id(), m.serial};
}

std::string MovedBelow(const Settings& settings, const std::string& path, const std::string& folder) {
  if (path.empty() || !IsBelow(path, InForce(settings))) return path;
  const std::string from = std::filesystem::path(InForce(settings)).lexically_normal().string();
  return folder + std::filesystem::path(path).lexically_normal().string().substr(from.size());
}

Settings ReadFrom(const Settings& settings, const std::string& folder) {
  Settings out = settings;
  for (std::string& path : out.rule_paths) path = MovedBelow(settings, path, folder);
  for (std::string* path : {&out.policy_file, &out.registers_file, &out.suppress_file}) {
    *path = MovedBelow(settings, *path, folder);
  }
  out.bundle.trust.clear();  // its check is the caller's
  return out;
}

}  // namespace gander::config
