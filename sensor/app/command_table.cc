// SPDX-License-Identifier: Apache-2.0
#include "app/command_table.h"

namespace gander::app {
namespace {

// CLI11 says `TEXT:{a,b}` where a set of words was given.
std::vector<std::string> WordsOf(const std::string& type) {
  const std::size_t begin = type.find('{'), end = type.find('}');
  std::vector<std::string> out;
  if (begin == std::string::npos || end == std::string::npos) return out;
  std::string word;
  for (std::size_t i = begin + 1; i <= end; ++i) {
    if (type[i] == ',' || i == end) {
      out.push_back(word);
      word.clear();
    } else {
      word += type[i];
    }
  }
  return out;
}

std::string ValueOf(const CLI::Option& option) {
  if (option.get_items_expected_max() == 0) return {};
  const std::string type = option.get_type_name();
  return type.substr(0, type.find_first_of(":{ "));
}

OptionRow RowOf(const CLI::Option& option) {
  OptionRow row;
  for (const std::string& name : option.get_snames()) row.names.push_back("-" + name);
  for (const std::string& name : option.get_lnames()) row.names.push_back("--" + name);
  if (option.get_positional()) row.positional = option.get_name(true);
  row.value = ValueOf(option);
  row.words = WordsOf(option.get_type_name());
  if (row.value == "SEVERITY") row.words = {"info", "low", "medium", "high", "critical"};
  if (!row.value.empty() && !row.words.empty() && row.value != "SEVERITY") row.value = "WORD";
  row.help = option.get_description();
  row.required = option.get_required();
  row.repeated = option.get_items_expected_max() > 1;
  return row;
}

void Collect(const CLI::App& app, const std::string& path, std::vector<VerbRow>& out) {
  VerbRow row{path, app.get_description(), app.get_footer(), {}, {}};
  for (const CLI::Option* option : app.get_options()) {
    if (!option->get_group().empty()) row.options.push_back(RowOf(*option));
  }
  std::vector<const CLI::App*> verbs;
  for (const CLI::App* verb : app.get_subcommands([](const CLI::App* v) { return !v->get_group().empty(); })) {
    row.verbs.push_back(verb->get_name());
    verbs.push_back(verb);
  }
  out.push_back(std::move(row));
  for (const CLI::App* verb : verbs) Collect(*verb, path.empty() ? verb->get_name() : path + " " + verb->get_name(), out);
}

}  // namespace

std::vector<VerbRow> CommandTable(const CLI::App& app) {
  std::vector<VerbRow> out;
  Collect(app, "", out);
  return out;
}

}  // namespace gander::app
