// SPDX-License-Identifier: Apache-2.0
#include "app/log.h"

#include <fcntl.h>
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <bit>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <ctime>

namespace gander::app {
namespace {

using config::LogDestination;
using config::LogLevel;

constexpr char kJournalSocket[] = "/run/systemd/journal/socket";

enum class Form { kPlain, kPrefixed, kJournal, kFile };  // kPrefixed: "<4>" of sd-daemon(3)
struct {
  Form form = Form::kPlain;
  LogLevel level = LogLevel::kInfo;
  std::string file;
  int journal = -1;
} log_state;  // written before threads start

// syslog(3)
int PriorityOf(LogLevel level) noexcept {
  return level == LogLevel::kError ? 3 : level == LogLevel::kWarning ? 4 : 6;
}

const char* WordOf(LogLevel level) noexcept { return level == LogLevel::kWarning ? "warning: " : ""; }

// systemd.exec(5): device and inode of what it connected standard error to.
bool StandardErrorIsJournal() {
  const char* told = std::getenv("JOURNAL_STREAM");
  struct stat status {};
  if (told == nullptr || ::fstat(STDERR_FILENO, &status) != 0) return false;
  return fmt::format("{}:{}", status.st_dev, status.st_ino) == told;
}

Result<bool> ConnectJournal() {
  sockaddr_un address{AF_UNIX, {}};
  std::strncpy(address.sun_path, kJournalSocket, sizeof address.sun_path - 1);
  log_state.journal = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (log_state.journal >= 0 &&
      ::connect(log_state.journal, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) {
    return true;
  }
  return Fail("log.destination", 0, fmt::format("{} cannot be reached: {}", kJournalSocket, std::strerror(errno)),
              "is systemd-journald running? `auto` and `stderr` do without it");
}

int OpenFile() { return ::open(log_state.file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOCTTY, 0640); }

// One message a datagram (systemd's JOURNAL_NATIVE_PROTOCOL); its length before it, since it may have lines.
void ToJournal(LogLevel level, const std::string& message) {
  std::string text = fmt::format("PRIORITY={}\nSYSLOG_IDENTIFIER=gander\nMESSAGE\n", PriorityOf(level));
  const std::uint64_t size = message.size();
  static_assert(std::endian::native == std::endian::little);
  text.append(reinterpret_cast<const char*>(&size), sizeof size).append(message).append("\n");
  (void)::send(log_state.journal, text.data(), text.size(), MSG_NOSIGNAL);
}

std::string Lines(LogLevel level, const std::string& message) {
  std::string before = "gander: ";
  if (log_state.form == Form::kPrefixed) before = fmt::format("<{}>", PriorityOf(level));
  if (log_state.form == Form::kFile) before = fmt::format("{:%FT%TZ} gander: ", fmt::gmtime(std::time(nullptr)));
  std::string out = before + WordOf(level);
  for (const char c : message) {
    out += c;
    if (c == '\n' && log_state.form == Form::kPrefixed) out += before;
  }
  return out + '\n';
}

}  // namespace

Result<bool> OpenLog(const config::LogOptions& options) {
  log_state.level = options.level;
  log_state.file = options.file;
  switch (options.destination) {
    case LogDestination::kStderr: break;
    case LogDestination::kAuto:
      if (StandardErrorIsJournal()) log_state.form = Form::kPrefixed;
      break;
    case LogDestination::kJournald:
      if (auto connected = ConnectJournal(); !connected) return connected;
      log_state.form = Form::kJournal;
      break;
    case LogDestination::kFile: break;
  }
  return true;
}

Result<bool> OpenLogFile(const config::LogOptions& options) {
  if (options.destination != LogDestination::kFile) return true;
  if (options.file.empty()) {
    return Fail("log.file", 0, "log.destination is file and no file is named", "e.g. log.file: /var/log/gander/gander.log");
  }
  const int fd = OpenFile();
  if (fd < 0) {
    return Fail(options.file, 0, std::string("cannot be opened for writing: ") + std::strerror(errno),
                "check that the directory exists and that this user may write there");
  }
  (void)::dup2(fd, STDERR_FILENO);
  ::close(fd);
  log_state.form = Form::kFile;
  return true;
}

void ReopenLog() {
  if (log_state.form != Form::kFile) return;
  const int fd = OpenFile();
  if (fd < 0) return;  // better the rotated file than none
  (void)::dup2(fd, STDERR_FILENO);
  ::close(fd);
}

void Log(LogLevel level, const std::string& message) {
  if (level > log_state.level) return;
  if (log_state.form == Form::kJournal) return ToJournal(level, message);
  const std::string lines = Lines(level, message);
  (void)!::write(STDERR_FILENO, lines.data(), lines.size());
}

void LogWarning(const Error& error) { Log(LogLevel::kWarning, error.ToString()); }

}  // namespace gander::app
