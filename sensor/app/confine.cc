// SPDX-License-Identifier: Apache-2.0
#include "app/confine.h"

#include <linux/capability.h>

#include <algorithm>

#include "config/named_files.h"
#include "identify/literal_cache.h"

namespace gander::app {
namespace {

bool Contains(const std::vector<std::string>& words, const std::string& part) {
  return std::any_of(words.begin(), words.end(),
                     [&](const std::string& w) { return w.find(part) != std::string::npos; });
}

// An interface is opened again with CAP_NET_RAW. Ports: devices pin memory and share a kernel's driver; virtual ones of the
// kernel's are packet sockets.
std::vector<int> CapabilitiesFor(const config::Settings& settings, Reads reads) {
  if (reads == Reads::kFiles) return {};
  if (reads == Reads::kInterface) return {CAP_NET_RAW};
  const std::vector<std::string>& eal = settings.dpdk.eal;
  const bool devices = !Contains(eal, "--no-pci");
  std::vector<int> out;
  if (devices) out.push_back(CAP_IPC_LOCK);
  if (devices || Contains(eal, "net_af_packet") || Contains(eal, "net_tap") || Contains(eal, "net_af_xdp")) {
    out.insert(out.end(), {CAP_NET_RAW, CAP_NET_ADMIN});
  }
  return out;
}

void AddOutput(const report::OutputOptions& o, sandbox::Access& access) {
  const auto read = [&](const std::string& path) {
    if (!path.empty()) access.reads.push_back(path);
  };
  switch (o.type) {
    case report::OutputType::kFile:
      if (o.file.path != "-") access.writes.push_back(o.file.path);
      return;
    case report::OutputType::kUnix: break;
    case report::OutputType::kSyslog:
      for (const std::string& path : {o.syslog.tls.ca_file, o.syslog.tls.certificate, o.syslog.tls.key}) read(path);
      break;
    case report::OutputType::kKafka:
      if (!o.kafka.spool.directory.empty()) access.writes.push_back(o.kafka.spool.directory);
      for (const auto& [key, value] : o.kafka.properties) {
        if (value.starts_with('/')) read(value);  // ssl.ca.location and its like
      }
      break;
  }
  access.network = true;
}

}  // namespace

const std::vector<std::string>& ReadOnlyPaths() {
  static const std::vector<std::string> paths = {
      "policy.file",     "identify.rules",        "identify.registers",
      "detect.suppress", "quarantine.certificate", "report.metrics.tls_certificate",
      "report.metrics.tls_key", "report.metrics.password_file", "fleet.key_file", "fleet.trust",
      "fleet.directory"};
  return paths;
}

sandbox::Access AccessFor(const config::Settings& settings, Reads reads, const ConfigOptions& named) {
  sandbox::Access access;
  for (const std::string& file : {named.config, named.profile}) {
    if (!file.empty()) access.reads.push_back(file);
  }
  if (settings.rule_paths.empty()) access.reads.push_back(ShippedRules());
  const std::vector<std::string>& only_read = ReadOnlyPaths();
  for (const config::NamedFile& f : config::FilesOf(settings)) {
    const bool written = std::find(only_read.begin(), only_read.end(), f.key) == only_read.end();
    (written ? access.writes : access.reads).push_back(f.path);
  }
  for (const std::string& file : {settings.policy_file, settings.registers_file}) {
    if (file.empty()) continue;
    const auto more = config::FilesNamedIn(file);
    access.reads.insert(access.reads.end(), more.begin(), more.end());
  }
  access.cache = identify::CacheFolder(settings.identify.cache);
  access.packet_sockets = reads == Reads::kInterface;
  access.dpdk = reads == Reads::kPorts;
  access.network = reads != Reads::kFiles;
  for (const report::OutputOptions& o : settings.report.outputs) AddOutput(o, access);
  access.capabilities = CapabilitiesFor(settings, reads);
  return access;
}

report::ConfinementState StateOf(const sandbox::Confinement& confinement) {
  report::ConfinementState state;
  state.text = sandbox::Describe(confinement);
  state.user = confinement.user;
  state.capabilities = confinement.capabilities;
  state.no_new_privileges = confinement.no_new_privileges;
  state.core_dumps = !confinement.no_core;
  state.landlock = confinement.landlock;
  state.seccomp = sandbox::NameOf(confinement.seccomp);
  state.system_calls = confinement.calls;
  for (const sandbox::Refusal& r : sandbox::Refusals()) state.refused[r.call] = r.times;
  return state;
}

}  // namespace gander::app
