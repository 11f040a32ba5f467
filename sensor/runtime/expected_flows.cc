// SPDX-License-Identifier: Apache-2.0
#include "runtime/expected_flows.h"

namespace gander::runtime {

bool ExpectedFlows::Add(const protocol::ExpectedFlow& flow, Timestamp now) {
  Entry* place = nullptr;
  for (Entry& e : entries_) {
    if (e.listener == flow.server && e.port == flow.server_port) {
      place = &e;
      break;
    }
    if (place == nullptr && e.expires < now) place = &e;
  }
  if (place == nullptr) {
    if (entries_.size() == kCapacity) return false;
    place = &entries_.emplace_back();
  }
  place->listener = flow.server;
  place->port = flow.server_port;
  place->protocol = flow.protocol;
  place->file_name = flow.file_name;
  place->command = flow.command;
  place->listener_is_client = flow.listener_is_client;
  place->expires = now + kLifetime;
  return true;
}

const ExpectedFlows::Entry* ExpectedFlows::Find(const FiveTuple& tuple, Timestamp now) const noexcept {
  for (const Entry& e : entries_) {
    if (e.expires < now) continue;
    const bool to_destination = e.port == tuple.destination_port && e.listener == tuple.destination;
    const bool to_source = e.port == tuple.source_port && e.listener == tuple.source;
    if (to_destination || to_source) return &e;
  }
  return nullptr;
}

}  // namespace gander::runtime
