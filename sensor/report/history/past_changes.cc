// SPDX-License-Identifier: Apache-2.0
#include "report/history/past_changes.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace gander::report {
namespace {

constexpr std::size_t kMostSpans = 100, kMostChanges = 500, kMostPorts = 1000;

std::string Number(const Json& object, const char* key) { return std::to_string(NumberAt(object, key)); }

std::string RulesWords(const Json& r, bool good) {
  if (!good) return "New rules were refused, the old ones stayed: " + TextAt(r, "problem");
  return "Rules were read anew: " + Number(r, "rules") + " rules, " + Number(r, "added") + " added, " +
         Number(r, "removed") + " removed";
}

std::string PolicyWords(const Json& r, bool good) {
  if (!good) return "A new policy was refused, the old one stayed: " + TextAt(r, "problem");
  return "The policy was read anew: " + TextAt(r, "name") + " version " + Number(r, "version") + ", before it version " +
         Number(r, "old_version");
}

std::string BaselineWords(const Json& b) {
  std::string text = "Learned baselines: " + TextAt(b, "action");
  if (const std::string detector = TextAt(b, "detector"); !detector.empty()) text += " of " + detector;
  if (const std::string hosts = TextAt(b, "hosts"); !hosts.empty()) text += " for " + hosts;
  return text + " (" + Number(b, "baselines") + ")";
}

std::string AuditWords(const Json& a) {
  std::string text = "Audit: " + TextAt(a, "action");
  if (const std::string object = TextAt(a, "object"); !object.empty()) text += ", " + object;
  if (const std::string actor = TextAt(a, "actor"); !actor.empty()) text += ", by " + actor;
  if (const std::string reason = TextAt(a, "reason"); !reason.empty()) text += ": " + reason;
  return text;
}

std::string RestartWords(const Json& r) {
  std::string text = "The sensor died (" + TextAt(r, "reason");
  if (const std::string signal = TextAt(r, "signal"); !signal.empty()) text += ", " + signal;
  return text + ") and another took over: nothing was seen from " + TextAt(r, "begin") + " to " + TextAt(r, "end");
}

std::string PoisonWords(const Json& f) {
  return "Flow " + TextAt(f, "flow_hash") + " was in hand when the sensor died " + Number(f, "deaths") +
         " times: it is not read any more";
}

}  // namespace

bool PastChanges::Reads(std::string_view type) noexcept {
  for (const char* known : {"blind_spot", "rules_reload", "policy_reload", "baseline", "audit"}) {
    if (type == known) return true;
  }
  return false;
}

bool PastChanges::Add(const std::string& type, const Json& event) {
  const Json& body = At(event, type.c_str());
  if (!body.is_object()) return false;
  if (type == "blind_spot") return AddBlindSpot(event, body);
  Change change{TimeAt(event, "timestamp"), {}};
  if (type == "baseline") {
    change.text = BaselineWords(body);
  } else if (type == "audit") {
    change.text = AuditWords(body);
  } else {
    const bool good = TextAt(body, "result") == "success";
    ++(type == "rules_reload" ? rules_reloads_ : policy_reloads_)[good ? "success" : "failure"];
    change.text = type == "rules_reload" ? RulesWords(body, good) : PolicyWords(body, good);
  }
  AddChange(std::move(change));
  return true;
}

void PastChanges::AddChange(Change change) {
  changes_.push_back(std::move(change));
  if (changes_.size() > kMostChanges) changes_.pop_front();
}

bool PastChanges::AddBlindSpot(const Json& event, const Json& spot) {
  const std::string state = TextAt(spot, "state"), kind = TextAt(spot, "kind");
  if (state != "begun" && state != "ended") return false;
  if (kind == "port") {
    const std::string port = TextAt(spot, "port");
    if (state == "ended") {
      broken_ports_.erase(port);
    } else if (broken_ports_.size() < kMostPorts) {
      broken_ports_[port] = TextAt(spot, "reason");
    }
    return true;
  }
  if (kind == "restart" || kind == "flow") {
    AddChange({TimeAt(event, "timestamp"), kind == "flow" ? PoisonWords(spot) : RestartWords(spot)});
    return true;
  }
  Shedding s;
  if (!ParseEveTime(TextAt(spot, "begin"), s.begin) || !ParseEveTime(TextAt(spot, "end"), s.end)) return false;
  s.worker = static_cast<std::uint32_t>(NumberAt(spot, "worker"));
  s.highest = TextAt(spot, "level");
  s.packets = NumberAt(spot, "packets");
  s.bytes = NumberAt(spot, "bytes_left_out");
  s.lost_packets = NumberAt(spot, "packets_lost");
  s.over = state == "ended";
  const auto same = std::find_if(spans_.rbegin(), spans_.rend(), [&](const Shedding& o) {
    return o.worker == s.worker && o.begin == s.begin && !o.over;
  });
  if (same != spans_.rend()) {
    *same = std::move(s);
    return true;
  }
  spans_.push_back(std::move(s));
  if (spans_.size() > kMostSpans) spans_.pop_front();
  return true;
}

void PastChanges::Fill(RunState& state) {
  state.shedding.assign(spans_.begin(), spans_.end());
  state.broken_ports = std::move(broken_ports_);
  std::stable_sort(changes_.begin(), changes_.end(), [](const Change& a, const Change& b) { return a.time < b.time; });
  state.changes.assign(changes_.begin(), changes_.end());
  for (const auto& [result, n] : rules_reloads_) state.rules_reloads[result] = n;
  for (const auto& [result, n] : policy_reloads_) state.policy_reloads[result] = n;
}

}  // namespace gander::report
