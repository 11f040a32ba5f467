// SPDX-License-Identifier: Apache-2.0
// The layouts events can leave in. EVE is what workers and the aggregator render; the others are made from EVE lines,
// once for all sinks of a layout, in a thread of their own, by tables (ecs_table.cc, ocsf_table.cc).
#ifndef GANDER_REPORT_LAYOUT_LAYOUT_H_
#define GANDER_REPORT_LAYOUT_LAYOUT_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace gander::report {

enum class Layout : std::uint8_t {
  kEve,   // Suricata's EVE JSON
  kEcs,   // Elastic Common Schema 8.17
  kOcsf,  // Open Cybersecurity Schema Framework 1.6.0
};
inline constexpr int kLayouts = 3;
const char* NameOf(Layout layout) noexcept;  // "eve"
bool ParseLayout(std::string_view name, Layout& out) noexcept;

// Turns EVE lines into another layout. Not for two threads at once.
class LayoutMapper {
 public:
  virtual ~LayoutMapper() = default;
  // Appends one line, newline included. False, and nothing appended, when `line` is no EVE event: no object, deeper
  // than 64 brackets, or without timestamp and event_type. Members no row of the table names stand unchanged under
  // `gander` (ECS) or `unmapped` (OCSF), so that nothing is lost on the way.
  virtual bool Append(std::string_view line, std::string& out) = 0;
};

// Null for kEve. `version` is the sensor's own.
std::unique_ptr<LayoutMapper> NewLayoutMapper(Layout layout, std::string version);

}  // namespace gander::report

#endif  // GANDER_REPORT_LAYOUT_LAYOUT_H_
