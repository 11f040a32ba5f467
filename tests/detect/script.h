// SPDX-License-Identifier: Apache-2.0
// Runs detectors over scripted epochs: findings go through real meters (as many as there are workers), the book and
// the detectors, as runtime/ does it. Every script is also played to a twin that is ended and started anew every few
// epochs, with the state that it saved: it must say the same.
#ifndef GANDER_TESTS_DETECT_SCRIPT_H_
#define GANDER_TESTS_DETECT_SCRIPT_H_

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "detect/account/traffic_meter.h"
#include "detect/account/transfer_book.h"
#include "detect/account/transfer_meter.h"
#include "detect/detector.h"
#include "detect/state/baseline.h"
#include "detect/state/saved_state.h"
#include "policy/policy.h"

namespace gander::detect::test {

// Ids of the rules of TestRules(), in their order there.
enum Rule : identify::IdType { kNationalId, kEmail, kPhone, kToken, kCompany, kCanary, kImei, kMac, kRandomMac, kAdId,
                              kOpaqueId, kPosition, kPlantModel, kHealth, kTable };
std::shared_ptr<const identify::RuleSet> TestRules();

// Zones wards (NO, 10.20/16) and branch (SE, 10.30/16); 203.0.113/24 in DE, 198.51.100/24 in US; the rest unknown.
policy::PolicySource TestWorld();

IpAddress Ip(const std::string& text);

// One movement: person number `person` by `rule` from one host to another.
struct Sighting {
  std::string from = "10.20.0.1", to = "203.0.113.5";
  std::uint64_t person = 0;
  Rule rule = kNationalId;
  std::string host;                     // of the recipient
  std::string country;                  // of the person
  identify::Evidence evidence = identify::Evidence::kCertain;
  bool encrypted = false, test_value = false;
  bool pull = false;                    // the recipient is the client
  std::uint16_t port = 40000;           // of the client
  std::uint64_t bytes = 0;              // payload that came with it
  const char* app_proto = "http";
};

// A flow as the meters know it. The client is the first address.
struct Flow {
  std::string from = "10.20.0.1", to = "203.0.113.5";
  std::uint16_t port = 40000, server_port = 443;
  std::uint8_t transport = ip_proto::kTcp;
  std::string host;                     // of the server
  bool encrypted = false;
  const char* app_proto = "";
};

// A flow's part of the epoch at hand.
struct Volume {
  std::uint64_t out = 0, in = 0;        // payload to the server and back
  std::uint64_t packets_out = 1, packets_in = 1;
  bool opened = true;
};

class Script : private AlertSink {
 public:
  explicit Script(policy::PolicySource source = TestWorld(), Options options = {}, std::size_t workers = 1);

  // Puts a sighting into the epoch at hand; workers are dealt by the pair of addresses.
  void See(const Sighting& s);
  // Judges the epoch at hand and opens the next; `seconds` is how far packet time goes on.
  void Next(std::int64_t seconds = 5, bool final = false);
  // Lets time pass in epochs of five seconds, or of a minute when long.
  void Pass(std::int64_t seconds);

  // Alerts of one detector so far.
  std::vector<Alert> Of(const std::string& detector) const;
  std::vector<Alert>& alerts() { return alerts_; }
  TransferBook& book() { return *sensor_.book; }
  const policy::Policy& policy() const { return *policy_; }
  Timestamp now() const { return now_; }

  // What the next epoch reports of itself.
  ByteLedger ledger;
  PortHealth port;
  std::uint32_t workers_alive = 1, workers = 1;
  // Traffic of the epoch at hand, whatever it carries.
  void Exchange(const Flow& flow, const Volume& volume);
  FlowFacts Facts(const Flow& flow);
  // Hands every detector's meter that observes `what` to `tell`: Observe(Observation::kRequest, [&](Meter& m) {
  // m.OnRequest(script.Facts(flow), request); }).
  void Observe(Observation what, const std::function<void(Meter&)>& tell);
  // Ends the process and starts it anew `seconds` later: with the state of the one before, as saved, or without. What
  // it returns was saved.
  std::string Restart(std::int64_t seconds, bool with_state = true);
  // As `gander baseline` does; how many baselines it concerned.
  std::size_t Obey(const BaselineRequest& request);
  std::vector<Baseline> Baselines(const std::string& detector) const;
  // For detectors with a meter of their own.
  void Find(const FlowFacts& facts, const identify::Finding& finding);
  void EndFlow(const FlowFacts& facts, const FlowTotals& totals);

 private:
  struct Running {
    const DetectorInfo* info;
    std::unique_ptr<Detector> detector;
    std::unique_ptr<Meter> meter;
  };
  struct Sensor {
    std::unique_ptr<TransferBook> book;
    std::vector<Running> detectors;

    std::vector<SavedPart> parts() const;
  };
  Sensor NewSensor(bool with_meters) const;
  std::string Save(const Sensor& sensor) const { return SaveState(now_, *sensor.book, sensor.parts()); }
  Sensor Loaded(const std::string& state) const;
  void PlayToTwin(const EpochView& view, std::size_t said_before);
  void LoadDamaged(const std::string& state, EpochView view) const;
  void OnAlert(Alert alert) override { alerts_.push_back(std::move(alert)); }

  Options options_;
  std::shared_ptr<const policy::Policy> policy_;
  std::shared_ptr<const identify::RuleSet> rules_ = TestRules();
  std::vector<std::unique_ptr<TransferMeter>> meters_;
  TransferMeter merged_;
  TrafficMeter traffic_;
  Sensor sensor_, twin_;
  std::size_t epochs_ = 0, damaged_bytes_ = 0;
  HostNames host_names_;
  ByteLedger total_;
  Timestamp now_;
  std::vector<Alert> alerts_;
};

// All strings and numbers of a record, for searching.
std::string Flat(const Record& record);

}  // namespace gander::detect::test

#endif  // GANDER_TESTS_DETECT_SCRIPT_H_
