// SPDX-License-Identifier: Apache-2.0
#include "control/message.h"

#include <nlohmann/json.hpp>

namespace gander::control {
namespace {

using Json = nlohmann::ordered_json;
constexpr auto kReplace = Json::error_handler_t::replace;
constexpr int kMostDepth = 8;  // of a request: a flat object of strings

// Deep nesting is refused before a parser recurses into it.
bool TooDeep(std::string_view line) noexcept {
  int depth = 0;
  for (const char c : line) {
    if ((c == '{' || c == '[') && ++depth > kMostDepth) return true;
    if (c == '}' || c == ']') --depth;
  }
  return false;
}

}  // namespace

std::optional<Request> ReadRequest(std::string_view line) {
  if (line.size() > kMostRequestBytes || TooDeep(line)) return std::nullopt;
  const Json json = Json::parse(line, nullptr, false);
  if (!json.is_object()) return std::nullopt;
  Request request;
  for (const auto& [name, value] : json.items()) {
    if (!value.is_string()) return std::nullopt;
    (name == "verb" ? request.verb : request.arguments[name]) = value.get<std::string>();
  }
  if (request.verb.empty()) return std::nullopt;
  return request;
}

std::string WriteRequest(const Request& request) {
  Json json{{"verb", request.verb}};
  for (const auto& [name, value] : request.arguments) json[name] = value;
  return json.dump(-1, ' ', false, kReplace) + "\n";
}

std::string WriteReply(const Reply& reply) {
  Json json{{"ok", reply.good}};
  if (reply.good) {
    json["body"] = reply.body.empty() ? Json() : Json::parse(reply.body, nullptr, false);
    if (json["body"].is_discarded()) json = {{"ok", false}, {"error", "the answer is no JSON"}, {"remedy", "report it"}};
  } else {
    json["error"] = reply.error;
    json["remedy"] = reply.remedy;
  }
  return json.dump(-1, ' ', false, kReplace) + "\n";
}

std::optional<Reply> ReadReply(std::string_view line) {
  const Json json = Json::parse(line, nullptr, false);
  if (!json.is_object() || !json.contains("ok") || !json["ok"].is_boolean()) return std::nullopt;
  Reply reply;
  reply.good = json["ok"].get<bool>();
  if (json.contains("body")) reply.body = json["body"].dump(-1, ' ', false, kReplace);
  const auto text = [&](const char* name) {
    return json.contains(name) && json[name].is_string() ? json[name].get<std::string>() : std::string();
  };
  reply.error = text("error");
  reply.remedy = text("remedy");
  return reply;
}

}  // namespace gander::control
