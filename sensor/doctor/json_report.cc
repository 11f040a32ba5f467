// SPDX-License-Identifier: Apache-2.0
// An examination for machines, as doctor.schema.json has it.
#include <nlohmann/json.hpp>

#include "doctor/doctor.h"

namespace gander::doctor {
namespace {

using Json = nlohmann::ordered_json;

template <class T>
Json OrNull(const std::optional<T>& value) {
  return value ? Json(*value) : Json();
}

Json Of(const Processor& p) {
  Json cores = Json::array();
  for (const Core& c : p.cores) {
    cores.push_back({{"id", c.id},
                     {"node", c.node},
                     {"siblings", ShowCores(c.siblings)},
                     {"governor", c.governor},
                     {"deepest_sleep_us", c.deepest_sleep_us}});
  }
  return {{"model", p.model},
          {"virtual_machine", p.virtual_machine},
          {"allowed", ShowCores(p.allowed)},
          {"isolated", ShowCores(p.isolated)},
          {"nohz_full", ShowCores(p.tick_free)},
          {"rcu_nocbs", ShowCores(p.callback_free)},
          {"cores", std::move(cores)}};
}

Json Of(const Memory& m) {
  Json pages = Json::array();
  for (const HugePages& p : m.huge_pages) {
    pages.push_back({{"node", p.node}, {"page_bytes", p.page_bytes}, {"total", p.total}, {"free", p.free}});
  }
  return {{"total", m.total},
          {"available", m.available},
          {"swap", m.swap},
          {"huge_pages", std::move(pages)},
          {"hugetlbfs", m.huge_page_mount},
          {"transparent_huge_pages", m.transparent_huge_pages},
          {"numa_balancing", OrNull(m.numa_balancing)},
          {"swappiness", OrNull(m.swappiness)}};
}

Json Of(const Dpdk& d) {
  Json devices = Json::array();
  for (const PciDevice& p : d.devices) {
    devices.push_back({{"address", p.address},
                       {"id", p.id},
                       {"driver", p.driver},
                       {"interface", p.interface},
                       {"node", p.node},
                       {"iommu_group", p.iommu_group},
                       {"default_route", p.default_route}});
  }
  return {{"built_in", d.built_in},          {"version", d.version},           {"drivers", d.drivers},
          {"devices", std::move(devices)},   {"iommu_groups", d.iommu_groups}, {"vfio_pci", d.vfio_pci},
          {"no_iommu_mode", d.no_iommu_mode}};
}

Json Of(const Interface& i) {
  Json interrupts = Json::object();
  for (const auto& [number, cores] : i.interrupts) interrupts[std::to_string(number)] = ShowCores(cores);
  return {{"name", i.name},
          {"present", i.present},
          {"up", i.up},
          {"driver", i.driver},
          {"carrier", OrNull(i.carrier)},
          {"mtu", i.mtu},
          {"node", i.node},
          {"dropped", i.dropped},
          {"missed", i.missed},
          {"features", i.features},
          {"fixed", i.fixed},
          {"ring", i.ring},
          {"ring_max", i.ring_max},
          {"channels", i.channels},
          {"channels_max", i.channels_max},
          {"hash_key", i.hash_key},
          {"interrupts", std::move(interrupts)}};
}

Json Of(const Machine& m) {
  Json interfaces = Json::array();
  for (const Interface& i : m.interfaces) interfaces.push_back(Of(i));
  return {{"kernel", m.kernel},
          {"processor", Of(m.processor)},
          {"memory", Of(m.memory)},
          {"dpdk", Of(m.dpdk)},
          {"interfaces", std::move(interfaces)},
          {"process",
           {{"capabilities", OrNull(m.process.capabilities)},
            {"locked_memory", OrNull(m.process.locked_memory)},
            {"open_files", OrNull(m.process.open_files)}}},
          {"clock",
           {{"source", m.clock.source},
            {"available", m.clock.available},
            {"synchronised", OrNull(m.clock.synchronised)}}},
          {"bpf_jit", OrNull(m.bpf_jit)}};
}

}  // namespace

std::string JsonReport(const Examination& e) {
  Json findings = Json::array();
  for (const Finding& f : e.findings) {
    findings.push_back({{"id", f.id},
                        {"area", f.area()},
                        {"severity", NameOf(f.severity)},
                        {"what", f.what},
                        {"why", f.why},
                        {"commands", f.commands}});
  }
  Json all = {{"subject", e.subject},
              {"verdict", NameOf(e.worst())},
              {"faults", e.Count(Severity::kFault)},
              {"warnings", e.Count(Severity::kWarning)},
              {"notes", e.Count(Severity::kNote)},
              {"findings", std::move(findings)},
              {"facts", Of(e.machine)}};
  // Facts come from files of a machine: what is not UTF-8 in them is replaced.
  return all.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace gander::doctor
