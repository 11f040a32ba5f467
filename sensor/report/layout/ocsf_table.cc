// SPDX-License-Identifier: Apache-2.0
// EVE to OCSF 1.6.0. Class, activity, type and severity are set by the mapper (ocsf_class.cc), before these rows.
#include "report/layout/tables.h"

namespace gander::report {
namespace {

using enum How;

// What of connection_info.direction_id is known, seen from the operator's zones.
constexpr const char* kOcsfDirections = "inbound=1;outbound=2;internal=3;*=0";
constexpr const char* kWithEnds =
    "=network";  // every event of the network category that has ends; the mapper asks for these rows by this name

constexpr FieldRow kOcsfRows[] = {
    // Every event.
    {"*", "timestamp", "time", kMillis},
    {"*", "", "metadata.version", kAlways, "\"1.6.0\""},
    {"*", "", "metadata.product.name", kAlways, "\"Gander\""},
    {"*", "", "metadata.product.vendor_name", kAlways, "\"Gander\""},
    {"*", "event_type", "metadata.log_name", kCopy, "", true},
    {"*", "host", "metadata.log_provider"},

    // Data Security Finding and Detection Finding.
    {"alert", "alert.signature", "message", kCopy, "", true},
    {"alert", "alert.signature", "finding_info.title"},
    {"alert", "", "finding_info.uid", kJoin, "alert.signature_id,timestamp,src_ip,dest_ip"},
    {"alert", "alert.context.why", "finding_info.desc"},
    {"alert", "alert.category", "finding_info.types", kList},
    {"alert", "alert.metadata.gander_detector_name.0", "finding_info.analytic.name"},
    {"alert", "alert.signature_id", "finding_info.analytic.uid", kText},
    {"alert", "alert.rev", "finding_info.analytic.version", kText},
    {"alert", "", "finding_info.analytic.type_id", kAlways, "1"},
    {"alert", "", "finding_info.analytic.type", kAlways, "\"Rule\""},
    {"alert", "alert.metadata.mitre_technique_id", "finding_info.attacks", kEach, "=attack"},
    {"=attack", "", "technique.uid"},
    {"alert", "timestamp", "finding_info.created_time", kMillis, "", true},
    {"alert", "alert.context.first_seen", "finding_info.first_seen_time", kMillis},
    {"alert", "alert.context.last_seen", "finding_info.last_seen_time", kMillis},
    {"alert", "", "is_alert", kAlways, "true"},
    {"alert", "", "status_id", kAlways, "1"},
    {"alert", "", "status", kAlways, "\"New\""},
    {"=2006", "src_ip", "src_endpoint.ip"},
    {"=2006", "src_port", "src_endpoint.port"},
    {"=2006", "alert.context.transfer.from.jurisdiction", "src_endpoint.location.country"},
    {"=2006", "alert.context.transfer.from.zone", "src_endpoint.zone"},
    {"=2006", "dest_ip", "dst_endpoint.ip"},
    {"=2006", "dest_port", "dst_endpoint.port"},
    {"=2006", "alert.context.transfer.to.domain", "dst_endpoint.hostname"},
    {"=2006", "alert.context.transfer.to.jurisdiction", "dst_endpoint.location.country"},
    {"=2006", "alert.context.transfer.to.zone", "dst_endpoint.zone"},
    {"=2006", "", "data_security.category_id", kAlways, "1"},
    {"=2006", "", "data_security.category", kAlways, "\"Personal\""},
    {"=2006", "", "data_security.data_lifecycle_state_id", kAlways, "2"},
    {"=2006", "", "data_security.data_lifecycle_state", kAlways, "\"Data in-Transit\""},
    {"=2006", "", "data_security.detection_system_id", kAlways, "2"},
    {"=2006", "", "data_security.detection_system", kAlways, "\"DLP Gateway\""},
    {"=2006", "alert.context.pii.classes.0.id", "data_security.detection_pattern", kCopy, "", true},
    {"=2006", "alert.context.pii.subjects.estimate", "data_security.total", kNumber, "", true},
    {"=2006", "alert.context.transfer.bytes", "data_security.size", kNumber},
    {"=2006", "alert.context.policy.name", "data_security.policy.name"},
    {"=2006", "alert.context.policy.digest", "data_security.policy.uid"},
    {"=2006", "alert.context.policy.version", "data_security.policy.version", kText},
    {"=2004", "src_ip", "evidences[0].src_endpoint.ip"},
    {"=2004", "src_port", "evidences[0].src_endpoint.port"},
    {"=2004", "dest_ip", "evidences[0].dst_endpoint.ip"},
    {"=2004", "dest_port", "evidences[0].dst_endpoint.port"},
    {"=2004", "app_proto", "evidences[0].connection_info.protocol_name", kLower, "", true},
    {"=2004", "proto", "evidences[0].connection_info.direction_id", kIfThere, "0", true},

    // Ends and their connection.
    {kWithEnds, "src_ip", "src_endpoint.ip"},
    {kWithEnds, "src_port", "src_endpoint.port"},
    {kWithEnds, "dest_ip", "dst_endpoint.ip"},
    {kWithEnds, "dest_port", "dst_endpoint.port"},
    {kWithEnds, "vlan.0", "src_endpoint.vlan_uid", kText, "", true},
    {kWithEnds, "transfer.direction", "connection_info.direction_id", kWords, kOcsfDirections, true},
    {kWithEnds, "", "connection_info.direction_id", kAlways, "0"},
    {kWithEnds, "proto", "connection_info.protocol_name", kLower, "", true},
    {kWithEnds, "proto", "connection_info.protocol_num", kWords, "TCP=6;UDP=17;ICMP=1;IPv6-ICMP=58;SCTP=132"},
    {kWithEnds, "flow_id", "connection_info.uid", kText},
    {kWithEnds, "community_id", "connection_info.community_uid"},
    {kWithEnds, "app_proto", "app_name"},

    {"transfer", "transfer.from.country", "src_endpoint.location.country"},
    {"transfer", "transfer.from.domain", "src_endpoint.hostname"},
    {"transfer", "transfer.from.zone", "src_endpoint.zone"},
    {"transfer", "transfer.to.country", "dst_endpoint.location.country"},
    {"transfer", "transfer.to.domain", "dst_endpoint.hostname"},
    {"transfer", "transfer.to.zone", "dst_endpoint.zone"},
    {"transfer", "transfer.bytes", "traffic.bytes"},
    {"transfer", "transfer.channel", "app_name"},
    {"transfer", "transfer.why", "message"},
    {"transfer", "transfer.verdict", "status_detail", kCopy, "", true},
    {"transfer", "transfer.first_seen", "start_time", kMillis},
    {"transfer", "transfer.last_seen", "end_time", kMillis},

    {"flow", "flow.bytes_toserver", "traffic.bytes", kSum, "flow.bytes_toclient"},
    {"flow", "flow.pkts_toserver", "traffic.packets", kSum, "flow.pkts_toclient"},
    {"flow", "flow.bytes_toserver", "traffic.bytes_out"},
    {"flow", "flow.bytes_toclient", "traffic.bytes_in"},
    {"flow", "flow.pkts_toserver", "traffic.packets_out"},
    {"flow", "flow.pkts_toclient", "traffic.packets_in"},
    {"flow", "flow.start", "start_time", kMillis},
    {"flow", "flow.end", "end_time", kMillis},
    {"flow", "flow.age", "duration", kMilliSeconds},

    {"http", "http.hostname", "http_request.url.hostname"},
    {"http", "http.url", "http_request.url.url_string"},
    {"http", "", "http_request.url.url_string", kAlways, "\"\""},
    {"http", "http.http_method", "http_request.http_method", kCopy, "", true},
    {"http", "http.http_user_agent", "http_request.user_agent"},
    {"http", "http.http_refer", "http_request.referrer"},
    {"http", "http.protocol", "http_request.version", kAfter, "HTTP/"},
    {"http", "http.status", "http_response.code"},
    {"http", "", "app_name", kAlways, "\"http\""},

    {"=response", "http.length", "http_response.body_length"},
    {"=response", "http.http_content_type", "http_response.content_type"},

    {"dns|mdns|llmnr", "dns.queries.0.rrname", "query.hostname"},
    {"dns|mdns|llmnr", "dns.queries.0.rrtype", "query.type"},
    {"dns|mdns|llmnr", "mdns.queries.0.rrname", "query.hostname"},
    {"dns|mdns|llmnr", "mdns.queries.0.rrtype", "query.type"},
    {"dns|mdns|llmnr", "llmnr.queries.0.rrname", "query.hostname"},
    {"dns|mdns|llmnr", "llmnr.queries.0.rrtype", "query.type"},
    {"dns", "dns.id", "query.hostname", kIfThere, "\"\"", true},
    {"dns", "dns.id", "query.packet_uid"},
    {"dns", "dns.answers", "answers", kEach, "=answer"},
    {"=answer", "rdata", "rdata"},
    {"=answer", "", "rdata", kAlways, "\"\""},
    {"=answer", "rrtype", "type"},
    {"=answer", "ttl", "ttl"},
    {"dns", "dns.rcode", "rcode_id", kWords,
     "NOERROR=0;FORMERR=1;SERVFAIL=2;NXDOMAIN=3;NOTIMP=4;REFUSED=5;YXDOMAIN=6;YXRRSET=7;NXRRSET=8;NOTAUTH=9;NOTZONE=10;"
     "*=99",
     true},
    {"dns", "dns.rcode", "rcode"},
    {"dns|mdns|llmnr", "event_type", "app_name", kCopy, "", true},

    // TLS is told in Network Activity; `version` is required there.
    {"tls|quic", "tls.version", "tls.version", kAfter, "TLS "},
    {"tls|quic", "tls.version", "tls.version"},
    {"tls", "", "tls.version", kAlways, "\"unknown\""},
    {"quic", "tls.sni", "tls.version", kIfThere, "\"unknown\"", true},
    {"tls|quic", "tls.sni", "tls.sni"},
    {"tls|quic", "tls.ja3.hash", "tls.ja3_hash.algorithm_id", kIfThere, "1", true},
    {"tls|quic", "tls.ja3.hash", "tls.ja3_hash.value"},
    {"tls|quic", "tls.ja3s.hash", "tls.ja3s_hash.algorithm_id", kIfThere, "1", true},
    {"tls|quic", "tls.ja3s.hash", "tls.ja3s_hash.value"},
    {"=certificate", "tls.subject", "tls.certificate.subject"},
    {"=certificate", "tls.issuerdn", "tls.certificate.issuer"},
    {"=certificate", "tls.serial", "tls.certificate.serial_number"},
    {"=certificate", "tls.fingerprint", "tls.certificate.fingerprints[0].algorithm_id", kIfThere, "2", true},
    {"=certificate", "tls.fingerprint", "tls.certificate.fingerprints[0].value"},
    {"=certificate", "tls.notbefore", "tls.certificate.created_time", kMillis},
    {"=certificate", "tls.notafter", "tls.certificate.expiration_time", kMillis},
    {"tls", "", "app_name", kAlways, "\"tls\""},

    // Email Activity. Its class is outside the network category: ends, but no connection.
    {"smtp|imap|pop3", "src_ip", "src_endpoint.ip"},
    {"smtp|imap|pop3", "src_port", "src_endpoint.port"},
    {"smtp|imap|pop3", "dest_ip", "dst_endpoint.ip"},
    {"smtp|imap|pop3", "dest_port", "dst_endpoint.port"},
    {"smtp|imap|pop3", "event_type", "protocol_name", kCopy, "", true},
    {"smtp|imap|pop3", "", "direction_id", kAlways, "0"},
    {"smtp", "smtp.mail_from", "from"},
    {"smtp", "smtp.rcpt_to", "to", kList},
    {"smtp|imap|pop3", "email.from", "email.from"},
    {"smtp|imap|pop3", "email.to", "email.to", kList},
    {"smtp|imap|pop3", "email.cc", "email.cc", kList},
    {"smtp|imap|pop3", "email.subject", "email.subject"},
    {"smtp|imap|pop3", "email.message_id", "email.message_uid"},
    {"smtp|imap|pop3", "", "email.to", kAlways, "[]"},

    // Network File Activity. `actor` is required: what carried the file.
    {"fileinfo|ftp_data", "app_proto", "actor.app_name", kCopy, "", true},
    {"fileinfo|ftp_data", "event_type", "actor.app_name", kCopy, "", true},
    {"fileinfo", "fileinfo.filename", "file.name"},
    {"ftp_data", "ftp_data.filename", "file.name"},
    {"fileinfo|ftp_data", "", "file.name", kAlways, "\"\""},
    {"fileinfo|ftp_data", "", "file.type_id", kAlways, "1"},
    {"fileinfo|ftp_data", "", "file.type", kAlways, "\"Regular File\""},
    {"fileinfo", "fileinfo.size", "file.size"},
    {"fileinfo", "fileinfo.sha256", "file.hashes[0].algorithm_id", kIfThere, "3", true},
    {"fileinfo", "fileinfo.sha256", "file.hashes[0].algorithm", kIfThere, "\"SHA-256\"", true},
    {"fileinfo", "fileinfo.sha256", "file.hashes[0].value"},
    {"fileinfo", "fileinfo.encrypted", "file.is_encrypted"},

    {"ftp", "ftp.command", "command", kCopy, "", true},
    {"ftp", "ftp.reply", "command_responses", kList},
    {"ftp", "ftp.completion_code", "codes", kEach, "=code"},
    {"=code", "", "", kNumber},
    {"smb", "smb.command", "command"},
    {"smb", "smb.dialect", "dialect"},
    {"smb", "smb.client_dialects", "client_dialects", kList},
    {"smb", "smb.share", "share"},
    {"smb", "smb.filename", "file.type_id", kIfThere, "0", true},
    {"smb", "smb.filename", "file.name"},
    {"ssh", "ssh.client.proto_version", "protocol_ver"},
    {"anomaly", "anomaly.event", "message", kCopy, "", true},
    {"blind_spot", "blind_spot.reason", "message"},
    {"blind_spot", "blind_spot.begin", "start_time", kMillis},
    {"blind_spot", "blind_spot.end", "end_time", kMillis},
    {"sketch", "sketch.window.begin", "start_time", kMillis},
    {"sketch", "sketch.window.end", "end_time", kMillis},
    {"rules_reload", "rules_reload.result", "status_id", kWords, "success=1;*=2", true},
    {"rules_reload", "rules_reload.problem", "status_detail"},
    {"policy_reload", "policy_reload.result", "status_id", kWords, "success=1;*=2", true},
    {"policy_reload", "policy_reload.problem", "status_detail"},
    {"*", "event_type", ""},
};

constexpr OcsfClass kClasses[] = {
    {"http", 4002, "HTTP Activity", "http.http_method",
     "CONNECT=1;DELETE=2;GET=3;HEAD=4;OPTIONS=5;POST=6;PUT=7;TRACE=8;PATCH=9;*=99"},
    {"dns", 4003, "DNS Activity", "dns.type", "request=1;query=1;response=2;answer=2;*=99"},
    {"mdns", 4003, "DNS Activity", "mdns.type", "request=1;query=1;response=2;answer=2;*=99"},
    {"llmnr", 4003, "DNS Activity", "llmnr.type", "request=1;query=1;response=2;answer=2;*=99"},
    {"dhcp", 4004, "DHCP Activity", "dhcp.dhcp_type",
     "discover=1;offer=2;request=3;decline=4;ack=5;nak=6;release=7;inform=8;*=99"},
    {"smb", 4006, "SMB Activity", "", "*=99"},
    {"ssh", 4007, "SSH Activity", "", "*=6"},
    {"ftp", 4008, "FTP Activity", "ftp.command",
     "STOR=1;APPE=1;STOU=1;RETR=2;DELE=4;RMD=4;RNFR=5;RNTO=5;LIST=6;NLST=6;MLSD=6;*=99"},
    {"smtp", 4009, "Email Activity", "", "*=1"},
    {"imap|pop3", 4009, "Email Activity", "", "*=2"},
    {"fileinfo", 4010, "Network File Activity", "", "*=99"},
    {"ftp_data", 4010, "Network File Activity", "ftp_data.command", "STOR=1;RETR=2;*=99"},
    {"flow", 4001, "Network Activity", "", "*=2"},
    {"stats|rules_reload|policy_reload|baseline|blind_spot|sketch", 0, "Base Event", "", "*=99"},
    {"*", 4001, "Network Activity", "", "*=6"},
};

struct Activity {
  int class_uid;
  const char* names;  // id=caption
};

constexpr const char* kConnection = "1=Open;2=Close;3=Reset;4=Fail;5=Refuse;6=Traffic;7=Listen";
constexpr Activity kActivities[] = {
    {2004, "1=Create;2=Update;3=Close"},
    {2006, "1=Create;2=Update;3=Close"},
    {4001, kConnection},
    {4002, "1=Connect;2=Delete;3=Get;4=Head;5=Options;6=Post;7=Put;8=Trace;9=Patch"},
    {4003, "1=Query;2=Response;6=Traffic"},
    {4004, "1=Discover;2=Offer;3=Request;4=Decline;5=Ack;6=Nak;7=Release;8=Inform"},
    {4007, kConnection},
    {4008, "1=Put;2=Get;3=Poll;4=Delete;5=Rename;6=List"},
    {4009, "1=Send;2=Receive;3=Scan;4=Trace"},
    {4010, "1=Upload;2=Download"},
};

}  // namespace

std::span<const FieldRow> OcsfTable() noexcept { return kOcsfRows; }
std::span<const OcsfClass> OcsfClasses() noexcept { return kClasses; }

const char* OcsfActivityNames(int class_uid) noexcept {
  for (const Activity& a : kActivities) {
    if (a.class_uid == class_uid) return a.names;
  }
  return "";
}

}  // namespace gander::report
