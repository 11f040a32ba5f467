// SPDX-License-Identifier: Apache-2.0
// gander identify --jsonl: documents in, positions of findings out; no text of a finding.
#include <cstdio>
#include <iostream>
#include <nlohmann/json.hpp>
#include <set>

#include "app/options.h"
#include "app/verbs.h"
#include "config/snapshot.h"
#include "identify/document.h"

namespace gander::app {
namespace {

// Code points before byte `end` of UTF-8 `text`, counted on from an earlier position.
class CodePointCounter {
 public:
  explicit CodePointCounter(std::string_view text) : text_(text) {}
  std::size_t At(std::size_t byte) {
    if (byte < byte_) byte_ = points_ = 0;
    for (; byte_ < byte && byte_ < text_.size(); ++byte_) {
      if ((static_cast<unsigned char>(text_[byte_]) & 0xc0) != 0x80) ++points_;
    }
    return points_;
  }

 private:
  std::string_view text_;
  std::size_t byte_ = 0, points_ = 0;
};

// Counts the people of one document.
class PeopleCounter final : public identify::FindingSink {
 public:
  void OnFinding(const identify::Finding&) noexcept override {}
  void OnPeople(std::span<const identify::Finding> people) noexcept override {
    for (const identify::Finding& person : people) tags_.insert(person.tag);
  }
  std::size_t CountOf(identify::Scanner& scanner, identify::TextState& state, std::string_view text) {
    tags_.clear();
    state.Reset();
    content::TextPiece piece;
    piece.text = AsBytes(text);
    scanner.Scan(state, piece, *this);
    return tags_.size();
  }

 private:
  std::set<identify::SubjectTag> tags_;
};

int Identify(const ConfigOptions& options, bool people) {
  auto settings = LoadSettings(options);
  if (!settings) return Complain(settings.error());
  auto rules = config::BuildRules(*settings, ShippedRules());
  if (!rules) return Complain(rules.error());

  identify::Scanner scanner(*rules, settings->identify, HashKey{1, 2});
  identify::TextState state;
  PeopleCounter counter;
  std::string line, out;
  for (int number = 1; std::getline(std::cin, line); ++number) {
    if (line.empty()) continue;
    const auto document = nlohmann::json::parse(line, nullptr, false);
    if (!document.is_object() || !document.contains("doc_id") ||
        !document.value("text", nlohmann::json()).is_string()) {
      return Complain({"standard input", number, "not a document", "one JSON object a line: {\"doc_id\", \"text\"}"});
    }
    const std::string& text = document["text"].get_ref<const std::string&>();
    CodePointCounter points(text);
    if (people) {
      nlohmann::ordered_json j;
      j["doc_id"] = document["doc_id"];
      j["people"] = counter.CountOf(scanner, state, text);
      out += j.dump() + '\n';
      continue;
    }
    state.Reset();
    for (const identify::Finding& f : identify::ScanDocument(scanner, state, text)) {
      nlohmann::ordered_json j;
      j["doc_id"] = document["doc_id"];
      j["id"] = (*rules)->info(f.type).id;
      j["start"] = points.At(f.offset);
      j["end"] = points.At(f.offset + f.length);
      j["confidence"] = f.confidence / 100.0;
      j["why"] = identify::WhyOf(f, **rules);
      out += j.dump();
      out += '\n';
    }
    if (out.size() > 1 << 16) {
      std::fwrite(out.data(), 1, out.size(), stdout);
      out.clear();
    }
  }
  std::fwrite(out.data(), 1, out.size(), stdout);
  return kDone;
}

}  // namespace

void AddIdentify(CLI::App& app, int& exit_code) {
  CLI::App* verb = app.add_subcommand("identify", "find identifiers in documents (standard input to standard output)");
  auto options = std::make_shared<ConfigOptions>();
  AddConfigOptions(*verb, *options);
  auto jsonl = std::make_shared<bool>(false);
  verb->add_flag("--jsonl", *jsonl,
                 "one JSON object a line: {\"doc_id\",\"text\"} in, "
                 "{\"doc_id\",\"id\",\"start\",\"end\",\"confidence\",\"why\"} out")
      ->required();
  verb->footer("Offsets count code points; end is exclusive.\n"
               "Example:\n  echo '{\"doc_id\":1,\"text\":\"mail ada@example.org\"}' | gander identify --jsonl");
  auto people = std::make_shared<bool>(false);
  verb->add_flag("--people", *people, "instead, how many people each document names: {\"doc_id\",\"people\"}");
  verb->callback([options, jsonl, people, &exit_code] { exit_code = Identify(*options, *people); });
}

}  // namespace gander::app
