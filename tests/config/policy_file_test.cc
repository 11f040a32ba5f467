// SPDX-License-Identifier: Apache-2.0
// The policy document: what a whole one says, and that every error names its line and a remedy.
#include "config/policy_file.h"

#include <gtest/gtest.h>

#include "policy/policy.h"

namespace gander::config {
namespace {

using policy::TransferEntry;

constexpr const char* kWhole = R"(policy: {name: hospital-edge, version: 12, default: alert, max_entry_days: 400}
zones:
  - {id: wards,  nets: [10.20.0.0/16, "fd20::/48"], jurisdiction: NO, kind: office, owner: clinic}
  - {id: scada,  nets: [10.90.0.0/24], jurisdiction: NO, kind: ot}
  - {id: partner, net: 198.51.100.0/24, jurisdiction: DE, own: false}
overrides:
  - {net: 203.0.113.0/24, jurisdiction: DE, note: leased range, source: contract 8841}
  - {domain: cdn.example.net, jurisdiction: XA}
assets:
  - {id: patient-api, hosts: [10.20.4.8], ports: [8080], records: [health, national_id]}
agreements: [{id: NO-DE-2021-04, parties: [NO, DE], kind: bilateral}]
transfers:
  - id: lab-billing
    from: wards
    to: {domain: Lab.example.de}
    classes: [national_id, health]
    subjects: [NO]
    purpose: billing
    basis: {kind: contract, ref: "DPA-2291"}
    not_before: 2026-06-01
    until: 2027-03-31
    quota: {subjects_per_day: 400, bytes_per_day: 200MB, hours: "06-20"}
    transport: encrypted
  - {id: mla-88, from: patient-api, to: {jurisdiction: DE}, classes: [national_id], basis: {kind: judicial, ref: MLA-2026-88, agreement: NO-DE-2021-04}, until: 2026-12-31, quota: {subjects_total: 12}}
  - {id: never, from: scada, action: deny}
collectors:
  - {to: {domain: telemetry.example.com}, classes: [device], basis: {kind: consent, ref: "notice v3"}, until: 2027-06-30, transport: clear}
)";

Result<policy::PolicySource> ReadText(const std::string& text) {
  const auto yaml = ParseYaml(text, "policy.yaml");
  EXPECT_TRUE(yaml.has_value());
  return ReadPolicy(*yaml);
}

TEST(PolicyFileTest, ReadsAWholeDocument) {
  const auto source = ReadText(kWhole);
  ASSERT_TRUE(source.has_value()) << source.error().ToString();
  EXPECT_EQ(source->name, "hospital-edge");
  EXPECT_EQ(source->version, 12);
  ASSERT_EQ(source->zones.size(), 3u);
  EXPECT_EQ(source->zones[0].nets.size(), 2u);
  EXPECT_EQ(source->zones[0].jurisdiction.text(), "NO");
  EXPECT_EQ(source->zones[0].line, 3);
  EXPECT_FALSE(source->zones[2].own);
  EXPECT_EQ(source->overrides[1].domain, "cdn.example.net");
  ASSERT_EQ(source->transfers.size(), 4u);
  const TransferEntry& lab = source->transfers[0];
  EXPECT_EQ(lab.line, 13);
  EXPECT_EQ(lab.subjects_per_day, 400u);
  EXPECT_EQ(lab.bytes_per_day, 200'000'000u);
  EXPECT_EQ(lab.hours_from, 6);
  EXPECT_EQ(lab.hours_to, 20);
  EXPECT_EQ(lab.transport, TransferEntry::Transport::kEncrypted);
  EXPECT_EQ(lab.basis.reference, "DPA-2291");
  EXPECT_EQ(source->transfers[1].basis.agreement, "NO-DE-2021-04");
  EXPECT_EQ(source->transfers[1].subjects_total, 12u);
  EXPECT_EQ(source->transfers[1].transport, TransferEntry::Transport::kUnsaid);
  EXPECT_TRUE(source->transfers[2].deny);
  EXPECT_EQ(source->transfers[3].id, "collector-line-27");
  EXPECT_EQ(source->transfers[3].transport, TransferEntry::Transport::kClear);
  EXPECT_TRUE(source->notes.empty());
  ASSERT_EQ(source->assets.size(), 1u);
  EXPECT_EQ(source->assets[0].ports, std::vector<std::uint16_t>{8080});
  EXPECT_EQ(source->assets[0].records, (std::vector<std::string>{"health", "national_id"}));
}

constexpr const char* kObjects = R"(policy: {name: objects, geoip: geo/countries.mmdb, asn: geo/asn.mmdb}
zones:
  - {id: net, nets: [10.0.0.0/8], jurisdiction: CN, roles: [monitor]}
overrides:
  - {asn: AS64500, jurisdiction: XA, note: a cloud}
  - {net: 198.18.0.0/24, asn: 64501}
assets:
  - {id: api, kind: api, hosts: [10.0.0.8], ports: [443, 8080], records: [health], id_paths: ["/patient/{id}"], roles: [backup]}
recipients:
  - {id: mail, nets: [192.0.2.25], domains: [mx.example.org], asn: [64502, AS64503], roles: [relay, tunnel]}
classes:
  - {id: criminal_record, sensitivity: critical, bases: [judicial, law]}
purposes: [billing, treatment]
meters:
  - id: cn
    law: to be checked by counsel
    from: CN
    window: since 1 January
    tiers: [{people: 10000, classes: [sensitive], duty: assessment}, {people: 1000000}]
  - {id: any, zones: [net], to: any, per: each, window: 12 months, tiers: [{people: 500}]}
transfers:
  - {id: out, from: net, to: {recipient: mail}, purpose: billing, direction: push, basis: {kind: law}, not_before: 2026-01-01, until: 2026-12-31}
  - {id: pull, from: api, to: {asn: [64500]}, direction: pull, basis: {kind: law}, not_before: 2026-01-01, until: 2026-12-31}
)";

