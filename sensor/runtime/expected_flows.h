// SPDX-License-Identifier: Apache-2.0
// Data connections that a control connection announced (FTP). Sharing by host pair puts both into one worker.
#ifndef GANDER_RUNTIME_EXPECTED_FLOWS_H_
#define GANDER_RUNTIME_EXPECTED_FLOWS_H_

#include <map>
#include <string>
#include <utility>

#include "base/net.h"
#include "base/time.h"
#include "protocol/parser.h"

namespace gander::runtime {

class ExpectedFlows {
 public:
  static constexpr std::size_t kCapacity = 4096;
  static constexpr Duration kLifetime = Duration::Seconds(60);

  struct Entry {
    IpAddress listener;
    std::uint16_t port = 0;
    const char* protocol = "";
    std::string file_name, command;
    bool listener_is_client = false;
    Timestamp expires = kDistantPast;

    protocol::ExpectedFlow View() const noexcept {
      return {listener, port, listener_is_client, protocol, file_name, command};
    }
  };

  // A later announcement of the same endpoint replaces the earlier (the file's name comes after the port). False
  // when the table is full.
  bool Add(const protocol::ExpectedFlow& flow, Timestamp now);
  bool empty() const noexcept { return entries_.empty(); }
  // The announcement that `tuple` answers, if any; it stays until it expires (names may follow).
  const Entry* Find(const FiveTuple& tuple, Timestamp now) const noexcept;

 private:
  using Endpoint = std::pair<IpAddress, std::uint16_t>;
  const Entry* FindLive(const Endpoint& listener, Timestamp now) const noexcept;
  void DropExpired(Timestamp now);

  std::map<Endpoint, Entry> entries_;
  Timestamp next_sweep_ = kDistantPast;  // a full table is swept once a second, whatever is announced
};

}  // namespace gander::runtime

#endif  // GANDER_RUNTIME_EXPECTED_FLOWS_H_
