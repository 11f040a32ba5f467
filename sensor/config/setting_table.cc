// SPDX-License-Identifier: Apache-2.0
// A new setting is one row here.
#include "config/setting_table.h"

#include "config/detect_settings.h"
#include "config/outputs.h"
#include "config/setting_types.h"

namespace gander::config {
namespace {

constexpr std::uint64_t kDay = 86400;

void AddCapture(std::vector<Setting>& t) {
  t.push_back(Text("capture.live.interface", "interface to read (run --interface)", GANDER_AT(live.interface)));
  t.push_back(Text("capture.live.bpf", "libpcap filter; empty reads everything", GANDER_AT(live.bpf)));
  t.push_back(Integer("capture.live.snap_length", "bytes kept of a packet", 68, 262144, GANDER_AT(live.snap_length)));
  t.push_back(Size("capture.live.buffer", "kernel ring", kMiB, kGiB, GANDER_AT(live.buffer_bytes)));
  t.push_back(Boolean("capture.live.promiscuous", "read what is not addressed to us", GANDER_AT(live.promiscuous)));
  t.push_back(Integer("capture.live.sockets", "packet sockets, a worker each, that share the interface", 1, 64,
                      GANDER_AT(live.sockets)));
  t.push_back(Integer("capture.live.retry_max_s", "longest pause between tries to reopen it", 1, 3600,
                      GANDER_AT(live.retry_max_s)));
  t.push_back(TextList("capture.dpdk.eal", "arguments of the DPDK environment layer", GANDER_AT(dpdk.eal)));
  t.push_back(Integer("capture.dpdk.rx_queues", "receive queues of each port", 1, 64, GANDER_AT(dpdk.rx_queues)));
  t.push_back(
      Integer("capture.dpdk.rx_descriptors", "descriptors of each queue", 64, 32768, GANDER_AT(dpdk.rx_descriptors)));
  t.push_back(Integer("capture.dpdk.mempool_size", "packet buffers of each queue; 2^n - 1 is optimal", 511, 8388607,
                      GANDER_AT(dpdk.mempool_size)));
  t.push_back(Integer("capture.dpdk.mempool_cache", "buffers cached by each core", 0, 512,
                      GANDER_AT(dpdk.mempool_cache)));
  t.push_back(Integer("capture.dpdk.mtu", "0 leaves it as it is", 0, 9702, GANDER_AT(dpdk.mtu)));
  t.push_back(Boolean("capture.dpdk.promiscuous", "read what is not addressed to us", GANDER_AT(dpdk.promiscuous)));
  t.push_back(Integer("capture.dpdk.idle_limit_ms", "end after so long without a packet; 0 = never", 0, 3600'000,
                      GANDER_AT(dpdk.idle_limit_ms)));
  t.push_back(TextList("capture.dpdk.offloads", "used where the port has them: checksum, vlan, timestamp, scatter",
                       GANDER_AT(dpdk.offloads)));
  t.push_back(Text("capture.dpdk.rss_key", "hexadecimal, symmetric; empty = 6d5a repeated", GANDER_AT(dpdk.rss_key)));
  t.push_back(Boolean("capture.dpdk.flow_offload", "let the port count and drop flows that have nothing more to tell",
                      GANDER_AT(dpdk.flow_offload)));
  t.push_back(Integer("capture.dpdk.retry_max_s", "longest pause between tries to bring a lost port back", 1, 3600,
                      GANDER_AT(dpdk.retry_max_s)));
}

void AddPacketPath(std::vector<Setting>& t) {
  t.push_back(Choice("decode.checksums",
                     "`strict` delivers no segment with a wrong one, `auto` but for those its NIC had yet to sum",
                     {"ignore", "auto", "strict"}, GANDER_AT(decode.checksums)));
  t.push_back(Integer("decode.vxlan_port", "UDP port; 0 = off", 0, 65535, GANDER_AT(decode.vxlan_port)));
  t.push_back(Integer("decode.geneve_port", "UDP port; 0 = off", 0, 65535, GANDER_AT(decode.geneve_port)));
  t.push_back(Integer("decode.gtpu_port", "UDP port; 0 = off", 0, 65535, GANDER_AT(decode.gtpu_port)));
  t.push_back(Integer("decode.teredo_port", "UDP port; 0 = off", 0, 65535, GANDER_AT(decode.teredo_port)));
  t.push_back(Size("decode.fragment_memory", "fragments held by a worker", 64 * kKiB, kGiB,
                   GANDER_AT(decode.fragment_memory)));
  t.push_back(Integer("decode.fragment_timeout_s", "until a fragment is given up", 1, 300,
                      GANDER_AT(decode.fragment_timeout_s)));
  t.push_back(Integer("flow.max_flows", "flows of one worker", 1000, 16000000, GANDER_AT(flow.max_flows)));
  t.push_back(
      Integer("flow.tcp_new_s", "idle until a flow ends: handshake not finished", 1, kDay, GANDER_AT(flow.tcp_new_s)));
  t.push_back(Integer("flow.tcp_established_s", "idle until a flow ends", 1, kDay, GANDER_AT(flow.tcp_established_s)));
  t.push_back(
      Integer("flow.tcp_closed_s", "idle until a flow ends: closed or reset", 1, kDay, GANDER_AT(flow.tcp_closed_s)));
  t.push_back(
      Integer("flow.udp_new_s", "idle until a flow ends: seen from one side", 1, kDay, GANDER_AT(flow.udp_new_s)));
  t.push_back(Integer("flow.udp_established_s", "idle until a flow ends", 1, kDay, GANDER_AT(flow.udp_established_s)));
  t.push_back(Integer("flow.icmp_s", "idle until a flow ends", 1, kDay, GANDER_AT(flow.icmp_s)));
  t.push_back(Integer("flow.other_s", "idle until a flow ends", 1, kDay, GANDER_AT(flow.other_s)));
  t.push_back(Integer("flow.duplicate_window_us", "two equal packets so close are one, mirrored twice; 0 = off", 0,
                      1000000, GANDER_AT(flow.duplicate_window_us)));
  t.push_back(Boolean("flow.vlans",
                      "equal ends in different VLANs are different flows; off where each direction has its own",
                      GANDER_AT(flow.vlans)));
  t.push_back(Choice("flow.outer_flows", "tunnels in UDP whose carrying datagrams are flows too",
                     {"none", "teredo", "all"}, GANDER_AT(flow.outer_flows)));
  t.push_back(Size("stream.memory", "out-of-order segments held by a worker", kMiB, 16 * kGiB,
                   GANDER_AT(stream.memory)));
  t.push_back(Size("stream.memory_per_flow", "out-of-order segments held for one flow", 4 * kKiB, kGiB,
                   GANDER_AT(stream.memory_per_flow)));
  t.push_back(Size("stream.gap_after", "bytes waiting behind a hole before it is given up", 4 * kKiB, kGiB,
                   GANDER_AT(stream.gap_after_bytes)));
  t.push_back(Integer("stream.late_grace_ms", "how much later than its acknowledgement data may come; 0 = not at all",
                      0, 10000, GANDER_AT(stream.late_grace_ms)));
}

// Both rooms that put pieces together ask the same policies.
void AddHosts(std::vector<Setting>& t) {
  t.push_back({"hosts.overlap_policy", "which copy of overlapping segments or fragments hosts keep",
               "first | last | bsd | linux | solaris | windows",
               [](Settings& s, const YAML::Node& node) -> std::string {
                 if (!node.IsScalar() || !ParseOverlapPolicy(node.Scalar(), s.stream.hosts.fallback)) {
                   return "`first`, `last`, `bsd`, `linux`, `solaris` or `windows` is expected";
                 }
                 s.decode.hosts.fallback = s.stream.hosts.fallback;
                 return {};
               },
               [](const Settings& s) -> std::string { return NameOf(s.stream.hosts.fallback); }});
  t.push_back({"hosts.overlap_networks", "networks that differ, e.g. [10.20.0.0/16 windows]", "list of text",
               [](Settings& s, const YAML::Node& node) -> std::string {
                 s.stream.hosts.Clear();
                 for (const auto& item : node) {
                   if (!item.IsScalar() || !s.stream.hosts.Add(item.Scalar())) {
                     return "a network and its policy are expected, as in `10.20.0.0/16 windows`, at most " +
                            std::to_string(HostPolicies::kMaxNetworks);
                   }
                 }
                 s.decode.hosts = s.stream.hosts;
                 return {};
               },
               [](const Settings& s) -> std::string {
                 std::string text = "[";
                 for (const std::string& n : s.stream.hosts.Texts()) {
                   text += (text.size() > 1 ? ", " : "") + QuoteYaml(n);
                 }
                 return text + "]";
               }});
}

void AddInspection(std::vector<Setting>& t) {
  t.push_back(Integer("content.max_depth", "wrappings inside each other", 1, 32, GANDER_AT(content.max_depth)));
  t.push_back(Size("content.max_output", "decoded bytes of one body", 64 * kKiB, 64 * kGiB,
                   GANDER_AT(content.max_output)));
  t.push_back(Integer("content.max_ratio", "decoded bytes for each byte on the wire", 2, 100000,
                      GANDER_AT(content.max_ratio)));
  t.push_back(Size("content.memory", "windows, dictionaries and files held by a worker", kMiB, 16 * kGiB,
                   GANDER_AT(content.memory)));
  t.push_back(Size("content.max_burst",
                   "unwrapping for one packet, in decoded bytes of deflate of about 2 ns; 64 more for each byte of it",
                   64 * kKiB, kGiB, GANDER_AT(content.max_burst)));
  t.push_back(Integer("content.max_files", "files reported of one body; further ones are read, not reported", 1,
                      1000000, GANDER_AT(content.max_files)));
  t.push_back(Integer("content.max_parts", "parts of one multipart body", 1, 1000000, GANDER_AT(content.max_parts)));
  t.push_back(Choice("content.hash_files",
                     "files hashed for fileinfo events: all but pages and their parts (HTML, JSON, pictures), or all",
                     {"documents", "all"}, GANDER_AT(content.hash_files)));
  t.push_back(Boolean("content.sha256", "which hash they get", GANDER_AT(content.sha256)));
  t.push_back(Boolean("content.md5", "which hash they get", GANDER_AT(content.md5)));
  t.push_back(TextList("identify.rules", "rule packs: files or folders; empty = those shipped", GANDER_AT(rule_paths),
                       true));
  t.push_back(Text("identify.registers", "own lists: registers of hashed values, canaries, what is allowed",
                   GANDER_AT(registers_file), true));
  t.push_back(Integer("identify.context_bytes", "how far a context word counts", 16, 256,
                      GANDER_AT(identify.context_bytes)));
  t.push_back(Text("identify.cache", "folder that keeps compiled expressions; empty = the user's cache, off = none",
                   GANDER_AT(identify.cache)));
  t.push_back(
      {"privacy.metadata", "`raw` writes mail addresses, user names and URLs as they were seen", "masked | raw",
       [](Settings& s, const YAML::Node& node) -> std::string {
         const std::string word = node.IsScalar() ? node.Scalar() : "";
         if (word != "masked" && word != "raw") return "`masked` or `raw` is expected";
         s.metadata = word == "raw" ? MetadataPrivacy::kRaw : MetadataPrivacy::kMasked;
         return {};
       },
       [](const Settings& s) -> std::string { return s.metadata == MetadataPrivacy::kRaw ? "raw" : "masked"; }});
  t.push_back(Text("privacy.audit_file",
                   "commands that give out or delete what is kept leave an audit line here; empty = report.events with "
                   ".audit behind",
                   GANDER_AT(audit_file), true));
}

void AddRuntimeAndReport(std::vector<Setting>& t) {
  t.push_back(Integer("runtime.workers", "packet threads", 1, 64, GANDER_AT(runtime.workers)));
  t.push_back(Integer("runtime.epoch_s", "packet time between two judgements", 1, 300, GANDER_AT(runtime.epoch_s)));
  t.push_back(Integer("runtime.epoch_packets", "packets between two judgements", 1000, 100000000,
                      GANDER_AT(runtime.epoch_packets)));
  t.push_back(Integer("runtime.stats_interval_s", "packet time between stats events; 0 = only at the end", 0, kDay,
                      GANDER_AT(runtime.stats_interval_s)));
  t.push_back(Text("runtime.cores", "cores of the packet threads, as 2-5,8; empty = those allowed, in order",
                   GANDER_AT(runtime.cores)));
  t.push_back(Integer("runtime.idle_sleep_us", "an idle packet thread gives its core back for so long; 0 = never", 0,
                      1000000, GANDER_AT(runtime.idle_sleep_us)));
  t.push_back(Text("runtime.redistribute", "auto, always or never: packets to the worker of their inner host pair",
                   GANDER_AT(runtime.redistribute)));
  t.push_back(Integer("runtime.ring_packets", "packets on their way from one worker to another", 64, 1048576,
                      GANDER_AT(runtime.ring_packets)));
  t.push_back(Size("runtime.ring_bytes", "bytes of those packets", 256 * kKiB, kGiB, GANDER_AT(runtime.ring_bytes)));
  t.push_back(Boolean("runtime.shed", "live: leave out in the stated order rather than lose packets",
                      GANDER_AT(runtime.shed)));
  t.push_back(Integer("runtime.shed_raise_ms", "of pressure before each level of shedding", 1, 60000,
                      GANDER_AT(runtime.shed_raise_ms)));
  t.push_back(Integer("runtime.shed_recover_ms", "without pressure before each level back", 1, 600000,
                      GANDER_AT(runtime.shed_recover_ms)));
  t.push_back(Size("runtime.shed_body_bytes", "read of each body at level large_bodies", kKiB, kGiB,
                   GANDER_AT(runtime.shed_body_bytes)));
  t.push_back(Size("runtime.shed_flow_bytes", "read of each flow direction at level all_but_first", kKiB, kGiB,
                   GANDER_AT(runtime.shed_flow_bytes)));
  t.push_back(Integer("runtime.max_events", "events a worker holds in one epoch", 1000, 100000000,
                      GANDER_AT(runtime.max_events)));
  t.push_back(Text("report.events", "file of EVE lines; - = standard output", GANDER_AT(report.events), true));
  t.push_back({"report.outputs", "where events go: files, Unix sockets, syslog, Kafka; see sensor/report/README.md",
               "list of maps", {}, [](const Settings& s) { return ShowOutputs(s.report.outputs); }, false,
               [](const std::string& file, const std::filesystem::path& folder, Settings& s, const YAML::Node& node) {
                 return ReadOutputs(file, folder, node, s.report.outputs);
               }});
  t.push_back(Boolean("report.append", "keep what the events file holds", GANDER_AT(report.append)));
  t.push_back(TextList("report.types", "event types written; empty = all", GANDER_AT(report.types)));
  t.push_back(Text("report.html", "page for people, written at the end", GANDER_AT(report.html), true));
  t.push_back(Text("report.metrics.listen", "address of the Prometheus endpoint; empty = off",
                   GANDER_AT(report.metrics.listen)));
  t.push_back(Text("report.metrics.tls_certificate", "PEM file, the chain behind it; empty = HTTP in clear",
                   GANDER_AT(report.metrics.tls_certificate), true));
  t.push_back(Text("report.metrics.tls_key", "PEM file, not encrypted, mode 0640 or less",
                   GANDER_AT(report.metrics.tls_key), true));
  t.push_back(Text("report.metrics.password_file", "lines user:hash (htpasswd -B, openssl passwd -6); empty = none asked",
                   GANDER_AT(report.metrics.password_file), true));
  t.push_back(Integer("report.metrics.max_series", "series of one scrape; the smallest beyond become `other`", 200,
                      200000, GANDER_AT(report.metrics.max_series)));
  t.push_back(Text("report.sensor_name", "`host` in events", GANDER_AT(report.sensor_name)));
  t.push_back(Size("report.queue", "events waiting for the file of report.events", kMiB, 16 * kGiB,
                   GANDER_AT(report.queue)));
}

void AddQuarantine(std::vector<Setting>& t) {
  t.push_back(Text("quarantine.directory", "where files and excerpts are kept, encrypted; empty = none is kept",
                   GANDER_AT(quarantine.directory), true));
  t.push_back(Text("quarantine.certificate",
                   "PEM certificate they are encrypted to; its key belongs on another machine",
                   GANDER_AT(quarantine.certificate), true));
  t.push_back(Choice("quarantine.select", "files kept: those with findings, all, or none but excerpts",
                     {"findings", "all", "none"}, GANDER_AT(quarantine.select)));
  t.push_back(Choice("quarantine.excerpt",
                     "text around what an alert is about, kept encrypted: not, masked, or as seen with its passwords",
                     {"off", "masked", "raw"}, GANDER_AT(quarantine.excerpt)));
  t.push_back(Integer("quarantine.excerpt_bytes", "of an excerpt on each side of its value", 16,
                      identify::kMaxExcerptBytes, GANDER_AT(quarantine.excerpt_bytes)));
  t.push_back(Size("quarantine.max_file", "larger files are not kept", kKiB, kGiB, GANDER_AT(quarantine.max_file)));
  t.push_back(Size("quarantine.max_total", "of all files and excerpts kept, earlier runs' too", kMiB, 1024 * kGiB,
                   GANDER_AT(quarantine.max_total)));
  t.push_back(Size("quarantine.memory", "files gathered by a worker at the same time", kMiB, 16 * kGiB,
                   GANDER_AT(quarantine.memory)));
  t.push_back(Integer("quarantine.retention_days",
                      "what is kept longer is deleted, each with an audit event; 0 = nothing", 0, 3650, GANDER_AT(quarantine.retention_days)));
  t.push_back(Integer("quarantine.queue", "files and excerpts waiting to be encrypted", 1, 65536,
                      GANDER_AT(quarantine.queue)));
}

void AddEvidence(std::vector<Setting>& t) {
  t.push_back(Text("evidence.directory", "where the log lies that others can check; empty = none is kept",
                   GANDER_AT(evidence.directory), true));
  t.push_back(Text("evidence.key_file", "Ed25519 key that signs it; made where there is none",
                   GANDER_AT(evidence.key_file), true));
  t.push_back(Text("evidence.origin", "name of the log in its checkpoints; empty = gander/<report.sensor_name>",
                   GANDER_AT(evidence.origin)));
  t.push_back(TextList("evidence.types", "events recorded, of those that are not made by packet threads",
                       GANDER_AT(evidence.types)));
  t.push_back(Size("evidence.segment_bytes", "of a file of the log before the next begins", kKiB, 16 * kGiB,
                   GANDER_AT(evidence.segment_bytes)));
  t.push_back(Integer("evidence.checkpoint_records", "records until a checkpoint is signed", 1, 1000000,
                      GANDER_AT(evidence.checkpoint_records)));
  t.push_back(Integer("evidence.checkpoint_interval_s", "seconds until a checkpoint is signed", 1, 86400,
                      GANDER_AT(evidence.checkpoint_interval_s)));
  t.push_back(Integer("evidence.retention_days", "older files are deleted, hashes stay; 0 = never", 0, 36500,
                      GANDER_AT(evidence.retention_days)));
  t.push_back(Size("evidence.queue_bytes", "records waiting for the disk; more are lost, counted and told", kKiB, kGiB,
                   GANDER_AT(evidence.queue_bytes)));
}

void AddFleet(std::vector<Setting>& t) {
  t.push_back(Text("fleet.key_file", "key of the fleet, mode 0600, the same in all its sensors; empty = no sketches are told",
                   GANDER_AT(fleet.key_file), true));
  t.push_back(Text("fleet.sensor", "name of this sensor, unique in the fleet; empty = report.sensor_name",
                   GANDER_AT(fleet.sensor)));
  t.push_back(Integer("fleet.window_s", "packet time that one sketch covers; divides a day, holds whole runtime.epoch_s", 5,
                      kDay, GANDER_AT(fleet.window_s)));
  t.push_back(Integer("fleet.epoch_days", "days for which one key blinds; the same in all sensors", 1, 365,
                      GANDER_AT(fleet.epoch_days)));
  t.push_back(Integer("fleet.max_keys", "sketches of one window; the lightest beyond are given up and counted", 16,
                      100000, GANDER_AT(fleet.max_keys)));
  t.push_back(TextList("fleet.trust", "public keys (PEM, Ed25519) that sign rules; with any, nothing unsigned is read",
                       GANDER_AT(bundle.trust), true));
  t.push_back(Text("fleet.directory", "folder of applied bundles; `current` in it is the one in force",
                   GANDER_AT(bundle.directory), true));
  t.push_back(Text("fleet.ring", "of this sensor, for roll-outs by name; empty = by percentage alone",
                   GANDER_AT(bundle.ring)));
}

void AddControl(std::vector<Setting>& t) {
  t.push_back(Text("control.socket", "Unix socket for `gander ctl`; empty = off", GANDER_AT(control.socket), true));
  t.push_back(Text("control.group", "its members may ask; empty = the sensor's own group", GANDER_AT(control.group)));
  t.push_back(TextList("control.operators", "users who may also reload, drain and acknowledge; root always may",
                       GANDER_AT(control.operators)));
}

void AddProcess(std::vector<Setting>& t) {
  t.push_back(Text("process.user", "user to continue as once started; empty = as it is, but root becomes gander if there is one",
                   GANDER_AT(process.user)));
  t.push_back(Choice("process.seccomp",
                     "system calls that no part needs: refused, the end of the process, logged by the kernel, or free",
                     {"enforce", "kill", "log", "off"}, GANDER_AT(process.seccomp)));
  t.push_back(Boolean("process.landlock", "open no file but those that the configuration names",
                      GANDER_AT(process.landlock)));
  t.push_back(Boolean("process.supervise", "a process of its own watches a run and starts the sensor anew when it dies",
                      GANDER_AT(supervise.on)));
  t.push_back(Integer("process.watchdog_seconds", "a packet thread that does nothing for so long is a death; 0 = off",
                      0, 3600, GANDER_AT(supervise.watchdog_s)));
  t.push_back(Integer("process.poison_deaths", "a flow in hand at so many deaths is not read any more; 0 = off", 0, 100,
                      GANDER_AT(supervise.poison_deaths)));
  t.push_back(Integer("process.restart.pause_ms", "before the second restart in a row; it doubles with each", 0, 60'000,
                      GANDER_AT(supervise.pause_ms)));
  t.push_back(Integer("process.restart.max_pause_s", "... up to so long", 0, 3600, GANDER_AT(supervise.max_pause_s)));
  t.push_back(Integer("process.restart.calm_s", "a run of so long ends the row", 1, kDay, GANDER_AT(supervise.calm_s)));
  t.push_back(Text("process.crash_directory",
                   "folder of crash reports; empty = that of detect.snapshot.file, or the log alone",
                   GANDER_AT(supervise.crash_directory), true));
  t.push_back(Choice("log.destination", "what it says of itself; auto = the journal where standard error goes there",
                     {"auto", "stderr", "journald", "file"}, GANDER_AT(log.destination)));
  t.push_back(Text("log.file", "where log.destination is file; opened anew on SIGUSR2", GANDER_AT(log.file), true));
  t.push_back(Choice("log.level", "least weighty message that is written", {"error", "warning", "info"},
                     GANDER_AT(log.level)));
}

#undef GANDER_AT

}  // namespace

const std::vector<Setting>& SettingTable() {
  static const std::vector<Setting> table = [] {
    std::vector<Setting> t;
    AddCapture(t);
    AddPacketPath(t);
    AddHosts(t);
    AddInspection(t);
    AddJudgement(t);
    AddRuntimeAndReport(t);
    AddQuarantine(t);
    AddEvidence(t);
    AddFleet(t);
    AddControl(t);
    AddProcess(t);
    return t;
  }();
  return table;
}

}  // namespace gander::config
