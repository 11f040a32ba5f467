// SPDX-License-Identifier: Apache-2.0
#ifndef GANDER_PROTOCOL_NFS_EVENT_H_
#define GANDER_PROTOCOL_NFS_EVENT_H_

#include <cstdint>
#include <string_view>

#include "base/record.h"

namespace gander::protocol::nfs {

struct EventFacts {
  std::uint32_t version = 3;
  const char* procedure = "UNKNOWN";
  std::string_view name;
  std::uint32_t handle_crc = 0;
  bool has_handle = false;
  std::uint32_t tx_id = 0;
  bool file_tx = false;
};

// {"nfs": {"version" ... "file_tx", left open for more.
Record& BeginNfs(Record& out, const EventFacts& facts);
// "type": "response" or, when no reply was seen, "request"; "status" when the reply has one (not null).
Record& AddStatus(Record& out, bool answered, const std::uint32_t* status);

}  // namespace gander::protocol::nfs

#endif  // GANDER_PROTOCOL_NFS_EVENT_H_
