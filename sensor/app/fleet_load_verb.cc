// SPDX-License-Identifier: Apache-2.0
// gander fleet load: what the sensors sent, from Kafka into the fleet's PostgreSQL.
#include <cstdio>

#include "app/options.h"
#include "app/outcome.h"
#include "app/verbs.h"
#include "fleet/loader.h"

namespace gander::app {
namespace {

int LoadFleet(const fleet::LoaderOptions& options) {
  const auto log = [](const std::string& what) { std::fprintf(stderr, "gander: fleet load: %s\n", what.c_str()); };
  const auto done = fleet::Load(options, *StopOnSignals(), log);
  return done ? kDone : Complain(done.error());
}

}  // namespace

void AddFleetLoad(CLI::App& fleet, int& exit_code) {
  CLI::App* verb = fleet.add_subcommand("load", "what the sensors sent, from Kafka into the fleet's PostgreSQL");
  auto o = std::make_shared<fleet::LoaderOptions>();
  verb->add_option("--brokers", o->brokers, "Kafka's bootstrap servers")
      ->envname("GANDER_FLEET_BROKERS")
      ->capture_default_str();
  verb->add_option("--topic", o->topics, "topics that sensors send to")
      ->envname("GANDER_FLEET_TOPICS")
      ->delimiter(',')
      ->capture_default_str();
  verb->add_option("--group", o->group, "consumer group; loaders of one group share the topics")
      ->envname("GANDER_FLEET_GROUP")
      ->capture_default_str();
  verb->add_option("--property", o->properties, "of librdkafka, name=value: TLS and SASL")
      ->envname("GANDER_FLEET_PROPERTIES")
      ->delimiter(',');
  verb->add_option("--database", o->database, "libpq's connection string; the password belongs into PGPASSFILE")
      ->envname("GANDER_FLEET_DATABASE")
      ->capture_default_str();
  verb->add_option("--batch", o->batch, "messages of one transaction")
      ->envname("GANDER_FLEET_BATCH")
      ->check(CLI::Range(1, 20'000))
      ->capture_default_str();
  verb->add_option("--linger-ms", o->linger_ms, "how long a batch waits to be full")
      ->envname("GANDER_FLEET_LINGER_MS")
      ->check(CLI::Range(1, 60'000))
      ->capture_default_str();
  verb->add_option("--judge-every", o->judge_s, "seconds between two judgements; 0 = another loader judges")
      ->envname("GANDER_FLEET_JUDGE_EVERY")
      ->check(CLI::Range(0, 86'400))
      ->capture_default_str();
  verb->add_option("--metrics", o->metrics, "file for node_exporter's textfile collector")
      ->envname("GANDER_FLEET_METRICS")
      ->type_name("FILE");
  verb->footer(
      "Runs until SIGTERM. Broker and database may be away: it waits for them, loses nothing and counts nothing "
      "twice.\n"
      "Every option can be given as the variable beside it. Example:\n"
      "  gander fleet load --brokers kafka1:9092,kafka2:9092 --database 'host=/run/postgresql dbname=gander_fleet'");
  verb->callback([o, &exit_code] { exit_code = LoadFleet(*o); });
}

}  // namespace gander::app
