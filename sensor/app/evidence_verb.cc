// SPDX-License-Identifier: Apache-2.0
// gander evidence key|verify|prove|export: the log that a sensor has kept, read by whoever has to rely on it.
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "app/audit.h"
#include "app/options.h"
#include "app/verbs.h"
#include "base/file.h"
#include "evidence/log_files.h"
#include "evidence/prove.h"
#include "evidence/verify.h"

namespace gander::app {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::uint64_t kMostInput = std::uint64_t{256} << 20;  // of a witness or a proof

struct EvidenceOptions {
  ConfigOptions config;
  std::string directory, key, witness, proof, out, id, from, until;
  std::vector<std::uint64_t> sequences;
  bool json = false;
};

struct Place {
  std::string directory;
  std::string key;           // public key file
  bool trusted_key = false;  // it was named, not found beside the log
  std::string audit_file, sensor_name;
};

Result<Place> Find(const EvidenceOptions& options) {
  Place place{options.directory, options.key, !options.key.empty(), "", ""};
  if (!options.config.config.empty()) {
    const auto settings = LoadSettings(options.config);
    if (!settings) return Failure(settings.error());
    const AuditPlaces places = PlacesOf(*settings);
    if (place.directory.empty()) place.directory = places.evidence;
    place.audit_file = places.file;
    place.sensor_name = places.sensor_name;
  }
  if (place.directory.empty()) {
    return Fail("command line", 0, "no evidence log is named",
                "name its folder, or with --config a configuration that has evidence.directory");
  }
  if (place.key.empty()) place.key = evidence::PublicKeyPath(place.directory);
  return place;
}

Result<std::string> ReadInput(const std::string& path) {
  std::string text;
  if (path.empty() || ReadFile(path, text, kMostInput)) return text;
  return Fail(path, 0, std::string("cannot be read: ") + std::strerror(errno), "name a file of up to 256 MB");
}

// A witness may be signed notes, or events of which the `evidence` ones carry notes.
std::string NotesOf(const std::string& text) {
  if (!text.starts_with('{')) return text;
  std::string notes;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const auto event = nlohmann::json::parse(text.substr(at, end - at), nullptr, false);
    at = end + 1;
    if (!event.is_object() || !event.contains("evidence") || !event["evidence"].is_object()) continue;
    const auto& note = event["evidence"]["checkpoint"];
    if (note.is_string()) notes += note.get_ref<const std::string&>();
  }
  return notes;
}

Json ToJson(const evidence::Verified& v, const Place& place) {
  Json faults = Json::array();
  for (const evidence::Fault& f : v.faults) {
    Json fault{{"kind", NameOf(f.kind)}, {"file", f.file}};
    if (f.line > 0) fault["line"] = f.line;
    fault["first"] = f.first;
    fault["last"] = f.last;
    fault["what"] = f.text;
    faults.push_back(std::move(fault));
  }
  return {{"directory", place.directory},
          {"key", place.key},
          {"key_named", place.trusted_key},
          {"origin", v.origin},
          {"good", v.good()},
          {"records", v.records},
          {"signed", v.signed_records},
          {"deleted", v.deleted},
          {"lost", v.lost},
          {"checkpoints", v.checkpoints},
          {"witnesses", v.witnesses},
          {"unclean_ends", v.unclean_ends},
          {"kinds", v.kinds},
          {"first", v.first_time},
          {"last", v.last_time},
          {"faults", std::move(faults)},
          {"more_faults", v.more_faults}};
}

unsigned long long Wide(std::uint64_t n) { return n; }