TEST(PolicyFileTest, ReadsObjects) {
  const auto source = ReadText(kObjects);
  ASSERT_TRUE(source.has_value()) << source.error().ToString();
  EXPECT_EQ(source->geoip_file, "geo/countries.mmdb");
  EXPECT_EQ(source->asn_file, "geo/asn.mmdb");
  EXPECT_TRUE(source->zones[0].roles.Has(policy::Role::kMonitor));
  EXPECT_EQ(source->overrides[0].asn, 64500u);
  EXPECT_TRUE(source->overrides[0].has_jurisdiction);
  EXPECT_EQ(source->overrides[1].asn, 64501u);
  EXPECT_FALSE(source->overrides[1].has_jurisdiction);
  EXPECT_EQ(source->assets[0].id_paths, std::vector<std::string>{"/patient/{id}"});
  EXPECT_TRUE(source->assets[0].roles.Has(policy::Role::kBackup));
  ASSERT_EQ(source->recipients.size(), 1u);
  EXPECT_EQ(source->recipients[0].asns, (std::vector<std::uint32_t>{64502, 64503}));
  EXPECT_TRUE(source->recipients[0].roles.Has(policy::Role::kTunnel));
  ASSERT_EQ(source->classes.size(), 1u);
  EXPECT_EQ(source->classes[0].bases, (std::vector<std::string>{"judicial", "law"}));
  EXPECT_EQ(source->purposes.size(), 2u);
  ASSERT_EQ(source->meters.size(), 2u);
  EXPECT_EQ(source->meters[0].tiers.size(), 2u);
  EXPECT_EQ(source->meters[0].tiers[0].people, 10000u);
  EXPECT_EQ(source->meters[0].window, policy::LegalMeter::Window::kSinceNewYear);
  EXPECT_TRUE(source->meters[1].anywhere);
  EXPECT_EQ(source->meters[1].per, policy::LegalMeter::Per::kEach);
  EXPECT_EQ(source->meters[1].window, policy::LegalMeter::Window::kTwelveMonths);
  EXPECT_EQ(source->transfers[0].to_recipient, "mail");
  EXPECT_EQ(source->transfers[0].direction, TransferEntry::Direction::kPush);
  EXPECT_EQ(source->transfers[1].to_asns, std::vector<std::uint32_t>{64500});
}

