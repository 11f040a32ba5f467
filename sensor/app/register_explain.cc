// SPDX-License-Identifier: Apache-2.0
// gander register explain: what the register says of a movement that may never have happened, and why.
#include <cstdio>

#include "app/options.h"
#include "app/transfer_register.h"

namespace gander::app {
namespace {

using policy::Consideration;
using policy::Explanation;
using policy::Movement;
using policy::Party;
using policy::Policy;

struct ExplainOptions {
  std::string policy, from, to, domain, data_class, sensitivity, subject, at, opened;
  std::vector<std::string> rules;
  std::uint32_t port = 0;
  bool encrypted = false;
};

// Owns the texts that the movement points to.
struct Question {
  Movement movement;
  std::string domain, data_class;
  bool has_address = true;
};

Error Wrong(const char* option, const std::string& value, const char* remedy) {
  return {std::string("--") + option, 0, "`" + value + "` cannot be read", remedy};
}

Result<Question> Read(const ExplainOptions& options, const ClassSensitivities& classes) {
  Question q;
  Movement& m = q.movement;
  q.domain = options.domain;
  q.data_class = options.data_class;
  if (!IpAddress::Parse(options.from, m.sender))
    return Failure(Wrong("from", options.from, "write the sender's address"));
  if (!IpAddress::Parse(options.to, m.recipient)) {
    if (options.to.find_first_of(" /:") != std::string::npos || options.to.find('.') == std::string::npos) {
      return Failure(Wrong("to", options.to, "write an address or a domain; for both: --to ADDRESS --domain NAME"));
    }
    q.domain = options.to;
    q.has_address = false;
    m.recipient = IpAddress::FromV4(0);
  }
  if (const auto known = classes.find(q.data_class); known != classes.end()) m.sensitivity = known->second;
  if (!options.sensitivity.empty() && !identify::ParseSensitivity(options.sensitivity, m.sensitivity)) {
    return Failure(Wrong("sensitivity", options.sensitivity, "known: device, contact, personal, sensitive, critical"));
  }
  if (!options.subject.empty()) {
    if (options.subject.size() != 2) return Failure(Wrong("subject", options.subject, "write a country, e.g. NO"));
    m.subjects.code = {options.subject[0], options.subject[1]};
  }
  m.time = Now();
  if (!options.at.empty() && !ParseDate(options.at, m.time)) {
    return Failure(Wrong("at", options.at, "write 2027-03-31 or 2027-03-31T12:00:00Z"));
  }
  m.encrypted = options.encrypted;
  m.sender_port = static_cast<std::uint16_t>(options.port);
  if (options.opened == "sender") m.opened = Movement::Opened::kBySender;
  if (options.opened == "recipient" || options.port > 0) m.opened = Movement::Opened::kByRecipient;
  return q;
}

std::string Place(const Policy& policy, const Party& party) {
  static constexpr const char* kSources[] = {"nothing says where that is", "by its zone", "by an override",
                                             "by the database"};
  std::string out = party.zone == policy::kOutside ? "outside" : "zone " + policy.ZoneName(party.zone);
  out += ", " + std::string(party.jurisdiction.text()) + " (" + kSources[static_cast<std::size_t>(party.source)] + ")";
  if (party.asn != 0) out += ", AS" + std::to_string(party.asn);
  for (std::size_t i = 0; i < policy::kRoles; ++i) {
    const auto role = static_cast<policy::Role>(i);
    if (HasRole(party, role)) out += std::string(", ") + NameOf(role);
  }
  return out;
}

void PrintQuestion(const Policy& policy, const Question& q) {
  const Movement& m = q.movement;
  static constexpr const char* kOpened[] = {"not known who opens the flow", "sent", "fetched"};
  std::printf("from     %s: %s\n", m.sender.ToString().c_str(), Place(policy, m.from).c_str());
  const std::string name = q.domain + (q.has_address ? (q.domain.empty() ? "" : " ") + m.recipient.ToString() : "");
  std::printf("to       %s: %s\n", name.c_str(), Place(policy, policy.Locate(m.to, q.domain)).c_str());
  if (!q.has_address)
    std::printf("         no address was given, so entries by net, system, zone or State cannot match\n");
  std::printf("data     %s (%s), people of %s, %s, %s, at %s\n",
              q.data_class.empty() ? "no class" : q.data_class.c_str(), identify::NameOf(m.sensitivity),
              m.subjects.known() ? std::string(m.subjects.text()).c_str() : "an unknown State",
              m.encrypted ? "encrypted" : "in clear text", kOpened[static_cast<std::size_t>(m.opened)],
              FormatEveTime(m.time).substr(0, 19).c_str());
}

void PrintConsidered(const Policy& policy, const Explanation& e, bool fits_way, const char* title) {
  bool first = true;
  for (const Consideration& c : e.considered) {
    if (c.fits_way != fits_way) continue;
    if (first) std::printf("\n%s\n", title);
    first = false;
    const policy::TransferEntry& entry = policy.transfers()[static_cast<std::size_t>(c.entry)];
    const bool decides = c.entry == e.judgement.entry;
    std::printf("%s %s (%s:%d) %s%s\n", decides ? "*" : " ", entry.id.c_str(), policy.source().file.c_str(), entry.line,
                c.why.c_str(),
                decides  ? "; it decides"
                : c.fits ? "; a closer one decides"
                         : "");
  }
}

int Explain(const ExplainOptions& options) {
  const auto classes = ReadClasses(options.rules);
  if (!classes) return Complain(classes.error());
  std::vector<Error> ignored;  // `check` tells them
  const auto policy = ReadTransferRegister(options.policy, options.rules, &ignored);
  if (policy == nullptr) return kBadUsage;
  auto question = Read(options, *classes);
  if (!question) return Complain(question.error());
  Movement& m = question->movement;
  m.recipient_domain = question->domain;
  m.data_class = question->data_class;
  m.from = policy->Locate(m.sender);
  if (question->has_address) m.to = policy->Locate(m.recipient);
  const Explanation e = policy->Explain(m);
  PrintQuestion(*policy, *question);
  std::printf("\nverdict  %s: %s\n", NameOf(e.judgement.verdict), e.judgement.why.c_str());
  PrintConsidered(*policy, e, true, "Entries about this way, the closest first (* decides):");
  PrintConsidered(*policy, e, false, "Others:");
  return kDone;
}

}  // namespace

void AddRegisterExplain(CLI::App& verb, int& exit_code) {
  CLI::App* sub =
      verb.add_subcommand("explain", "the verdict on a movement, which entries were looked at and which decides")
          ->group(kTransferRegisterGroup);
  auto options = std::make_shared<ExplainOptions>();
  sub->add_option("policy", options->policy, "policy file")->required();
  sub->add_option("--from", options->from, "address of who holds the data")->required()->type_name("IP");
  sub->add_option("--to", options->to, "address or domain of who gets it")->required()->type_name("IP|DOMAIN");
  sub->add_option("--domain", options->domain, "name of the recipient beside its address");
  sub->add_option("--class", options->data_class, "data class, as `gander rules list` names them");
  sub->add_option("--sensitivity", options->sensitivity, "instead of the class' own");
  sub->add_option("--subject", options->subject, "State of the people, as their identifiers say")->type_name("CC");
  sub->add_option("--at", options->at, "moment in UTC; now if not given")->type_name("TIME");
  sub->add_option("--opened-by", options->opened, "who opens the flow; both ways are judged if not given")
      ->check(CLI::IsMember({"sender", "recipient"}));
  sub->add_option("--port", options->port, "at which the sender serves the recipient")->check(CLI::Range(1, 65535));
  sub->add_flag("--encrypted", options->encrypted, "not in clear text");
  AddRulesOption(*sub, options->rules);
  sub->callback([options, &exit_code] { exit_code = Explain(*options); });
}

}  // namespace gander::app
