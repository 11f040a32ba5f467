// SPDX-License-Identifier: Apache-2.0
// Data connections that a control connection announced (FTP). Sharing by host pair puts both into one worker.
#ifndef GANDER_RUNTIME_EXPECTED_FLOWS_H_
#define GANDER_RUNTIME_EXPECTED_FLOWS_H_

#include <optional>
#include <string>
#include <vector>

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
    Timestamp expires{INT64_MIN};

    protocol::ExpectedFlow View() const noexcept {
      return {listener, port, listener_is_client, protocol, file_name, command};
    }
  };

  // A later announcement of the same endpoint replaces the earlier (the file's name comes after the port). False
  // when the table is full.
  bool Add(const protocol::ExpectedFlow& flow, Timestamp now);
  // The announcement that `tuple` answers, if any; it stays until it expires (names may follow).
  const Entry* Find(const FiveTuple& tuple, Timestamp now) const noexcept;

 private:
  std::vector<Entry> entries_;
};

}  // namespace gander::runtime

#endif  // GANDER_RUNTIME_EXPECTED_FLOWS_H_