void Print(const evidence::Verified& v, const Place& place) {
  std::printf("%s: %s\n", place.directory.c_str(), v.origin.empty() ? "no checkpoint by this key" : v.origin.c_str());
  std::printf("  %llu records from %s to %s, %llu of them under the last of %llu good checkpoints\n", Wide(v.records),
              v.first_time.c_str(), v.last_time.c_str(), Wide(v.signed_records), Wide(v.checkpoints));
  std::string kinds;
  for (const auto& [kind, n] : v.kinds) kinds += (kinds.empty() ? "" : ", ") + kind + " " + std::to_string(n);
  std::printf("  %s\n", kinds.c_str());
  if (v.deleted > 0) std::printf("  %llu were deleted when their time was over; their hashes fit\n", Wide(v.deleted));
  if (v.lost > 0) std::printf("  %llu events could not be recorded, as the sensor says itself\n", Wide(v.lost));
  if (v.unclean_ends > 0) std::printf("  %llu runs ended without a stop record\n", Wide(v.unclean_ends));
  if (v.witnesses > 0) std::printf("  %llu checkpoints of the witness fit\n", Wide(v.witnesses));
  if (!place.trusted_key) {
    std::printf("  checked with the key that lies beside the log: name one you trust with --key\n");
  }
  for (const evidence::Fault& f : v.faults) {
    const std::string where = f.file + (f.line > 0 ? ":" + std::to_string(f.line) : "");
    std::printf("  %-13s %s: %s\n", NameOf(f.kind), where.c_str(), f.text.c_str());
  }
  if (v.more_faults > 0) std::printf("  and %llu more\n", Wide(v.more_faults));
  std::printf(v.good() ? "good: nothing was altered, taken out, put in or moved\n"
                       : "NOT GOOD: this is not the log that the sensor wrote\n");
}

int VerifyProof(const EvidenceOptions& options) {
  if (options.key.empty()) {
    return Complain({"command line", 0, "a proof is checked with a key you trust", "name it with --key"});
  }
  const auto key = evidence::PublicKey::Read(options.key);
  if (!key) return Complain(key.error());
  const auto text = ReadInput(options.proof);
  if (!text) return Complain(text.error());
  const auto proven = evidence::CheckProof(options.proof, *text, *key);
  if (!proven) return Complain(proven.error(), kAlerts);
  std::printf("%s signed %llu records at %s; these are among them, unchanged:\n", proven->origin.c_str(),
              Wide(proven->size), proven->time.c_str());
  for (const std::string& record : proven->records) std::printf("%s\n", record.c_str());
  return kDone;
}

int Verify(const EvidenceOptions& options) {
  if (!options.proof.empty()) return VerifyProof(options);
  const auto place = Find(options);
  if (!place) return Complain(place.error());
  const auto key = evidence::PublicKey::Read(place->key);
  if (!key) return Complain(key.error());
  const auto witness = ReadInput(options.witness);
  if (!witness) return Complain(witness.error());
  const auto verified = evidence::Verify(place->directory, *key, NotesOf(*witness));
  if (!verified) return Complain(verified.error());
  if (options.json) {
    std::printf("%s\n", ToJson(*verified, *place).dump(2, ' ', false, Json::error_handler_t::replace).c_str());
  } else {
    Print(*verified, *place);
  }
  return verified->good() ? kDone : kAlerts;
}

// "2026-11-30" and the times of records are compared as text: both begin with the same layout.
std::function<bool(const evidence::RecordHead&)> Wanted(const EvidenceOptions& options) {
  const std::string id = options.id.empty() ? "" : "\"id\":\"" + options.id + "\"";
  return [&options, id](const evidence::RecordHead& r) {
    if (!options.sequences.empty()) {
      return std::find(options.sequences.begin(), options.sequences.end(), r.sequence) != options.sequences.end();
    }
    if (!id.empty() && (r.kind != NameOf(evidence::Kind::kEvent) || r.body.find(id) == r.body.npos)) return false;
    const std::string_view until = options.until;
    return r.time >= options.from && (until.empty() || r.time.substr(0, until.size()) <= until);
  };
}

struct Proof {
  std::string text;
  std::vector<evidence::Picked> records;
};

