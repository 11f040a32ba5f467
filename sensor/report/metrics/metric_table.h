// SPDX-License-Identifier: Apache-2.0
// Metric families while they are built: sorted, added up, and bounded in the number of their series.
#ifndef GANDER_REPORT_METRICS_METRIC_TABLE_H_
#define GANDER_REPORT_METRICS_METRIC_TABLE_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include <prometheus/metric_family.h>

namespace gander::report {

inline constexpr auto kCounter = prometheus::MetricType::Counter;
inline constexpr auto kGauge = prometheus::MetricType::Gauge;

struct MetricSpec {
  const char* name;
  const char* help;
  prometheus::MetricType type;
  std::vector<const char*> labels;  // names, in the order of the values given to Add
};

class MetricTable {
 public:
  // Adds to the series with these label values. Families appear in the order of their names.
  void Add(const MetricSpec& spec, std::vector<std::string> label_values, double value);
  void Add(const MetricSpec& spec, double value) { Add(spec, {}, value); }
  // Whether there is a series with these label values.
  bool Has(const MetricSpec& spec, const std::vector<std::string>& label_values) const;
  // One counter without labels whose name is made at run time. False when the name is taken.
  bool AddNamed(const std::string& name, const std::string& help, std::uint64_t value);

  // At most `max_series` series in all and `max_family` in one family: of what is beyond, the smallest values are
  // added up in one series whose labels all say `other`. `folded` counts the series that lost their own line.
  std::vector<prometheus::MetricFamily> Families(std::size_t max_series, std::size_t max_family,
                                                 std::uint64_t& folded) const;

 private:
  struct Family {
    std::string help;
    prometheus::MetricType type = prometheus::MetricType::Untyped;
    std::vector<std::string> labels;
    std::map<std::vector<std::string>, double> series;  // by label values
  };
  std::map<std::string, Family> families_;
};

}  // namespace gander::report

#endif  // GANDER_REPORT_METRICS_METRIC_TABLE_H_
