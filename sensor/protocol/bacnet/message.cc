// SPDX-License-Identifier: Apache-2.0
#include "protocol/bacnet/message.h"

#include <algorithm>
#include <iterator>

#include "base/byte_reader.h"

namespace gander::protocol::bacnet {
namespace {

using industrial::Category;
using industrial::Function;

constexpr std::uint8_t kNone = 255;

struct Known {
  Function function;
  std::uint8_t object_tag = kNone;
};
// By number.
constexpr Known kConfirmed[] = {
    {{"acknowledgeAlarm", Category::kControl}, 1},
    {{"confirmedCOVNotification", Category::kRead}, 2},
    {{"confirmedEventNotification", Category::kDiagnostic}, 2},
    {{"getAlarmSummary", Category::kDiagnostic}},
    {{"getEnrollmentSummary", Category::kDiagnostic}},
    {{"subscribeCOV", Category::kRead}, 1},
    {{"atomicReadFile", Category::kRead}},
    {{"atomicWriteFile", Category::kWrite}},
    {{"addListElement", Category::kWrite}, 0},
    {{"removeListElement", Category::kWrite}, 0},
    {{"createObject", Category::kWrite}},
    {{"deleteObject", Category::kWrite}},
    {{"readProperty", Category::kRead}, 0},
    {{"readPropertyConditional", Category::kRead}},
    {{"readPropertyMultiple", Category::kRead}, 0},
    {{"writeProperty", Category::kWrite}, 0},
    {{"writePropertyMultiple", Category::kWrite}, 0},
    {{"deviceCommunicationControl", Category::kControl}},
    {{"confirmedPrivateTransfer", Category::kOther}},
    {{"confirmedTextMessage", Category::kOther}, 0},
    {{"reinitializeDevice", Category::kControl}},
    {{"vtOpen", Category::kControl}},
    {{"vtClose", Category::kControl}},
    {{"vtData", Category::kControl}},
    {{"authenticate", Category::kOther}},
    {{"requestKey", Category::kOther}},
    {{"readRange", Category::kRead}, 0},
    {{"lifeSafetyOperation", Category::kControl}, 3},
    {{"subscribeCOVProperty", Category::kRead}, 1},
    {{"getEventInformation", Category::kDiagnostic}},
    {{"subscribeCOVPropertyMultiple", Category::kRead}},
    {{"confirmedCOVNotificationMultiple", Category::kRead}},
    {{"confirmedAuditNotification", Category::kDiagnostic}},
    {{"auditLogQuery", Category::kDiagnostic}},
};
constexpr Known kUnconfirmed[] = {
    {{"iAm", Category::kDiagnostic}},
    {{"iHave", Category::kDiagnostic}},
    {{"unconfirmedCOVNotification", Category::kRead}, 2},
    {{"unconfirmedEventNotification", Category::kDiagnostic}, 2},
    {{"unconfirmedPrivateTransfer", Category::kOther}},
    {{"unconfirmedTextMessage", Category::kOther}, 0},
    {{"timeSynchronization", Category::kWrite}},
    {{"whoHas", Category::kDiagnostic}, 2},
    {{"whoIs", Category::kDiagnostic}},
    {{"utcTimeSynchronization", Category::kWrite}},
    {{"writeGroup", Category::kWrite}},
    {{"unconfirmedCOVNotificationMultiple", Category::kRead}},
    {{"unconfirmedAuditNotification", Category::kDiagnostic}},
    {{"whoAmI", Category::kDiagnostic}},
    {{"youAre", Category::kDiagnostic}},
};

const Known* Find(const Message& m) noexcept {
  const std::size_t service = m.service;
  if (!m.has_service()) return nullptr;
  if (m.confirmed()) return service < std::size(kConfirmed) ? &kConfirmed[service] : nullptr;
  return service < std::size(kUnconfirmed) ? &kUnconfirmed[service] : nullptr;
}

constexpr const char* kBvlc[] = {
    "result", "write_broadcast_distribution_table", "read_broadcast_distribution_table",
    "read_broadcast_distribution_table_ack", "forwarded_npdu", "register_foreign_device", "read_foreign_device_table",
    "read_foreign_device_table_ack", "delete_foreign_device_table_entry", "distribute_broadcast_to_network",
    "original_unicast_npdu", "original_broadcast_npdu", "secure_bvll"};
constexpr std::uint8_t kForwarded = 4, kDistribute = 9, kUnicast = 10, kBroadcast = 11;

constexpr const char* kObjectTypes[] = {
    "analog-input", "analog-output", "analog-value", "binary-input", "binary-output", "binary-value", "calendar", "command",
    "device", "event-enrollment", "file", "group", "loop", "multi-state-input", "multi-state-output",
    "notification-class", "program", "schedule", "averaging", "multi-state-value", "trend-log", "life-safety-point",
    "life-safety-zone", "accumulator", "pulse-converter", "event-log", "global-group", "trend-log-multiple",
    "load-control", "structured-view", "access-door", "timer", "access-credential", "access-point", "access-rights",
    "access-user", "access-zone", "credential-data-input"};

struct Property {
  std::uint32_t number;
  const char* name;
};
constexpr Property kProperties[] = {
    {8, "all"},                        {12, "application-software-version"}, {28, "description"},
    {44, "firmware-revision"},         {58, "location"},                     {70, "model-name"},
    {75, "object-identifier"},         {76, "object-list"},                  {77, "object-name"},
    {79, "object-type"},               {81, "out-of-service"},               {85, "present-value"},
    {87, "priority-array"},            {111, "status-flags"},                {112, "system-status"},
    {117, "units"},                    {120, "vendor-identifier"},           {121, "vendor-name"},
    {110, "state-text"},               {168, "profile-name"},                {372, "serial-number"},
    {317, "user-name"},                {318, "user-type"},                   {310, "user-external-identifier"},
    {311, "user-information-reference"},
};

bool ReadNpdu(ByteReader& in, Message& out) noexcept {
  constexpr std::uint8_t kNetworkMessage = 0x80, kDestination = 0x20, kSource = 0x08, kReserved = 0x50;
  if (in.U8() != 1) return false;
  const std::uint8_t control = in.U8();
  if ((control & kReserved) != 0) return false;
  out.has_npdu = true;
  for (const std::uint8_t bit : {kDestination, kSource}) {
    if ((control & bit) == 0) continue;
    in.Skip(2);
    in.Skip(in.U8());
  }
  if ((control & kDestination) != 0) in.Skip(1);  // hop count
  out.is_network_message = (control & kNetworkMessage) != 0;
  if (out.is_network_message) out.network_message = in.U8();
  return !in.failed();
}

bool ReadApdu(ByteReader& in, Message& out) noexcept {
  const std::uint8_t head = in.U8();
  out.has_apdu = true;
  out.type = static_cast<ApduType>(head >> 4 & 7);
  const bool may_be_segmented = out.type == ApduType::kConfirmedRequest || out.type == ApduType::kComplexAck;
  out.segmented = may_be_segmented && (head & 8) != 0;
  if (head >> 4 > static_cast<unsigned>(ApduType::kAbort)) return false;
  if (out.type == ApduType::kConfirmedRequest) in.Skip(1);  // what the client can take
  if (out.type != ApduType::kUnconfirmedRequest) out.invoke_id = in.U8();
  if (out.segmented) {
    out.segment = in.U8();
    in.Skip(1);
  }
  if (out.type == ApduType::kSegmentAck) {
    out.segment = in.U8();
    in.Skip(1);
  } else {
    out.service = in.U8();
  }
  out.body = in.rest();
  return !in.failed();
}

}  // namespace

bool ReadMessage(Bytes datagram, Message& out) noexcept {
  constexpr std::uint8_t kBacnetIp = 0x81;
  out = Message();
  ByteReader in(datagram);
  if (in.U8() != kBacnetIp) return false;
  out.bvlc = in.U8();
  if (in.U16() != datagram.size() || BvlcName(out.bvlc) == nullptr) return false;
  if (out.bvlc == kForwarded) in.Skip(6);  // the address it came from
  if (out.bvlc != kForwarded && (out.bvlc < kDistribute || out.bvlc > kBroadcast)) return true;
  if (!ReadNpdu(in, out)) return false;
  return out.is_network_message || ReadApdu(in, out);
}

const char* BvlcName(std::uint8_t function) noexcept { return function < std::size(kBvlc) ? kBvlc[function] : nullptr; }

const char* ApduTypeName(ApduType type) noexcept {
  constexpr const char* kNames[] = {"confirmed_request", "unconfirmed_request", "simple_ack", "complex_ack",
                                    "segment_ack",       "error",               "reject",     "abort"};
  return kNames[static_cast<std::size_t>(type)];
}

Function FunctionOf(const Message& m) noexcept {
  const Known* const known = Find(m);
  return known != nullptr ? known->function : Function{nullptr, Category::kOther};
}

std::uint8_t ObjectTagOf(const Message& m) noexcept {
  const Known* const known = Find(m);
  return known != nullptr ? known->object_tag : kNone;
}

const char* ObjectTypeName(std::uint32_t type) noexcept {
  return type < std::size(kObjectTypes) ? kObjectTypes[type] : nullptr;
}

const char* PropertyName(std::uint32_t property) noexcept {
  const auto* const p =
      std::find_if(std::begin(kProperties), std::end(kProperties), [&](const Property& x) { return x.number == property; });
  return p == std::end(kProperties) ? nullptr : p->name;
}

}  // namespace gander::protocol::bacnet
