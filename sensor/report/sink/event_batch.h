// SPDX-License-Identifier: Apache-2.0
// Rendered events on their way to the sinks. A batch is never changed once it was pushed: all sinks of a layout share
// it.
#ifndef GANDER_REPORT_SINK_EVENT_BATCH_H_
#define GANDER_REPORT_SINK_EVENT_BATCH_H_

#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"

namespace gander::report {

// What a sink may need to know of a line beside its text.
struct EventLine {
  Timestamp time;
  const char* type = "";         // event_type, a static string
  // Events of one key leave in their order: the flow's id, or for what concerns no single flow a number made of its
  // recipient, beyond all flow ids.
  std::uint64_t key = 0;
  std::uint32_t offset = 0, length = 0;  // in the batch's text; with the newline
  std::uint8_t severity = 0;     // of an alert: 1 info .. 5 critical; 0 = no alert
  bool high = false;             // priority (sink_state.h)
};

struct EventBatch {
  std::string text;              // lines, each with its newline
  std::vector<EventLine> lines;  // in the order of the text, without gaps
  std::vector<const char*> types;  // those that occur
  bool high = false;             // one of its lines is

  void Add(std::string_view line, EventLine info) {
    info.offset = static_cast<std::uint32_t>(text.size());
    info.length = static_cast<std::uint32_t>(line.size());
    text += line;
    NoteType(info.type);
    high = high || info.high;
    lines.push_back(info);
  }
  std::string_view line(std::size_t i) const noexcept {
    return std::string_view(text).substr(lines[i].offset, lines[i].length);
  }
  // What it holds of a queue.
  std::uint64_t cost() const noexcept { return text.size() + lines.size() * sizeof(EventLine); }

 private:
  void NoteType(const char* type) {
    if (!types.empty() && types.back() == type) return;
    for (const char*& known : types) {
      if (std::strcmp(known, type) != 0) continue;
      std::swap(known, types.back());  // the next line is most likely of this type, too
      return;
    }
    types.push_back(type);
  }
};

using SharedBatch = std::shared_ptr<const EventBatch>;

}  // namespace gander::report

#endif  // GANDER_REPORT_SINK_EVENT_BATCH_H_
