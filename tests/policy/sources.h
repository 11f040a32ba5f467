// SPDX-License-Identifier: Apache-2.0
// A small world for the tests of policy/: a hospital in Norway, a partner zone in Germany, the rest outside.
#ifndef GANDER_TESTS_POLICY_SOURCES_H_
#define GANDER_TESTS_POLICY_SOURCES_H_

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "policy/policy.h"

namespace gander::policy::test {

inline IpAddress Ip(const char* text) {
  IpAddress a;
  EXPECT_TRUE(IpAddress::Parse(text, a)) << text;
  return a;
}

inline IpPrefix Net(const char* text) {
  IpPrefix p;
  EXPECT_TRUE(IpPrefix::Parse(text, p)) << text;
  return p;
}

inline Jurisdiction State(const char* code) { return {{code[0], code[1]}}; }

inline Timestamp Day(const char* text) {
  Timestamp t;
  EXPECT_TRUE(ParseDate(text, t)) << text;
  return t;
}

inline Zone MakeZone(std::string id, std::vector<IpPrefix> nets, const char* state, bool own = true) {
  Zone z;
  z.id = std::move(id);
  z.nets = std::move(nets);
  z.jurisdiction = State(state);
  z.own = own;
  return z;
}

inline TransferEntry Entry(std::string id) {
  TransferEntry e;
  e.id = std::move(id);
  e.basis = {"contract", "DPA-1", ""};
  e.not_before = Day("2026-06-01");
  e.until = Day("2027-03-31");
  return e;
}

inline PolicySource World() {
  PolicySource s;
  s.file = "policy.yaml";
  s.name = "hospital";
  s.version = 12;
  s.zones = {MakeZone("wards", {Net("10.20.0.0/16"), Net("fd20::/48")}, "NO"),
             MakeZone("lab", {Net("10.20.9.0/24")}, "NO"), MakeZone("branch", {Net("10.30.0.0/16")}, "SE"),
             MakeZone("partner", {Net("198.51.100.0/24")}, "DE", false)};
  s.overrides = {{{Net("203.0.113.0/24")}, "", State("DE"), "", 20},
                 {{Net("192.0.2.0/24")}, "", State("US"), "", 21},
                 {{}, "cdn.example.net", State("XA"), "", 22}};
  s.agreements = {{"NO-DE-1", {State("NO"), State("DE")}, "bilateral", 30}};
  s.assets = {{"patient-api", "", {Net("10.20.4.8")}, 31}};
  return s;
}

inline std::shared_ptr<const Policy> Built(PolicySource source, std::vector<Error>* warnings = nullptr) {
  auto policy = Policy::Build(std::move(source), warnings);
  EXPECT_TRUE(policy.has_value()) << policy.error().ToString();
  return policy ? *policy : nullptr;
}

// National ids of Norwegians from a ward to an address in Germany, in clear text, within the entry's life.
inline Movement ToGermany(const Policy& policy) {
  Movement m;
  m.sender = Ip("10.20.4.7");
  m.recipient = Ip("203.0.113.5");
  m.from = policy.Locate(m.sender);
  m.to = policy.Locate(m.recipient);
  m.data_class = "national_id";
  m.sensitivity = identify::Sensitivity::kSensitive;
  m.subjects = State("NO");
  m.time = Day("2026-11-24T10:30:00Z");
  return m;
}

}  // namespace gander::policy::test

#endif  // GANDER_TESTS_POLICY_SOURCES_H_
