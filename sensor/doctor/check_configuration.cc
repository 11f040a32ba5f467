// SPDX-License-Identifier: Apache-2.0
// What the settings name: rules and policy, the events' disk, the metrics' port, tunnels.
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "config/snapshot.h"
#include "doctor/checks.h"
#include "report/metrics/listen_address.h"
#include "report/metrics/metrics.h"

namespace gander::doctor {
namespace {

constexpr std::uint64_t kLittleSpace = 10ull << 30;

// 0, or errno of an attempt to listen that ends at once.
int TryToListen(const report::ListenAddress& address) {
  sockaddr_storage storage{};
  socklen_t size = 0;
  if (address.host.v4) {
    auto* in = reinterpret_cast<sockaddr_in*>(&storage);
    in->sin_family = AF_INET;
    in->sin_port = htons(address.port);
    in->sin_addr.s_addr = htonl(address.host.v4_host_order());
    size = sizeof *in;
  } else {
    auto* in = reinterpret_cast<sockaddr_in6*>(&storage);
    in->sin6_family = AF_INET6;
    in->sin6_port = htons(address.port);
    std::memcpy(&in->sin6_addr, address.host.octets.data(), 16);
    size = sizeof *in;
  }
  const int fd = socket(storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return errno;
  const int yes = 1;
  (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  const int error = bind(fd, reinterpret_cast<sockaddr*>(&storage), size) == 0 ? 0 : errno;
  close(fd);
  return error;
}

}  // namespace

void CheckRules(const Case& c, Findings& out) {
  if (!c.deployment.same_machine || c.deployment.shipped_rules.empty()) return;
  const auto built = config::BuildSnapshot(c.settings(), c.deployment.shipped_rules);
  if (!built) {
    Error error = built.error();
    const std::string remedy = std::move(error.remedy);
    error.remedy.clear();
    out.push_back({"configuration.rules",
                   Severity::kFault,
                   error.ToString(),
                   "the run ends before traffic starts",
                   {"# " + remedy, "gander config check ..."}});
    return;
  }
  out.push_back({"configuration.rules",
                 Severity::kOk,
                 fmt::format("{}, {} and {} are good", Plural((*built)->rules->rules().size(), "rule"),
                             Plural((*built)->policy->zones().size(), "zone"),
                             Plural((*built)->policy->transfers().size(), "register line")),
                 "",
                 {}});
}

void CheckDisk(const Case& c, Findings& out) {
  const std::string& events = c.settings().report.events;
  if (!c.deployment.same_machine || events.empty() || events == "-") return;
  const std::filesystem::path parent = std::filesystem::path(events).parent_path();
  const std::string folder = parent.empty() ? "." : parent.string();
  struct statvfs space {};
  if (statvfs(folder.c_str(), &space) != 0) {
    out.push_back({"configuration.disk",
                   Severity::kFault,
                   fmt::format("the folder of report.events: {}", std::strerror(errno)),
                   "events cannot be written",
                   {fmt::format("mkdir -p '{}'", folder)}});
    return;
  }
  const std::uint64_t free = std::uint64_t{space.f_bavail} * space.f_frsize;
  if (free >= kLittleSpace) {
    out.push_back({"configuration.disk",
                   Severity::kOk,
                   fmt::format("{} are free for events", ShowBytes(free)),
                   "",
                   {}});
    return;
  }
  out.push_back(
      {"configuration.disk",
       Severity::kWarning,
       fmt::format("{} are free for events", ShowBytes(free)),
       "a full disk stops the events; an event takes half a kilobyte to two",
       {"gander run --set 'report.types=[alert, transfer, stats]' ...   # flows and protocols left out"}});
}

void CheckMetricsPort(const Case& c, Findings& out) {
  const report::MetricsOptions& options = c.settings().report.metrics;
  if (!c.deployment.same_machine || options.listen.empty()) return;
  if (const auto good = report::CheckMetricsOptions(options); !good) {
    out.push_back({"configuration.metrics",
                   Severity::kFault,
                   good.error().file + ": " + good.error().cause,
                   "the run ends before traffic starts",
                   {"# " + good.error().remedy}});
    return;
  }
  const auto address = report::ParseListenAddress(options.listen);
  const int error = address->port == 0 ? 0 : TryToListen(*address);
  if (error == 0) {
    out.push_back(
        {"configuration.metrics", Severity::kOk, fmt::format("{} is free", address->ToString()), "", {}});
    return;
  }
  out.push_back({"configuration.metrics",
                 Severity::kFault,
                 fmt::format("{}: {}", address->ToString(), std::strerror(error)),
                 "the run ends before traffic starts",
                 {fmt::format("ss -ltnp 'sport = :{}'   # shows who has it", address->port)}});
}

// A NIC hashes the outer header: all that comes from one tunnel end falls into one queue.
void CheckTunnels(const Case& c, Findings& out) {
  if (c.settings().runtime.redistribute != "never" || c.needs.threads < 2) return;
  out.push_back({"configuration.redistribute",
                 Severity::kNote,
                 "runtime.redistribute is never",
                 "mirrored tunnels (VXLAN, GENEVE, GRE) reach the worker of their outer addresses: "
                 "directions of an inner "
                 "flow can be parted, and one worker may get all",
                 {"gander run --set runtime.redistribute=auto ..."}});
}

}  // namespace gander::doctor