TEST(PolicyFileTest, AllErrorsAreToldInOnePass) {
  const auto yaml = ParseYaml(
      "zones:\n  - {id: a, nets: [10.0.0.1/8]}\n  - {id: b, nets: [10.1.0.0/16], jurisdiction: QQ}\n"
      "transfers:\n  - {id: x, basis: {kind: contracts}}\n  - {id: y, basis: {kind: law}, until: soon}\n"
      "what: now",
      "policy.yaml");
  ASSERT_TRUE(yaml.has_value());
  std::vector<Error> errors;
  ReadPolicy(*yaml, errors);
  std::vector<int> lines;
  for (const Error& e : errors) lines.push_back(e.line);
  EXPECT_EQ(lines, (std::vector<int>{7, 2, 3, 5, 6}));
  const std::string joined = Joined(errors).ToString();
  for (const Error& e : errors) EXPECT_NE(joined.find(e.ToString()), std::string::npos);
}

TEST(PolicyFileTest, ACanaryNeedsItsTagsAndNothingElseHasThem) {
  EXPECT_FALSE(ReadText("assets:\n  - {id: a, kind: canary}").has_value());
  EXPECT_FALSE(ReadText("assets:\n  - {id: a, tag_file: x.bin, hosts: [10.0.0.1]}").has_value());
  const auto canary = ReadText("assets:\n  - {id: a, kind: canary, tag_file: x.bin}");
  ASSERT_TRUE(canary.has_value());
  EXPECT_EQ(canary->assets[0].tag_file, "x.bin");
}

TEST(PolicyFileTest, AWholeDocumentBuildsAndJudges) {
  auto source = ReadText(kWhole);
  ASSERT_TRUE(source.has_value());
  std::vector<Error> warnings;
  const auto policy = policy::Policy::Build(std::move(*source), &warnings);
  ASSERT_TRUE(policy.has_value()) << policy.error().ToString();
  policy::Movement m;
  ASSERT_TRUE(IpAddress::Parse("10.20.4.8", m.sender));
  ASSERT_TRUE(IpAddress::Parse("203.0.113.9", m.recipient));
  m.from = (*policy)->Locate(m.sender);
  m.to = (*policy)->Locate(m.recipient);
  m.data_class = "national_id";
  ASSERT_TRUE(ParseDate("2026-11-24", m.time));
  m.opened = policy::Movement::Opened::kByRecipient;
  m.sender_port = 8080;
  EXPECT_EQ((*policy)->Judge(m).why, "register entry mla-88 permits it until 2026-12-31");
  m.sender_port = 22;  // another service of the same host
  EXPECT_EQ((*policy)->Judge(m).verdict, policy::Verdict::kUnregistered);
}

TEST(PolicyFileTest, AnEmptyDocumentIsAnError) {
  EXPECT_FALSE(ReadText("").has_value());
  EXPECT_FALSE(ReadText("[1, 2]").has_value());
  EXPECT_TRUE(ReadText("policy: {name: x}").has_value());
}

struct Wrong {
  const char* text;
  int line;
  const char* cause;  // part of it
};

