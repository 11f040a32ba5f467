// SPDX-License-Identifier: Apache-2.0
#include "fleet/loader_counters.h"

namespace gander::fleet {
namespace {

constexpr const char* kPrefix = "gander_fleet_loader_";

void Head(const char* name, const char* type, const char* help, std::string& out) {
  out += std::string("# HELP ") + kPrefix + name + " " + help + "\n# TYPE " + kPrefix + name + " " + type + "\n";
}

void Value(const std::string& name, std::int64_t value, std::string& out) {
  out += kPrefix + name + " " + std::to_string(value) + "\n";
}

}  // namespace

std::string RenderCounters(const LoaderCounters& c) {
  std::string out;
  Head("messages_total", "counter", "Messages by what became of them.", out);
  Value("messages_total{result=\"taken\"}", c.taken.rows, out);
  Value("messages_total{result=\"duplicate\"}", c.taken.duplicates, out);
  Value("messages_total{result=\"event\"}", c.taken.events, out);
  Value("messages_total{result=\"refused\"}", c.taken.refused, out);
  Value("messages_total{result=\"ignored\"}", static_cast<std::int64_t>(c.ignored), out);
  Head("refused_total", "counter", "Messages that were refused before the database saw them, by reason.", out);
  for (std::size_t i = 1; i < c.refused.size(); ++i) {
    Value(std::string("refused_total{reason=\"") + NameOf(static_cast<Refusal>(i)) + "\"}",
          static_cast<std::int64_t>(c.refused[i]), out);
  }
  Head("batches_total", "counter", "Batches that the database took.", out);
  Value("batches_total", static_cast<std::int64_t>(c.batches), out);
  Head("waits_total", "counter", "Pauses because the database was away.", out);
  Value("waits_total", static_cast<std::int64_t>(c.waits), out);
  Head("uncommitted_total", "counter", "Batches whose offsets the broker did not take; they come again.", out);
  Value("uncommitted_total", static_cast<std::int64_t>(c.uncommitted), out);
  Head("judgements_total", "counter", "Judgements, of what came since the one before.", out);
  Value("judgements_total", static_cast<std::int64_t>(c.judgements), out);
  Head("judged_collectors_total", "counter", "Collectors judged, counted in each judgement.", out);
  Value("judged_collectors_total", static_cast<std::int64_t>(c.judged), out);
  Head("lag_messages", "gauge", "Messages in the topics that wait to be read.", out);
  Value("lag_messages", c.lag, out);
  Head("connected", "gauge", "Whether the last word with it was good.", out);
  Value("connected{to=\"broker\"}", c.broker ? 1 : 0, out);
  Value("connected{to=\"database\"}", c.database ? 1 : 0, out);
  return out;
}

}  // namespace gander::fleet
