// SPDX-License-Identifier: Apache-2.0
#include "app/man_page.h"

#include <fmt/format.h>

#include "app/options.h"

namespace gander::app {
namespace {

// roff(7): what would be a command or an escape is none.
std::string Roff(const std::string& text) {
  std::string out;
  bool line_begins = true;
  for (const char c : text) {
    if (line_begins && (c == '.' || c == '\'')) out += "\\&";
    if (c == '\\') {
      out += "\\e";
    } else if (c == '-') {
      out += "\\-";
    } else {
      out += c;
    }
    line_begins = c == '\n';
  }
  return out;
}

std::string Title(const char* name, int section) {
  return fmt::format(".\\\" Made by `gander man`; made anew with each version.\n.TH {} {} \"\" \"gander {}\" \"Gander\"\n",
                     name, section, kVersion);
}

std::string Verbatim(const std::string& text) {
  return text.empty() ? "" : ".PP\n.nf\n" + Roff(text) + "\n.fi\n";
}

std::string NamesOf(const OptionRow& option) {
  std::string out;
  for (const std::string& name : option.names) out += fmt::format("{}\\fB{}\\fR", out.empty() ? "" : ", ", Roff(name));
  if (out.empty()) return fmt::format("\\fI{}\\fR{}", Roff(option.positional), option.repeated ? " ..." : "");
  if (!option.value.empty()) out += " \\fI" + Roff(option.value) + "\\fR";
  return out;
}

std::string Options(const VerbRow& verb) {
  std::string out;
  for (const OptionRow& o : verb.options) {
    std::string help = Roff(o.help);
    if (!o.words.empty()) help += Roff(fmt::format(" ({})", CLI::detail::join(o.words, ", ")));
    if (o.required) help += " (required)";
    out += fmt::format(".TP\n{}\n{}\n", NamesOf(o), help.empty() ? "\\&" : help);
  }
  return out;
}

constexpr char kSignals[] =
    ".SH SIGNALS\n"
    ".TP\nSIGHUP\nRule packs, own lists and the policy are read anew; where one is wrong the old one stays.\n"
    ".TP\nSIGUSR2\nFiles of events and log are opened anew, after they were rotated.\n"
    ".TP\nSIGINT, SIGTERM\nWhat was read is judged and written, then the run ends; a second one ends it at once.\n";

constexpr char kEnvironment[] =
    ".SH ENVIRONMENT\n"
    ".TP\nNO_COLOR\nNo colours on a terminal.\n"
    ".TP\nXDG_CACHE_HOME\nWhere compiled expressions are kept, in a folder gander.\n"
    ".TP\nNOTIFY_SOCKET, WATCHDOG_USEC, JOURNAL_STREAM\nSet by systemd(1); the run tells it when traffic is read, and that "
    "it is alive.\n";

constexpr char kFiles[] =
    ".SH FILES\n"
    ".TP\n/etc/gander/gander.yaml, policy.yaml\nConfiguration of the service.\n"
    ".TP\n/usr/share/gander/rules\nRule packs.\n"
    ".TP\n/usr/share/gander/dpdk\\-config, dashboards\nProfiles of deployments, dashboards for Grafana.\n"
    ".TP\n/var/lib/gander, /var/log/gander, /var/cache/gander\nState of the detectors, events, compiled rules.\n";

}  // namespace

std::string CommandPage(const std::vector<VerbRow>& table) {
  std::string out = Title("GANDER", 1) + ".SH NAME\ngander \\- passive network sensor for personal data\n.SH SYNOPSIS\n";
  for (const VerbRow& verb : table) {
    if (verb.path.empty() || !verb.verbs.empty()) continue;
    std::string arguments;
    for (const OptionRow& o : verb.options) {
      if (o.names.empty()) arguments += " " + NamesOf(o);
    }
    out += fmt::format("{}.B gander {}\n[\\fIoptions\\fR]{}\n", out.ends_with("SYNOPSIS\n") ? "" : ".br\n",
                       Roff(verb.path), arguments);
  }
  out += ".SH DESCRIPTION\n" + Roff(table.front().help) + "\n.SH OPTIONS\n" + Options(table.front()) + ".SH COMMANDS\n";
  for (const VerbRow& verb : table) {
    if (verb.path.empty()) continue;
    out += fmt::format(".SS gander {}\n{}\n{}{}", Roff(verb.path), Roff(verb.help), Options(verb), Verbatim(verb.footer));
  }
  return out + kSignals + kEnvironment + kFiles + ".SH EXAMPLES\n" + Verbatim(table.front().footer).substr(4) +
         ".SH SEE ALSO\n.BR gander.yaml (5),\n.BR pcap\\-filter (7)\n";
}

std::string SettingsPage(const std::vector<config::SettingInfo>& defaults) {
  std::string out = Title("GANDER.YAML", 5) +
                    ".SH NAME\ngander.yaml \\- configuration of gander\n.SH DESCRIPTION\n"
                    "A YAML file of groups and keys; a dot below stands for a group.\n"
                    "Names of files are relative to its folder.\n"
                    "What is not named has its default; an unknown key is an error.\n"
                    ".B gander config show \\-\\-effective\nsays what is in force and which line said so.\n"
                    ".SH KEYS\n";
  for (const config::SettingInfo& s : defaults) {
    out += fmt::format(".TP\n\\fB{}\\fR ({}; default {})\n{}\n", Roff(s.path), Roff(s.type), Roff(s.shown),
                       Roff(s.help));
  }
  return out + ".SH SEE ALSO\n.BR gander (1)\n";
}

}  // namespace gander::app