TEST(PolicyFileTest, ErrorsNameLineAndRemedy) {
  static constexpr Wrong kWrong[] = {
      {"zone:\n  - {id: a}", 1, "unknown key `zone`"},
      {"zones: {id: a}", 1, "must be a list"},
      {"zones:\n  - {nets: [10.0.0.0/8]}", 2, "`id` is missing"},
      {"zones:\n  - {id: a}", 2, "has no `nets`"},
      {"zones:\n  - id: a\n    nets:\n      - 10.0.0.0/8\n      - 10.0.0.1/8", 5, "no network prefix"},
      {"zones:\n  - {id: any, nets: [10.0.0.0/8]}", 2, "has a meaning of its own"},
      {"zones:\n  - {id: a, nets: [10.0.0.0/8], jurisdiction: Norway}", 2, "no jurisdiction"},
      {"zones:\n  - {id: a, nets: [10.0.0.0/8], kind: ofice}", 2, "not known"},
      {"zones:\n  - {id: a, nets: [10.0.0.0/8], own: perhaps}", 2, "true or false"},
      {"overrides:\n  - {jurisdiction: DE}", 2, "names nothing"},
      {"overrides:\n  - {net: 10.0.0.0/8}", 2, "`jurisdiction` is missing"},
      {"agreements:\n  - {id: x, parties: [NO]}", 2, "fewer than two parties"},
      {"transfers:\n  - {id: x, to: {jurisdiction: DE}, until: 2027-01-01}", 2, "states no basis"},
      {"transfers:\n  - {id: x, basis: {kind: contracts}}", 2, "not known"},
      {"transfers:\n  - id: x\n    basis: {kind: law}\n    until: soon", 4, "no date"},
      {"transfers:\n  - id: x\n    basis: {kind: law}\n    quota: {subjects_per_day: -4}", 4, "must be an integer"},
      {"transfers:\n  - id: x\n    basis: {kind: law}\n    quota: {bytes_per_day: many}", 4, "no size"},
      {"transfers:\n  - id: x\n    basis: {kind: law}\n    quota: {hours: \"25-26\"}", 4, "no span of hours"},
      {"transfers:\n  - id: x\n    basis: {kind: law}\n    to: {cert_sha256: [aa]}", 4, "not compared"},
      {"transfers:\n  - id: x\n    basis: {kind: law}\n    to: lab.example.de", 4, "map of keys"},
      {"transfers:\n  - id: x\n    basis: {kind: law}\n    transport: tls", 4, "not known"},
      {"zones:\n  - {id: a, nets: [10.0.0.0/8], jurisdiction: UK}", 2, "no country"},
      {"zones:\n  - {id: a, nets: [10.0.0.0/8], roles: [boss]}", 2, "no role `boss`"},
      {"overrides:\n  - {asn: 0, jurisdiction: DE}", 2, "no autonomous system"},
      {"overrides:\n  - {asn: [1, 2], jurisdiction: DE}", 2, "one number"},
      {"overrides:\n  - {asn: 1}", 2, "`jurisdiction` is missing"},
      {"assets:\n  - {id: a, hosts: [10.0.0.1], ports: [70000]}", 2, "no port"},
      {"assets:\n  - {id: a, hosts: [10.0.0.1], id_paths: [/patient]}", 2, "where the id stands"},
      {"recipients:\n  - {id: a, roles: [relay]}", 2, "is nowhere"},
      {"classes:\n  - {id: a, bases: [custom]}", 2, "not known"},
      {"meters:\n  - {id: a, window: weekly, tiers: [{people: 1}]}", 2, "not known"},
      {"meters:\n  - {id: a, window: 12 months}", 2, "has no `tiers`"},
      {"meters:\n  - {id: a, window: 12 months, tiers: [{people: 0}]}", 2, "reached by nobody"},
      {"transfers:\n  - id: x\n    basis: {kind: law}\n    direction: up", 4, "not known"},
      {"policy: {max_entry_days: 4000}", 1, "0..400"},
      {"policy: {default: allow}", 1, "not known"},
  };
  for (const Wrong& w : kWrong) {
    const auto source = ReadText(w.text);
    ASSERT_FALSE(source.has_value()) << w.text;
    EXPECT_EQ(source.error().file, "policy.yaml");
    EXPECT_EQ(source.error().line, w.line) << w.text << "\n" << source.error().ToString();
    EXPECT_NE(source.error().cause.find(w.cause), std::string::npos) << source.error().ToString();
    EXPECT_FALSE(source.error().remedy.empty()) << w.text;
  }
}

TEST(PolicyFileTest, AMissingFileIsAnError) {
  const auto source = LoadPolicy("/nonexistent/policy.yaml");
  ASSERT_FALSE(source.has_value());
  EXPECT_EQ(source.error().file, "/nonexistent/policy.yaml");
}

}  // namespace
}  // namespace gander::config
