// SPDX-License-Identifier: Apache-2.0
// Requests and replies as lines of JSON.
#ifndef GANDER_CONTROL_MESSAGE_H_
#define GANDER_CONTROL_MESSAGE_H_

#include <optional>
#include <string>
#include <string_view>

#include "control/server.h"

namespace gander::control {

// Verb and arguments; arguments are strings. Nothing for what is no request.
std::optional<Request> ReadRequest(std::string_view line);
std::string WriteRequest(const Request& request);

// `body` has to be JSON already; what is none becomes an error.
std::string WriteReply(const Reply& reply);
std::optional<Reply> ReadReply(std::string_view line);

}  // namespace gander::control

#endif  // GANDER_CONTROL_MESSAGE_H_
