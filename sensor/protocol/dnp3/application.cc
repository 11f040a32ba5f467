// SPDX-License-Identifier: Apache-2.0
#include "protocol/dnp3/application.h"

#include <iterator>

#include "base/byte_reader.h"

namespace gander::protocol::dnp3 {
namespace {

using industrial::Category;
using industrial::Function;

// By code.
constexpr Function kFunctions[] = {
    {"confirm", Category::kDiagnostic},
    {"read", Category::kRead},
    {"write", Category::kWrite},
    {"select", Category::kControl},
    {"operate", Category::kControl},
    {"direct_operate", Category::kControl},
    {"direct_operate_nr", Category::kControl},
    {"immed_freeze", Category::kWrite},
    {"immed_freeze_nr", Category::kWrite},
    {"freeze_clear", Category::kWrite},
    {"freeze_clear_nr", Category::kWrite},
    {"freeze_at_time", Category::kWrite},
    {"freeze_at_time_nr", Category::kWrite},
    {"cold_restart", Category::kControl},
    {"warm_restart", Category::kControl},
    {"initialize_data", Category::kControl},
    {"initialize_appl", Category::kControl},
    {"start_appl", Category::kControl},
    {"stop_appl", Category::kControl},
    {"save_config", Category::kControl},
    {"enable_unsolicited", Category::kWrite},
    {"disable_unsolicited", Category::kWrite},
    {"assign_class", Category::kWrite},
    {"delay_measure", Category::kDiagnostic},
    {"record_current_time", Category::kWrite},
    {"open_file", Category::kRead},
    {"close_file", Category::kRead},
    {"delete_file", Category::kWrite},
    {"get_file_info", Category::kRead},
    {"authenticate_file", Category::kOther},
    {"abort_file", Category::kRead},
    {"activate_config", Category::kControl},
    {"authenticate_req", Category::kOther},
    {"authenticate_err", Category::kOther},
};

// From the lowest bit.
constexpr const char* kIndications[] = {
    "no_func_code_support", "object_unknown", "parameter_error", "event_buffer_overflow", "already_executing",
    "config_corrupt",       "reserved_2",     "reserved_1",      "all_stations",          "class_1_events",
    "class_2_events",       "class_3_events", "need_time",       "local_control",         "device_trouble",
    "device_restart"};

void WriteLinkControl(std::uint8_t control, Record& out) {
  out.BeginObject("control")
      .Boolean("dir", (control & 0x80) != 0)
      .Boolean("pri", (control & 0x40) != 0)
      .Boolean("fcb", (control & 0x20) != 0)
      .Boolean("fcv", (control & 0x10) != 0)
      .Integer("function_code", control & 0x0f)
      .EndObject();
}

}  // namespace

bool ReadApplication(Bytes message, Application& out) noexcept {
  ByteReader in(message);
  out = Application();
  out.control = in.U8();
  out.code = in.U8();
  if (out.responds()) out.indications = in.U16();
  out.objects = in.rest();
  return !in.failed();
}

Function FunctionOf(std::uint8_t code) noexcept {
  if (code < std::size(kFunctions)) return kFunctions[code];
  switch (code) {
    case kResponse: return {"response", Category::kRead};
    case kUnsolicited: return {"unsolicited_response", Category::kRead};
    case kAuthenticationResponse: return {"authenticate_resp", Category::kOther};
    default: return {nullptr, Category::kOther};
  }
}

void Write(const Link& link, const Application& a, const Record& objects, bool complete, Record& out) {
  out.String("type", a.code == kUnsolicited ? "unsolicited_response" : a.responds() ? "response" : "request");
  WriteLinkControl(link.control, out);
  out.Integer("src", link.source).Integer("dst", link.destination);
  out.BeginObject("application").BeginObject("control");
  out.Boolean("fir", (a.control & 0x80) != 0)
      .Boolean("fin", (a.control & 0x40) != 0)
      .Boolean("con", (a.control & 0x20) != 0)
      .Boolean("uns", (a.control & 0x10) != 0)
      .Integer("sequence", a.control & 0x0f)
      .EndObject()
      .Integer("function_code", a.code)
      .Append(objects)
      .Boolean("complete", complete)
      .EndObject();
  industrial::Write(a.code, FunctionOf(a.code), out);
  if (!a.responds()) return;
  out.BeginObject("iin");
  if (a.indications != 0) {
    out.BeginArray("indicators");
    for (std::size_t i = 0; i < std::size(kIndications); ++i) {
      if ((a.indications >> i & 1) != 0) out.String(nullptr, kIndications[i]);
    }
    out.EndArray();
  }
  out.EndObject();
}

}  // namespace gander::protocol::dnp3
