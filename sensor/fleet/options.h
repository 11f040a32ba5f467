// SPDX-License-Identifier: Apache-2.0
// What the loader is told (`gander fleet load`, or the variables that deploy/loader.env lists).
#ifndef GANDER_FLEET_OPTIONS_H_
#define GANDER_FLEET_OPTIONS_H_

#include <cstdint>
#include <string>
#include <vector>

namespace gander::fleet {

struct LoaderOptions {
  std::string brokers = "127.0.0.1:9092";
  std::vector<std::string> topics = {"gander.sketch", "gander.events"};
  std::string group = "gander-fleet";
  std::vector<std::string> properties;           // librdkafka's, "name=value": TLS, SASL
  std::string database = "dbname=gander_fleet";  // libpq's connection string or URI
  std::uint32_t batch = 2000;                    // messages of one transaction, 1..20000
  std::uint32_t linger_ms = 500;                 // how long a batch waits to be full, 1..60000
  std::uint32_t judge_s = 30;                    // between two judgements; 0 = another loader does it
  std::string metrics;                           // file for node_exporter's textfile collector; empty = none
};

}  // namespace gander::fleet

#endif  // GANDER_FLEET_OPTIONS_H_
