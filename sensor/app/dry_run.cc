// SPDX-License-Identifier: Apache-2.0
#include "app/dry_run.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

#include "app/log.h"
#include "app/options.h"
#include "config/named_files.h"
#include "doctor/needs.h"

namespace gander::app {
namespace {

namespace fs = std::filesystem;

void Row(const char* what, const std::string& text) { std::fputs(fmt::format("  {:<12}{}\n", what, text).c_str(), stdout); }

std::string MemoryOf(const runtime::RunRequest& request, bool dpdk) {
  const config::Settings& s = request.snapshot->settings;
  const auto needs = doctor::Needs::Of(s, doctor::EalArguments::Read(s.dpdk.eal), dpdk);
  return fmt::format("{:.1f} GB at most, {:.1f} GB of it for packet buffers", needs.total() / 1e9,
                     (needs.dpdk_bytes + needs.kernel_ring_bytes) / 1e9);
}

// The file, or the folder it would be made in.
bool MayWrite(const std::string& path) {
  std::error_code ignored;
  fs::path p = fs::absolute(path, ignored);
  if (fs::exists(p, ignored)) return ::faccessat(AT_FDCWD, p.c_str(), W_OK, AT_EACCESS) == 0;
  p = p.parent_path();
  return fs::is_directory(p, ignored) && ::faccessat(AT_FDCWD, p.c_str(), W_OK, AT_EACCESS) == 0;
}

bool TellOutputs(const sandbox::Access& access) {
  bool good = true;
  for (const std::string& path : access.writes) {
    const bool may = MayWrite(path);
    Row("write", path + (may ? "" : "  CANNOT BE WRITTEN: " + std::string(std::strerror(errno))));
    good = good && may;
  }
  return good;
}

}  // namespace

int TellPlan(const runtime::RunRequest& request, const sandbox::Access& access,
             const sandbox::Confinement& confinement) {
  const config::Snapshot& snapshot = *request.snapshot;
  std::puts("gander run would");
  for (const auto& source : request.sources) Row("read", source->name());
  Row("threads", fmt::format("{} for packets", std::max<std::size_t>(snapshot.settings.runtime.workers,
                                                                     request.sources.size())));
  Row("memory", MemoryOf(request, access.dpdk));
  Row("rules", fmt::format("{} rules", snapshot.rules->rules().size()));
  Row("policy", fmt::format("{} version {}: {} zones, {} register entries", snapshot.policy->name(),
                            snapshot.policy->version(), snapshot.policy->zones().size(),
                            snapshot.policy->transfers().size()));
  for (const std::string& path : access.reads) Row("reread", path);
  const bool good = TellOutputs(access);
  if (request.metrics != nullptr) Row("metrics", request.metrics->url() + "/metrics");
  Row("confine", sandbox::Describe(confinement));
  for (const Error& w : snapshot.warnings) LogWarning(w);
  for (const std::string& w : confinement.warnings) Log(config::LogLevel::kWarning, w);
  std::puts(good ? "all of it can be opened; no packet was read" : "not all of it can be opened");
  return good ? kDone : kBadUsage;
}

}  // namespace gander::app
