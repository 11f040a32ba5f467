// SPDX-License-Identifier: Apache-2.0
#include "report/metrics/process_state.h"

#include <fcntl.h>
#include <sys/timex.h>
#include <time.h>
#include <unistd.h>

#include <array>
#include <cmath>
#include <sstream>
#include <string>

namespace gander::report {
namespace {

double Seconds(clockid_t clock) {
  timespec t{};
  clock_gettime(clock, &t);
  return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) / 1e9;
}

// proc(5): behind the name in parentheses, which may hold anything, come fields 3 to 52.
bool ReadStat(const std::string& text, ProcessState& out) {
  const std::size_t name_end = text.rfind(')');
  if (name_end == std::string::npos) return false;
  std::istringstream in(text.substr(name_end + 1));
  std::string state;
  std::array<double, 25> field{};
  in >> state;
  for (std::size_t i = 4; i < field.size(); ++i) in >> field[i];
  if (!in) return false;
  const double tick = static_cast<double>(sysconf(_SC_CLK_TCK));
  out.cpu_s = (field[14] + field[15]) / tick;
  // To a tick: two scrapes say the same.
  out.start_s = std::round((Seconds(CLOCK_REALTIME) - Seconds(CLOCK_BOOTTIME)) * tick + field[22]) / tick;
  out.virtual_bytes = field[23];
  out.resident_bytes = field[24] * static_cast<double>(sysconf(_SC_PAGESIZE));
  return true;
}

}  // namespace

ProcessFile::ProcessFile() : fd_(open("/proc/self/stat", O_RDONLY | O_CLOEXEC)) {}

ProcessFile::~ProcessFile() {
  if (fd_ >= 0) close(fd_);
}

ProcessState ProcessFile::Read() const {
  ProcessState out;
  std::array<char, 2048> text{};
  const ssize_t n = fd_ < 0 ? -1 : pread(fd_, text.data(), text.size(), 0);
  out.known = n > 0 && ReadStat(std::string(text.data(), static_cast<std::size_t>(n)), out);
  timex clock{};
  const int state = adjtimex(&clock);  // reads only: no mode is set
  out.clock_known = state >= 0;
  out.clock_synchronized = state >= 0 && state != TIME_ERROR && (clock.status & STA_UNSYNC) == 0;
  out.clock_max_error_s = static_cast<double>(clock.maxerror) / 1e6;
  return out;
}

void AddProcess(const ProcessState& p, MetricTable& table) {
  // Prometheus' own names for what every process has.
  static const MetricSpec kCpu{"process_cpu_seconds_total", "CPU time of all threads, user and system", kCounter, {}};
  static const MetricSpec kStart{"process_start_time_seconds", "When the process began, Unix time", kGauge, {}};
  static const MetricSpec kResident{"process_resident_memory_bytes", "Resident memory", kGauge, {}};
  static const MetricSpec kVirtual{"process_virtual_memory_bytes", "Virtual memory", kGauge, {}};
  static const MetricSpec kSynchronized{"gander_clock_synchronized",
                                        "1 while a time service keeps the clock of this machine", kGauge, {}};
  static const MetricSpec kError{"gander_clock_max_error_seconds", "How wrong that clock may be, by the kernel", kGauge,
                                 {}};
  static const MetricSpec kCertificate{"gander_endpoint_certificate_end_timestamp_seconds",
                                       "When the certificate of this endpoint ends", kGauge, {}};
  if (p.known) {
    table.Add(kCpu, p.cpu_s);
    table.Add(kStart, p.start_s);
    table.Add(kResident, p.resident_bytes);
    table.Add(kVirtual, p.virtual_bytes);
  }
  if (p.clock_known) {
    table.Add(kSynchronized, p.clock_synchronized ? 1 : 0);
    table.Add(kError, p.clock_max_error_s);
  }
  if (p.certificate_ends_s != 0) table.Add(kCertificate, static_cast<double>(p.certificate_ends_s));
}

}  // namespace gander::report
