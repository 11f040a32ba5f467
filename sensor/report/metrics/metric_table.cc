// SPDX-License-Identifier: Apache-2.0
#include "report/metrics/metric_table.h"

#include <algorithm>
#include <utility>

namespace gander::report {
namespace {

using Series = std::pair<std::vector<std::string>, double>;

prometheus::ClientMetric ToClientMetric(prometheus::MetricType type, const std::vector<std::string>& labels,
                                        const Series& series) {
  prometheus::ClientMetric metric;
  for (std::size_t i = 0; i < labels.size(); ++i) metric.label.push_back({labels[i], series.first[i]});
  if (type == prometheus::MetricType::Counter) {
    metric.counter.value = series.second;
  } else {
    metric.gauge.value = series.second;
  }
  return metric;
}

// Keeps the `limit` largest series, one of them being the sum of all others; returns how many were folded into it.
std::size_t Fold(std::vector<Series>& series, std::size_t limit) {
  if (series.size() <= limit) return 0;
  const std::size_t kept = limit == 0 ? 0 : limit - 1;
  std::stable_sort(series.begin(), series.end(), [](const Series& a, const Series& b) { return a.second > b.second; });
  Series other{std::vector<std::string>(series.front().first.size(), "other"), 0.0};
  for (std::size_t i = kept; i < series.size(); ++i) other.second += series[i].second;
  const std::size_t folded = series.size() - kept;
  series.resize(kept);
  const auto own = std::find_if(series.begin(), series.end(), [&](const Series& s) { return s.first == other.first; });
  if (own != series.end()) {
    own->second += other.second;
  } else {
    series.push_back(std::move(other));
  }
  std::sort(series.begin(), series.end());
  return folded;
}

}  // namespace

void MetricTable::Add(const MetricSpec& spec, std::vector<std::string> label_values, double value) {
  Family& family = families_[spec.name];
  if (family.series.empty()) {
    family.help = spec.help;
    family.type = spec.type;
    family.labels.assign(spec.labels.begin(), spec.labels.end());
  }
  label_values.resize(family.labels.size());
  family.series[std::move(label_values)] += value;
}

bool MetricTable::Has(const MetricSpec& spec, const std::vector<std::string>& label_values) const {
  const auto family = families_.find(spec.name);
  return family != families_.end() && family->second.series.contains(label_values);
}

bool MetricTable::AddNamed(const std::string& name, const std::string& help, std::uint64_t value) {
  const auto [place, fresh] = families_.try_emplace(name);
  if (!fresh) return false;
  place->second = {help, prometheus::MetricType::Counter, {}, {{{}, static_cast<double>(value)}}};
  return true;
}

std::vector<prometheus::MetricFamily> MetricTable::Families(std::size_t max_series, std::size_t max_family,
                                                            std::uint64_t& folded) const {
  std::vector<prometheus::MetricFamily> out;
  // Every family keeps one series, whatever the large ones ask for.
  std::size_t budget = max_series > families_.size() ? max_series - families_.size() : 0;
  for (const auto& [name, family] : families_) {
    std::vector<Series> series(family.series.begin(), family.series.end());
    folded += Fold(series, std::min(max_family, budget + 1));
    budget -= series.size() - 1;
    prometheus::MetricFamily f{name, family.help, family.type, {}};
    for (const Series& s : series) f.metric.push_back(ToClientMetric(family.type, family.labels, s));
    out.push_back(std::move(f));
  }
  return out;
}

}  // namespace gander::report
