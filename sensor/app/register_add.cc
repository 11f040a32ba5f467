// SPDX-License-Identifier: Apache-2.0
// gander register add: one more entry, checked with all the others before a byte of the file changes.
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "app/options.h"
#include "app/transfer_register.h"
#include "config/policy_edit.h"
#include "policy/difference.h"

namespace gander::app {
namespace {

using Fields = std::vector<std::pair<std::string, std::string>>;

// What may be given, by option, and the key that it becomes; "a.b" is key b of the map a.
struct Given {
  const char* option;
  const char* key;
  const char* help;
  bool list;
};
constexpr Given kGiven[] = {
    {"--id", "id", "name that alerts cite", false},
    {"--action", "action", "allow (if not given) or deny", false},
    {"--from", "from", "zone or asset that the data leaves; any if not given", false},
    {"--to-net", "to.nets", "addresses or prefixes of the recipient", true},
    {"--to-domain", "to.domain", "its names, with all below them", true},
    {"--to-recipient", "to.recipient", "one declared under `recipients`", false},
    {"--to-zone", "to.zone", "one declared under `zones`", false},
    {"--to-asn", "to.asn", "its autonomous systems", true},
    {"--to-jurisdiction", "to.jurisdiction", "States in which it stands", true},
    {"--class", "classes", "data classes or sensitivities; all if not given", true},
    {"--subject", "subjects", "States whose people it covers; all if not given", true},
    {"--purpose", "purpose", "what for", false},
    {"--basis", "basis.kind", "consent, contract, law, judicial or agreement", false},
    {"--ref", "basis.ref", "number of the contract, law or request", false},
    {"--agreement", "basis.agreement", "one declared under `agreements`", false},
    {"--direction", "direction", "push (its holder sends) or pull (it is fetched); both if not given", false},
    {"--not-before", "not_before", "first day or moment", false},
    {"--until", "until", "first day or moment at which it permits no more", false},
    {"--subjects-per-day", "quota.subjects_per_day", "people a day", false},
    {"--subjects-total", "quota.subjects_total", "people in all", false},
    {"--bytes-per-day", "quota.bytes_per_day", "e.g. 200MB", false},
    {"--hours", "quota.hours", "of the day in UTC, e.g. 06-20", false},
    {"--transport", "transport", "encrypted, or clear where anyone on the way may read it", false},
    {"--note", "note", "for people", false},
};

struct AddOptions {
  std::string policy;
  std::vector<std::string> rules;
  std::vector<std::vector<std::string>> values{std::size(kGiven)};
  bool dry_run = false;
};

// A plain scalar where YAML reads it as the same text anywhere in a flow, else quoted.
std::string Scalar(const std::string& text) {
  const bool plain = !text.empty() &&
                     text.find_first_not_of(
                         "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                         "_./-") == std::string::npos &&
                     text.front() != '-';
  if (plain) return text;
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  }
  return quoted + "\"";
}

std::string ValueOf(const std::vector<std::string>& given, bool list) {
  if (!list || given.size() == 1) return Scalar(given.back());  // said twice, the last holds
  std::string out;
  for (const std::string& item : given) out += (out.empty() ? "[" : ", ") + Scalar(item);
  return out + "]";
}

Fields FieldsOf(const AddOptions& options) {
  Fields fields;
  for (std::size_t i = 0; i < std::size(kGiven); ++i) {
    if (options.values[i].empty()) continue;
    const std::string key = kGiven[i].key, value = ValueOf(options.values[i], kGiven[i].list);
    const std::size_t dot = key.find('.');
    if (dot == std::string::npos) {
      fields.emplace_back(key, value);
      continue;
    }
    const std::string map = key.substr(0, dot), member = key.substr(dot + 1) + ": " + value;
    if (fields.back().first == map) {
      fields.back().second.insert(fields.back().second.size() - 1, ", " + member);
    } else {
      fields.emplace_back(map, "{" + member + "}");
    }
  }
  return fields;
}

// Beside the old one, then in its place, so that nobody ever reads half a policy.
Result<bool> Replace(const std::string& path, const std::string& text) {
  const std::string next = path + ".next";
  std::error_code failed;
  {
    std::ofstream out(next, std::ios::binary | std::ios::trunc);
    out << text;
    if (!out.flush()) return Fail(next, 0, "cannot be written", "check the disk and the rights on the folder");
  }
  std::filesystem::permissions(next, std::filesystem::status(path).permissions(), failed);
  std::filesystem::rename(next, path, failed);
  if (failed) return Fail(path, 0, "cannot be replaced: " + failed.message(), "check the rights on the folder");
  return true;
}

void PrintDiff(const std::string& path, const std::string& before, const config::PolicyEdit& edit) {
  const int above = std::min(3, edit.line - 1);
  std::printf("--- %s\n+++ %s\n@@ -%d,%d +%d,%zu @@\n", path.c_str(), path.c_str(), edit.line - above, above,
              edit.line - above, static_cast<std::size_t>(above) + edit.added.size());
  std::istringstream in(before);
  std::string line;
  for (int number = 1; number < edit.line && std::getline(in, line); ++number) {
    if (number >= edit.line - above) std::printf(" %s\n", line.c_str());
  }
  for (const std::string& added : edit.added) std::printf("+%s\n", added.c_str());
}

// Both policies, with nothing changed but what was meant to be.
bool OnlyAdds(const policy::Policy& before, const policy::Policy& after) {
  const policy::Difference d = policy::Compare(before, after);
  return d.added.size() == 1 && d.removed.empty() && d.changed.empty() && d.sections.empty();
}

std::shared_ptr<const policy::Policy> Build(const std::string& text, const std::string& path,
                                            const config::PolicyReading& reading, std::vector<Error>& warnings) {
  std::vector<Error> errors;
  std::shared_ptr<const policy::Policy> policy;
  if (const auto yaml = config::ParseYaml(text, path)) {
    policy = config::BuildPolicy(*yaml, reading, errors, &warnings);
  } else {
    errors.push_back(yaml.error());
  }
  for (const Error& e : errors) Complain(e);
  return policy;
}

int Add(const AddOptions& options) {
  const auto classes = ReadClasses(options.rules);
  if (!classes) return Complain(classes.error());
  config::PolicyReading reading;
  reading.now = Now();
  for (const auto& [name, sensitivity] : *classes) reading.known_classes.push_back(name);
  std::ifstream in(options.policy, std::ios::binary);
  std::ostringstream read;
  if (in) read << in.rdbuf();
  if (!in) return Complain({options.policy, 0, "cannot be read", "name the policy file"});
  const std::string before = read.str();

  std::vector<Error> old_warnings, warnings;
  const auto old = Build(before, options.policy, reading, old_warnings);
  if (old == nullptr) return kBadUsage;
  const auto edit = config::AppendTransfer(before, options.policy, FieldsOf(options));
  if (!edit) return Complain(edit.error());
  const auto next = Build(edit->text, options.policy, reading, warnings);
  if (next == nullptr) {
    std::fprintf(stderr, "gander: %s is left as it was\n", options.policy.c_str());
    return kBadUsage;
  }
  if (!OnlyAdds(*old, *next)) {
    return Complain(
        {options.policy, edit->line, "cannot be added to without changing something else", "add the entry by hand"});
  }
  for (const Error& w : warnings) {
    const bool known =
        std::any_of(old_warnings.begin(), old_warnings.end(), [&](const Error& o) { return o.cause == w.cause; });
    if (!known) std::fprintf(stderr, "gander: warning: %s\n", w.ToString().c_str());
  }
  PrintDiff(options.policy, before, *edit);
  if (options.dry_run) return kDone;
  if (auto replaced = Replace(options.policy, edit->text); !replaced) return Complain(replaced.error(), kFailed);
  return kDone;
}

}  // namespace

void AddRegisterAdd(CLI::App& verb, int& exit_code) {
  CLI::App* sub =
      verb.add_subcommand("add", "an entry to a policy: checked, then written; what else is in the file stays")
          ->group(kTransferRegisterGroup);
  auto options = std::make_shared<AddOptions>();
  sub->add_option("policy", options->policy, "policy file")->required();
  for (std::size_t i = 0; i < std::size(kGiven); ++i) {
    CLI::Option* option = sub->add_option(kGiven[i].option, options->values[i], kGiven[i].help);
    option->allow_extra_args(false);
    if (kGiven[i].list) {
      option->take_all()->delimiter(',');
    } else {
      option->take_last();
    }
  }
  sub->get_option("--id")->required();
  sub->add_flag("--dry-run", options->dry_run, "show what would be written");
  AddRulesOption(*sub, options->rules);
  sub->callback([options, &exit_code] { exit_code = Add(*options); });
}

}  // namespace gander::app
