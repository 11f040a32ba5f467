// SPDX-License-Identifier: Apache-2.0
// RecordIdIn: where a path names a record.
#include "policy/policy.h"

namespace gander::policy {
namespace {

constexpr std::string_view kId = "{id}";

// Takes the first segment off `path`, without its slash.
std::string_view NextSegment(std::string_view& path) noexcept {
  const std::size_t slash = path.find('/');
  const std::string_view segment = path.substr(0, slash);
  path = slash == std::string_view::npos ? std::string_view{} : path.substr(slash + 1);
  return segment;
}

std::string_view WithoutSlash(std::string_view path) noexcept {
  if (path.starts_with('/')) path.remove_prefix(1);
  return path;
}

// "{id}" takes one segment, "*" any one, everything else itself; what follows the template does not matter.
std::string_view Match(std::string_view pattern, std::string_view path) noexcept {
  std::string_view id;
  for (pattern = WithoutSlash(pattern), path = WithoutSlash(path); !pattern.empty();) {
    const std::string_view wanted = NextSegment(pattern), segment = NextSegment(path);
    if (segment.empty() || (wanted != kId && wanted != "*" && wanted != segment)) return {};
    if (wanted == kId) id = segment;
  }
  return id;
}

}  // namespace

std::string_view RecordIdIn(const Asset& asset, std::string_view path) noexcept {
  path = path.substr(0, path.find_first_of("?#"));
  for (const std::string& pattern : asset.id_paths) {
    if (const std::string_view id = Match(pattern, path); !id.empty()) return id;
  }
  return {};
}

}  // namespace gander::policy
