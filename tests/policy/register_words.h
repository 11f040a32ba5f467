// SPDX-License-Identifier: Apache-2.0
// Registers and movements in short words, so that a table of vectors reads as one:
//   entry:    "ID KEY=VALUE,VALUE ... FLAG", one a line
//   movement: "KEY=VALUE ... FLAG", changes to a plain one (national ids of Norwegians, wards to 203.0.113.5 in DE)
#ifndef GANDER_TESTS_POLICY_REGISTER_WORDS_H_
#define GANDER_TESTS_POLICY_REGISTER_WORDS_H_

#include <gtest/gtest.h>

#include <sstream>
#include <string>
#include <vector>

#include "policy/sources.h"

namespace gander::policy::test {

// World() and one of each kind that it lacks.
inline PolicySource WideWorld() {
  PolicySource s = World();
  PolicySource::Override system{{Net("198.18.0.0/24")}, "", State("JP"), "", 23};
  system.asn = 64500;
  PolicySource::Override cloud{{}, "", State("XA"), "", 24};
  cloud.asn = 64501;
  PolicySource::Override in_cloud{{Net("198.18.1.0/24")}, "", {}, "", 25};
  in_cloud.asn = 64501;
  in_cloud.has_jurisdiction = false;
  s.overrides.insert(s.overrides.end(), {system, cloud, in_cloud});
  Asset api{"api", "api", {Net("10.20.4.9")}, 32};
  api.ports = {8080};
  api.records = {"health", "national_id"};
  s.assets.push_back(api);
  Recipient mail;
  mail.id = "mail-partner";
  mail.nets = {Net("192.0.2.25")};
  mail.domains = {"mx.example.org"};
  mail.asns = {64500};
  s.recipients = {mail};
  DataClass criminal;
  criminal.id = "criminal_record";
  criminal.has_sensitivity = true;
  criminal.sensitivity = identify::Sensitivity::kCritical;
  criminal.bases = {"judicial", "law"};
  s.classes = {criminal};
  return s;
}

inline std::vector<std::string> Split(const std::string& text, char by) {
  std::vector<std::string> out;
  std::istringstream in(text);
  for (std::string part; std::getline(in, part, by);) {
    if (!part.empty()) out.push_back(part);
  }
  return out;
}

inline void SetEntryWord(const std::string& word, TransferEntry& e) {
  const std::size_t equals = word.find('=');
  const std::string key = word.substr(0, equals), value = equals == std::string::npos ? "" : word.substr(equals + 1);
  const std::vector<std::string> list = Split(value, ',');
  if (key == "deny")
    e.deny = true;
  else if (key == "push")
    e.direction = TransferEntry::Direction::kPush;
  else if (key == "pull")
    e.direction = TransferEntry::Direction::kPull;
  else if (key == "encrypted")
    e.transport = TransferEntry::Transport::kEncrypted;
  else if (key == "from")
    e.from = value;
  else if (key == "zone")
    e.to_zone = value;
  else if (key == "recipient")
    e.to_recipient = value;
  else if (key == "domain")
    e.to_domains = list;
  else if (key == "cert")
    e.to_certificates = list;
  else if (key == "class")
    e.classes = list;
  else if (key == "begin")
    e.not_before = Day(value.c_str());
  else if (key == "until")
    e.until = Day(value.c_str());
  else if (key == "net")
    for (const auto& v : list) e.to_nets.push_back(Net(v.c_str()));
  else if (key == "asn")
    for (const auto& v : list) e.to_asns.push_back(static_cast<std::uint32_t>(std::stoul(v)));
  else if (key == "state")
    for (const auto& v : list) e.to_jurisdictions.push_back(State(v.c_str()));
  else if (key == "people")
    for (const auto& v : list) e.subjects.push_back(State(v.c_str()));
  else if (key == "basis") {
    e.basis = {list.at(0), list.size() > 1 ? list[1] : "", list.size() > 2 ? list[2] : ""};
    if (e.basis.reference == "-") e.basis.reference.clear();
  } else if (key == "hours") {
    const std::vector<std::string> ends = Split(value, '-');
    e.hours_from = std::stoi(ends.at(0));
    e.hours_to = std::stoi(ends.at(1));
  } else {
    ADD_FAILURE() << "no such word: " << word;
  }
}

inline TransferEntry EntryOf(const std::string& line) {
  const std::vector<std::string> words = Split(line, ' ');
  TransferEntry e = Entry(words.at(0));
  for (std::size_t i = 1; i < words.size(); ++i) SetEntryWord(words[i], e);
  return e;
}

inline std::vector<TransferEntry> RegisterOf(const std::string& lines) {
  std::vector<TransferEntry> out;
  for (const std::string& line : Split(lines, '\n')) out.push_back(EntryOf(line));
  return out;
}

// Holds what a Movement only points to.
struct Scenario {
  explicit Scenario(const std::string& words) : text(words) {
    movement.sender = Ip("10.20.4.7");
    movement.recipient = Ip("203.0.113.5");
    movement.sensitivity = identify::Sensitivity::kSensitive;
    movement.subjects = State("NO");
    movement.time = Day("2026-11-24T10:30:00Z");
    movement.opened = Movement::Opened::kBySender;
    for (const std::string& word : Split(words, ' ')) Set(word);
  }
  void Set(const std::string& word) {
    const std::size_t equals = word.find('=');
    const std::string key = word.substr(0, equals), value = equals == std::string::npos ? "" : word.substr(equals + 1);
    if (key == "encrypted")
      movement.encrypted = true;
    else if (key == "pulled")
      movement.opened = Movement::Opened::kByRecipient;
    else if (key == "unsure")
      movement.opened = Movement::Opened::kUnsure;
    else if (key == "from")
      movement.sender = Ip(value.c_str());
    else if (key == "port")
      movement.sender_port = static_cast<std::uint16_t>(std::stoul(value));
    else if (key == "to")
      movement.recipient = Ip(value.c_str());
    else if (key == "domain")
      domain = value;
    else if (key == "cert")
      certificate = value;
    else if (key == "class")
      data_class = value;
    else if (key == "people")
      movement.subjects = State(value.c_str());
    else if (key == "at")
      movement.time = Day(value.c_str());
    else if (key == "sensitivity")
      EXPECT_TRUE(identify::ParseSensitivity(value, movement.sensitivity)) << word;
    else
      ADD_FAILURE() << "no such word: " << word;
  }
  Judgement JudgeBy(const Policy& policy) {
    movement.recipient_domain = domain;
    movement.recipient_certificate = certificate;
    movement.data_class = data_class;
    movement.from = policy.Locate(movement.sender);
    movement.to = policy.Locate(movement.recipient);
    return policy.Judge(movement);
  }

  std::string text, domain, certificate, data_class = "national_id";
  Movement movement;
};

}  // namespace gander::policy::test

#endif  // GANDER_TESTS_POLICY_REGISTER_WORDS_H_
