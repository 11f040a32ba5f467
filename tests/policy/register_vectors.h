// SPDX-License-Identifier: Apache-2.0
// The register's vectors: a register, a movement, and the exact verdict and entry that DETECTION.md §2 demands.
#ifndef GANDER_TESTS_POLICY_REGISTER_VECTORS_H_
#define GANDER_TESTS_POLICY_REGISTER_VECTORS_H_

namespace gander::policy::test {

struct RegisterVector {
  const char* name;
  const char* entries;
  const char* movement;
  const char* verdict;
  const char* entry;  // "" = none
};

inline constexpr RegisterVector kVectors[] = {
    // Nothing registered.
    {"empty register", "", "", "unregistered", ""},
    {"unknown recipient", "", "to=8.8.4.4", "unknown_party", ""},
    {"unknown recipient, entry by net", "a net=8.8.0.0/16", "to=8.8.4.4", "registered", "a"},
    {"unknown recipient, entry by State", "a state=DE", "to=8.8.4.4", "unknown_party", ""},
    {"another recipient", "a state=US", "", "unregistered", ""},
    {"another source", "a from=branch state=DE", "", "unregistered", ""},
    {"another class", "a state=DE class=health", "", "unregistered", ""},
    {"every given part must match", "a state=DE domain=lab.example.de", "", "unregistered", ""},
    {"every given part matches", "a state=DE domain=lab.example.de", "domain=x.lab.example.de", "registered", "a"},
    {"a name below another's", "a domain=example.de", "domain=badexample.de", "unregistered", ""},
    // Inside.
    {"within a zone", "", "to=10.20.1.1", "internal", ""},
    {"own zones of one State", "", "to=10.20.9.1", "internal", ""},
    {"own zones of two States", "", "to=10.30.0.1", "unregistered", ""},
    {"own zones of two States, permitted", "a zone=branch", "to=10.30.0.1", "registered", "a"},
    {"a prohibition holds inside", "a deny zone=lab", "to=10.20.9.1", "denied", "a"},
    {"a permission is not needed inside", "a zone=lab", "to=10.20.9.1", "internal", ""},
    // Recipient: fingerprint > address > domain > prefix by length > system > State > any.
    {"certificate before address", "a cert=9f1c\nb deny net=203.0.113.5", "cert=9f1c", "registered", "a"},
    {"another certificate", "a cert=9f1c", "cert=9f1d", "unregistered", ""},
    {"no certificate seen", "a cert=9f1c", "", "unregistered", ""},
    {"address before domain", "a net=203.0.113.5\nb deny domain=lab.example.de", "domain=lab.example.de", "registered",
     "a"},
    {"longer domain before shorter", "a domain=lab.example.de\nb deny domain=example.de", "domain=lab.example.de",
     "registered", "a"},
    {"domain before prefix", "a domain=example.de\nb deny net=203.0.113.0/31", "domain=example.de to=203.0.113.1",
     "registered", "a"},
    {"longer prefix before shorter", "a net=203.0.113.0/28\nb deny net=203.0.113.0/24", "", "registered", "a"},
    {"prefix before system", "a net=198.18.0.0/16\nb deny asn=64500", "to=198.18.0.9", "registered", "a"},
    {"system before State", "a asn=64500\nb deny state=JP", "to=198.18.0.9", "registered", "a"},
    {"State before any", "a state=DE\nb deny", "", "registered", "a"},
    {"prohibition of any", "b deny", "", "denied", "b"},
    {"another system", "a asn=64502", "to=198.18.0.9", "unregistered", ""},
    {"the closest of several decides the rank", "a net=203.0.113.0/24 domain=lab.example.de\nb deny net=203.0.113.0/28",
     "domain=lab.example.de", "registered", "a"},
    {"named recipient by its address", "a recipient=mail-partner", "to=192.0.2.25", "registered", "a"},
    {"named recipient by its name", "a recipient=mail-partner", "domain=mx.example.org", "registered", "a"},
    {"named recipient by its system", "a recipient=mail-partner", "to=198.18.0.9", "registered", "a"},
    {"not the named recipient", "a recipient=mail-partner", "", "unregistered", ""},
    // Source, then class.
    {"asset before zone", "a from=patient-api state=DE\nb deny from=wards state=DE", "from=10.20.4.8", "registered",
     "a"},
    {"zone before any", "a from=wards state=DE\nb deny state=DE", "", "registered", "a"},
    {"recipient before source", "a net=203.0.113.0/24\nb deny from=patient-api state=DE", "from=10.20.4.8",
     "registered", "a"},
    {"class before sensitivity", "a state=DE class=national_id\nb deny state=DE class=sensitive", "", "registered",
     "a"},
    {"sensitivity before any", "a state=DE class=sensitive\nb deny state=DE", "", "registered", "a"},
    {"source before class", "a from=wards state=DE\nb deny state=DE class=national_id", "", "registered", "a"},
    {"another sensitivity", "a state=DE class=contact", "", "unregistered", ""},
    {"a class' sensitivity as the operator has it", "a state=DE class=critical basis=law,x",
     "class=criminal_record sensitivity=personal", "registered", "a"},
    // Assets.
    {"asset at its port", "a from=api state=DE", "from=10.20.4.9 port=8080 pulled", "registered", "a"},
    {"asset at another port", "a from=api state=DE", "from=10.20.4.9 port=22 pulled", "unregistered", ""},
    {"the asset's host as a client", "a from=api state=DE", "from=10.20.4.9", "unregistered", ""},
    {"a class the asset does not hold", "a from=api state=DE", "from=10.20.4.9 port=8080 pulled class=financial",
     "unregistered", ""},
    {"asset at an unknown port, permission", "a from=api state=DE", "from=10.20.4.9 pulled", "unregistered", ""},
    {"asset at an unknown port, prohibition", "a deny from=api\nb state=DE", "from=10.20.4.9 pulled", "registered",
     "b"},
    {"asset at an unknown port, both to one place", "a deny from=api state=DE\nb state=DE", "from=10.20.4.9 pulled",
     "denied", "a"},
    // Equal rank.
    {"deny beats allow", "a state=DE\nb deny state=DE", "", "denied", "b"},
    {"shorter remaining life", "a state=DE\nb state=DE until=2026-12-31", "", "registered", "b"},
    {"then the id", "b state=DE\na state=DE", "", "registered", "a"},
    {"an ended prohibition forbids nothing", "a state=DE\nb deny state=DE until=2026-07-01", "", "registered", "a"},
    // Time.
    {"ended", "a state=DE", "at=2027-03-31", "expired", "a"},
    {"the last second", "a state=DE", "at=2027-03-30T23:59:59Z", "registered", "a"},
    {"not begun", "a state=DE begin=2026-12-01", "", "expired", "a"},
    {"ended closer, valid wider", "a net=203.0.113.5 until=2026-07-01\nb state=DE", "", "registered", "b"},
    {"ended and renewed under an unmet demand", "a state=DE until=2026-11-01\nb state=DE begin=2026-11-01 encrypted",
     "", "wrong_basis", "b"},
    // Basis and demands.
    {"judicial without reference", "a state=DE basis=judicial", "", "wrong_basis", "a"},
    {"judicial with reference", "a state=DE basis=judicial,MLA-88", "", "registered", "a"},
    {"a class that needs another basis", "a state=DE", "class=criminal_record", "wrong_basis", "a"},
    {"a class with its basis", "a state=DE basis=judicial,MLA-88", "class=criminal_record", "registered", "a"},
    {"encryption demanded, clear", "a state=DE encrypted", "", "wrong_basis", "a"},
    {"encryption demanded, encrypted", "a state=DE encrypted", "encrypted", "registered", "a"},
    {"an unmet demand, a wider permission", "a net=203.0.113.5 encrypted\nb state=DE", "", "registered", "b"},
    {"an unmet demand, a wider prohibition", "a net=203.0.113.5 encrypted\nb deny state=DE", "", "denied", "b"},
    {"out of hours", "a state=DE hours=22-6", "", "over_quota", "a"},
    {"within hours over midnight", "a state=DE hours=22-6", "at=2026-11-24T23:00:00Z", "registered", "a"},
    // People.
    {"third State", "a state=DE basis=agreement,-,NO-DE-1", "people=SE", "third_state", "a"},
    {"people of a party", "a state=DE basis=agreement,-,NO-DE-1", "people=DE", "registered", "a"},
    {"people of nobody knows where", "a state=DE basis=agreement,-,NO-DE-1", "people=ZZ", "registered", "a"},
    {"people not named", "a state=DE people=NO", "people=SE", "third_state", "a"},
    {"people of a party, not named", "a state=DE people=NO basis=agreement,-,NO-DE-1", "people=DE", "unregistered", ""},
    {"a prohibition for other people", "a state=DE\nb deny state=DE people=SE", "", "registered", "a"},
    {"a prohibition for people of nobody knows where", "a state=DE\nb deny state=DE people=SE", "people=ZZ", "denied",
     "b"},
    // Anycast and cloud.
    {"anycast by State", "a state=XA,DE", "domain=img.cdn.example.net", "unregistered", ""},
    {"anycast by name", "a domain=cdn.example.net", "domain=img.cdn.example.net", "registered", "a"},
    {"a cloud's system", "a state=DE", "to=198.18.1.9", "unregistered", ""},
    {"a cloud's system by its number", "a asn=64501", "to=198.18.1.9", "registered", "a"},
    // Direction.
    {"sent, and sending permitted", "a state=DE push", "", "registered", "a"},
    {"fetched, and sending permitted", "a state=DE push", "pulled port=443", "unregistered", ""},
    {"fetched, and fetching permitted", "a state=DE pull", "pulled port=443", "registered", "a"},
    {"unsure, one way permitted", "a state=DE push", "unsure", "unregistered", ""},
    {"unsure, both ways permitted", "a state=DE push\nb state=DE pull", "unsure", "registered", "a"},
    {"unsure, one way denied", "a state=DE\nb deny state=DE pull", "unsure", "denied", "b"},
};

}  // namespace gander::policy::test

#endif  // GANDER_TESTS_POLICY_REGISTER_VECTORS_H_
