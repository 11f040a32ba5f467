// SPDX-License-Identifier: Apache-2.0
#include "runtime/expected_flows.h"

namespace gander::runtime {

void ExpectedFlows::DropExpired(Timestamp now) {
  if (now < next_sweep_) return;
  next_sweep_ = now + Duration::Seconds(1);
  std::erase_if(entries_, [now](const auto& item) { return item.second.expires < now; });
}

bool ExpectedFlows::Add(const protocol::ExpectedFlow& flow, Timestamp now) {
  const Endpoint listener{flow.server, flow.server_port};
  if (entries_.size() == kCapacity && !entries_.contains(listener)) {
    DropExpired(now);
    if (entries_.size() == kCapacity) return false;
  }
  Entry& entry = entries_[listener];
  entry.listener = flow.server;
  entry.port = flow.server_port;
  entry.protocol = flow.protocol;
  entry.file_name = flow.file_name;
  entry.command = flow.command;
  entry.listener_is_client = flow.listener_is_client;
  entry.expires = now + kLifetime;
  return true;
}

const ExpectedFlows::Entry* ExpectedFlows::FindLive(const Endpoint& listener, Timestamp now) const noexcept {
  const auto found = entries_.find(listener);
  return found != entries_.end() && found->second.expires >= now ? &found->second : nullptr;
}

const ExpectedFlows::Entry* ExpectedFlows::Find(const FiveTuple& tuple, Timestamp now) const noexcept {
  if (entries_.empty()) return nullptr;
  if (const Entry* e = FindLive({tuple.destination, tuple.destination_port}, now)) return e;
  return FindLive({tuple.source, tuple.source_port}, now);
}

}  // namespace gander::runtime
