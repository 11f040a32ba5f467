// SPDX-License-Identifier: Apache-2.0
// What the process knows of itself and of its clock at the moment of a scrape.
#ifndef GANDER_REPORT_METRICS_PROCESS_STATE_H_
#define GANDER_REPORT_METRICS_PROCESS_STATE_H_

#include <cstdint>

#include "report/metrics/metric_table.h"

namespace gander::report {

struct ProcessState {
  bool known = false;  // the next four
  double cpu_s = 0, start_s = 0, resident_bytes = 0, virtual_bytes = 0;
  bool clock_known = false;  // the next two
  bool clock_synchronized = false;
  double clock_max_error_s = 0;         // as the kernel's clock discipline estimates it
  std::int64_t certificate_ends_s = 0;  // Unix time; 0 = the endpoint shows none
};

// Holds /proc/self/stat open: later on the sensor may not be allowed to open it.
class ProcessFile {
 public:
  ProcessFile();
  ~ProcessFile();
  ProcessFile(const ProcessFile&) = delete;
  ProcessFile& operator=(const ProcessFile&) = delete;
  // What cannot be had is not `known`.
  ProcessState Read() const;

 private:
  int fd_;
};

void AddProcess(const ProcessState& process, MetricTable& table);

}  // namespace gander::report

#endif  // GANDER_REPORT_METRICS_PROCESS_STATE_H_
