// SPDX-License-Identifier: Apache-2.0
// The layouts' tables. Field names: elastic/ecs (generated/csv/fields.csv), ocsf/ocsf-schema.
#ifndef GANDER_REPORT_LAYOUT_TABLES_H_
#define GANDER_REPORT_LAYOUT_TABLES_H_

#include <span>

#include "report/layout/field_map.h"

namespace gander::report {

std::span<const FieldRow> EcsTable() noexcept;
std::span<const FieldRow> OcsfTable() noexcept;

// The class of OCSF an event is told in, and the activity for each of its types.
struct OcsfClass {
  const char* types;     // event types, "a|b"
  int uid;               // category * 1000 + number in it; 0 = base event
  const char* name;      // caption
  const char* from;      // member whose value chooses the activity; "" = always the last
  const char* words;     // its values to activity ids; "*" = any other
};
std::span<const OcsfClass> OcsfClasses() noexcept;
// Captions of the activities of a class, "1=Open;2=Close"; what is not among them is "Other".
const char* OcsfActivityNames(int class_uid) noexcept;

}  // namespace gander::report

#endif  // GANDER_REPORT_LAYOUT_TABLES_H_
