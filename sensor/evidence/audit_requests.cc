// SPDX-License-Identifier: Apache-2.0
#include "evidence/audit_requests.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "base/file.h"
#include "evidence/recorder.h"

namespace gander::evidence {
namespace {

std::string FolderOf(const std::string& directory) { return directory + "/requests"; }

// On one line, whatever the writer made of it; empty when it is no object.
std::string OneObject(const std::string& text) {
  const auto json = nlohmann::json::parse(text, nullptr, false);
  if (!json.is_object()) return {};
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace

std::vector<std::string> TakeAuditRequests(const std::string& directory) {
  std::vector<std::filesystem::path> files;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(FolderOf(directory), error)) {
    if (entry.path().extension() == ".json" && files.size() < kMostRequests) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  std::vector<std::string> bodies;
  for (const auto& file : files) {
    std::string text;
    if (ReadFile(file.string(), text, kMostRequestBytes)) {
      if (std::string body = OneObject(text); !body.empty()) bodies.push_back(std::move(body));
    }
    std::filesystem::remove(file, error);
  }
  return bodies;
}

Result<bool> RequestAudit(const std::string& directory, const std::string& body) {
  const std::string folder = FolderOf(directory);
  if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) {
    return Fail(folder, 0, std::string("the audit record cannot be left there: ") + std::strerror(errno),
                "run as the user of the sensor");
  }
  const auto now = std::chrono::system_clock::now().time_since_epoch().count();
  const std::string path = folder + "/" + std::to_string(now) + "-" + std::to_string(::getpid()) + ".json";
  if (ReplaceFile(path, body)) return true;
  return Fail(path, 0, std::string("the audit record cannot be left there: ") + std::strerror(errno),
              "run as the user of the sensor");
}

}  // namespace gander::evidence
