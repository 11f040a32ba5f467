// SPDX-License-Identifier: Apache-2.0
// EVE to Elastic Common Schema 8.17. Where Elastic's own Suricata module has a place for a member, it goes there, too.
#include "report/layout/tables.h"

namespace gander::report {
namespace {

using enum How;

constexpr const char* kDatabases = "pgsql|mysql|tds|mongodb|redis|cassandra|memcached";
constexpr const char* kReloads = "rules_reload|policy_reload|baseline";
// ECS knows these directions; what only passes by is external.
constexpr const char* kEcsDirections =
    "outbound=\"outbound\";inbound=\"inbound\";internal=\"internal\";transit=\"external\"";

constexpr FieldRow kEcsRows[] = {
    // Every event.
    {"*", "timestamp", "@timestamp", kTime},
    {"*", "", "ecs.version", kAlways, "\"8.17.0\""},
    {"*", "event_type", "event.dataset", kText, "gander.", true},
    {"*", "", "event.module", kAlways, "\"gander\""},
    {"*", "host", "observer.name"},
    {"*", "", "observer.vendor", kAlways, "\"Gander\""},
    {"*", "", "observer.product", kAlways, "\"Gander\""},
    {"*", "", "observer.type", kAlways, "\"ids\""},
    {"*", "src_ip", "related.ip[]", kCopy, "", true},
    {"*", "dest_ip", "related.ip[]", kCopy, "", true},
    {"*", "src_ip", "source.address", kCopy, "", true},
    {"*", "src_ip", "source.ip"},
    {"*", "src_port", "source.port"},
    {"*", "dest_ip", "destination.address", kCopy, "", true},
    {"*", "dest_ip", "destination.ip"},
    {"*", "dest_port", "destination.port"},
    {"*", "proto", "network.transport", kLower},
    {"*", "app_proto", "network.protocol", kLower},
    {"*", "community_id", "network.community_id"},
    {"*", "vlan.0", "network.vlan.id", kText},
    {"*", "vlan.1", "network.inner.vlan.id", kText},

    // Alerts.
    {"alert", "", "event.kind", kAlways, "\"alert\""},
    {"alert", "", "event.category[]", kAlways, "\"network\""},
    {"alert", "", "event.category[]", kAlways, "\"intrusion_detection\""},
    {"alert", "", "event.type[]", kAlways, "\"info\""},
    {"alert", "alert.action", "event.type[]", kWords, "allowed=\"allowed\";blocked=\"denied\"", true},
    {"alert", "alert.signature", "message", kCopy, "", true},
    {"alert", "alert.signature", "rule.name"},
    {"alert", "alert.signature_id", "rule.id", kText},
    {"alert", "alert.rev", "rule.version", kText},
    {"alert", "alert.category", "rule.category"},
    {"alert", "", "rule.ruleset", kAlways, "\"gander\""},
    {"alert", "alert.severity", "event.severity"},
    {"alert", "alert.context.why", "event.reason"},
    {"alert", "alert.context.first_seen", "event.start", kTime},
    {"alert", "alert.context.last_seen", "event.end", kTime},
    {"alert", "alert.metadata.mitre_technique_id", "threat.framework", kIfThere, "\"MITRE ATT&CK\"", true},
    {"alert", "alert.metadata.mitre_technique_id", "threat.technique.id", kList},
    {"alert", "alert.context.transfer.direction", "network.direction", kWords, kEcsDirections},
    {"alert", "alert.context.transfer.from.jurisdiction", "source.geo.country_iso_code"},
    {"alert", "alert.context.transfer.to.jurisdiction", "destination.geo.country_iso_code"},
    {"alert", "alert.context.transfer.to.domain", "destination.domain"},
    {"alert", "alert.context.transfer.bytes", "network.bytes", kNumber},

    // Transfers.
    {"transfer", "", "event.kind", kAlways, "\"event\""},
    {"transfer", "", "event.category[]", kAlways, "\"network\""},
    {"transfer", "", "event.type[]", kAlways, "\"connection\""},
    {"transfer", "transfer.permitted", "event.type[]", kWords, "true=\"allowed\"", true},
    {"transfer", "transfer.why", "event.reason"},
    {"transfer", "transfer.verdict", "event.action", kCopy, "", true},
    {"transfer", "transfer.first_seen", "event.start", kTime},
    {"transfer", "transfer.last_seen", "event.end", kTime},
    {"transfer", "transfer.direction", "network.direction", kWords, kEcsDirections},
    {"transfer", "transfer.channel", "network.protocol", kLower},
    {"transfer", "transfer.bytes", "network.bytes"},
    {"transfer", "transfer.from.country", "source.geo.country_iso_code"},
    {"transfer", "transfer.from.domain", "source.domain"},
    {"transfer", "transfer.to.country", "destination.geo.country_iso_code"},
    {"transfer", "transfer.to.domain", "destination.domain"},

    // Flows.
    {"flow", "", "event.kind", kAlways, "\"event\""},
    {"flow", "", "event.category[]", kAlways, "\"network\""},
    {"flow", "", "event.type[]", kAlways, "\"connection\""},
    {"flow", "", "event.type[]", kAlways, "\"end\""},
    {"flow", "flow.bytes_toserver", "network.bytes", kSum, "flow.bytes_toclient"},
    {"flow", "flow.pkts_toserver", "network.packets", kSum, "flow.pkts_toclient"},
    {"flow", "flow.bytes_toserver", "source.bytes"},
    {"flow", "flow.bytes_toclient", "destination.bytes"},
    {"flow", "flow.pkts_toserver", "source.packets"},
    {"flow", "flow.pkts_toclient", "destination.packets"},
    {"flow", "flow.start", "event.start", kTime},
    {"flow", "flow.end", "event.end", kTime},
    {"flow", "flow.age", "event.duration", kNanos},
    {"flow", "flow.reason", "event.reason"},

    // What HTTP was spoken of, also where it brought a file.
    {"http", "", "event.category[]", kAlways, "\"web\""},
    {"http", "", "event.type[]", kAlways, "\"access\""},
    {"http|fileinfo", "http.hostname", "url.domain"},
    {"http|fileinfo", "http.url", "url.original"},
    {"http|fileinfo", "http.http_user_agent", "user_agent.original"},
    {"http|fileinfo", "http.http_method", "http.request.method"},
    {"http|fileinfo", "http.http_refer", "http.request.referrer"},
    {"http|fileinfo", "http.protocol", "http.version", kAfter, "HTTP/"},
    {"http|fileinfo", "http.status", "http.response.status_code"},
    {"http|fileinfo", "http.length", "http.response.body.bytes"},
    {"http", "", "network.protocol", kAlways, "\"http\""},

    {"dns|mdns|llmnr", "event_type", "network.protocol", kCopy, "", true},
    {"dns", "dns.type", "dns.type", kWords, "request=\"query\";query=\"query\";response=\"answer\";answer=\"answer\""},
    {"dns", "dns.id", "dns.id", kText},
    {"dns", "dns.opcode", "dns.op_code", kWords, "0=\"QUERY\";4=\"NOTIFY\";5=\"UPDATE\""},
    {"dns", "dns.rcode", "dns.response_code"},
    {"dns", "dns.aa", "dns.header_flags[]", kIfTrue, "\"AA\""},
    {"dns", "dns.tc", "dns.header_flags[]", kIfTrue, "\"TC\""},
    {"dns", "dns.rd", "dns.header_flags[]", kIfTrue, "\"RD\""},
    {"dns", "dns.ra", "dns.header_flags[]", kIfTrue, "\"RA\""},
    {"dns", "dns.queries.0.rrname", "dns.question.name"},
    {"dns", "dns.queries.0.rrtype", "dns.question.type"},
    {"dns", "dns.answers", "dns.answers", kEach, "=answer"},
    {"=answer", "rrname", "name"},
    {"=answer", "rrtype", "type"},
    {"=answer", "ttl", "ttl"},
    {"=answer", "rdata", "data"},

    {"tls", "", "network.protocol", kAlways, "\"tls\""},
    {"tls|quic", "tls.version", "tls.version_protocol", kIfThere, "\"tls\"", true},
    {"tls|quic", "tls.version", "tls.version", kAfter, "TLS "},
    {"tls|quic", "tls.sni", "destination.domain", kCopy, "", true},
    {"tls|quic", "tls.sni", "tls.client.server_name"},
    {"tls|quic", "tls.ja3.hash", "tls.client.ja3"},
    {"tls|quic", "tls.ja3s.hash", "tls.server.ja3s"},
    {"tls|quic", "tls.session_resumed", "tls.resumed"},
    {"tls|quic", "tls.subject", "tls.server.subject"},
    {"tls|quic", "tls.issuerdn", "tls.server.issuer"},
    {"tls|quic", "tls.serial", "tls.server.x509.serial_number", kHex},
    {"tls|quic", "tls.fingerprint", "tls.server.hash.sha1", kHex},
    {"tls|quic", "tls.notbefore", "tls.server.not_before", kTime},
    {"tls|quic", "tls.notafter", "tls.server.not_after", kTime},
    {"tls|quic", "tls.server_alpns", "tls.next_protocol", kFirst},

    // Mail, also where it brought a file.
    {"smtp|imap|pop3|nntp", "", "event.category[]", kAlways, "\"email\""},
    {"smtp|imap|pop3|nntp", "", "event.type[]", kAlways, "\"info\""},
    {"smtp", "", "network.protocol", kAlways, "\"smtp\""},
    {"smtp|fileinfo", "smtp.mail_from", "email.sender.address"},
    {"smtp|fileinfo|imap|pop3", "email.from", "email.from.address", kList},
    {"smtp|fileinfo|imap|pop3", "email.to", "email.to.address", kList},
    {"smtp|fileinfo|imap|pop3", "email.cc", "email.cc.address", kList},
    {"smtp|fileinfo", "smtp.rcpt_to", "email.to.address", kList},
    {"smtp|fileinfo|imap|pop3", "email.subject", "email.subject"},
    {"smtp|fileinfo|imap|pop3", "email.message_id", "email.message_id"},
    {"smtp|fileinfo|imap|pop3", "email.x_mailer", "email.x_mailer"},

    // Files.
    {"fileinfo", "", "event.category[]", kAlways, "\"file\""},
    {"fileinfo", "", "event.type[]", kAlways, "\"info\""},
    {"fileinfo", "fileinfo.filename", "file.name"},
    {"fileinfo", "fileinfo.size", "file.size"},
    {"fileinfo", "fileinfo.md5", "file.hash.md5"},
    {"fileinfo", "fileinfo.sha256", "file.hash.sha256"},
    {"fileinfo", "", "file.type", kAlways, "\"file\""},
    {"ftp_data", "ftp_data.filename", "file.name"},
    {"ftp", "ftp.command", "event.action", kCopy, "", true},
    {"smb", "smb.command", "event.action", kCopy, "", true},
    {"smb", "smb.filename", "file.name", kCopy, "", true},
    {"ssh", "ssh.client.software_version", "user_agent.original", kCopy, "", true},

    {kDatabases, "", "event.category[]", kAlways, "\"database\""},
    {kDatabases, "", "event.type[]", kAlways, "\"access\""},

    // The sensor itself.
    {"anomaly", "anomaly.event", "event.action", kCopy, "", true},
    {"anomaly", "anomaly.code", "event.code", kText},
    {"anomaly|stats|blind_spot|evidence|audit", "", "event.type[]", kAlways, "\"info\""},
    {"stats", "", "event.kind", kAlways, "\"metric\""},
    {"sketch", "", "event.kind", kAlways, "\"metric\""},
    {"sketch", "", "event.category[]", kAlways, "\"network\""},
    {"sketch", "", "event.type[]", kAlways, "\"info\""},
    {"sketch", "sketch.verdict", "event.action", kCopy, "", true},
    {"sketch", "sketch.window.begin", "event.start", kTime},
    {"sketch", "sketch.window.end", "event.end", kTime},
    {"sketch", "sketch.from.country", "source.geo.country_iso_code", kCopy, "", true},
    {"sketch", "sketch.collector.country", "destination.geo.country_iso_code", kCopy, "", true},
    {kReloads, "", "event.kind", kAlways, "\"event\""},
    {kReloads, "", "event.category[]", kAlways, "\"configuration\""},
    {kReloads, "", "event.type[]", kAlways, "\"change\""},
    {kReloads, "event_type", "event.action", kCopy, "", true},
    {"rules_reload", "rules_reload.result", "event.outcome", kWords, "success=\"success\";*=\"failure\"", true},
    {"rules_reload", "rules_reload.problem", "error.message"},
    {"policy_reload", "policy_reload.result", "event.outcome", kWords, "success=\"success\";*=\"failure\"", true},
    {"policy_reload", "policy_reload.problem", "error.message"},
    {"blind_spot", "", "event.kind", kAlways, "\"state\""},
    {"blind_spot", "blind_spot.reason", "event.reason"},
    {"blind_spot", "blind_spot.begin", "event.start", kTime},
    {"blind_spot", "blind_spot.end", "event.end", kTime},
    {"blind_spot", "blind_spot.seconds", "event.duration", kNanos},

    // Whatever is left is a record of a protocol.
    {"*", "", "event.kind", kAlways, "\"event\""},
    {"*", "src_ip", "event.category[]", kIfThere, "\"network\"", true},
    {"*", "", "event.type[0]", kAlways, "\"protocol\""},
    {"*", "event_type", ""},
};

}  // namespace

std::span<const FieldRow> EcsTable() noexcept { return kEcsRows; }

}  // namespace gander::report
