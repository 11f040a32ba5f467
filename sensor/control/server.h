// SPDX-License-Identifier: Apache-2.0
// The control socket: a Unix stream socket on which the machine's own users ask a running sensor for its state and tell it
// what to do. One JSON object a line asks, one answers:
//
//   {"verb":"status"}                          {"ok":true,"body":{...}}
//   {"verb":"ack","id":"1c2f...","until":"2027-01-31"}   {"ok":false,"error":"...","remedy":"..."}
//
// Who asks is known from the kernel (SO_PEERCRED), not from what they say. One thread of its own; the packet path never
// waits for it.
#ifndef GANDER_CONTROL_SERVER_H_
#define GANDER_CONTROL_SERVER_H_

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"

namespace gander::control {

struct Options {
  std::string socket;                  // path; empty = off
  std::string group;                   // whose members may read; empty = the sensor's own
  std::vector<std::string> operators;  // users who may also change something; root and the sensor's user always may
};

enum class Role : std::uint8_t { kReader, kOperator };

struct Request {
  std::string verb;
  std::map<std::string, std::string> arguments;
  Role role = Role::kReader;
  std::string user;  // name, or number where there is none
};

struct Reply {
  bool good = true;
  std::string body;           // JSON value; empty = null
  std::string error, remedy;  // where it is not good
};

struct Counters {
  std::uint64_t requests = 0, refused = 0, malformed = 0, timed_out = 0, turned_away = 0;
};

inline constexpr std::size_t kMostRequestBytes = 64 << 10;
inline constexpr std::size_t kMostReplyBytes = 16 << 20;
inline constexpr std::size_t kMostClients = 16;  // at a time; the next one is turned away
inline constexpr int kIdleSeconds = 30;          // a client that neither asks nor reads for so long is left

class Server {
 public:
  struct Verb {
    Role needed = Role::kReader;
    std::function<Reply(const Request&)> run;  // in the server's thread; must not block
  };
  using Verbs = std::map<std::string, Verb>;

  // Makes the socket, mode 0660, for a process that may still give it to `group`. Errors: another sensor answers there,
  // the folder, an unknown group or user.
  static Result<std::unique_ptr<Server>> Open(const Options& options, Verbs verbs);
  // Answers from here on, in a thread that has no more rights than the process has by now; whoever the process is now is
  // an operator, too.
  void Start();
  ~Server();  // ends the thread, removes the socket

  Counters counters() const;

 private:
  struct Impl;
  explicit Server(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// The other side: one request, one reply. Errors: nobody answers there, no permission, no reply within `seconds`.
Result<Reply> Ask(const std::string& socket, const Request& request, int seconds);

}  // namespace gander::control

#endif  // GANDER_CONTROL_SERVER_H_
