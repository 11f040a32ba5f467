// SPDX-License-Identifier: Apache-2.0
#include "protocol/mysql/command.h"

#include <iterator>

namespace gander::protocol::mysql {

const char* CommandName(std::uint8_t command) noexcept {
  static constexpr const char* kNames[] = {"sleep",
                                           "quit",
                                           "init_db",
                                           "query",
                                           "field_list",
                                           "create_db",
                                           "drop_db",
                                           "refresh",
                                           "shutdown",
                                           "statistics",
                                           "process_info",
                                           "connect",
                                           "process_kill",
                                           "debug",
                                           "ping",
                                           "time",
                                           "delayed_insert",
                                           "change_user",
                                           "binlog_dump",
                                           "table_dump",
                                           "connect_out",
                                           "register_slave",
                                           "stmt_prepare",
                                           "stmt_execute",
                                           "stmt_send_long_data",
                                           "stmt_close",
                                           "stmt_reset",
                                           "set_option",
                                           "stmt_fetch",
                                           "daemon",
                                           "binlog_dump_gtid",
                                           "reset_connection"};
  static_assert(std::size(kNames) == kLastCommand + 1);
  if (command == kLogin) return "login";
  return command <= kLastCommand ? kNames[command] : "unknown";
}

}  // namespace gander::protocol::mysql