// The wanted records and the states that they name. Errors: a log that is not good proves nothing.
Result<Proof> MakeProof(const EvidenceOptions& options, const Place& place) {
  const auto key = evidence::PublicKey::Read(place.key);
  if (!key) return Failure(key.error());
  const auto verified = evidence::Verify(place.directory, *key);
  if (!verified) return Failure(verified.error());
  if (!verified->good()) {
    return Fail(place.directory, 0, "the log does not verify: " + verified->faults[0].text,
                "`gander evidence verify` says all that is wrong; nothing is proven from it");
  }
  Proof proof;
  auto picked = evidence::Pick(place.directory, Wanted(options));
  if (!picked) return Failure(picked.error());
  // What is asked for by time ends where the signatures end; what is named has to be signed.
  if (options.id.empty() && options.sequences.empty()) {
    std::erase_if(*picked, [&](const auto& p) { return p.sequence >= verified->last_checkpoint.size; });
  }
  if (picked->empty()) {
    return Fail(place.directory, 0, "no record is what was asked for",
                "an alert's id is in its event as alert.context.id; `gander evidence verify` counts what there is");
  }
  std::vector<std::uint64_t> states;
  for (const auto& p : *picked) {
    if (const auto head = evidence::ReadHead(p.line); head && head->state != evidence::kNoState) {
      states.push_back(head->state);
    }
  }
  std::sort(states.begin(), states.end());
  auto with = evidence::Pick(place.directory, [&](const evidence::RecordHead& r) {
    return std::binary_search(states.begin(), states.end(), r.sequence);
  });
  if (!with) return Failure(with.error());
  proof.records = std::move(*picked);
  for (auto& state : *with) {
    const bool known = std::any_of(proof.records.begin(), proof.records.end(),
                                   [&](const auto& p) { return p.sequence == state.sequence; });
    if (!known) proof.records.push_back(std::move(state));
  }
  auto text = evidence::Prove(*verified, proof.records);
  if (!text) return Failure(text.error());
  proof.text = std::move(*text);
  return proof;
}

int Prove(const EvidenceOptions& options) {
  const auto place = Find(options);
  if (!place) return Complain(place.error());
  const auto proof = MakeProof(options, *place);
  if (!proof) return Complain(proof.error());
  if (options.out.empty() || options.out == "-") {
    std::fputs(proof->text.c_str(), stdout);
    return kDone;
  }
  if (ReplaceFile(options.out, proof->text)) return kDone;
  return Complain({options.out, 0, std::string("cannot be written: ") + std::strerror(errno), "name another file"},
                  kFailed);
}

constexpr const char* kReadMe =
    "Evidence exported from a Gander sensor.\n\n"
    "proof.json    the records with their proofs; each event names the record of the sensor's state at that time\n"
    "records.jsonl the same records, one a line, as they lie in the log\n"
    "checkpoints   every checkpoint the sensor signed\n"
    "public.pem    the sensor's public key. Compare it with one that you have from elsewhere:\n"
    "              openssl pkey -pubin -in public.pem -noout -text\n\n"
    "To check, without Gander:  python3 check_proof.py public.pem proof.json   (check_proof.py is in Gander's source,\n"
    "                           sensor/evidence/; it uses nothing but Python)\n"
    "To check, with it:         gander evidence verify --key public.pem --proof proof.json\n";

