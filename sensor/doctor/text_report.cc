// SPDX-License-Identifier: Apache-2.0
// An examination for people.
#include <fmt/format.h>

#include <algorithm>

#include "doctor/checks.h"
#include "doctor/doctor.h"

namespace gander::doctor {
namespace {

constexpr std::size_t kIndent = 11;  // of what stands beside a severity
constexpr const char* kPlain = "\x1b[0m";

const char* ColorOf(Severity severity) {
  switch (severity) {
    case Severity::kOk:
      return "\x1b[32m";
    case Severity::kNote:
      return "\x1b[36m";
    case Severity::kWarning:
      return "\x1b[33m";
    case Severity::kFault:
      return "\x1b[1;31m";
  }
  return kPlain;
}

class Page {
 public:
  explicit Page(const TextOptions& options) : options_(options) {}

  void Line(const std::string& text) { out_ += text + "\n"; }
  void Heading(const std::string& area) {
    std::string text = area;
    std::transform(text.begin(), text.end(), text.begin(), [](unsigned char ch) { return std::toupper(ch); });
    Line("\n" + (options_.color ? "\x1b[1m" + text + kPlain : text));
  }
  void Found(const Finding& f) {
    const std::string name = fmt::format("{:<9}", NameOf(f.severity));
    out_ += "  " + (options_.color ? ColorOf(f.severity) + name + kPlain : name);
    Wrapped(f.what, kIndent);
    if (!f.why.empty()) {
      out_ += std::string(kIndent, ' ') + "why  ";
      Wrapped(f.why, kIndent + 5);
    }
    for (std::size_t i = 0; i < f.commands.size(); ++i) {  // never wrapped: they are to be copied
      Line(std::string(kIndent, ' ') + (i == 0 ? "do   " : "     ") + f.commands[i]);
    }
  }
  std::string Take() { return std::move(out_); }

 private:
  // The cursor is at column `indent` already.
  void Wrapped(const std::string& text, std::size_t indent) {
    const std::size_t width = std::max(options_.width, indent + 40) - indent;
    for (std::size_t at = 0; at < text.size();) {
      std::size_t end = text.size();
      if (end - at > width) {
        const std::size_t space = text.rfind(' ', at + width);
        end = space == std::string::npos || space <= at ? std::min(text.find(' ', at), text.size()) : space;
      }
      if (at > 0) out_ += std::string(indent, ' ');
      Line(text.substr(at, end - at));
      at = end + 1;
    }
  }

  TextOptions options_;
  std::string out_;
};

struct Area {
  std::string name;
  Severity worst = Severity::kOk;
  std::vector<const Finding*> findings;
};

// The worst first; what is equally bad in the order of the checks.
std::vector<Area> ByArea(const Examination& e) {
  std::vector<Area> areas;
  for (const Finding& f : e.findings) {
    auto at = std::find_if(areas.begin(), areas.end(), [&](const Area& a) { return a.name == f.area(); });
    if (at == areas.end()) at = areas.insert(areas.end(), Area{f.area(), Severity::kOk, {}});
    at->worst = std::max(at->worst, f.severity);
    at->findings.push_back(&f);
  }
  std::stable_sort(areas.begin(), areas.end(),
                   [](const Area& a, const Area& b) { return a.worst > b.worst; });
  for (Area& a : areas) {
    std::stable_sort(a.findings.begin(), a.findings.end(),
                     [](const Finding* x, const Finding* y) { return x->severity > y->severity; });
  }
  return areas;
}

std::string Verdict(const Examination& e) {
  const std::size_t faults = e.Count(Severity::kFault), warnings = e.Count(Severity::kWarning),
                    notes = e.Count(Severity::kNote);
  const std::string counts =
      fmt::format("{}, {}, {}", Plural(faults, "fault"), Plural(warnings, "warning"), Plural(notes, "note"));
  if (faults > 0) return counts + ": the run would not start or would see nothing; mend the faults first";
  if (warnings > 0) return counts + ": the run starts; the warnings say what it will lose or get wrong";
  return counts + ": this machine is ready";
}

}  // namespace

std::string TextReport(const Examination& e, const TextOptions& options) {
  Page page(options);
  const Processor& p = e.machine.processor;
  page.Line(fmt::format("{} on {}, {}, {}", e.subject, p.model.empty() ? "an unknown processor" : p.model,
                        Plural(p.cores.size(), "core"),
                        "Linux " + (e.machine.kernel.empty() ? "?" : e.machine.kernel)));
  for (const Area& area : ByArea(e)) {
    page.Heading(area.name);
    for (const Finding* f : area.findings) page.Found(*f);
  }
  page.Line("\n" + Verdict(e));
  return page.Take();
}

}  // namespace gander::doctor
