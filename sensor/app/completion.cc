// SPDX-License-Identifier: Apache-2.0
// Verbs stand directly behind `gander`, so that the first words that are verbs say where on the command line one is.
#include "app/completion.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace gander::app {
namespace {

constexpr char kFirst[] = "Made by `gander completion`; made anew with each version.";

// Between single quotes of any of the three shells.
std::string Quoted(const std::string& text) {
  std::string out;
  for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c == '\n' ? ' ' : c);
  return "'" + out + "'";
}

std::string ForFish(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '\'' || c == '\\') out += '\\';
    out += c == '\n' ? ' ' : c;
  }
  return "'" + out + "'";
}

std::vector<std::string> FlagsOf(const VerbRow& verb) {
  std::vector<std::string> out = verb.verbs;
  for (const OptionRow& o : verb.options) out.insert(out.end(), o.names.begin(), o.names.end());
  return out;
}

bool TakesKey(const OptionRow& option) { return option.value == "KEY=VALUE"; }

// Keys with the sign that their value follows.
std::string Assignments(const std::vector<std::string>& keys) { return fmt::format("{}=", fmt::join(keys, "= ")); }

// The first words that are verbs, as a case of the shell.
std::string Groups(const std::vector<VerbRow>& table) {
  std::string out;
  for (const VerbRow& verb : table) {
    if (!verb.path.empty() && !verb.verbs.empty()) out += (out.empty() ? "" : "|") + verb.path;
  }
  return out;
}

std::string BashValues(const VerbRow& verb) {
  std::string out;
  for (const OptionRow& o : verb.options) {
    if (o.value.empty() || o.names.empty()) continue;
    std::string answer = "COMPREPLY=($(compgen -f -- \"$cur\"))";
    if (TakesKey(o)) answer = "compopt -o nospace; COMPREPLY=($(compgen -W \"$keys\" -- \"$cur\"))";
    if (!o.words.empty()) answer = fmt::format("COMPREPLY=($(compgen -W '{}' -- \"$cur\"))", fmt::join(o.words, " "));
    out += fmt::format("        {}) {}; return ;;\n", fmt::join(o.names, "|"), answer);
  }
  return out;
}

std::string ZshDescriptions(const VerbRow& verb, const std::vector<VerbRow>& table) {
  const auto item = [](const std::string& name, const std::string& help) {
    std::string text = name + ":" + help.substr(0, help.find('\n'));
    return "      " + Quoted(text) + "\n";
  };
  std::string out;
  for (const std::string& name : verb.verbs) {
    for (const VerbRow& v : table) {
      if (v.path == (verb.path.empty() ? name : verb.path + " " + name)) out += item(name, v.help);
    }
  }
  for (const OptionRow& o : verb.options) {
    for (const std::string& name : o.names) out += item(name, o.help);
  }
  return out;
}

}  // namespace

std::string BashCompletion(const std::vector<VerbRow>& table, const std::vector<std::string>& keys) {
  std::string out = fmt::format(
      "# bash completion for gander. {}\n"
      "_gander() {{\n"
      "  local cur=${{COMP_WORDS[COMP_CWORD]}} prev=${{COMP_WORDS[COMP_CWORD-1]}} verb=\n"
      "  local keys='{}'\n"
      "  COMPREPLY=()\n"
      "  [ \"$COMP_CWORD\" -gt 1 ] && verb=${{COMP_WORDS[1]}}\n"
      "  case $verb in\n"
      "    {}) [ \"$COMP_CWORD\" -gt 2 ] && verb=\"$verb ${{COMP_WORDS[2]}}\" ;;\n"
      "  esac\n"
      "  case $verb in\n",
      kFirst, Assignments(keys), Groups(table));
  for (const VerbRow& verb : table) {
    out += fmt::format("    {})\n", Quoted(verb.path));
    if (const std::string values = BashValues(verb); !values.empty()) {
      out += "      case $prev in\n" + values + "      esac\n";
    }
    out += fmt::format("      COMPREPLY=($(compgen -W '{}' -- \"$cur\"))\n", fmt::join(FlagsOf(verb), " "));
    out += "      ;;\n";
  }
  return out +
         "  esac\n"
         "  [ ${#COMPREPLY[@]} -gt 0 ] || COMPREPLY=($(compgen -f -- \"$cur\"))\n"
         "}\n"
         "complete -o filenames -F _gander gander\n";
}

std::string ZshCompletion(const std::vector<VerbRow>& table, const std::vector<std::string>& keys) {
  std::string out = fmt::format(
      "#compdef gander\n"
      "# {}\n"
      "_gander() {{\n"
      "  local verb= prev=${{words[CURRENT-1]}}\n"
      "  local -a keys choices\n"
      "  keys=({})\n"
      "  (( CURRENT > 2 )) && verb=${{words[2]}}\n"
      "  case $verb in\n"
      "    {}) (( CURRENT > 3 )) && verb=\"$verb ${{words[3]}}\" ;;\n"
      "  esac\n"
      "  case $verb in\n",
      kFirst, Assignments(keys), Groups(table));
  for (const VerbRow& verb : table) {
    out += fmt::format("    {})\n", Quoted(verb.path));
    std::string values;
    for (const OptionRow& o : verb.options) {
      if (o.value.empty() || o.names.empty()) continue;
      std::string answer = "_files";
      if (TakesKey(o)) answer = "compadd -S '' -- $keys";
      if (!o.words.empty()) answer = fmt::format("compadd -- {}", fmt::join(o.words, " "));
      values += fmt::format("        {}) {}; return ;;\n", fmt::join(o.names, "|"), answer);
    }
    if (!values.empty()) out += "      case $prev in\n" + values + "      esac\n";
    out += "      choices=(\n" + ZshDescriptions(verb, table) + "      )\n      ;;\n";
  }
  return out +
         "  esac\n"
         "  _describe -o 'gander' choices || _files\n"
         "}\n"
         "_gander \"$@\"\n";
}

std::string FishCompletion(const std::vector<VerbRow>& table, const std::vector<std::string>& keys) {
  std::string out = fmt::format(
      "# fish completion for gander. {}\n"
      "function __gander_at\n"
      "  set -l words (commandline -opc) ''\n"
      "  set -e words[1]\n"
      "  switch $words[1]\n"
      "    case {}\n"
      "      test \"$argv\" = (string trim -- \"$words[1] $words[2]\")\n"
      "    case '*'\n"
      "      test \"$argv\" = \"$words[1]\"\n"
      "  end\n"
      "end\n"
      "set -g __gander_keys {}\n",
      kFirst, fmt::join(CLI::detail::split(Groups(table), '|'), " "), Assignments(keys));
  for (const VerbRow& verb : table) {
    const std::string here = fmt::format("complete -c gander -n {}", ForFish("__gander_at " + verb.path));
    for (const std::string& name : verb.verbs) {
      for (const VerbRow& v : table) {
        if (v.path != (verb.path.empty() ? name : verb.path + " " + name)) continue;
        out += fmt::format("{} -f -a {} -d {}\n", here, name, ForFish(v.help));
      }
    }
    for (const OptionRow& o : verb.options) {
      if (o.names.empty()) continue;
      std::string row = here;
      for (const std::string& name : o.names) {
        row += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
      }
      if (!o.value.empty()) row += " -r";
      if (TakesKey(o)) row += " -f -a \"$__gander_keys\"";
      if (!o.words.empty()) row += fmt::format(" -f -a '{}'", fmt::join(o.words, " "));
      out += row + " -d " + ForFish(o.help) + "\n";
    }
  }
  return out;
}

}  // namespace gander::app
