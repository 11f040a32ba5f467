// SPDX-License-Identifier: Apache-2.0
// The check in words and as JSON: what was planted, what was searched, what was found; no value.
#include "report/json_writer.h"
#include "report/words.h"
#include "selfcheck/privacy_check.h"
#include "selfcheck/value_search.h"

namespace gander::selfcheck {
namespace {

using report::ByteText;
using report::Grouped;
using report::Plural;

constexpr std::size_t kMostShown = 20;  // findings of one output

std::string Padded(const std::string& text, std::size_t width) {
  const std::size_t columns = report::Columns(text);
  return text + std::string(columns < width ? width - columns : 0, ' ');
}

}  // namespace

std::string ToText(const PrivacyCheck& c) {
  std::string out = "Privacy self-check, seed " + std::to_string(c.seed) + "\n\n";
  out += "  planted   " + Plural(c.values, "value", "values") + " of " + Plural(c.rules, "rule", "rules") + ", " +
         Grouped(c.drawn) + " of them drawn anew, in " + Plural(c.conversations.size(), "kind", "kinds") +
         " of conversation: " + Plural(c.packets, "packet", "packets") + ", " + ByteText(c.packet_bytes) + "\n";
  out += "  sensor    recognised " + Plural(c.protocols.size(), "protocol", "protocols") + ", made " +
         Plural(c.findings, "finding", "findings") + " by " + Plural(c.rules_found, "rule", "rules") + ", " +
         Plural(c.transfers, "transfer", "transfers") + ", " + Plural(c.alerts, "alert", "alerts") + "\n";
  out += "  searched  for " + Plural(c.writings, "writing", "writings") + " of them: ";
  for (std::size_t i = 0; i < kWritings.size(); ++i) out += std::string(i == 0 ? "" : ", ") + kWritings[i];
  out += "; either case\n            " + Grouped(c.proofs) + " were put into a text first, and found there";
  if (c.too_short > 0) out += "; " + Grouped(c.too_short) + " values are too short to be told from chance";
  out += "\n\n";
  std::uint64_t bytes = 0;
  for (const SearchedOutput& o : c.outputs) {
    if (!o.sealed) bytes += o.bytes;
    std::uint64_t found = 0;
    for (const auto& [what, n] : o.found) found += n;
    out += "  " + Padded(o.name, 32) + Padded(ByteText(o.bytes), 12) + (found == 0 ? "nothing" : Grouped(found) + (o.sealed ? " kept, sealed" : " FOUND")) + "\n";
    if (o.sealed) continue;
    std::size_t shown = 0;
    for (const auto& [what, n] : o.found) {
      if (shown++ == kMostShown) break;
      out += "      " + what + ": " + Grouped(n) + "\n";
    }
    if (o.found.size() > kMostShown) out += "      and " + Grouped(o.found.size() - kMostShown) + " more kinds\n";
  }
  out += "\n";
  if (c.leaks() == 0) {
    out += "No planted value in any output, " + ByteText(bytes) + ".\n";
  } else {
    out += Grouped(c.leaks()) + " times a planted value stands in an output.\n";
    out += c.raw ? "privacy.metadata is `raw`: events carry names, addresses and paths as they were seen. Set `masked` to end "
                   "it.\n"
                 : "Masked is what Gander recognises, and what looks like a number of somebody. Words that nothing names "
                   "(a name in a path,\na host's name) stand in the events of protocols as they were seen: leave those "
                   "types out of report.types where\nthat matters. In any other output it is a fault: please report it.\n";
  }
  if (c.kept() > 0) {
    out += "The snapshot, which its key alone opens, keeps " + Grouped(c.kept()) +
           " of them where the traffic names a program (User-Agent, banners):\nwhat stands there as a version is counted "
           "as one (D23).\n";
  }
  return out;
}

std::string ToJson(const PrivacyCheck& c) {
  std::string out;
  report::JsonWriter json(out);
  json.BeginObject();
  json.Unsigned("seed", c.seed);
  json.Unsigned("values", c.values);
  json.Unsigned("rules", c.rules);
  json.Unsigned("drawn", c.drawn);
  json.Unsigned("writings", c.writings);
  json.Unsigned("too_short", c.too_short);
  json.Unsigned("proofs", c.proofs);
  json.Unsigned("packets", c.packets);
  json.Unsigned("findings", c.findings);
  json.Unsigned("rules_found", c.rules_found);
  json.Unsigned("transfers", c.transfers);
  json.Unsigned("alerts", c.alerts);
  json.Boolean("metadata_raw", c.raw);
  json.BeginArray("protocols");
  for (const auto& [protocol, flows] : c.protocols) json.String({}, protocol);
  json.EndArray();
  json.BeginArray("outputs");
  for (const SearchedOutput& o : c.outputs) {
    json.BeginObject();
    json.String("name", o.name);
    json.Unsigned("bytes", o.bytes);
    json.Boolean("sealed", o.sealed);
    json.BeginArray("found");
    for (const auto& [what, n] : o.found) {
      json.BeginObject();
      json.String("what", what);
      json.Unsigned("values", n);
      json.EndObject();
    }
    json.EndArray();
    json.EndObject();
  }
  json.EndArray();
  json.Unsigned("leaks", c.leaks());
  json.Unsigned("kept_sealed", c.kept());
  json.EndObject();
  return out + "\n";
}

}  // namespace gander::selfcheck
