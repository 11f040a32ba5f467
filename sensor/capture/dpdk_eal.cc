// SPDX-License-Identifier: Apache-2.0
// Start of DPDK's environment layer, hot-plugging of virtual devices, DPDK's log as the cause of our errors.
#ifdef GANDER_WITH_DPDK
#include "capture/dpdk_eal.h"

#include <fmt/format.h>
#include <pthread.h>
#include <rte_dev.h>
#include <rte_eal.h>
#include <rte_errno.h>
#include <rte_ethdev.h>
#include <rte_log.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdio>
#include <mutex>
#include <optional>

#include "capture/dpdk_departures.h"
#include "capture/dpdk_eal_failure.h"

namespace gander::capture {
namespace {

constexpr std::string_view kVdev = "--vdev=";
constexpr std::size_t kMaxComplaint = 400;

// Messages of level error or worse, the first ones: those that follow are mostly their consequence.
struct Complaint {
  std::mutex mutex;
  std::string text;
};

Complaint& LastComplaint() {
  static Complaint complaint;
  return complaint;
}

ssize_t OnLogLine(void*, const char* text, std::size_t size) {
  if (rte_log_cur_msg_loglevel() > static_cast<int>(RTE_LOG_ERR)) return static_cast<ssize_t>(size);
  std::string_view line(text, size);
  while (!line.empty() && line.back() == '\n') line.remove_suffix(1);
  const std::lock_guard lock(LastComplaint().mutex);
  std::string& all = LastComplaint().text;
  if (all.size() + line.size() < kMaxComplaint) all.append(all.empty() ? "" : "; ").append(line);
  return static_cast<ssize_t>(size);
}

// What the process writes to standard output and error while this lives. The EAL prints its whole usage there
// when an argument is wrong; of that only the first line says what is wrong.
class CapturedOutput {
 public:
  CapturedOutput() : file_(memfd_create("eal", MFD_CLOEXEC)) {
    std::fflush(stdout);
    for (const int fd : {STDOUT_FILENO, STDERR_FILENO}) {
      saved_[fd - 1] = dup(fd);
      if (file_ >= 0 && saved_[fd - 1] >= 0) dup2(file_, fd);
    }
  }
  ~CapturedOutput() {
    std::fflush(stdout);
    for (const int fd : {STDOUT_FILENO, STDERR_FILENO}) {
      if (saved_[fd - 1] < 0) continue;
      dup2(saved_[fd - 1], fd);
      close(saved_[fd - 1]);
    }
    if (file_ >= 0) close(file_);
  }
  CapturedOutput(const CapturedOutput&) = delete;
  CapturedOutput& operator=(const CapturedOutput&) = delete;

  std::string FirstLine() const {
    char text[200];
    const ssize_t size = pread(file_, text, sizeof text, 0);
    const std::string_view all(text, size > 0 ? static_cast<std::size_t>(size) : 0);
    const std::string_view line = all.substr(0, all.find('\n'));
    // The EAL's own last words repeat what it logged.
    return line.empty() || line.starts_with("EAL:") ? std::string() : fmt::format(": {}", line);
  }

 private:
  int file_;
  int saved_[2];
};

// A library does not print. DPDK keeps the stream as long as the process lives.
void TakeOverLog() {
  FILE* stream = fopencookie(nullptr, "w", {nullptr, &OnLogLine, nullptr, nullptr});
  if (stream == nullptr) return;
  setvbuf(stream, nullptr, _IOLBF, BUFSIZ);
  rte_openlog_stream(stream);
}

// The EAL may keep pointers into its arguments, so they live as long as the process.
Result<bool> InitEal(const std::vector<std::string>& arguments) {
  static std::vector<std::string> kept;
  static std::vector<char*> argv;
  kept = {"gander"};
  kept.insert(kept.end(), arguments.begin(), arguments.end());
  for (std::string& argument : kept) argv.push_back(argument.data());
  argv.push_back(nullptr);

  TakeOverLog();
  const CapturedOutput output;
  // The EAL pins the calling thread to one core, and threads started later would inherit that.
  cpu_set_t affinity;
  pthread_getaffinity_np(pthread_self(), sizeof affinity, &affinity);
  const int started = rte_eal_init(static_cast<int>(kept.size()), argv.data());
  const int error = rte_errno;
  pthread_setaffinity_np(pthread_self(), sizeof affinity, &affinity);
  if (started >= 0) return true;
  return Failure(EalFailure(rte_strerror(error) + TakeDpdkComplaint() + output.FirstLine()));
}

// `device` is "net_pcap1,rx_pcap=x.pcap".
Result<bool> PlugIn(const std::string& device) {
  const std::size_t comma = device.find(',');
  const std::string name = device.substr(0, comma);
  const std::string parameters = comma == std::string::npos ? std::string() : device.substr(comma + 1);
  std::uint16_t port = 0;
  if (rte_eth_dev_get_port_by_name(name.c_str(), &port) == 0) return true;
  const int status = rte_eal_hotplug_add("vdev", name.c_str(), parameters.c_str());
  if (status == 0) return true;
  return Fail(
      kDpdkConfiguration, 0,
      fmt::format("device {} does not start: {}{}", device, rte_strerror(-status), TakeDpdkComplaint()),
      "check its name and parameters in capture.dpdk.eal");
}

}  // namespace

std::string TakeDpdkComplaint() {
  const std::lock_guard lock(LastComplaint().mutex);
  std::string text = std::move(LastComplaint().text);
  LastComplaint().text.clear();
  return text.empty() ? text : ": " + text;
}

Result<bool> StartEal(const std::vector<std::string>& arguments) {
  static std::mutex mutex;
  static std::optional<Result<bool>> started;
  const std::lock_guard lock(mutex);
  const bool first = !started.has_value();
  if (first) started = InitEal(arguments);  // a failed EAL cannot be started again either
  if (first && started->has_value()) WatchDepartures();
  if (first || !started->has_value()) return *started;
  for (const std::string& argument : arguments) {
    if (!argument.starts_with(kVdev)) continue;
    if (auto plugged = PlugIn(argument.substr(kVdev.size())); !plugged) return plugged;
  }
  return true;
}

}  // namespace gander::capture

#endif  // GANDER_WITH_DPDK
