// SPDX-License-Identifier: Apache-2.0
#include "report/events/audit_event.h"

#include <fcntl.h>
#include <pwd.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "report/events/eve_writer.h"
#include "report/events/record_shapes.h"

namespace gander::report {

Event ToEvent(const Audit& audit, Timestamp now) {
  Event event;
  event.time = now;
  event.type = "audit";
  Record& body = event.body;
  body.BeginObject("audit").String("action", audit.action);
  if (!audit.object.empty()) body.String("object", audit.object);
  body.String("actor", audit.actor);
  if (!audit.reason.empty()) body.String("reason", audit.reason);
  if (audit.count > 0) body.Integer("count", Signed(audit.count));
  if (audit.bytes > 0) body.Integer("bytes", Signed(audit.bytes));
  body.EndObject();
  return event;
}

Result<bool> AppendAudit(const std::string& path, const Audit& audit, Timestamp now, const std::string& sensor_name) {
  std::string line;
  EveWriter({sensor_name, true}).Append(ToEvent(audit, now), line);
  const auto fail = [&](const char* what) {
    return Fail(path, 0, std::string(what) + ": " + std::strerror(errno),
                "nothing is done without its audit line: make the file writable, or name another in privacy.audit_file");
  };
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0) return fail("the audit file cannot be opened");
  // One write, so that lines of several commands do not mix.
  const bool written = ::write(fd, line.data(), line.size()) == static_cast<ssize_t>(line.size());
  // A pipe or terminal has nothing to synchronise.
  const bool kept = written && (::fsync(fd) == 0 || errno == EINVAL || errno == EROFS);
  const int error = errno;
  ::close(fd);
  errno = error;
  if (!kept) return fail("the audit line cannot be written");
  return true;
}

std::string AuditPath(const std::string& configured, const std::string& events) {
  if (!configured.empty()) return configured;
  return events.empty() || events == "-" ? std::string() : events + ".audit";
}

std::string ActorOfThisProcess() {
  const uid_t uid = ::getuid();
  passwd entry{}, *found = nullptr;
  std::array<char, 4096> names{};
  ::getpwuid_r(uid, &entry, names.data(), names.size(), &found);
  std::string actor = found != nullptr ? found->pw_name : "somebody";
  actor += " (uid " + std::to_string(uid) + ")";
  if (const char* caller = std::getenv("SUDO_USER"); uid == 0 && caller != nullptr) actor += std::string(" for ") + caller;
  return actor;
}

}  // namespace gander::report