int Export(const EvidenceOptions& options) {
  const auto place = Find(options);
  if (!place) return Complain(place.error());
  const auto proof = MakeProof(options, *place);
  if (!proof) return Complain(proof.error());
  if (::mkdir(options.out.c_str(), 0700) != 0) {
    return Complain({options.out, 0, std::string("cannot be made: ") + std::strerror(errno), "name a new folder"});
  }
  // Whoever takes evidence out leaves a trace in it.
  const report::Audit audit{"evidence_export", "records from " + std::to_string(proof->records.front().sequence),
                            report::ActorOfThisProcess(), "", proof->records.size(), 0};
  if (auto told = Tell({place->audit_file, place->directory, place->sensor_name}, audit); !told) {
    return Complain(told.error(), kFailed);
  }
  std::string records, notes, key;
  for (const auto& p : proof->records) records += p.line + "\n";
  (void)ReadFile(evidence::CheckpointsPath(place->directory), notes, evidence::kMostNotesBytes);
  (void)ReadFile(place->key, key, kMostInput);
  const std::pair<const char*, const std::string&> files[] = {
      {"proof.json", proof->text}, {"records.jsonl", records}, {"checkpoints", notes}, {"public.pem", key}};
  bool good = ReplaceFile(options.out + "/README.txt", kReadMe);
  for (const auto& [name, text] : files) good = good && ReplaceFile(options.out + "/" + name, text);
  if (!good) {
    return Complain({options.out, 0, std::string("cannot be written: ") + std::strerror(errno), "make room"}, kFailed);
  }
  std::printf("%zu records in %s; the log will say that they were exported\n", proof->records.size(),
              options.out.c_str());
  return kDone;
}

int Key(const EvidenceOptions& options) {
  const auto place = Find(options);
  if (!place) return Complain(place.error());
  const auto key = evidence::PublicKey::Read(place->key);
  if (!key) return Complain(key.error());
  std::fputs(key->ToPem().c_str(), stdout);
  return kDone;
}

}  // namespace

void AddEvidence(CLI::App& app, int& exit_code) {
  CLI::App* verb = app.add_subcommand("evidence", "the log that others can check: key, verify, prove, export");
  verb->require_subcommand(1);
  verb->footer(
      "Examples:\n  gander evidence verify --key sensor.pem /var/lib/gander/evidence\n"
      "  gander evidence verify --key sensor.pem --witness siem-events.json /var/lib/gander/evidence\n"
      "  gander evidence prove --id 1c2f... /var/lib/gander/evidence > proof.json\n"
      "  gander evidence verify --key sensor.pem --proof proof.json\n"
      "Exit code 1: the log or the proof is not good.");
  auto options = std::make_shared<EvidenceOptions>();
  const auto add = [&](const char* name, const char* help) {
    CLI::App* action = verb->add_subcommand(name, help);
    action->add_option("directory", options->directory, "folder of the log");
    action->add_option("--config,-c", options->config.config, "configuration that names it")->type_name("FILE");
    return action;
  };
  const auto add_key = [&](CLI::App* action) {
    action->add_option("--key", options->key, "the sensor's public key, from where you trust it")->type_name("FILE");
  };
  const auto add_choice = [&](CLI::App* action) {
    action->add_option("--id", options->id, "alert.context.id of an alert");
    action->add_option("--seq", options->sequences, "sequences of records")->delimiter(',')->allow_extra_args(false);
    action->add_option("--from", options->from, "recorded then or later, 2026-11-30T08:00");
    action->add_option("--until", options->until, "recorded then or before");
  };
  CLI::App* key = add("key", "print the public key that checks the log");
  key->callback([options, &exit_code] { exit_code = Key(*options); });
  CLI::App* verify = add("verify", "was anything altered, taken out, put in or moved, and where");
  add_key(verify);
  verify->add_option("--witness", options->witness, "checkpoints kept elsewhere: notes, or events")->type_name("FILE");
  verify->add_option("--proof", options->proof, "check this proof instead of a log")->type_name("FILE");
  verify->add_flag("--json", options->json, "as JSON");
  verify->callback([options, &exit_code] { exit_code = Verify(*options); });
  CLI::App* prove = add("prove", "a proof of some records that needs neither the log nor Gander to be checked");
  add_key(prove);
  add_choice(prove);
  prove->add_option("--out,-o", options->out, "file for the proof; - is standard output");
  prove->callback([options, &exit_code] { exit_code = Prove(*options); });
  CLI::App* out = add("export", "a folder with records, proofs, checkpoints and key; the log records the export");
  add_key(out);
  add_choice(out);
  out->add_option("--out,-o", options->out, "folder to make")->required();
  out->callback([options, &exit_code] { exit_code = Export(*options); });
}

}  // namespace gander::app
